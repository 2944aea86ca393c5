"""What a monitor saw of requests, programs and sessions, and what it could not follow."""

from __future__ import annotations

import pytest

from graphcorr.logs.catalog import log_types
from graphcorr.model.kinds import Kind
from tests.facts.test_relation import told

ENDS: dict[str, object] = {"id": "e", "uid": "C1", "source_address": "10.0.0.5", "target_address": "10.0.0.9", "time": 1_000_000}


def test_a_remote_desktop_that_was_asked_for_is_no_account_and_no_session() -> None:
    [fact] = told(Kind.LOGON, ENDS | {"log": "zeek-rdp", "cookie": "alice", "source_host": "WS01"})
    assert (fact["logon_type"], fact["strength"], fact["vantage"], fact["host"]) == (10, "asked", "sensor", "10.0.0.9")
    assert (fact["account"], fact["session"], fact["source_host"]) == (None, None, "WS01")


@pytest.mark.parametrize(("success", "count"), [(True, 1), (False, 0), (None, 0)])
def test_ssh_is_a_logon_where_it_let_somebody_in(success: bool | None, count: int) -> None:
    facts = told(Kind.LOGON, ENDS | {"log": "zeek-ssh", "success": success})
    assert [(fact["strength"], fact["account"]) for fact in facts] == [("implied", None)] * count


def test_neither_shows_that_logons_are_logged() -> None:
    assert log_types()["zeek-rdp"].covers == log_types()["zeek-ssh"].covers == set()


@pytest.mark.parametrize(("cause", "count"), [(None, 1), ("violation", 1), ("confirmation", 0)])
def test_only_what_was_not_followed_is_a_blind_spot(cause: str | None, count: int) -> None:
    assert len(told(Kind.BLIND_SPOT, ENDS | {"log": "zeek-analyzer", "analyzer": "SMB", "action": cause})) == count


def test_a_program_on_the_wire_has_no_place() -> None:
    [fact] = told(Kind.EXECUTABLE, {"id": "e", "log": "zeek-pe", "fuid": "F1", "machine": "AMD64"})
    assert (fact["host"], fact["fuid"], fact["machine"]) == (None, "F1", "AMD64")


def test_a_request_is_at_the_server() -> None:
    own: dict[str, object] = {"method": "GET", "uri": "/x", "http_host": "other.example", "received_fuids": ["F1"], "status_code": 200}
    [fact] = told(Kind.HTTP_REQUEST, ENDS | {"log": "zeek-http"} | own)
    assert {name: fact[name] for name in own} == own
    assert (fact["host"], fact["source_address"]) == ("10.0.0.9", "10.0.0.5")


@pytest.mark.parametrize("log", ["defender-1116", "defender-1117"])
def test_an_alert_of_the_machine_is_there(log: str) -> None:
    [fact] = told(Kind.ALERT, {"id": "e", "log": log, "host": "t.corp", "alert": "x", "path": "C:\\a", "user": "bob"})
    assert (fact["host"], fact["name"], fact["path"], fact["account"], fact["vantage"]) == ("t.corp", "x", "C:\\a", "bob", "own")


def test_a_notice_is_an_alert_of_the_monitor() -> None:
    [fact] = told(Kind.ALERT, ENDS | {"log": "zeek-notice", "alert": "Scan::Port_Scan", "message": "x"})
    assert (fact["name"], fact["message"], fact["vantage"], fact["account"]) == ("Scan::Port_Scan", "x", "sensor", None)
