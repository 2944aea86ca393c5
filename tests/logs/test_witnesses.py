"""What all logs tell of a kind, as SQL over the events."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa
import pytest

from graphcorr.logs.catalog import as_list, log_types
from graphcorr.logs.columns import EVENT_SCHEMA
from graphcorr.logs.testimony import Strength, Vantage
from graphcorr.logs.witnesses import is_sensor, logs_of, strengths, told, types_of
from graphcorr.model.kinds import Kind


def rows(*kinds: Kind, columns: tuple[str, ...], events: list[dict[str, Any]], vantage: Vantage | None = None) -> list[tuple[Any, ...]]:
    database = duckdb.connect()
    database.register("events", pa.Table.from_pylist(events, schema=EVENT_SCHEMA))
    return sorted(database.execute(told(*kinds, columns=columns, vantage=vantage)).fetchall(), key=repr)


EVENTS: list[dict[str, Any]] = [
    {"id": "a", "log": "sysmon-1", "user": "alice", "target_user": "x"},
    {"id": "b", "log": "security-4688", "user": "alice", "target_user": "bob"},
    {"id": "c", "log": "security-4688", "user": "alice"},
    {"id": "d", "log": "security-4648", "user": "alice", "target_user": "bob", "source_address": "10.0.0.1"},
    {"id": "e", "log": "security-4624", "user": "TARGET$", "target_user": "bob", "source_address": "10.0.0.2"},
    {"id": "f", "log": "sysmon-11", "image": "System", "path": "p"},
    {"id": "g", "log": "sysmon-11", "path": "p"},
    {"id": "h", "log": "security-5145", "outcome": "failure", "relative_path": "r"},
]


def test_a_column_is_the_testimonys_else_the_events_else_nothing() -> None:
    found = rows(Kind.PROCESS_START, columns=("id", "account", "user", "nowhere"), events=EVENTS)
    assert found == [("a", "alice", "alice", None), ("b", "bob", "alice", None), ("c", "alice", "alice", None)]


def test_a_record_tells_of_a_kind_only_where_its_condition_holds() -> None:
    assert rows(Kind.WRITE, columns=("id",), events=EVENTS) == [("f",)]
    assert rows(Kind.FILE_CREATE, columns=("id",), events=EVENTS) == [("g",)]
    assert rows(Kind.WRITE, Kind.FILE_CREATE, Kind.ATTEMPT, columns=("id",), events=EVENTS) == [("f",), ("g",), ("h",)]


def test_only_logs_that_occur_are_asked_for() -> None:
    kinds, columns = (Kind.WRITE, Kind.FILE_CREATE), ("id", "path", "sought")
    assert "security" not in told(*kinds, columns=columns, logs={"sysmon-11"})
    assert told(*kinds, columns=columns, logs=set(log_types())) == told(*kinds, columns=columns)
    database = duckdb.connect(":memory:")
    database.register("events", pa.Table.from_pylist(EVENTS, schema=EVENT_SCHEMA))
    asked = told(Kind.NAME, columns=("id", "bindings"), logs={"sysmon-11"})
    # What is asked of nobody has the types that it would have.
    assert database.execute(f"SELECT unnest(bindings).address FROM ({asked})").fetchall() == []


def test_the_vantage_chooses() -> None:
    assert rows(Kind.LOGON, columns=("id", "source_address"), events=EVENTS) == [("d", None), ("e", "10.0.0.2")]
    assert rows(Kind.LOGON, columns=("id",), events=EVENTS, vantage=Vantage.OWN) == [("e",)]
    assert rows(Kind.LOGON, columns=("id",), events=EVENTS, vantage=Vantage.CLIENT) == [("d",)]
    assert rows(Kind.LOGON, columns=("id",), events=EVENTS, vantage=Vantage.SENSOR) == []


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_can_be_asked_for(kind: Kind) -> None:
    assert rows(kind, columns=("id", "log", "account"), events=[]) == []
    assert logs_of(kind) == as_list(log_type.name for log_type in types_of(kind))
    assert all(f"'{log_type.name}'" in logs_of(kind) for log_type in log_types().values() if kind in log_type.kinds)


def test_who_is_a_sensor_and_how_surely_a_log_tells() -> None:
    assert [is_sensor(log) for log in ("zeek-smb-files", "suricata-flow", "security-5145", "gone-1")] == [True, True, False, False]
    assert strengths("security-5145", Kind.WRITE) == {Strength.ASKED}
    assert strengths("zeek-smb-files", Kind.WRITE) == {Strength.STATED, Strength.IMPLIED}
    assert strengths("sysmon-1", Kind.WRITE) == set()


def test_no_log_is_in_the_list_of_none() -> None:
    assert duckdb.connect().execute(f"SELECT coalesce('sysmon-1' IN {as_list([])}, FALSE)").fetchall() == [(False,)]
