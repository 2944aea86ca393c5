"""Whose a connection on the wire is: one account that proved itself there, and never one of several."""

from __future__ import annotations

from typing import Any

import pytest

from tests.findings.logs import CLIENT, Logs, only
from tests.links.trying import T, at, tried


def proof(id_: str, seconds: float, account: str, domain: str | None = "CORP", **more: object) -> dict[str, Any]:
    row = {"id": id_, **T, "vantage": "sensor", "uid": "C1", "account": account, "account_domain": domain}
    return {**row, **at(seconds), **more}


def test_a_connection_is_of_the_one_account_that_proved_itself_on_it() -> None:
    rows = [proof("b", 2, "adm"), proof("a", 1, "ADM", None), proof("c", 3, "adm", uid="C2"), proof("d", 4, "eve", uid="C2")]
    rows += [proof("e", 5, "adm", uid="C3"), proof("f", 6, "adm", "OTHER", uid="C3"), proof("g", 7, "adm", uid=None)]
    assert tried("connection_accounts", Authentication=rows) == [
        {"uid": "C1", "account": "adm", "account_domain": "CORP", "event": "b"},
    ]


def test_a_write_on_the_wire_has_its_connections_account_where_the_record_itself_has_none() -> None:
    known = [{"uid": "C1", "account": "adm", "account_domain": "CORP", "event": "n"}]
    write = {**T, "vantage": "sensor", "strength": "stated", "uid": "C1", **at(1)}
    rows = [write | {"id": "w"}, write | {"id": "own", "account": "eve"}, write | {"id": "other", "uid": "C2"}]
    rows += [write | {"id": "host", "vantage": "own"}]
    found = tried("write_records", Write=rows, connection_accounts=known)
    assert sorted((row["id"], row["account"], row["account_domain"]) for row in found) == [
        ("host", None, None),
        ("other", None, None),
        ("own", "eve", None),
        ("w", "adm", "CORP"),
    ]
    proofs = tried("write_proofs", write_records=found, connection_accounts=known)
    assert sorted((row["write"], row["event"]) for row in proofs) == [("own", "n"), ("w", "n")]


def logged_on(logs: Logs, time: str, user: str = "adm", more: dict[str, object] | None = None) -> Logs:
    said = {"username": user, "domainname": "CORP", "hostname": "WS-1", "server_nb_computer_name": "TARGET"}
    return logs.zeek("ntlm", time, said | (more or {}))


def test_a_written_file_has_the_account_of_its_connection_and_the_record_of_it() -> None:
    found = only(logged_on(Logs().is_at(), "09:59:59").smb_file("10:00:00").sysmon_1("10:00:05").hunt())
    assert found.account == r"CORP\adm"
    assert not any(limit.startswith("account unknown") for limit in found.limits)
    assert [one.role for one in found.evidence] == ["write", "execution", "account"]
    assert (found.steps[0].role, found.steps[0].account) == ("wrote", r"CORP\adm")


@pytest.mark.parametrize("refused", [{"success": False}, {"success": "F"}])
def test_who_was_refused_has_proved_nothing(refused: dict[str, object]) -> None:
    found = only(logged_on(Logs().is_at(), "09:59:59", more=refused).smb_file("10:00:00").sysmon_1("10:00:05").hunt())
    assert (found.account, [one.role for one in found.evidence]) == (None, ["write", "execution"])


@pytest.mark.parametrize(
    "stated",
    [
        {"username": "adm:Winter2026"},
        {"username": "<Event>"},
        {"username": "10.1.1.9"},
        {"username": 'adm".koch'},
        {"domainname": "CO\x12RP"},
        {"domainname": "COR<Event>P"},
        {"domainname": "{b3a2c1d0-e2e7-65e6-1c05-000000001a00}"},
        {"domainname": "C:\\Windows"},
    ],
    ids=str,
)
def test_what_no_account_is_called_is_none_though_a_server_let_it_in(stated: dict[str, object]) -> None:
    """As a guest: what was typed may be anything, also a password; and records are damaged."""
    found = only(logged_on(Logs().is_at(), "09:59:59", more=stated | {"success": "T"}).smb_file("10:00:00").sysmon_1("10:00:05").hunt())
    assert (found.account, [one.role for one in found.evidence]) == (None, ["write", "execution"])
    others: dict[str, object] = {"username": "müller-1 a.b_c$"} if "username" in stated else {"domainname": "corp-1.example"}
    found = only(logged_on(Logs().is_at(), "09:59:59", more=others).smb_file("10:00:00").sysmon_1("10:00:05").hunt())
    assert found.account is not None


def test_of_two_accounts_on_one_connection_none_is_the_one() -> None:
    logs = logged_on(logged_on(Logs().is_at(), "09:59:58"), "09:59:59", "eve")
    found = only(logs.smb_file("10:00:00").sysmon_1("10:00:05").hunt())
    assert found.account is None


def test_calls_have_the_account_of_their_connection() -> None:
    logs = logged_on(Logs(), "09:59:59")
    for time, operation in (("10:00:00", "CreateServiceW"), ("10:00:01", "StartServiceW")):
        logs.zeek("dce-rpc", time, {"endpoint": "svcctl", "operation": operation, "named_pipe": r"\pipe\ntsvcs"})
    found = only(logs.hunt())
    assert found.source is not None
    assert (found.account, found.source.address) == (r"CORP\adm", CLIENT)
    assert "command unknown: the calls on the wire do not show what was to be run" in found.limits
    assert not any(limit.startswith("account unknown") for limit in found.limits)
    assert ("account", 1) in [(one.role, one.record) for one in found.evidence]
