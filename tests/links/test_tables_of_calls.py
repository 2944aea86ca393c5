"""Tables of calls on the wire that had a written file started: what states a path, and what is guessed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.links.trying import T, at, tried

CLIENT = "10.0.0.5"


def call(id_: str, seconds: float, operation: str, **more: object) -> dict[str, Any]:
    row = {"id": id_, **T, "vantage": "sensor", "interface": "svcctl", "operation": operation, "source_address": CLIENT, "uid": "C"}
    return {**row, **at(seconds), **more}


def test_calls_that_state_a_path() -> None:
    path = r"C:\x.exe"
    rows = tried(
        "call_paths",
        Call=[
            call("created", 1, "CreateServiceWOW64W", path=path),
            call("started", 2, "StartServiceW", path=path),
            call("silent", 3, "CreateServiceW"),
            call("asked", 4, "QueryServiceConfigW", path=path),
            call("own", 5, "CreateServiceW", path=path, vantage="own"),
        ],
    )
    assert {row["id"]: row["role"] for row in rows} == {"created": "registered", "started": "started"}


def guess(seconds: float = 100, **more: object) -> list[tuple[str, str]]:
    """What is guessed of a service that is created and started after a program was written."""
    calls = [call("a", seconds, "CreateServiceW"), call("b", seconds + 1, "StartServiceW")]
    act = {"id": "a", **T, "mechanism": "service", "calls": ["a", "b"], **at(seconds + 1)}
    write = {"id": "w", **T, "key": r"c:\windows\x.exe", "source": CLIENT, "share": "ADMIN$", "loopback": False, **at(50)}
    version = {"id": "v", **T, "key": write["key"], "name": "x.exe", **at(50)}
    rows: dict[str, Any] = {
        "Call": calls,
        "call_acts": [act],
        "call_paths": [],
        "versions": [version | more.pop("version", {})],  # type: ignore[operator]
        "write_versions": [{"write": "w", "version": "v"}],
        "writes": [write | more.pop("write", {})],  # type: ignore[operator]
        "ProcessStartCovered": [],
    }
    return sorted((row["event"], row["role"]) for row in tried("guessed_calls", **(rows | more)))


def test_the_file_that_the_client_had_just_written() -> None:
    assert guess() == [("a", "registered"), ("b", "started")]


@pytest.mark.parametrize(("seconds", "found"), [(168.9, 2), (169.1, 0), (48, 0)])
def test_how_soon(seconds: float, found: int) -> None:
    """The start comes a second later: two minutes after the write, and not before it."""
    assert len(guess(seconds)) == found


def test_what_is_no_guess() -> None:
    assert guess(write={"source": "10.0.0.6"}) == []
    assert guess(write={"loopback": True}) == []
    assert guess(write={"share": "public"}) == []
    assert guess(version={"name": "plan.docx"}) == []
    assert guess(version={"ended_latest": 60_000_000}) == []
    assert guess(call_paths=[{"id": "a", **T, "path": r"C:\other.exe", "role": "registered", **at(100)}]) == []
    assert guess(ProcessStartCovered=[{"id": "p", **T, **at(1)}]) == []
    assert len(guess(ProcessStartCovered=[{"id": "p", "host": "other", **at(1)}])) == 2
