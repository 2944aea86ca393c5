"""Rows as a mapping says: which they are, when they happened, and what is refused."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import orjson
import pytest

from graphcorr.errors import RecordError
from graphcorr.sources.base import Wanted
from graphcorr.sources.mapping import Clock, RowMapping, Rule
from graphcorr.syntax.times import format_time, parse_time
from tests.sources.reads import Pass, read_bytes

STARTED: Final = Rule({"Type": frozenset({"start"})}, "process_start", "own-start", {"image": "Image", "computer": "Host"}, {"pid": 4})
BEAT: Final = Rule({"Type": frozenset({"beat"})}, None, "", {}, {})
MAPPING: Final = RowMapping(
    "acme.toml",
    "0",
    ("acme-*",),
    frozenset(),
    Clock("At", UTC),
    (STARTED, BEAT),
    {"At": "time.column", "Type": "event[1].when", "Image": "event[1].columns", "Host": "columns"},
)
ROW: Final[dict[str, object]] = {"At": "2026-03-02 09:14:03.25", "Type": "start", "Image": "C:\\x.exe", "Host": "pump"}
TABLE: Final = b"At,Type,Image,Host\n2026-03-02 09:14:03.25,start,C:\\x.exe,pump\n"


def named(name: str, *, having: frozenset[str] = frozenset(), files: tuple[str, ...] = ()) -> RowMapping:
    return RowMapping(name, "0", files, having, MAPPING.clock, MAPPING.rules, MAPPING.named)


def read(folder: Path, content: bytes, name: str = "Acme-1.log", *mappings: RowMapping, asked: tuple[str, ...] = ("own-start",)) -> Pass:
    wanted = Wanted({("p", 1): "p-1"}, {}, {}, mappings=mappings or (MAPPING,), asked=frozenset(asked))
    return read_bytes(folder, content, name, wanted)


def moment(clock: Clock, value: object) -> tuple[str, int]:
    found = parse_time(clock.read({"At": value}))
    assert found is not None
    return format_time(found[0]), found[1]


@pytest.mark.parametrize(
    ("clock", "value", "time", "precision"),
    [
        (Clock("At", UTC), "2026-03-02 09:14:03", "2026-03-02T09:14:03.000000Z", 1_000_000),
        (Clock("At", timezone(timedelta(hours=2))), "2026-03-02 09:14:03.25", "2026-03-02T07:14:03.250000Z", 10_000),
        (Clock("At", ZoneInfo("Europe/Berlin")), "2026-07-02T09:14:03.123456", "2026-07-02T07:14:03.123456Z", 1),
        (Clock("At"), "2026-03-02T09:14:03+01:00", "2026-03-02T08:14:03.000000Z", 1_000_000),
        (Clock("At", timezone(timedelta(hours=2))), "2026-03-02T09:14:03.1Z", "2026-03-02T09:14:03.100000Z", 100_000),
        (Clock("At", unit="s"), 1772442843, "2026-03-02T09:14:03.000000Z", 1_000_000),
        (Clock("At", unit="s"), "1772442843.5", "2026-03-02T09:14:03.500000Z", 100_000),
        (Clock("At", unit="ms"), "1772442843250", "2026-03-02T09:14:03.250000Z", 1000),
        (Clock("At", unit="us"), 1772442843250001, "2026-03-02T09:14:03.250001Z", 1),
        (Clock("At", unit="ns"), "1772442843250001999", "2026-03-02T09:14:03.250001Z", 1),
        (Clock("At", unit="filetime"), 134169164432500019, "2026-03-02T09:14:03.250001Z", 1),
        (Clock("At", UTC, format="%d.%m.%Y %H:%M:%S"), "02.03.2026 09:14:03", "2026-03-02T09:14:03.000000Z", 1_000_000),
        (Clock("At", format="%d.%m.%Y %H:%M:%S.%f %z"), "02.03.2026 09:14:03.25 +0100", "2026-03-02T08:14:03.250000Z", 1),
        (Clock("At", UTC, format="%Y%m%d%H%M%S"), "20260302091403", "2026-03-02T09:14:03.000000Z", 1_000_000),
    ],
)  # fmt: skip
def test_times(clock: Clock, value: object, time: str, precision: int) -> None:
    assert moment(clock, value) == (time, precision)


@pytest.mark.parametrize(
    ("clock", "value", "reason"),
    [
        (Clock("At"), "2026-03-02 09:14:03", "At '2026-03-02 09:14:03' states no zone, and the mapping gives none"),
        (Clock("At", format="%d.%m.%Y"), "02.03.2026", "At '02.03.2026' states no zone, and the mapping gives none"),
        (Clock("At", UTC), 1772442843, "At '1772442843' is a number, and the mapping states no unit"),
        (Clock("At", UTC), "yesterday", "At 'yesterday' is no time that is known; state its format"),
        (Clock("At", UTC, format="%d.%m.%Y"), "2026-03-02", "At '2026-03-02' is not written as %d.%m.%Y"),
        (Clock("At", UTC), None, "At is missing or no time"),
        (Clock("At", UTC), True, "At is missing or no time"),
        (Clock("At", UTC), "1601-01-01 00:00:00", "At: impossible time"),
        (Clock("At", ZoneInfo("Europe/Berlin")), "2026-10-25 02:30:00", "the clocks of Europe/Berlin showed it twice or never"),
        (Clock("At", ZoneInfo("Europe/Berlin")), "2026-03-29 02:30:00", "the clocks of Europe/Berlin showed it twice or never"),
    ],
)
def test_times_that_cannot_be_told(clock: Clock, value: object, reason: str) -> None:
    with pytest.raises(RecordError) as raised:
        clock.read({"At": value})
    assert reason in raised.value.reason


@pytest.mark.parametrize(
    "content", [TABLE, TABLE.replace(b",", b";"), orjson.dumps(ROW), orjson.dumps([ROW]), TABLE.decode().encode("utf-16")]
)
def test_a_row_in_every_form(tmp_path: Path, content: bytes) -> None:
    result = read(tmp_path, content)
    (record,) = result.records
    assert (result.status, result.skips) == ("read", [])
    assert (record.log, record.computer, record.created, record.fields) == (
        "own-start",
        "pump",
        "2026-03-02T09:14:03.25Z",
        {"image": "C:\\x.exe", "pid": 4},
    )
    assert orjson.loads(record.raw) == ROW


def test_a_row_is_dismissed_by_nothing_that_looks_known(tmp_path: Path) -> None:
    """Else a product's own EventID would hide it."""
    assert len(read(tmp_path, orjson.dumps(ROW | {"EventID": 4711})).records) == 1
    table = b"EventID," + TABLE.replace(b"\n2026", b"\n4711,2026")
    assert len(read(tmp_path, table).records) == 1


def test_files_of_other_names_are_read_as_ever(tmp_path: Path) -> None:
    assert read(tmp_path, TABLE, "other.csv").reason == "a table whose columns no log type reads: At, Type, Image, Host"
    assert read(tmp_path, orjson.dumps(ROW), "other.json").skips == [(1, "no known shape")]


def test_rows_are_also_told_by_their_columns(tmp_path: Path) -> None:
    by_columns = named("acme.toml", having=frozenset({"Type", "Host"}))
    assert len(read(tmp_path, TABLE, "x", by_columns).records) == 1
    mixed = orjson.dumps(ROW) + b"\n" + orjson.dumps({"Type": "start", "At": "x"})
    result = read(tmp_path, mixed, "x", by_columns)
    assert (len(result.records), result.skips) == (1, [(2, "no known shape")])
    nested = orjson.dumps({**ROW, "Type": None, "a": {"b": 1}})
    assert read(tmp_path, nested, "x", named("n.toml", having=frozenset({"a.b"}))).skips[0][1].startswith("n.toml: no event fits")


def test_a_row_that_no_event_fits_is_counted_and_told(tmp_path: Path) -> None:
    lines = [ROW, ROW | {"Type": "stop"}, ROW | {"Type": "beat"}, {"At": "x"}, ROW | {"Host": ""}, ROW | {"At": "then"}]
    result = read(tmp_path, b"\n".join(map(orjson.dumps, lines)))
    assert (len(result.records), result.count, result.status) == (1, 6, "partly")
    assert result.skips == [
        (2, "acme.toml: no event fits: Type stop"),
        (4, "acme.toml: no event fits: Type missing"),
        (5, "acme.toml: computer is missing: Host is empty"),
        (6, "At 'then' is no time that is known; state its format"),
    ]


def test_what_nobody_asked_for_is_no_skip(tmp_path: Path) -> None:
    result = read(tmp_path, TABLE, "acme-1", asked=())
    assert (result.records, result.skips, result.count) == ([], [], 1)


def test_two_that_claim_one_row(tmp_path: Path) -> None:
    both = (named("a.toml"), named("b.toml"))
    assert read(tmp_path, TABLE, "x", *both).reason == "the mappings a.toml and b.toml are both for it"
    assert read(tmp_path, orjson.dumps(ROW), "x", *both).skips == [(1, "the mappings a.toml and b.toml are both for it")]
    twice = RowMapping("t.toml", "0", (), frozenset(), MAPPING.clock, (STARTED, BEAT, STARTED), {})
    assert read(tmp_path, orjson.dumps(ROW), "x", twice).skips == [(1, "t.toml: the events 1 and 3 both fit")]


def test_a_table_without_a_column_that_is_named(tmp_path: Path) -> None:
    result = read(tmp_path, TABLE.replace(b"Image", b"Program"))
    assert (result.status, result.records) == ("not_understood", [])
    assert result.reason == "acme.toml: event[1].columns: the table has no column Image; it has At, Type, Program, Host"


def test_columns_in_any_script(tmp_path: Path) -> None:
    rule = Rule({}, "process_start", "own-start", {"image": "Größe", "computer": "Übersicht"}, {})
    mapping = RowMapping("a.toml", "0", ("x",), frozenset(), Clock("Änderung", UTC), (rule,), {"Änderung": "time.column"})
    content = "Änderung;Größe;Übersicht\n2026-03-02 09:14:03;x.exe;pump\n".encode()
    assert [record.fields for record in read(tmp_path, content, "x", mapping).records] == [{"image": "x.exe"}]


@pytest.mark.parametrize("unit", ["ms", "us", "ns", "filetime"])
def test_a_number_below_zero_is_no_time(unit: str) -> None:
    with pytest.raises(RecordError, match="At '-1767607200000' is before 1970"):
        Clock("At", unit=unit).read({"At": "-1767607200000"})
