"""Clocks: what a log calls the time, learned from records that carry two, and applied to those that carry one."""

from __future__ import annotations

from datetime import datetime, timedelta

from graphcorr.model.findings import Confidence
from graphcorr.model.report import Clock
from tests.findings.logs import DAY, OTHER, TARGET, TOOL, Logs, brief, only, stamp

FOUND = [(TOOL, "image")]
COLLECTOR = "wec.corp.example"


def local(time: str, hours: float) -> str:
    """A UTC clock time as a machine ``hours`` ahead of UTC shows it, in whole seconds."""
    moment = datetime.fromisoformat(f"{DAY.date()}T{time}") + timedelta(hours=hours)
    return moment.isoformat(sep=" ", timespec="seconds")


def anchor(logs: Logs, time: str, hours: float, *, host: str = TARGET, collector: str | None = None) -> Logs:
    """A Sysmon record with both its times."""
    utc = stamp(time)[:-1].replace("T", " ")
    return logs.sysmon_1(None, r"C:\Windows\System32\svchost.exe", host=host, utc=utc, event_time=local(time, hours), collector=collector)


def test_local_time_is_aligned_by_sysmons_own_records() -> None:
    logs = Logs()
    for minute in range(3):
        anchor(logs, f"09:0{minute}:00", -4)
    logs.security_5145(None, event_time=local("10:00:00", -4))
    logs.sysmon_1(None, utc="2026-01-05 10:00:05.123", event_time=local("10:00:05", -4))
    report = logs.hunt()
    finding = only(report)
    assert (finding.write_time, finding.execution_time) == ("2026-01-05T10:00:00.000000Z", "2026-01-05T10:00:05.123000Z")
    assert finding.evidence[0].original_time == "2026-01-05 06:00:00"
    assert [(clock.host, clock.source, clock.offset_seconds, clock.pairs, clock.borrowed_from) for clock in report.clocks] == [
        (TARGET, "EventTime", 14400.0, 4, None)
    ]


def test_local_time_does_not_order_what_happened_before_after() -> None:
    """Read as UTC the write would be four hours early, and a run before it a hit."""
    logs = anchor(Logs(), "09:00:00", -4).sysmon_1("09:59:00", utc="2026-01-05 09:59:00.000")
    assert brief(logs.security_5145(None, event_time=local("10:00:00", -4)).hunt()) == []


def test_a_false_z_is_aligned_too() -> None:
    logs = Logs()
    for second in range(3):
        logs.sysmon_1(f"2026-01-05T18:00:0{second}.000000Z", r"C:\Windows\x.exe", utc=f"2026-01-05 10:00:0{second}.000")
    logs.security_5145("2026-01-05T18:10:00.000000Z").security_4688("2026-01-05T18:10:05.000000Z")
    report = logs.hunt()
    assert only(report).write_time == "2026-01-05T10:10:00.000000Z"
    assert [(clock.source, clock.offset_seconds) for clock in report.clocks] == [("TimeCreated", -28800.0)]


def test_true_utc_needs_no_clock() -> None:
    logs = Logs().sysmon_1("10:00:00.05", utc="2026-01-05 10:00:00.000").security_5145("09:59:00")
    report = logs.hunt()
    assert (brief(report), report.clocks) == (FOUND, [])


def test_a_record_written_minutes_late_says_nothing_about_the_clock() -> None:
    """The first one lies alone in its hour, so no majority there outvotes it."""
    logs = Logs().sysmon_1("05:07:30", r"C:\Windows\x.exe", utc="2026-01-05 05:00:00.000")
    for second in range(3):
        logs.sysmon_1(f"10:00:0{second}", r"C:\Windows\x.exe", utc=f"2026-01-05 10:00:0{second}.000")
    assert logs.hunt().clocks == []


def test_daylight_saving_changes_the_offset_within_a_log() -> None:
    """Central Europe, 29 March 2026: at 01:00 UTC local time jumps from 02:00 to 03:00."""
    day = datetime.fromisoformat("2026-03-29")
    logs = Logs()
    for hour, offset in ((22.5 - 24, 1), (0.5, 1), (1.5, 2), (3.5, 2)):
        moment = day + timedelta(hours=hour)
        shown = (moment + timedelta(hours=offset)).isoformat(sep=" ")
        logs.sysmon_1(None, r"C:\Windows\x.exe", utc=f"{moment.isoformat(sep=' ')}.000", event_time=shown)
    logs.security_5145(None, event_time="2026-03-29 01:40:00").security_5145(None, r"Temp\b.exe", event_time="2026-03-29 04:00:00")
    logs.sysmon_1(None, utc="2026-03-29 00:40:05.000").sysmon_1(None, r"C:\Windows\Temp\b.exe", utc="2026-03-29 02:00:05.000")
    report = logs.hunt()
    assert [finding.write_time for finding in report.findings] == ["2026-03-29T00:40:00.000000Z", "2026-03-29T02:00:00.000000Z"]
    assert [clock.offset_seconds for clock in report.clocks] == [-3600.0, -7200.0]


def borrowing(collector: str | None = None) -> Logs:
    logs = Logs()
    for minute in range(3):
        anchor(logs, f"09:0{minute}:00", -4, host=OTHER, collector=collector)
    logs.security_5145(None, event_time=local("10:00:00", -4), collector=collector)
    return logs.security_4688(None, event_time=local("10:00:05", -4), collector=collector)


def test_a_host_without_anchors_borrows_from_its_collector_and_says_so() -> None:
    report = borrowing(COLLECTOR).hunt()
    finding = only(report)
    assert finding.write_time == "2026-01-05T10:00:00.000000Z"
    assert finding.confidence is Confidence.LOW  # access check only, and the clock
    assert "this host's clock offset is borrowed from another machine" in finding.why
    assert [(clock.host, clock.offset_seconds, clock.borrowed_from) for clock in report.clocks] == [
        (OTHER, 14400.0, None),
        (TARGET, 14400.0, COLLECTOR),
    ]


def test_without_a_collector_it_borrows_within_the_export() -> None:
    report = borrowing().hunt()
    assert only(report).write_time == "2026-01-05T10:00:00.000000Z"
    assert report.clocks[1].borrowed_from == "logs"


def test_it_does_not_borrow_from_behind_another_collector() -> None:
    logs = anchor(Logs(), "09:00:00", -4, host=OTHER, collector=COLLECTOR)
    logs.security_5145(None, event_time="2026-01-05 10:00:00", collector="else.corp.example")
    (seen,) = logs.hunt().observations
    assert seen.first == "2026-01-05T10:00:00.000000Z"


def test_a_borrowed_offset_changes_with_daylight_saving() -> None:
    logs = Logs()
    for utc, shown in (("2026-03-28 23:30:00", "2026-03-29 00:30:00"), ("2026-03-29 03:30:00", "2026-03-29 05:30:00")):
        logs.sysmon_1(None, r"C:\x.exe", host=OTHER, utc=f"{utc}.000", event_time=shown, collector=COLLECTOR)
    for shown in ("2026-03-29 00:40:00", "2026-03-29 05:40:00"):
        logs.security_5145(None, event_time=shown, collector=COLLECTOR)
    (seen,) = logs.hunt().observations
    assert (seen.first, seen.last) == ("2026-03-28T23:40:00.000000Z", "2026-03-29T03:40:00.000000Z")


def test_days_of_which_a_host_shows_nothing_are_no_clock_of_its_own() -> None:
    logs = Logs()
    for utc, shown in (("2026-03-28 23:30:00", "2026-03-29 00:30:00"), ("2026-03-29 03:30:00", "2026-03-29 05:30:00")):
        logs.sysmon_1(None, r"C:\x.exe", host=OTHER, utc=f"{utc}.000", event_time=shown, collector=COLLECTOR)
    report = logs.security_5145(None, event_time="2026-03-29 00:40:00", collector=COLLECTOR).hunt()
    assert [(clock.host, clock.offset_seconds) for clock in report.clocks] == [(OTHER, -3600.0), (OTHER, -7200.0), (TARGET, -3600.0)]


def test_without_any_anchor_the_delay_of_delivery_tells_the_zone() -> None:
    logs = Logs().security_5145(None, event_time="2026-01-05 06:00:00", ingested="2026-01-05T10:00:07.000Z")
    report = logs.hunt()
    assert report.observations[0].first == "2026-01-05T10:00:00.000000Z"
    assert report.clocks == [
        Clock(TARGET, "EventTime", 14400.0, "2026-01-05T10:00:00.000000Z", "2026-01-05T10:00:00.000000Z", 1, "@timestamp")
    ]


def test_utc_time_of_a_connection_is_not_used() -> None:
    """Sysmon 3 states a UtcTime that is months off: neither its own time nor an anchor."""
    logs = Logs().sysmon_3("09:59:58", "10.0.0.5", "10.0.0.9", utc="2025-08-01 03:00:00.000").is_at("10.0.0.9")
    report = logs.sysmon_11("10:00:00").sysmon_1("10:00:05").hunt()
    finding = only(report)
    assert finding.source is not None
    assert (finding.source.address, report.clocks) == ("10.0.0.5", [])
