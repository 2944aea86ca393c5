"""JSON records of any product, by what their log type declares."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import orjson
import pytest

from graphcorr.sources.base import Wanted
from graphcorr.sources.declared import DeclaredShape, value_of
from tests.sources.reads import read_bytes

SHAPE: Final = DeclaredShape("acme-started", {"kind": "started", "agent.version": None}, "at", "device.name", "relay")
OTHER: Final = DeclaredShape("acme-any", {"agent.version": None}, "at", None, None)
ROW: Final[dict[str, object]] = {
    "kind": "started",
    "agent": {"version": "1"},
    "at": "2024-03-05T09:14:02Z",
    "device": {"name": "ws1", "tags": ["a"]},
    "relay": "r1",
}


def wanted(*shapes: DeclaredShape, asked: frozenset[str] = frozenset({"acme-started"})) -> Wanted:
    return Wanted({}, {}, {}, declared=shapes, asked=asked)


def test_fields_of_objects_have_dots_in_their_names(tmp_path: Path) -> None:
    (record,) = read_bytes(tmp_path, orjson.dumps(ROW), wanted=wanted(SHAPE)).records
    assert (record.log, record.computer, record.collector, record.created) == ("acme-started", "ws1", "r1", "2024-03-05T09:14:02Z")
    assert record.fields == {
        "kind": "started",
        "agent.version": "1",
        "at": "2024-03-05T09:14:02Z",
        "device.name": "ws1",
        "device.tags": ["a"],
        "relay": "r1",
    }
    dotted = {"kind": "started", "agent.version": "1", "at": 1709630042, "device.name": "ws1"}
    (record,) = read_bytes(tmp_path, orjson.dumps(dotted), wanted=wanted(SHAPE)).records
    assert (record.computer, record.created, record.fields["agent.version"]) == ("ws1", 1709630042.0, "1")


def test_a_shipper_may_have_put_it_in_a_text_or_an_answer(tmp_path: Path) -> None:
    for content in ({"_source": ROW}, {"result": ROW}, {"message": orjson.dumps(ROW).decode()}):
        assert [record.log for record in read_bytes(tmp_path, orjson.dumps(content), wanted=wanted(SHAPE)).records] == ["acme-started"]
    assert len(read_bytes(tmp_path, orjson.dumps([ROW, ROW]), wanted=wanted(SHAPE)).records) == 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({**ROW, "kind": "ended"}, "no known shape: no log type reads kind ended"),
        ({**ROW, "agent": None}, "no known shape"),
        ({**ROW, "at": True}, "at is missing or no time"),
        ({**ROW, "at": {"a": 1}}, "at is missing or no time"),
        ({"kind": "started"}, "no known shape"),
    ],
)
def test_what_is_no_such_record_is_a_skip_with_its_reason(tmp_path: Path, row: dict[str, object], reason: str) -> None:
    found = read_bytes(tmp_path, orjson.dumps(row) + b"\n" + orjson.dumps(ROW), wanted=wanted(SHAPE))
    assert (found.numbers, found.skips) == ([2], [(1, reason)])


def test_what_nobody_asks_for_is_known_and_not_read(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, orjson.dumps(ROW), wanted=wanted(SHAPE, asked=frozenset()))
    assert (found.records, found.skips, found.status, found.count) == ([], [], "read", 1)


def test_a_record_that_two_claim_is_neithers(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, orjson.dumps(ROW), wanted=wanted(SHAPE, OTHER))
    assert found.skips == [(1, "shape not clear: acme-started or acme-any")]


@pytest.mark.parametrize("key", ["EventID", "winlog", "Event", "_raw", "_path", "@stream"])
def test_a_record_that_other_logs_keys_settle_is_theirs(key: str) -> None:
    """The prefilter of lines dismisses what these name before anybody looks further."""
    assert SHAPE.claims(ROW)
    assert not SHAPE.claims({**ROW, key: "x"})


def test_of_alternatives_the_first_with_a_value_counts() -> None:
    assert value_of({"a": {"b": 1}, "c": 2}, "a.b|c") == 1
    assert value_of({"a": {}, "c": 2}, "a.b|c") == 2
    assert value_of({"a": {}}, "a.b|c") is None


def test_what_else_tells_its_records() -> None:
    shape = replace(SHAPE, holds=lambda row: row.get("relay") == "r2")
    assert (shape.claims(ROW), shape.claims({**ROW, "relay": "r2"})) == (False, True)


def test_a_number_may_have_been_made_a_fraction() -> None:
    shape = replace(SHAPE, marks={"kind": "7"})
    assert [shape.claims({**ROW, "kind": kind}) for kind in (7, 7.0, "7", 7.5, 8, True)] == [True, True, True, False, False, False]


def test_a_value_is_found_nested_or_under_its_dots() -> None:
    assert value_of({"a": {"b": 1}}, "a.b") == value_of({"a.b": 1}, "a.b") == 1
    assert value_of({"a": 1}, "a.b") is None
    assert SHAPE.keys == {"kind", "agent"}
