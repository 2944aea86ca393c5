"""Patterns, intelligence, attribution, exports and the shelf of cases over HTTP."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from graphcorr_api.application import find_calls

from graphcorr.outputs import json as json_output
from graphcorr.service.cases import load_report
from graphcorr.service.knowing import IntelAsked
from graphcorr.service.patterns import list_patterns
from graphcorr.settings import Settings
from tests.api.conftest import Running

BUNDLE = {
    "type": "bundle",
    "id": "bundle--00000000-0000-4000-8000-000000000001",
    "objects": [
        {
            "type": "malware",
            "spec_version": "2.1",
            "id": "malware--00000000-0000-4000-8000-000000000002",
            "created": "2024-01-01T00:00:00.000Z",
            "modified": "2024-01-01T00:00:00.000Z",
            "name": "Paper Kite",
            "is_family": True,
        },
        {"type": "relationship", "id": "relationship--00000000-0000-4000-8000-000000000003", "relationship_type": "uses"},
    ],
}


def test_patterns_are_told_with_their_cypher(demo: Running) -> None:
    expected = list_patterns(Settings(state=demo.state))
    shown = demo.json("/v1/patterns")["items"]
    assert [each["id"] for each in shown] == [each.id for each in expected]
    assert demo.json(f"/v1/patterns/{expected[0].id}")["cypher"] == expected[0].text
    assert demo.client.get("/v1/patterns/none").status_code == 404


def test_a_pattern_of_ones_own_is_checked_added_run_and_taken_away(demo: Running) -> None:
    call = next(each for each in find_calls() if each.name == "add_pattern")
    text = call.example.body["text"]
    assert demo.client.post("/v1/patterns/check", json={"text": text}).json() == {"id": "logon-of-one-account", "problems": []}
    [problem] = demo.client.post("/v1/patterns/check", json={"text": "MATCH (n) RETURN n"}).json()["problems"]
    assert (problem["line"], "header" in problem["reason"]) == (1, True)
    case = demo.client.post("/v1/cases", json={"name": "own"}).json()["id"]
    path = f"/v1/cases/{case}/patterns"
    assert demo.client.post(path, json={"text": "MATCH (n) RETURN n"}).status_code == 400
    added = demo.client.post(path, json={"text": text})
    assert (added.status_code, added.json()["id"]) == (201, "logon-of-one-account")
    assert [each["id"] for each in demo.json(path)["items"]] == ["logon-of-one-account"]
    assert "logon-of-one-account" not in {each["id"] for each in demo.json("/v1/patterns")["items"]}
    job = demo.client.post(f"/v1/cases/{case}/events", params={"name": "x.ndjson"}, content=b"{}").json()["job"]
    demo.wait(job["id"])
    assert demo.wait(demo.client.post(f"/v1/cases/{case}/detect", json={}).json()["job"]["id"])["state"] == "done"
    assert "logon-of-one-account" in {each["pattern"] for each in demo.json(f"/v1/cases/{case}/coverage")["patterns"]}
    assert demo.client.delete(f"{path}/logon-of-one-account").status_code == 204
    assert demo.client.delete(f"{path}/logon-of-one-account").status_code == 404
    assert demo.json(path)["items"] == []


def test_intelligence_is_loaded_by_a_job_listed_and_judged_again(demo: Running) -> None:
    before = demo.json("/v1/intel")
    answer = demo.client.post("/v1/intel", params={"name": "feed.json"}, content=json.dumps(BUNDLE))
    assert answer.status_code == 202, answer.text
    told = demo.wait(answer.json()["job"]["id"])
    assert (told["state"], told["case"], told["result"]["loaded"], told["result"]["quarantined"]) == ("done", "", 1, 1)
    assert demo.json("/v1/intel")["totals"] != before["totals"]
    [kite] = demo.json("/v1/intel/records", q="paper kite")["items"]
    assert (kite["name"], kite["file"]) == ("Paper Kite", "feed.json")
    [aside] = demo.json("/v1/intel/records", status="quarantined")["items"]
    assert aside["reasons"]
    assert demo.json(f"/v1/intel/known/{kite['id']}")["record"]["name"] == "Paper Kite"
    assert demo.json("/v1/intel/known/PsExec")["facts"][0]["id"] == "S0029"
    assert demo.client.get("/v1/intel/known/nobody").status_code == 404
    again = demo.client.post("/v1/intel/quarantine/retry", json={})
    assert demo.wait(again.json()["job"]["id"])["state"] == "done"
    broken = demo.client.post("/v1/intel", params={"name": "none.json"}, content=b"\x00\x01nothing")
    told = demo.wait(broken.json()["job"]["id"])
    assert (told["state"], "none.json" in told["problem"]) == ("failed", True)
    page = demo.json("/v1/intel/records", limit=1)
    assert demo.json("/v1/intel/records", limit=1, cursor=page["next"])["items"] != page["items"]
    assert IntelAsked().limit == 50


def test_whom_something_is_consistent_with_is_asked_once_or_many_times(demo: Running) -> None:
    question = {"techniques": ["T1570", "T1021.002"], "software": ["PsExec"]}
    answer = demo.client.post("/v1/attribute", json=question)
    assert answer.status_code == 200
    assert answer.json()["verdict"] == "none"
    lines = "\n".join([json.dumps({"id": 7, **question}), "broken"])
    many = demo.client.post("/v1/attribute", content=lines, headers={"Content-Type": "application/x-ndjson"})
    first, second = (json.loads(line) for line in many.text.splitlines())
    assert {**first, "id": None} == answer.json()
    assert "line 2" in second["error"]
    assert demo.client.post("/v1/attribute", json={"techniques": "T1570"}).status_code == 400
    assert demo.client.post("/v1/attribute", content=b"x", headers={"Content-Type": "text/plain"}).status_code == 415


def test_a_report_is_exported_as_the_command_line_writes_it(demo: Running, case: str) -> None:
    report = load_report(demo.state / case.removeprefix("/v1/"))
    answer = demo.client.get(f"{case}/exports/report.json")
    assert answer.content == json_output.render(report)
    assert "attachment" in answer.headers["content-disposition"]
    assert demo.client.get(f"{case}/exports/paths.json").content == json_output.render_paths(report)
    assert "How it moved on" in demo.client.get(f"{case}/exports/report.txt").text
    assert "srv01.corp.example" in demo.client.get(f"{case}/exports/paths.txt").text
    assert demo.client.get(f"{case}/exports/none").status_code == 404


def test_a_case_is_made_renamed_and_deleted(demo: Running) -> None:
    made = demo.client.post("/v1/cases", json={"name": 'A "quoted" \\ name\n'}).json()
    path = f"/v1/cases/{made['id']}"
    assert made["name"] == 'A "quoted" \\ name\n'
    renamed = demo.client.patch(path, json={"name": 'B "x" = \\1'})
    assert (renamed.status_code, renamed.json()["name"]) == (200, 'B "x" = \\1')
    assert demo.json(path) == renamed.json()
    wrongs: list[object] = [{}, {"name": ""}, {"name": "x" * 300}, {"nmae": "x"}, [], {"name": 1}]
    for wrong in wrongs:
        assert demo.client.post("/v1/cases", json=wrong).status_code == 400, wrong
    assert demo.client.delete(path).status_code == 204
    assert demo.client.get(path).status_code == 404
    assert not (demo.state / path.removeprefix("/v1/")).exists()


@pytest.mark.parametrize("path", ["/v1/ready", "/metrics", "/v1/session"])
def test_the_server_says_how_it_is(demo: Running, path: str) -> None:
    assert demo.client.get(path).status_code == 200


def test_cases_of_a_hunt_are_still_forgotten_and_those_of_a_server_are_not(demo: Running, tmp_path: Path) -> None:
    from graphcorr.case.naming import KEPT, remember
    from graphcorr.service.shelf import list_cases, make_case

    settings = Settings(state=tmp_path)
    made = [make_case(f"case {number}", settings).id for number in range(KEPT + 3)]
    remember(tmp_path, tmp_path / "cases" / made[0])
    assert {each.id for each in list_cases(settings)} == set(made)
