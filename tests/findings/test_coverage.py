"""What could be seen: a kind counts where a record proves that it is logged, and a missing log is never a clean result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphcorr.model.report import NETWORK, Gap, HostMissing, PatternCoverage, Report
from tests.findings.logs import OTHER, TARGET, Logs, later

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def test_an_event_without_the_name_of_a_machine_is_told_and_covers_nobody() -> None:
    """It is no record of the network's monitor, which would cover every host that the monitor saw."""
    logs = Logs().is_at().smb_file("10:00:00").smb_file("10:00:01")
    for number, name in enumerate((None, "HO\0STA", "10.0.0.5", "localhost")):
        logs.sysmon_1(f"10:00:0{number}", host=name)  # type: ignore[arg-type]
    report = logs.hunt()
    assert (report.inputs.hostless, [file.hostless for file in report.inputs.files]) == (4, [4])
    assert status(report) == PatternCoverage(IMAGE, "not_evaluated", [HostMissing(TARGET, ["ProcessStart"])])
    assert Logs().is_at().smb_file("10:00:00").sysmon_1("10:00:05").hunt().inputs.hostless == 0


def test_the_span_and_count_of_a_kind() -> None:
    report = Logs().sysmon_1("10:00:05").sysmon_1("12:00:00").security_4688("09:00:00").hunt()
    (kind,) = (kind for kind in report.coverage.hosts[0].kinds if kind.kind == "ProcessStart")
    assert (kind.first, kind.last, kind.count) == ("2026-01-05T09:00:00.000000Z", "2026-01-05T12:00:00.000000Z", 3)


def gaps(report: Report) -> list[Gap]:
    return [gap for host in report.coverage.hosts for gap in host.gaps]


def test_a_cleared_log_is_a_gap_since_the_last_record_of_it() -> None:
    logs = Logs().security_5145("09:00:00").security_5145("10:00:00").sysmon_1("10:30:00")
    logs.add("security-1102", "11:00:00", {"SubjectUserName": "eve", "SubjectDomainName": "CORP"}, computer=TARGET)
    logs.security_5145("12:00:00")
    assert gaps(logs.hunt()) == [
        Gap(
            "2026-01-05T10:00:00.000000Z",
            "2026-01-05T11:00:00.000000Z",
            "the security log was cleared by CORP\\eve: records between the last one collected and this moment are lost",
            "cleared",
        )
    ]


def test_a_cleared_log_without_a_record_before_it() -> None:
    logs = Logs().add("security-1102", "11:00:00", {}, computer=TARGET)
    told = "the security log was cleared: nothing before it is known"
    assert gaps(logs.hunt()) == [Gap("2026-01-05T11:00:00.000000Z", "2026-01-05T11:00:00.000000Z", told, "cleared")]


def test_104_names_the_log_that_was_cleared() -> None:
    sysmon = "Microsoft-Windows-Sysmon/Operational"
    logs = Logs().sysmon_1("10:00:00").security_5145("10:30:00").add("system-104", "11:00:00", {"Channel": sysmon}, computer=TARGET)
    (gap,) = gaps(logs.hunt())
    assert (gap.from_, gap.reason.split(":")[0]) == ("2026-01-05T10:00:00.000000Z", f"the {sysmon.lower()} log was cleared")


PROCESSES = "{0CCE922B-69AE-11D9-BED3-505054503030}"


def audit(logs: Logs, time: str, changes: str, subcategory: str = PROCESSES) -> Logs:
    fields = {"SubjectUserName": "eve", "SubcategoryGuid": subcategory, "AuditPolicyChanges": changes}
    return logs.add("security-4719", time, fields, computer=TARGET)


@pytest.mark.parametrize("changes", ["%%8448", "%%8448, %%8450", "Success removed, Failure removed"])
def test_an_audit_that_was_turned_off_is_a_gap_until_it_is_on_again(changes: str) -> None:
    logs = audit(Logs().security_4688("09:00:00"), "10:00:00", changes).security_5145("11:00:00")
    reason = "the audit of process starts (4688) was turned off by eve"
    assert gaps(logs.hunt()) == [Gap("2026-01-05T10:00:00.000000Z", "2026-01-05T11:00:00.000000Z", reason, "audit_off")]
    audit(logs, "10:30:00", "%%8449")
    assert gaps(logs.hunt()) == [Gap("2026-01-05T10:00:00.000000Z", "2026-01-05T10:30:00.000000Z", reason, "audit_off")]


@pytest.mark.parametrize(
    ("changes", "subcategory"),
    [("%%8449", PROCESSES), ("%%8450", PROCESSES), ("%%8448", "{0CCE9226-69AE-11D9-BED3-505054503030}"), ("-", PROCESSES)],
)
def test_other_changes_of_the_audit_are_no_gap(changes: str, subcategory: str) -> None:
    """Turned on, failures only, or a subcategory that nothing here rests on."""
    assert gaps(audit(Logs().security_4688("09:00:00"), "10:00:00", changes, subcategory).security_5145("11:00:00").hunt()) == []


def test_what_comes_seldom_is_logged_where_one_of_it_was() -> None:
    """A service is set up before the first file is written, and none after: that says nothing about whether one would have been logged."""
    logs = Logs().add("system-7045", "09:59:00", {"ServiceName": "x", "ImagePath": "C:\\x.exe"}, computer=TARGET).security_5145("10:00:00")
    (service,) = [one for one in logs.hunt().coverage.patterns if one.pattern == "smb-write-then-service"]
    assert service.hosts_missing == []
    # Programs start all the time: where the last one started before the write, their log had ended.
    (run,) = [
        one
        for one in Logs().sysmon_1("09:59:00").security_5145("10:00:00").hunt().coverage.patterns
        if one.pattern == "smb-write-then-image"
    ]
    assert [one.missing for one in run.hosts_missing] == [["ProcessStart"]]


def numbered(records: Iterable[tuple[int, int]]) -> Logs:
    """Logons of a day as (EventRecordID, minute of the day)."""
    logs = Logs()
    for number, minute in records:
        logs.security_4624(f"{minute // 60:02}:{minute % 60:02}:00")
        logs.records[-1].record_id = number
    return logs


def test_records_that_should_be_there_are_a_gap() -> None:
    """Ten records a minute, of which one is a logon; six hours of them are missing."""
    logs = numbered((minute * 10, minute) for minute in range(24 * 60) if not 600 <= minute < 960)
    (gap,) = gaps(logs.hunt())
    assert (gap.from_[11:16], gap.to[11:16], gap.reason) == (
        "09:59",
        "16:00",
        (
            "none of the records 5,991 to 9,599 of the security log is among what was read, where about 362 would be expected: "
            "deleted, overwritten or not collected"
        ),
    )


@pytest.mark.parametrize(
    "records",
    [
        # An export of chosen events: holes everywhere.
        [(minute * minute, minute) for minute in range(24 * 60)],
        # A quiet night: much time, few numbers.
        [(minute * 10 if minute < 600 else 6000 + (minute - 960) * 10, minute) for minute in range(24 * 60) if not 600 <= minute < 960],
        # A burst of something else: many numbers, little time.
        [(minute * 10 + (50_000 if minute >= 600 else 0), minute) for minute in range(24 * 60)],
        # Too few to say how often they come.
        [(minute * 10, minute) for minute in range(0, 24 * 60, 10) if not 600 <= minute < 960],
    ],
)
def test_numbers_alone_tell_no_hole(records: list[tuple[int, int]]) -> None:
    assert gaps(numbered(records).hunt()) == []


def test_every_night_is_no_hole() -> None:
    """At night, day after day, there is much of something else and nothing of what is read here."""
    logs = Logs()
    for day in range(4):
        for minute in range(480, 1080, 5):
            logs.security_4624(later("00:00:00", days=day, minutes=minute))
            logs.records[-1].record_id = day * 10_000 + minute
    assert gaps(logs.hunt()) == []


def test_where_a_log_was_cleared_that_is_why_its_records_are_missing() -> None:
    logs = numbered((minute * 10, minute) for minute in range(24 * 60) if not 600 <= minute < 960)
    logs.add("security-1102", "16:00:00", {"SubjectUserName": "eve"}, computer=TARGET)
    logs.records[-1].record_id = 9599
    assert [gap.reason.partition(":")[0] for gap in gaps(logs.hunt())] == ["the security log was cleared by eve"]


def test_what_was_not_found_is_an_answer_only_of_what_tells_of_movement() -> None:
    patterns = [one for one in Logs().sysmon_1("10:00:05").hunt().coverage.patterns if not one.observation]
    alone = {"archive-then-sent", "empire-launcher", "outlook-home-page", "tool-fetched-then-run"}
    guards = {"executable-write-blocked", "file-wiping-blocked"}
    assert {one.pattern for one in patterns if not one.decides} == alone | guards
    assert {"smb-write-then-image", "remote-service-run"} <= {one.pattern for one in patterns if one.decides}
