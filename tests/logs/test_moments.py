"""Which of a record's times is its time, and what becomes of those that cannot be."""

from __future__ import annotations

from datetime import datetime

import pytest

from graphcorr.logs.batch import normalize
from tests.logs.records import columns, make


def when(text: str) -> datetime:
    return datetime.fromisoformat(text)


def times(log: str, fields: dict[str, object], **header: object) -> dict[str, object]:
    kept = ("time", "time_field", "precision", "original_time", "other_time", "other_time_field", "ingested")
    event = columns(make(log, {"Image": "C:\\x.exe", "TargetUserName": "u", "SourceIp": "10.0.0.5", **fields}, **header))
    return {name: value for name, value in event.items() if name in kept}


def test_utc_time_beside_local_time() -> None:
    assert times(
        "sysmon-1",
        {"UtcTime": "2020-09-22 18:53:07.442"},
        created=None,
        event_time="2020-09-22 14:53:07",
        ingested="2020-09-22T18:53:10.236Z",
    ) == {
        "time": when("2020-09-22T18:53:07.442"),
        "time_field": "UtcTime",
        "precision": 1000,
        "original_time": "2020-09-22 18:53:07.442",
        "other_time": when("2020-09-22T14:53:07"),
        "other_time_field": "EventTime",
        "ingested": when("2020-09-22T18:53:10.236"),
    }


def test_the_header_is_the_first_anchor() -> None:
    found = times("sysmon-1", {"UtcTime": "2020-09-22 18:53:07.442"}, created="2020-09-22T14:53:07.5Z", event_time="2020-09-22 14:53:07")
    assert (found["other_time"], found["other_time_field"]) == (when("2020-09-22T14:53:07.5"), "TimeCreated")


def test_a_connection_does_not_trust_utc_time() -> None:
    found = times("sysmon-3", {"UtcTime": "2020-01-01 00:00:00.000"}, created="2020-10-19 03:30:47.681")
    assert found == {
        "time": when("2020-10-19T03:30:47.681"),
        "time_field": "TimeCreated",
        "precision": 1000,
        "original_time": "2020-10-19 03:30:47.681",
    }


def test_local_time_alone_has_no_anchor() -> None:
    assert times("security-4624", {}, created=None, event_time="2020-09-22 14:53:30") == {
        "time": when("2020-09-22T14:53:30"),
        "time_field": "EventTime",
        "precision": 1_000_000,
        "original_time": "2020-09-22 14:53:30",
    }


def test_delivery_time_stands_in_where_nothing_else_is() -> None:
    assert times("security-4624", {}, created=None, ingested="2020-09-22T18:53:10.236Z") == {
        "time": when("2020-09-22T18:53:10.236"),
        "time_field": "@timestamp",
        "precision": 1000,
        "original_time": "2020-09-22T18:53:10.236Z",
    }


def test_an_impossible_time_gives_way_to_another_own_time() -> None:
    found = times("sysmon-1", {"UtcTime": "1601-01-01 00:00:00.000"}, created="2020-09-22T14:53:07Z")
    assert (found["time_field"], "other_time" in found) == ("TimeCreated", False)


def test_an_impossible_delivery_time_is_absence() -> None:
    assert "ingested" not in times("security-4624", {}, ingested="1970-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"created": None}, "no time"),
        ({"created": "-"}, "no time"),
        ({"created": "XXXXXXXXXX.XXXXXX"}, "TimeCreated: 'XXXXXXXXXX.XXXXXX' is no time"),
        ({"created": "1601-01-01T00:00:00Z"}, "TimeCreated: '1601-01-01T00:00:00Z' is an impossible time"),
        # A delivery time does not vouch for a record whose own time is impossible.
        (
            {"created": None, "event_time": "0001-01-01 00:00:00", "ingested": "2020-09-22T18:53:10Z"},
            "EventTime: '0001-01-01 00:00:00' is an impossible time",
        ),
    ],
)
def test_without_a_possible_time_a_record_is_skipped(header: dict[str, object], reason: str) -> None:
    record = make("security-4624", {}, **({"number": 7, "input": 3} | header))
    assert normalize([record]) == ([], [(3, 7, reason)])
