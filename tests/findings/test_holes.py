"""Holes in a log that one absurd record does not hide, and record numbers that begin again."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from graphcorr.case.segments import store_records
from graphcorr.case.writer import open_writer
from graphcorr.findings.coverage import measure
from graphcorr.graph.project import project
from graphcorr.model.report import Gap
from tests.findings.logs import TARGET, Logs, later

Numbered = tuple[int, float]
"""EventRecordID and minute since midnight."""


def numbered(records: Iterable[Numbered], logs: Logs | None = None) -> Logs:
    logs = logs or Logs()
    for number, minute in records:
        logs.security_4624(later("00:00:00", minutes=minute))
        logs.records[-1].record_id = number
    return logs


def gaps(logs: Logs) -> list[Gap]:
    with logs.projection() as projection:
        return [gap for host in measure(projection.database, [], projection.identity.names).hosts for gap in host.gaps]


def brief(logs: Logs) -> list[tuple[str, str, str]]:
    return [(gap.from_[11:16], gap.to[11:16], gap.reason.partition(" log ")[0]) for gap in gaps(logs)]


DAY = [(minute * 10, minute) for minute in range(24 * 60)]
HOLED = [(number, minute) for number, minute in DAY if not 600 <= minute < 960]
HOLE = ("09:59", "16:00", "none of the records 5,991 to 9,599 of the security")
YEAR = 365 * 24 * 60


@pytest.mark.parametrize(
    "absurd",
    [
        (10**12, 300.5),  # a number, before the hole
        (2**63 - 1, 1200.5),  # after it
        (10**12, 720.5),  # within it
        (10**12, 1439.5),  # at the end of the log
        (10**12, -0.5),  # at its beginning
        (1, 300.5),
        (1, 720.5),
        (1, 1200.5),
        (3005, 70 * YEAR),  # a time: the clock of the battery-less
        (12_005, 70 * YEAR),
        (14_391, 70 * YEAR),  # of the last record
        (3005, -20 * YEAR),
        (12_005, -20 * YEAR),
        (-1, -20 * YEAR),  # of the first one
        (3005, 720.5),  # within the hole
        (12_005, 720.5),
        (5_985, 2 * YEAR),
    ],
)
def test_one_absurd_record_hides_no_hole(absurd: Numbered) -> None:
    assert brief(numbered([*HOLED, absurd])) == [HOLE]
    assert brief(numbered([*DAY, absurd])) == []


def test_a_few_absurd_records_hide_no_hole_either() -> None:
    assert brief(numbered([*HOLED, (10**12, 300.5), (10**12 + 1, 300.6), (3005, 70 * YEAR), (7, 1200.5)])) == [HOLE]
    boot = [(12_001 + number, -20 * YEAR + number / 10) for number in range(4)]
    assert brief(numbered([*HOLED, *boot])) == brief(numbered([*HOLED, *((number, 70 * YEAR) for number, _ in boot)])) == [HOLE]


BEFORE = [(500_000 + minute * 10, minute) for minute in range(12 * 60)]
AFTER = [(3 + (minute - 720) * 10, minute) for minute in range(720, 24 * 60)]


def test_numbers_that_begin_again_are_told() -> None:
    [gap] = gaps(numbered([*BEFORE, *AFTER]))
    assert (gap.from_[11:16], gap.to[11:16], gap.reason) == (
        "11:59",
        "12:00",
        (
            "the record numbers of the security log begin again, with 3 after 507,190: the log was deleted and made anew, "
            "or the machine was set up anew; records between the last one collected and this moment are lost"
        ),
    )


def test_they_begin_again_twice_and_an_absurd_record_changes_nothing() -> None:
    third = [(5 + (minute - 1440) * 10, minute) for minute in range(1440, 2000)]
    told = [("11:59", "12:00", "the record numbers of the security"), ("23:59", "00:00", "the record numbers of the security")]
    assert brief(numbered([*BEFORE, *AFTER, *third])) == told
    assert brief(numbered([*BEFORE, *AFTER, *third, (10**12, 300.5), (9, 70 * YEAR)])) == told


def test_a_hole_is_told_in_a_log_that_begins_again() -> None:
    holed = [(number, minute) for number, minute in AFTER if not 840 <= minute < 1200]
    assert [reason for _, _, reason in brief(numbered([*BEFORE, *holed]))] == [
        "the record numbers of the security",
        "none of the records 1,194 to 4,802 of the security",
    ]


def test_a_log_that_was_cleared_is_told_once() -> None:
    logs = numbered(BEFORE)
    logs.add("security-1102", "12:00:00", {"SubjectUserName": "eve"}, computer=TARGET)
    logs.records[-1].record_id = 1
    assert brief(numbered(AFTER, logs)) == [("11:59", "12:00", "the security")]


@pytest.mark.parametrize(
    "other",
    [
        [(3 + minute * 10, minute + 0.5) for minute in range(720)],  # another machine of that name, at the same time
        [(3 + (minute - 600) * 10, minute + 0.5) for minute in range(600, 1440)],  # from before the first one ended
        [(3 + (minute // 60 * 60 + minute % 60) * 10, minute + 0.5) for minute in range(720) if minute // 60 % 2],  # by turns
        [(90_000 + minute, minute) for minute in range(720, 1440)],  # numbers go back, and not to their beginning
        [(3, 720)],  # too few to tell
    ],
)
def test_other_numbers_are_no_new_beginning(other: list[Numbered]) -> None:
    assert brief(numbered([*BEFORE, *other])) == []


def test_two_files_may_be_of_two_machines() -> None:
    assert two_files(numbered(BEFORE), numbered(AFTER)) == []


def two_files(*files: Logs) -> list[Gap]:
    """The gaps of records that came in several files."""
    with tempfile.TemporaryDirectory() as folder, open_writer(Path(folder) / "case", create=True) as case:
        for number, logs in enumerate(files):
            store_records(case, f"logs-{number}", logs.records)
        with project(case) as projection:
            return [gap for host in measure(projection.database, [], projection.identity.names).hosts for gap in host.gaps]


def test_between_two_collections_that_have_nothing_to_do_with_each_other_is_no_hole() -> None:
    """A month lies between them. In one file it would be a hole; and what is missing of a series of files is one."""
    first = [(minute * 10, minute) for minute in range(300)]
    month = 30 * 24 * 60
    second = [(500_000 + minute * 10, month + minute) for minute in range(300)]
    assert two_files(numbered(first), numbered(second)) == []
    assert len(two_files(numbered([*first, *second]))) == 1
    rotated = [(minute * 10, minute) for minute in range(480, 900)]
    assert [gap.kind for gap in two_files(numbered(first), numbered(rotated))] == ["missing"]


def test_the_order_of_reading_does_not_show() -> None:
    logs = numbered([*BEFORE, *AFTER, (10**12, 300.5)])
    told = gaps(logs)
    random.Random(1).shuffle(logs.records)
    assert gaps(logs) == told != []
