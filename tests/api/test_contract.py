"""What the OpenAPI document promises holds for whatever it allows, and for what it does not; with ids that there are."""

from __future__ import annotations

import copy
import os
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import schemathesis
import schemathesis.checks
import schemathesis.openapi
import schemathesis.specs.openapi.checks as openapi_checks
from graphcorr_api.application import find_calls
from graphcorr_api.calls import Call
from graphcorr_api.openapi import make_document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from graphcorr.model.progress import Silent
from graphcorr.service.demo import hunt_demo
from graphcorr.service.tokens import Role, add_token
from graphcorr.settings import Settings
from tests.api.conftest import Running, serving

EXAMPLES = int(os.environ.get("GRAPHCORR_CONTRACT_EXAMPLES", "4"))
"""Of each call, role and kind; a thorough run has more."""
CALLS = {call.name: call for call in find_calls()}
GROUP = {"edge": "OCCURRED_ON", "direction": "in", "label": "Write"}
"""Neighbors that there are."""
ENDLESS = {"watch_job"}
"""Answered for as long as a job runs: tested by itself."""


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, dict[str, str], dict[str, Any]]]:
    """A server, its tokens by role, and the document with real ids in place of any text."""
    state = tmp_path_factory.mktemp("contract")
    hunt_demo(Settings(state=state, workers=1), Silent())
    tokens = {role.value: add_token(role.value, role, Settings(state=state))[1] for role in Role}
    with serving(state, ("--limit", "guesses=100000", "--limit", "queue=100000", "--limit", "body=64KiB", "--allow-cypher")) as running:
        running.client.headers["Authorization"] = f"Bearer {tokens['admin']}"
        yield running, tokens, with_ids(running)


def with_ids(running: Running) -> dict[str, Any]:
    document: dict[str, Any] = copy.deepcopy(running.json("/v1/openapi.json"))
    case = running.json("/v1/cases")["items"][0]["id"]
    job = running.client.post(f"/v1/cases/{case}/detect", json={}).json()["job"]["id"]
    running.wait(job)
    path = f"/v1/cases/{case}"
    some = running.json(f"{path}/findings")["items"][0]
    for name, body in (
        ("suppressions", {"pattern": some["pattern"], "source": "nobody.example", "reason": "none"}),
        ("notes", {"finding": some["id"], "text": "seen"}),
        ("verdicts", {"finding": some["id"], "verdict": "undetermined"}),
    ):
        assert running.client.post(f"{path}/{name}", json=body).status_code == 201
    known = {
        "case": [case],
        "job": [job],
        "finding": [each["id"] for each in running.json(f"{path}/findings")["items"]],
        "path": [each["id"] for each in running.json(f"{path}/paths")["items"]],
        "host": [each["host"] for each in running.json(f"{path}/hosts")["items"]],
        "pattern": [each["id"] for each in running.json("/v1/patterns")["items"]],
        "format": ["report.json", "paths.txt"],
        "suppression": [each["rule"]["id"] for each in running.json(f"{path}/suppressions")["items"]],
        "note": [each["id"] for each in running.json(f"{path}/notes")["items"]],
        "label": ["Host"],
        "id": ["srv01.corp.example"],
    }
    for shape in ("NewVerdict", "NewNote"):
        document["components"]["schemas"][shape]["properties"]["finding"] = {"type": "string", "enum": known["finding"]}
    # What no schema says: a rule names who is set aside, and is not over.
    suppression = document["components"]["schemas"]["NewSuppression"]
    suppression["required"] = [*suppression["required"], "source"]
    suppression["properties"]["source"] = {"type": "string", "enum": ["ws01.corp.example", "10.1.0.7"]}
    suppression["properties"]["expires"] = {"type": "string", "enum": ["12h", "30d", "2999-01-01"]}
    example = next(each for each in find_calls() if each.name == "add_pattern").example.body
    assert running.client.post(f"{path}/patterns", json=example).status_code == 201
    document["components"]["schemas"]["PatternText"]["properties"]["text"] = {"type": "string", "enum": [example["text"]]}
    own = {"/v1/cases/{case}/patterns/{pattern}": ["logon-of-one-account"], "/v1/intel/known/{id}": ["PsExec", "T1570"]}
    own["/v1/cases/{case}/verdicts/{finding}"] = [some["id"]]
    for kind in ("accounts", "addresses", "files", "shares"):
        own[f"/v1/cases/{{case}}/{kind}/{{id}}"] = [each["id"] for each in running.json(f"{path}/{kind}")["items"][:3]]
    for kind in ("hashes", "services"):
        own[f"/v1/cases/{{case}}/{kind}/{{id}}"] = [each["id"] for each in running.json(f"{path}/{kind}")["items"][:3]]
    for place, operations in document["paths"].items():
        for operation in operations.values():
            for parameter in operation["parameters"]:
                if parameter["in"] == "path":
                    values = own[place] if parameter["name"] in {"id", "pattern", "finding"} and place in own else known[parameter["name"]]
                    assert values, (place, parameter["name"])
                    parameter["schema"] = {"type": "string", "enum": values}
                elif place.endswith("/neighbors") and parameter["name"] in GROUP:
                    parameter["schema"] = {"type": "string", "enum": [GROUP[parameter["name"]]]}
    return document


def asks_for_something(call: Call) -> bool:
    """Where nothing is asked for, nothing can be wrong."""
    return "{" in call.path or bool(msgspec.structs.fields(call.query)) or call.body is not None


ALLOWED = [(name, GenerationMode.POSITIVE) for name in sorted(CALLS.keys() - ENDLESS - {"delete_case"})]
REFUSED = [(name, GenerationMode.NEGATIVE) for name in sorted(CALLS.keys() - ENDLESS) if asks_for_something(CALLS[name])]


@pytest.mark.parametrize(("name", "mode"), ALLOWED + REFUSED, ids=lambda each: str(getattr(each, "value", each)))
def test_a_call_answers_as_the_document_says(
    contract: tuple[Running, dict[str, str], dict[str, Any]], name: str, mode: GenerationMode
) -> None:
    running, tokens, document = contract
    operation = schemathesis.openapi.from_dict(document)[CALLS[name].path][CALLS[name].method]
    seen: set[int] = set()

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(data=st.data())
    def answers(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        for role in ("admin", "write", "read", None):
            headers = {"Authorization": f"Bearer {tokens[role]}"} if role else {}
            answer = case.call(base_url=running.address.rstrip("/"), headers=headers, timeout=30)
            if role == "admin":
                seen.add(known := answer.status_code)
            assert answer.status_code < 500 or answer.status_code == 503, answer.text
            allowed = CALLS[name].role
            if role is None and allowed is not None:
                # A value of dots or slashes makes the path one that is none, and a long one is not even read, whoever asks.
                unread = mode is GenerationMode.NEGATIVE and known in {404, 431}
                assert answer.status_code == (known if unread and answer.status_code != 401 else 401)
            elif (role == "read" and allowed in {Role.WRITE, Role.ADMIN}) or (role == "write" and allowed is Role.ADMIN):
                assert answer.status_code == 403
            elif role is not None:
                assert answer.status_code != 403
            case.validate_response(answer, checks=[schemathesis.checks.not_a_server_error, *CONFORM])

    settle(running)
    answers()
    if mode is GenerationMode.POSITIVE and not CALLS[name].raw_body and name not in {"sign_in", "run_cypher", "retry_job", "cancel_job"}:
        # Without this a thousand answers that something is not there would look like success.
        assert seen & {200, 201, 202, 204}, seen


def settle(running: Running) -> None:
    """Wait until no job works: a case that one works in is renamed by nobody, and every other call here may have asked for a job."""
    for _ in range(300):
        if not any(job["state"] in {"queued", "running"} for job in running.json("/v1/jobs")["items"]):
            return
        time.sleep(0.2)


CONFORM = [
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
]


def test_every_call_has_a_problem_for_each_status_and_an_example_for_each_body() -> None:
    document = make_document(list(CALLS.values()))
    for place, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], place
            body = operation.get("requestBody")
            if body is not None and "application/json" in body["content"]:
                assert "example" in body["content"]["application/json"], (method, place)
