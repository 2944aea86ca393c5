"""One finding per file version, with everything that supports it."""

from __future__ import annotations

import pytest

from graphcorr.findings.judges.file_versions import choose_run
from graphcorr.findings.versions import Run
from graphcorr.model.findings import Level
from tests.findings.logs import TARGET, TOOL, Logs, brief, only

CMD = r"C:\Windows\System32\cmd.exe"


def test_all_runs_of_a_version_are_one_finding_with_the_earliest_first() -> None:
    logs = (
        Logs()
        .security_5145("10:00:00")
        .sysmon_1("10:05:00", pid=2)
        .sysmon_1("10:00:20", CMD, rf"cmd /c {TOOL}")
        .sysmon_1("10:09:00", pid=3)
    )
    finding = only(logs.hunt())
    assert (finding.execution, finding.execution_time, finding.pattern) == (
        "command_line",
        "2026-01-05T10:00:20.000000Z",
        "smb-write-then-command-line",
    )
    assert [(run.kind, run.time[11:19]) for run in finding.executions] == [
        ("command_line", "10:00:20"),
        ("image", "10:05:00"),
        ("image", "10:09:00"),
    ]
    assert finding.patterns == ["smb-write-then-command-line", "smb-write-then-image"]


def test_of_runs_within_five_seconds_the_most_telling_is_chosen() -> None:
    logs = Logs().security_5145("10:00:00").sysmon_1("10:00:20", CMD, rf"cmd /c {TOOL}").sysmon_1("10:00:24")
    assert only(logs.hunt()).execution == "image"
    assert only(logs.sysmon_1("10:00:24.5", parent=r"C:\Windows\System32\services.exe", pid=9).hunt()).execution == "service"


@pytest.mark.parametrize(("second", "execution"), [("25", "image"), ("25.000001", "command_line")])
def test_five_seconds_after_the_first_it_is_another_run(second: str, execution: str) -> None:
    """The shell that a tool starts runs the program within moments; a start later than that is not what the shell was for."""
    logs = Logs().security_5145("10:00:00").sysmon_1("10:00:20", CMD, rf"cmd /c {TOOL}").sysmon_1(f"10:00:{second}")
    assert only(logs.hunt()).execution == execution


def test_the_most_telling_kind_comes_first() -> None:
    """A library says exactly what was run, a shell's command line least; the service manager tells more than the program alone."""
    runs = [
        Run((kind,), kind, "path", 10, 10, 10, None, None, None, None, None)
        for kind in ("command_line", "image", "task", "service", "module_load")
    ]
    told = []
    while chosen := choose_run(sorted(runs, key=lambda run: run.ids)):
        told.append(chosen.kind)
        runs.remove(chosen)
    assert told == ["module_load", "service", "task", "image", "command_line"]


def test_two_files_are_two_findings_in_the_order_of_time() -> None:
    logs = Logs().security_5145("10:00:00", r"Temp\b.exe").security_5145("10:00:01", r"Temp\a.exe")
    logs.sysmon_1("10:00:09", r"C:\Windows\Temp\b.exe").sysmon_1("10:00:05", r"C:\Windows\Temp\a.exe")
    assert brief(logs.hunt()) == [(r"C:\Windows\Temp\a.exe", "image"), (r"C:\Windows\Temp\b.exe", "image")]


def test_the_file_on_the_target_and_not_its_twin_on_the_source() -> None:
    """The attacker often drops the same file on the source as well, and runs it there."""
    source = "source.corp.example"
    logs = Logs().is_at("10.0.0.5", host=source).sysmon_11("09:59:00", host=source, image=r"C:\evil.exe", pid=77)
    logs.sysmon_1("09:59:30", host=source).security_5145("10:00:00").sysmon_1("10:00:05")
    finding = only(logs.hunt())
    assert finding.source is not None
    assert (finding.source.host, finding.target.host, finding.execution_time) == (source, TARGET, "2026-01-05T10:00:05.000000Z")


def test_a_loopback_finding_is_no_more_than_medium() -> None:
    assert only(Logs().security_5145("10:00:00", source="127.0.0.1").sysmon_1("10:00:05").hunt()).level is Level.MEDIUM


def test_many_records_are_counted_and_the_first_shown() -> None:
    logs = Logs().security_5145("10:00:00")
    for minute in range(25):
        logs.sysmon_1(f"10:{minute + 1:02}:00", pid=minute + 1)
    finding = only(logs.hunt())
    assert (len(finding.executions), len(finding.evidence)) == (25, 21)
    assert "evidence shows the first 20 of 1 writes and 25 runs" in finding.limits


def test_evidence_stands_where_the_record_stands() -> None:
    finding = only(Logs().security_5145("10:00:00").sysmon_1("10:00:05").hunt())
    first = finding.evidence[0]
    assert (first.file, first.record, first.host, first.channel, first.record_id) == ("logs", 1, TARGET, "security", 1)
    assert first.summary == r"access 0x2 to \\*\ADMIN$ Temp\tool.exe from 10.0.0.5 by CORP\alice"


def every_trap() -> Logs:
    """A mixture in which nearly everything occurs once."""
    logs = Logs().is_at("10.0.0.9")
    logs.security_5145("10:00:00").sysmon_11("10:00:00.1").security_4688("10:00:05").sysmon_1("10:00:05.2").removed("10:00:30", 23)
    logs.smb_file("11:00:00", r"Temp\b.bat").sysmon_1("11:00:09", CMD, r"cmd /c C:\Windows\Temp\b.bat").security_4688("11:00:09", CMD)
    logs.security_5145("12:00:00", "System32\\x.dll").sysmon_7("12:00:09", r"C:\Windows\System32\x.dll")
    logs.security_5145("13:00:00", "srv.exe").service("13:00:02", r"%SystemRoot%\srv.exe").sysmon_1("13:00:03", r"C:\Windows\srv.exe")
    logs.security_4624("14:00:00").sysmon_11("14:00:01", r"C:\a.exe").sysmon_1("14:00:03", r"C:\a.exe", pid=9)
    for hour in (15, 16):
        logs.security_5145(f"{hour}:00:00", r"Temp\hot.exe").sysmon_1(f"{hour}:00:09", r"C:\Windows\Temp\hot.exe", pid=hour)
    return logs.sysmon_1("17:00:00", CMD, "cmd /c echo nothing")


def test_a_projection_of_everything_finds_the_same() -> None:
    logs = every_trap()
    relevant, full = logs.hunt(), logs.hunt(full=True)
    assert len(relevant.findings) == 7
    assert relevant.findings == full.findings
    assert (relevant.observations, relevant.paths, relevant.coverage) == (full.observations, full.paths, full.coverage)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_the_records_does_not_matter(seed: int) -> None:
    logs = every_trap()
    first, second = logs.hunt(), logs.hunt(seed=seed)
    assert first.findings == second.findings
    assert (first.observations, first.paths, first.clocks) == (second.observations, second.paths, second.clocks)


def test_a_run_says_whose_process_it_was_and_what_started_it() -> None:
    logs = Logs().security_5145("10:00:00").sysmon_1("10:00:05", parent=CMD)
    logs.records[-1].fields["User"] = r"CORP\bob"
    (run,) = only(logs.hunt()).executions
    assert (run.user, run.parent) == (r"CORP\bob", CMD)


def test_of_a_load_the_start_of_its_process_says_that() -> None:
    guid = "{9f2b3d64-0000-5f5f-0100-000000000001}"
    logs = Logs().security_5145("10:00:00", r"Temp\x.dll").sysmon_7("10:00:05", r"C:\Windows\Temp\x.dll")
    logs.records[-1].fields["ProcessGuid"] = guid
    logs.sysmon_1("09:00:00", r"C:\Windows\System32\svchost.exe", parent=r"C:\Windows\System32\services.exe")
    logs.records[-1].fields |= {"ProcessGuid": guid, "User": r"NT AUTHORITY\SYSTEM"}
    logs.sysmon_1("09:00:01", r"C:\Windows\System32\svchost.exe", parent=CMD)
    logs.records[-1].fields |= {"ProcessGuid": guid.replace("1}", "2}"), "User": r"CORP\bob"}
    (run,) = only(logs.hunt()).executions
    assert (run.kind, run.user, run.parent) == ("module_load", r"NT AUTHORITY\SYSTEM", r"C:\Windows\System32\services.exe")
