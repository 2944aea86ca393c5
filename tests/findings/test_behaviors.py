"""Behaviors beside findings: what belongs to one, by what, and what does not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from graphcorr.findings.behaviors import GENERATIONS
from graphcorr.findings.evidence import SHOWN
from graphcorr.findings.window import Chosen
from graphcorr.model.findings import Finding
from graphcorr.model.report import Report
from tests.findings.logs import CLIENT, OTHER, TARGET, TOOL, Logs, only

SYSTEM32 = r"C:\Windows\System32"
SESSION = "0x1a2b3c"


def started(
    logs: Logs,
    time: str,
    name: str = "systeminfo.exe",
    *,
    pid: int = 70,
    parent: int | None = None,
    user: str = r"CORP\carol",
    session: str = "0x3e7",
    host: str = TARGET,
    guids: bool = False,
) -> Logs:
    fields = {"Image": rf"{SYSTEM32}\{name}", "CommandLine": name, "ProcessId": str(pid), "User": user, "LogonId": session}
    if parent is not None:
        fields["ParentProcessId"] = str(parent)
    if guids:
        fields |= {"ProcessGuid": guid(pid), "ParentProcessGuid": guid(parent or 0)}
    return logs.add("sysmon-1", time, fields, computer=host)


def guid(number: int) -> str:
    return f"{{3f2504e0-4f89-41d3-9a0c-{number:012x}}}"


def taken(*, pid: int = 4242) -> Logs:
    """A tool that alice writes to the target, and that runs there."""
    return Logs().security_5145("10:00:00").sysmon_1("10:00:05", TOOL, pid=pid)


def told(logs: Logs) -> list[tuple[str, str, int]]:
    """Technique, what joins it, and how often, of all findings."""
    return [(one.technique, one.joined, one.count) for finding in logs.hunt().findings for one in finding.behaviors]


def test_a_launch_and_its_own_script_are_told_once() -> None:
    """By its command line, and by what PowerShell compiled of it."""
    line = "powershell.exe -c Get-ComputerInfo"
    logs = taken().add("sysmon-1", "10:00:10", {
        "Image": rf"{SYSTEM32}\powershell.exe", "CommandLine": line, "ProcessId": "70", "ParentProcessId": "4242", "User": r"CORP\carol",
    }, computer=TARGET)  # fmt: skip
    logs.add("powershell-4104", "10:00:11", {"ScriptBlockText": "Get-ComputerInfo", "ExecutionProcessID": "70"}, computer=TARGET)
    [behavior] = only(logs.hunt()).behaviors
    assert (behavior.technique, behavior.count, len(behavior.evidence)) == ("T1082", 1, 2)
    logs.add("powershell-4104", "10:00:12", {"ScriptBlockText": "Get-ComputerInfo", "ExecutionProcessID": "71"}, computer=TARGET)
    assert only(logs.hunt()).behaviors[0].evidence == behavior.evidence


def test_a_child_of_what_ran() -> None:
    report = started(taken(), "10:00:10", parent=4242).hunt()
    [behavior] = only(report).behaviors
    assert (behavior.technique, behavior.joined, behavior.count) == ("T1082", "process", 1)
    assert (behavior.way, behavior.account) == ("asked for the system's data", r"CORP\carol")
    [shown] = [only(report).evidence[place] for place in behavior.evidence]
    assert (shown.record, shown.kind) == (3, "ProcessStart")
    [observation] = [one for one in report.observations if one.pattern == "discovery-command"]
    assert (observation.technique, observation.source, observation.target.host) == ("T1082", None, TARGET)


@pytest.mark.parametrize("guids", [False, True])
@pytest.mark.parametrize(("between", "found"), [(1, True), (GENERATIONS - 1, True), (GENERATIONS, False)])
def test_so_many_generations_are_followed(between: int, found: bool, guids: bool) -> None:
    logs = Logs().security_5145("10:00:00")
    fields = {"Image": TOOL, "CommandLine": TOOL, "ProcessId": "4242"} | ({"ProcessGuid": guid(4242)} if guids else {})
    logs.add("sysmon-1", "10:00:05", fields, computer=TARGET)
    parent = 4242
    for number in range(between):
        started(logs, f"10:00:{10 + number}", "cmd.exe", pid=100 + number, parent=parent, guids=guids)
        parent = 100 + number
    started(logs, "10:00:50", pid=99, parent=parent, guids=guids)
    assert told(logs) == ([("T1082", "process", 1)] if found else [])
    assert GENERATIONS == 12


def test_its_session() -> None:
    logs = Logs().security_5145("10:00:00")
    fields = {"Image": TOOL, "CommandLine": TOOL, "ProcessId": "4242", "LogonId": SESSION}
    logs.add("sysmon-1", "10:00:05", fields, computer=TARGET)
    assert told(started(logs, "12:30:00", session=SESSION)) == [("T1082", "session", 1)]


@pytest.mark.parametrize(("time", "found"), [("2026-01-06T10:00:05.000000Z", True), ("2026-01-06T10:00:06.000000Z", False)])
def test_the_number_of_a_session_is_of_one_day(time: str, found: bool) -> None:
    logs = Logs().security_5145("10:00:00")
    fields = {"Image": TOOL, "CommandLine": TOOL, "ProcessId": "4242", "LogonId": SESSION}
    logs.add("sysmon-1", "10:00:05", fields, computer=TARGET)
    assert told(started(logs, time, session=SESSION)) == ([("T1082", "session", 1)] if found else [])


def test_the_sessions_that_every_machine_has_join_nothing() -> None:
    logs = Logs().security_5145("10:00:00")
    fields = {"Image": TOOL, "CommandLine": TOOL, "ProcessId": "4242", "LogonId": "0x3e7"}
    logs.add("sysmon-1", "10:00:05", fields, computer=TARGET)
    assert told(started(logs, "10:01:00", session="0x3e7")) == []


@pytest.mark.parametrize(
    ("time", "user", "host", "found"),
    [
        ("10:30:00", r"CORP\Alice", TARGET, True),
        ("11:00:05", r"CORP\alice", TARGET, True),
        ("11:00:06", r"CORP\alice", TARGET, False),
        ("09:59:50", r"CORP\alice", TARGET, False),
        ("10:30:00", r"CORP\bob", TARGET, False),
        ("10:30:00", r"CORP\alice", OTHER, False),
    ],
)
def test_its_account_within_the_hour(time: str, user: str, host: str, found: bool) -> None:
    assert told(started(taken(), time, user=user, host=host)) == ([("T1082", "account", 1)] if found else [])


def test_an_account_that_every_machine_has_joins_nothing() -> None:
    logs = Logs().security_5145("10:00:00", user=None)
    logs.records.clear()
    logs.add("security-5145", "10:00:00", {
        "SubjectUserName": "SYSTEM", "SubjectDomainName": "NT AUTHORITY", "IpAddress": CLIENT, "ShareName": r"\\*\ADMIN$",
        "ShareLocalPath": r"\??\C:\Windows", "RelativeTargetName": r"Temp\tool.exe", "AccessMask": "0x2",
    }, computer=TARGET, outcome="success")  # fmt: skip
    logs.sysmon_1("10:00:05")
    assert told(started(logs, "10:10:00", user=r"NT AUTHORITY\SYSTEM")) == []


def test_what_a_process_of_before_had_the_number_of() -> None:
    """A process id is one process for an hour; nothing that ran before belongs to what came."""
    assert told(started(taken(), "11:00:05", parent=4242)) == [("T1082", "process", 1)]
    assert told(started(taken(), "11:00:06", parent=4242)) == []
    assert told(started(taken(), "09:00:00", parent=4242)) == []


def test_of_two_findings_the_surer_tie_counts_then_the_later_one() -> None:
    logs = taken()
    logs.security_5145("10:20:00", r"Temp\other.exe").sysmon_1("10:20:05", r"C:\Windows\Temp\other.exe", pid=5000)
    started(logs, "10:30:00", user=r"CORP\alice")
    started(logs, "10:31:00", "hostname.exe", pid=71, parent=4242, user=r"CORP\alice")
    by_file = {finding.file: [(one.count, one.joined) for one in finding.behaviors] for finding in logs.hunt().findings}
    assert by_file == {TOOL: [(1, "process")], r"C:\Windows\Temp\other.exe": [(1, "account")]}


def test_no_order_of_records_matters() -> None:
    logs = started(started(taken(), "10:00:10", parent=4242), "10:30:00", "net.exe", pid=71, user=r"CORP\alice")
    assert logs.hunt().findings == logs.hunt(seed=3).findings


def test_the_number_of_a_process_is_another_ones_when_something_starts_with_it() -> None:
    """What starts with the number of the finding's process is not that process, nor is what it starts."""
    again = taken().security_4688("10:30:00", rf"{SYSTEM32}\systeminfo.exe", "systeminfo", pid=4242)
    assert told(again) == []
    assert told(started(taken().security_4688("10:30:00", rf"{SYSTEM32}\explorer.exe", pid=4242), "10:31:00", parent=4242)) == []
    packed = {"Image": r"C:\Tools\7z.exe", "TargetFilename": r"C:\Temp\a.7z", "ProcessId": "4242"}
    assert told(taken().add("sysmon-11", "10:50:00", packed, computer=TARGET)) == []


@pytest.mark.parametrize(("user", "found"), [(r"corp.example\alice", True), (r"OTHER\alice", False), ("alice", False)])
def test_an_account_by_the_long_name_of_its_domain(user: str, found: bool) -> None:
    assert told(started(taken(), "10:30:00", user=user)) == ([("T1082", "account", 1)] if found else [])


def test_what_somebody_wants_to_see_decides_about_no_join() -> None:
    logs = taken()
    logs.security_5145("10:20:00", r"Temp\other.exe").sysmon_1("10:20:05", r"C:\Windows\Temp\other.exe", pid=5000)
    started(logs, "10:31:00", parent=5000, user=r"CORP\alice")
    until = Chosen(None, int(datetime(2026, 1, 5, 10, 10, tzinfo=UTC).timestamp()) * 1_000_000)
    assert [one.behaviors for one in logs.hunt(chosen=until).findings] == [[]]


def test_the_first_records_of_many_are_shown() -> None:
    logs = taken()
    for number in range(30):
        started(logs, f"10:{10 + number}:00", pid=100 + number, parent=4242, user=r"CORP\alice")
    finding = only(logs.hunt())
    [behavior] = finding.behaviors
    shown = [finding.evidence[place].time for place in behavior.evidence]
    assert (behavior.count, shown) == (30, [f"2026-01-05T10:{10 + number}:00.000000Z" for number in range(SHOWN)])


def test_one_thing_that_two_logs_tell_is_one() -> None:
    logs = started(taken(), "10:30:00", pid=70).security_4688("10:30:00.100", rf"{SYSTEM32}\systeminfo.exe", "systeminfo.exe", pid=70)
    assert [(one.account, one.count) for one in logs.hunt().observations if one.technique] == [(r"CORP\carol", 1)]
    pack = {"Image": r"C:\Tools\7z.exe", "CommandLine": r"7z a C:\Temp\a.7z C:\Docs", "ProcessId": "71", "User": r"CORP\carol"}
    made = {"Image": r"C:\Tools\7z.exe", "TargetFilename": r"C:\Temp\a.7z", "ProcessId": "71"}
    logs = Logs().add("sysmon-1", "10:00:00", pack, computer=TARGET).add("sysmon-11", "10:00:01", made, computer=TARGET)
    assert [(one.account, one.count) for one in logs.hunt().observations] == [(r"CORP\carol", 2)]


def launcher(logs: Logs, time: str, *, pid: int, parent: int | None = None) -> Logs:
    line = "powershell -noP -sta -w 1 -enc SQBmACgAJABQAFMA"
    fields = {"Image": rf"{SYSTEM32}\WindowsPowerShell\v1.0\powershell.exe", "CommandLine": line, "ProcessId": str(pid)}
    if parent is not None:
        fields["ParentProcessId"] = str(parent)
    return logs.add("sysmon-1", time, fields | {"User": r"CORP\carol"}, computer=TARGET)


def of(report: Report, pattern: str) -> list[Finding]:
    return [one for one in report.findings if one.pattern == pattern]


def test_a_behavior_that_is_a_finding_is_told_beside_who_came_where_their_records_show_it() -> None:
    alone = launcher(Logs(), "10:00:10", pid=70).hunt()
    [found] = of(alone, "empire-launcher")
    assert (found.movement.value, found.source, found.execution, found.account) == ("local", None, None, r"CORP\carol")
    assert not [said for said in (*found.why, *found.limits) if "source" in said]
    beside = launcher(taken(), "10:00:10", pid=70, parent=4242).hunt()
    assert of(beside, "empire-launcher") == []
    assert [one.technique for one in only(beside).behaviors] == ["T1059.001"]


def test_what_is_seen_once_more_elsewhere_stays_a_finding() -> None:
    report = launcher(launcher(taken(), "10:00:10", pid=70, parent=4242), "18:00:00", pid=90).hunt()
    assert len(of(report, "empire-launcher")) == 1
