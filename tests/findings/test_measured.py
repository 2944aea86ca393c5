"""Measured numbers of this room, pinned from both sides: what lies just within each, what lies just beyond, and why it is what it is.

All logs of one question are read together, each of a host of its own: hosts do not touch each other.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.findings.logs import Logs, later

Numbered = tuple[int, float]
"""EventRecordID and minute since midnight."""


def told(logs: Sequence[Sequence[Numbered]]) -> list[list[str]]:
    """Of each log where its gaps begin."""
    records = Logs()
    for position, log in enumerate(logs):
        for number, minute in log:
            records.security_4624(later("00:00:00", minutes=minute), host=f"h{position}.corp.example")
            records.records[-1].record_id = number
    coverage = {one.host: [gap.from_[11:16] for gap in one.gaps] for one in records.hunt().coverage.hosts}
    return [coverage[f"h{position}.corp.example"] for position in range(len(logs))]


def without(first: int, last: int, minutes: int = 24 * 60) -> list[Numbered]:
    """A record a minute, of ten that the log numbered; those of some minutes are missing."""
    return [(minute * 10, minute) for minute in range(minutes) if not first <= minute < last]


def test_a_hole_is_where_fifty_are_missing() -> None:
    """Fewer are chance: what is kept comes in bursts, and every burst leaves a pause that is so long."""
    assert told([without(600, 649), without(600, 648)]) == [["09:59"], []]


def test_of_fewer_than_two_hundred_records_nobody_can_say_how_often_they_come() -> None:
    assert told([without(100, 460, 560), without(100, 460, 559)]) == [["01:39"], []]


def days(*ends: int) -> list[Numbered]:
    """Days from eight in the morning to some minute each, and a last one."""
    log = [(day * 10_000 + minute, day * 1440 + minute) for day, end in enumerate(ends) for minute in [*range(480, end, 5), end]]
    return [*log, *((len(ends) * 10_000 + minute, len(ends) * 1440 + minute) for minute in range(480, 1080, 5))]


def test_three_holes_that_begin_at_one_time_of_day_are_nights() -> None:
    """Two may be two attacks; from the third day on it is how the machine lives. An evening is two hours to either side."""
    assert told([days(1080, 1080), days(1080, 1080, 1080), days(960, 1080, 1200), days(959, 1080, 1201)]) == [
        ["18:00", "18:00"],
        [],
        ["16:00", "20:00"],
        ["15:59", "18:00", "20:01"],
    ]


def test_midnight_does_not_part_an_evening() -> None:
    """23:00, 23:55 and 00:55 are one time of day."""
    late = [
        (minute * 10, minute) for minute in range(3 * 1440) if not any(begin < minute < begin + 400 for begin in (1380, 2875, 4255 - 1))
    ]
    [begins] = told([[*late, *((minute * 10, minute) for minute in range(3 * 1440 + 360, 4 * 1440))]])
    assert begins == []


HOLED = without(600, 960)


def test_two_of_a_hundred_records_may_be_absurd() -> None:
    """A clock without a battery, a damaged number: more than that are another machine's, and of two nobody knows whose a hole is."""

    def absurd(count: int) -> list[Numbered]:
        return [*HOLED, *((10**12 + number, 10 * number + 5.5) for number in range(count))]

    assert told([absurd(22), absurd(23)]) == [["09:59"], []]


BEFORE = [(500_000 + minute * 10, minute) for minute in range(720)]


def test_a_new_beginning_is_agreed_on_by_twenty_records() -> None:
    """A handful with small numbers is what a wrong clock at the start of a machine makes."""

    def again(count: int) -> list[Numbered]:
        return [*BEFORE, *((3 + 10 * number, 720 + number) for number in range(count))]

    assert told([again(20), again(19)]) == [["11:59"], []]


def test_before_the_first_record_of_a_new_beginning_fifty_may_have_been() -> None:
    """Numbers begin at one: where more are missing than a collector leaves out at the start of a log, they only went back."""

    def again(first: int) -> list[Numbered]:
        return [*BEFORE, *((first + 10 * number, 720 + number) for number in range(720))]

    assert told([again(499), again(500)]) == [["11:59"], []]


def test_a_log_that_ends_at_the_moment_of_the_first_write_can_show_its_run() -> None:
    """Both are of one moment: what a whole second does not tell apart is in doubt for the hunter and not against him."""

    def status(last: str) -> str:
        report = Logs().sysmon_1(last, r"C:\other.exe").security_5145("10:00:00").hunt()
        return next(one.status for one in report.coverage.patterns if one.pattern == "smb-write-then-image")

    assert [status("10:00:00"), status("09:59:59.999999")] == ["evaluated", "not_evaluated"]
