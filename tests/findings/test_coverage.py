"""What could be seen: a kind counts where a log type that carries it occurs, and a missing log is never a clean result."""

from __future__ import annotations

from graphcorr.model import NETWORK, Gap, HostMissing, PatternCoverage, Report
from tests.findings.logs import OTHER, TARGET, Logs

IMAGE = "smb-write-then-image"


def status(report: Report, pattern: str = IMAGE) -> PatternCoverage:
    (found,) = (one for one in report.coverage.patterns if one.pattern == pattern)
    return found


def test_both_halves_logged_is_evaluated_although_nothing_happened() -> None:
    logs = Logs().security_5145("10:00:00", mask=0x1).sysmon_1("10:00:05")
    assert status(logs.hunt()) == PatternCoverage(IMAGE, "evaluated", [])


def test_one_half_missing_is_not_evaluated() -> None:
    report = Logs().security_5145("10:00:00").hunt()
    assert status(report) == PatternCoverage(IMAGE, "not_evaluated", [HostMissing(TARGET, ["ProcessStart"])])


def test_a_log_that_ends_before_the_first_write_cannot_show_a_run() -> None:
    logs = Logs().sysmon_1("09:59:00").security_5145("10:00:00")
    assert status(logs.hunt()) == PatternCoverage(IMAGE, "not_evaluated", [HostMissing(TARGET, ["ProcessStart"])])
    assert status(logs.sysmon_1("10:00:01", r"C:\other.exe").hunt()) == PatternCoverage(IMAGE, "evaluated", [])


def test_missing_on_one_host_is_partly() -> None:
    logs = Logs().security_5145("10:00:00").sysmon_1("10:00:05").sysmon_1("10:00:05", host=OTHER)
    assert status(logs.hunt()) == PatternCoverage(IMAGE, "partly", [HostMissing(OTHER, ["Write"])])


def test_nothing_read_is_not_evaluated() -> None:
    assert status(Logs().hunt()) == PatternCoverage(IMAGE, "not_evaluated", [])


def test_the_wire_covers_the_hosts_that_it_saw_written_to() -> None:
    report = Logs().is_at().smb_file("10:00:00").sysmon_1("10:00:05").hunt()
    assert status(report) == PatternCoverage(IMAGE, "evaluated", [])
    assert [host.host for host in report.coverage.hosts] == [NETWORK, TARGET]


def test_the_span_and_count_of_a_kind() -> None:
    report = Logs().sysmon_1("10:00:05").sysmon_1("12:00:00").security_4688("09:00:00").hunt()
    (kind,) = (kind for kind in report.coverage.hosts[0].kinds if kind.kind == "ProcessStart")
    assert (kind.first, kind.last, kind.count) == ("2026-01-05T09:00:00.000000Z", "2026-01-05T12:00:00.000000Z", 3)


def gaps(report: Report) -> list[Gap]:
    return [gap for host in report.coverage.hosts for gap in host.gaps]


def test_a_cleared_log_is_a_gap_since_the_last_record_of_it() -> None:
    logs = Logs().security_5145("09:00:00").security_5145("10:00:00").sysmon_1("10:30:00")
    logs.add("security-1102", "11:00:00", {"SubjectUserName": "eve"}, computer=TARGET).security_5145("12:00:00")
    assert gaps(logs.hunt()) == [
        Gap(
            "2026-01-05T10:00:00.000000Z",
            "2026-01-05T11:00:00.000000Z",
            "the security log was cleared: records between the last one collected and this moment are lost",
        )
    ]


def test_a_cleared_log_without_a_record_before_it() -> None:
    logs = Logs().add("security-1102", "11:00:00", {"SubjectUserName": "eve"}, computer=TARGET)
    assert gaps(logs.hunt()) == [
        Gap("2026-01-05T11:00:00.000000Z", "2026-01-05T11:00:00.000000Z", "the security log was cleared: nothing before it is known")
    ]


def test_104_names_the_log_that_was_cleared() -> None:
    sysmon = "Microsoft-Windows-Sysmon/Operational"
    logs = Logs().sysmon_1("10:00:00").security_5145("10:30:00").add("system-104", "11:00:00", {"Channel": sysmon}, computer=TARGET)
    (gap,) = gaps(logs.hunt())
    assert (gap.from_, gap.reason.split(":")[0]) == ("2026-01-05T10:00:00.000000Z", f"the {sysmon.lower()} log was cleared")
