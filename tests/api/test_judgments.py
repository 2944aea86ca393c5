"""Suppressions, verdicts and notes over HTTP: who may say something, where it shows, and that it is written down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from graphcorr.service.tokens import Role, add_token
from graphcorr.settings import Settings
from tests.api.conftest import Running, serving
from tests.ui.made_up import Made


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    state: Path = tmp_path_factory.mktemp("said")
    for name in ("own", "other"):
        made = Made()
        made.hop("deploy.corp.example", "ws-1.corp.example", 0, r"C:\a.exe")
        made.hop("ws-9.corp.example", "ws-2.corp.example", 60, r"C:\b.exe", account=r"CORP\eve")
        made.publish(state, name, name)
    settings = Settings(state=state)
    tokens = {role.value: add_token(role.value, role, settings)[1] for role in Role}
    tokens["bound"] = add_token("bound", Role.WRITE, settings, case="own")[1]
    with serving(state) as running:
        running.client.headers["Authorization"] = f"Bearer {tokens['write']}"
        running.tokens = tokens  # type: ignore[attr-defined]
        yield running


def ask(said: Running, who: str, method: str, path: str, **more: object) -> httpx.Response:
    headers = {"Authorization": f"Bearer {said.tokens[who]}"}  # type: ignore[attr-defined]
    return said.client.request(method, path, headers=headers, **more)  # type: ignore[arg-type]


CASE = "/v1/cases/own"
FIRST, SECOND = (f"0000000{number}-0000-5000-8000-000000000000" for number in (0, 1))
BODIES = {
    "suppressions": {"pattern": "smb-write-then-image", "source": "deploy.corp.example", "reason": "ours", "expires": "30d"},
    "verdicts": {"finding": SECOND, "verdict": "true_positive", "reason": "seen"},
    "notes": {"finding": SECOND, "text": "<b>look</b>"},
}


def test_it_is_said_shown_and_taken_back(said: Running) -> None:
    rule = ask(said, "write", "POST", f"{CASE}/suppressions", json=BODIES["suppressions"])
    verdict = ask(said, "bound", "POST", f"{CASE}/verdicts", json=BODIES["verdicts"])
    note = ask(said, "write", "POST", f"{CASE}/notes", json=BODIES["notes"])
    assert [each.status_code for each in (rule, verdict, note)] == [201] * 3, rule.text
    assert rule.json()["findings"] == 1
    nobody = ask(said, "write", "POST", f"{CASE}/suppressions", json=BODIES["suppressions"] | {"source": "nobody"})
    assert (nobody.json()["findings"], nobody.status_code) == (0, 201)
    assert ask(said, "write", "DELETE", f"{CASE}/suppressions/{nobody.json()['id']}").status_code == 204
    first, second = said.json(f"{CASE}/findings", sort="time")["items"]
    assert (first["suppressed"]["rule"], first["suppressed"]["owner"]) == (rule.json()["id"], "write")
    assert (second["suppressed"], second["verdict"]["author"], second["notes"][0]["text"]) == (None, "bound", "<b>look</b>")
    assert said.json(f"{CASE}/findings/{FIRST}")["suppressed"] == first["suppressed"]
    assert said.json(f"{CASE}/overview")["suppressed"] == 1
    assert [each["id"] for each in said.json(f"{CASE}/findings", suppressed="false")["items"]] == [SECOND]
    assert [each["id"] for each in said.json(f"{CASE}/findings", verdict="true_positive")["items"]] == [SECOND]
    assert said.json(f"{CASE}/hops", suppressed="false")["total"] == 1
    assert said.json(f"{CASE}/suppressions")["items"][0]["findings"] == 1
    assert said.json(f"{CASE}/verdicts", finding=SECOND)["items"][0]["found"] is True
    assert said.json(f"{CASE}/verdicts", finding=FIRST)["items"] == []
    assert said.json("/v1/cases/other/suppressions")["items"] == []
    for path in (f"suppressions/{rule.json()['id']}", f"verdicts/{SECOND}", f"notes/{note.json()['id']}"):
        assert ask(said, "write", "DELETE", f"{CASE}/{path}").status_code == 204
        assert ask(said, "write", "DELETE", f"{CASE}/{path}").status_code == 404
    assert {each["suppressed"] for each in said.json(f"{CASE}/findings")["items"]} == {None}
    log = [
        (each["author"], each["action"], each["case"], each["subject"]) for each in ask(said, "admin", "GET", "/v1/audit").json()["items"]
    ]
    assert ("bound", "set_verdict", "own", SECOND) in log
    assert ("write", "add_suppression", "own", rule.json()["id"]) in log
    assert ("write", "remove_note", "own", note.json()["id"]) in log


@pytest.mark.parametrize("name", BODIES)
def test_who_only_reads_says_nothing_and_nobody_speaks_in_another_case(said: Running, name: str) -> None:
    assert ask(said, "read", "GET", f"{CASE}/{name}").status_code == 200
    assert ask(said, "read", "POST", f"{CASE}/{name}", json=BODIES[name]).status_code == 403
    assert ask(said, "read", "DELETE", f"{CASE}/{name}/x").status_code == 403
    assert ask(said, "bound", "POST", f"/v1/cases/other/{name}", json=BODIES[name]).status_code == 404
    assert ask(said, "bound", "GET", f"/v1/cases/other/{name}").status_code == 404
    assert ask(said, "bound", "DELETE", f"/v1/cases/other/{name}/x").status_code == 404


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("suppressions", {"pattern": "x", "reason": "x"}, 400),
        ("suppressions", {"pattern": "x", "reason": "x", "file": "x"}, 400),
        ("suppressions", {"pattern": "x", "account": "x"}, 400),
        ("suppressions", {"pattern": "x", "account": "x", "reason": "x", "expires": "whenever"}, 400),
        ("suppressions", {"pattern": "x", "account": "x", "reason": "x", "expires": "2020-01-01"}, 400),
        ("suppressions", {"pattern": "x", "account": "x", "reason": "x" * 3000}, 400),
        ("verdicts", {"finding": "none", "verdict": "true_positive"}, 404),
        ("verdicts", {"finding": SECOND, "verdict": "maybe"}, 400),
        ("notes", {"finding": SECOND, "text": ""}, 400),
        ("notes", {"finding": SECOND, "text": "x", "more": 1}, 400),
    ],
)
def test_what_makes_no_sense_is_refused(said: Running, name: str, body: dict[str, str], status: int) -> None:
    answer = ask(said, "write", "POST", f"{CASE}/{name}", json=body)
    assert answer.status_code == status, answer.text
