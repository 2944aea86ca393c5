"""Batches: order, schema, skips, odd values, and that no event depends on the records around it."""

from __future__ import annotations

from operator import itemgetter
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphcorr.logs.batch import Normalized, normalize
from graphcorr.logs.catalog import log_types
from graphcorr.logs.columns import EVENT_SCHEMA
from graphcorr.logs.testimony import Vantage
from graphcorr.model.records import Record
from tests.logs.records import columns, make

ENDS: Final[dict[str, object]] = {"id.orig_h": "10.0.0.5", "id.resp_h": "10.0.0.9"}
LOGON: Final[dict[str, object]] = {"TargetUserName": "u"}


def column(records: list[Record], name: str) -> list[object]:
    """A column of the events of records of one log type."""
    (batch,) = normalize(records).batches
    values: list[object] = batch.column(name).to_pylist()
    return values


def test_nothing_in_nothing_out() -> None:
    assert normalize([]) == ([], [])


def test_events_of_a_log_stand_in_the_order_of_their_records() -> None:
    records = [
        make("sysmon-11", {"TargetFilename": "C:\\a"}, number=3, input=7),
        make("zeek-conn", {"uid": "C1", **ENDS}, number=1, input=7),
        make("sysmon-11", {"TargetFilename": "C:\\b"}, number=2, input=7),
        make("zeek-conn", {"uid": "C2", **ENDS}, number=4, input=8),
    ]
    batches, skips = normalize(records)
    assert skips == []
    assert [batch.schema for batch in batches] == [EVENT_SCHEMA] * 2
    read = ("record", "input", "log", "event_id", "path", "uid")
    assert [[tuple(row[name] for name in read) for row in batch.to_pylist()] for batch in batches] == [
        [(3, 7, "sysmon-11", 11, "C:\\a", None), (2, 7, "sysmon-11", 11, "C:\\b", None)],
        [(1, 7, "zeek-conn", None, None, "C1"), (4, 8, "zeek-conn", None, None, "C2")],
    ]


def test_skips_are_explained_in_order() -> None:
    records = [
        make("sysmon-11", {}, number=4, created=None),
        make("sysmon-11", {"TargetFilename": "C:\\a"}, number=3),
        make("sysmon-99", {}, number=2),
        make("zeek-conn", {}, number=1, created="x"),
    ]
    records[0].input = 2
    batches, skips = normalize(records)
    assert [batch.column("record").to_pylist() for batch in batches] == [[3]]
    assert skips == [(1, 1, "ts: 'x' is no time"), (1, 2, "no log type sysmon-99"), (2, 4, "no time")]


def test_header() -> None:
    header = {"computer": " SRV01 ", "channel": "Security", "record_id": 9, "collector": "-", "raw": b"\xc3\xa9", "number": 5}
    event = columns(make("security-4624", LOGON, **header))
    assert {name: event.get(name) for name in ("computer", "channel", "record_id", "collector", "raw", "record", "event_id")} == {
        "computer": "SRV01",
        "channel": "security",
        "record_id": 9,
        "collector": None,
        "raw": b"\xc3\xa9",
        "record": 5,
        "event_id": 4624,
    }


def test_a_lone_surrogate_costs_one_character() -> None:
    records = [
        make("sysmon-11", {"TargetFilename": "C:\\Users\\a\ud800.exe"}),
        make("sysmon-11", {"TargetFilename": "C:\\é.exe"}, number=2),
    ]
    assert column(records, "path") == ["C:\\Users\\a?.exe", "C:\\é.exe"]
    program = make("sysmon-1", {"Image": "C:\\a\ud800.exe"})
    assert columns(program)["names"] == ["a?.exe"]


def test_a_record_id_beyond_64_bits_is_absence() -> None:
    records = [
        make("security-4624", LOGON, record_id=2**64, computer="a"),
        make("security-4624", LOGON, record_id=5, computer="a", number=2),
    ]
    assert column(records, "record_id") == [None, 5]


def test_objects_where_text_is_expected_are_absence() -> None:
    records = [
        make("sysmon-1", {"Image": {"a": 1}, "CommandLine": "x", "User": ["x"]}),
        make("sysmon-1", {"Image": "C:\\b"}, number=2),
    ]
    assert column(records, "image") == [None, "C:\\b"]
    assert column(records, "user") == [None, None]
    assert normalize(records).skips == []


def test_what_says_nothing_of_what_it_is_about_is_no_event() -> None:
    """Of a shape whose names nobody here knows: to take it would make its host look observed."""
    records = [
        make("sysmon-1", {"process_path": "C:\\x.exe"}, number=7),
        make("sysmon-1", {"Image": "C:\\x.exe"}, number=8),
        make("sysmon-1", {"CommandLine": "x"}, number=9),
        make("sysmon-11", {"TargetFilename": {"a": 1}, "Image": "System"}, number=4),
    ]
    normalized = normalize(records)
    assert [batch.column("record").to_pylist() for batch in normalized.batches] == [[8, 9]]
    assert normalized.skips == [
        (1, 4, "no path: the record's fields are missing or renamed"),
        (1, 7, "no image or command line: the record's fields are missing or renamed"),
    ]


def test_equal_numbers_of_different_types_are_not_confused() -> None:
    """1, 1.0 and True are one dictionary key; as process ids they are two numbers and no number."""
    values = [True, 1, 1.0, "1", True]
    records = [make("sysmon-11", {"ProcessId": value, "TargetFilename": "C:\\a"}, number=number) for number, value in enumerate(values, 1)]
    assert column(records, "pid") == [None, 1, 1, 1, None]


@pytest.mark.parametrize("count", [127, 128, 129, 257])
def test_every_record_of_a_long_group_is_there(count: int) -> None:
    records = [make("sysmon-11", {"TargetFilename": f"C:\\{number}"}, number=number) for number in range(1, count + 1)]
    assert column(records, "path") == [f"C:\\{number}" for number in range(1, count + 1)]


_VALUES = st.sampled_from([None, "-", "", "x", "C:\\a.exe", "0x0", "0x4", 4, True, 1.0, {"a": 1}, ["b"], "10.0.0.1", "T"])
_LOGS = st.sampled_from(["sysmon-1", "sysmon-11", "security-4624", "security-5145", "zeek-files", "zeek-dhcp"])
_FIELDS = (
    "Image",
    "ProcessId",
    "User",
    "CommandLine",
    "TargetFilename",
    "IpAddress",
    "ShareName",
    "AccessMask",
    "is_orig",
    "tx_hosts",
    "uids",
)
_CREATED = st.sampled_from(["2021-03-04T05:06:07Z", None, "1601-01-01T00:00:00Z"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(_LOGS, _CREATED, st.dictionaries(st.sampled_from(_FIELDS), _VALUES, max_size=6)), max_size=12))
def test_an_event_does_not_depend_on_its_neighbors(rows: list[tuple[str, str | None, dict[str, object]]]) -> None:
    records: list[Record] = [make(log, fields, created=created, number=number) for number, (log, created, fields) in enumerate(rows, 1)]
    together = normalize(records)
    alone = [normalize([record]) for record in records]
    assert _rows(together) == [row for one in alone for row in _rows(one)]
    assert together.skips == [skip for one in alone for skip in one.skips]
    assert _rows(normalize(records[::-1])) == _rows(together)


def _rows(normalized: Normalized) -> list[dict[str, object]]:
    return sorted((row for batch in normalized.batches for row in batch.to_pylist()), key=itemgetter("record"))


@pytest.mark.parametrize(
    ("log", "fields", "reason"),
    [
        ("zeek-smb-files", {"action": "SMB::FILE_OPEN", "name": "a.exe", "server": "10.0.0.9"}, "no target address"),
        ("zeek-smb-files", {**ENDS, "action": "SMB::FILE_OPEN"}, "no relative path or share or pipe or fuid"),
        ("zeek-conn", {"id.orig_h": "10.0.0.5"}, "no target address"),
        ("zeek-files", {"fuid": "F1"}, "no size"),
        ("security-5140", {"IpAddress": "10.0.0.5"}, "no share"),
        ("security-4624", {"Who": "a"}, "no target user"),
    ],
)
def test_a_record_whose_fields_have_other_names_is_a_skip(log: str, fields: dict[str, object], reason: str) -> None:
    assert normalize([make(log, fields)]) == ([], [(1, 1, f"{reason}: the record's fields are missing or renamed")])


def test_every_log_of_the_wire_says_what_it_needs() -> None:
    sensors = [log_type for log_type in log_types().values() if log_type.vantage is Vantage.SENSOR]
    assert [log_type.name for log_type in sensors if not (log_type.needs or log_type.essential)] == []
