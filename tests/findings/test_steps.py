"""The steps of a finding about a file version: what happened, by whom, in the order of time, each with its records."""

from __future__ import annotations

from graphcorr.model.findings import Endpoint, Finding, Role, Step
from tests.findings.logs import CLIENT, OTHER, TARGET, TOOL, Logs, later, only

CMD = r"C:\Windows\System32\cmd.exe"
SERVICES = r"C:\Windows\System32\services.exe"
HERE, THERE = Endpoint(TARGET, None), Endpoint(None, CLIENT)


def told(finding: Finding) -> list[tuple[str, str, list[str]]]:
    """(role, time of day, roles of its evidence) of each step."""
    return [(step.role, step.time[11:19], [finding.evidence[place].role for place in step.evidence]) for step in finding.steps]


def test_written_registered_run_and_removed() -> None:
    logs = Logs().security_5145("10:00:00", "svc.exe").sysmon_11("10:00:00.1", r"C:\Windows\svc.exe")
    logs.service("10:00:02", r"%SystemRoot%\svc.exe").sysmon_1("10:00:03", r"C:\Windows\svc.exe", parent=SERVICES)
    logs.records[-1].fields["User"] = r"NT AUTHORITY\SYSTEM"
    logs.security_4688("10:00:03", r"C:\Windows\svc.exe").removed("10:00:30", 23, r"C:\Windows\svc.exe")
    finding = only(logs.hunt())
    assert finding.steps == [
        Step(Role.WROTE, "2026-01-05T10:00:00.100000Z", THERE, r"CORP\alice", r"C:\Windows\svc.exe", [0, 1]),
        Step(Role.REGISTERED, "2026-01-05T10:00:02.000000Z", None, None, "svc", [4], r"%SystemRoot%\svc.exe"),
        Step(Role.RAN, "2026-01-05T10:00:03.000000Z", HERE, r"NT AUTHORITY\SYSTEM", r"C:\Windows\svc.exe", [2, 3]),
        Step(Role.REMOVED, "2026-01-05T10:00:30.000000Z", None, None, r"C:\Windows\svc.exe", [5]),
    ]
    assert (finding.started_by, finding.time) == ("service", finding.execution_time)


def test_the_client_that_was_connected_is_a_step_of_its_own() -> None:
    finding = only(Logs().security_4624("09:59:58").sysmon_11("10:00:00").sysmon_1("10:00:05").hunt())
    assert told(finding) == [
        ("connected", "09:59:58", ["origin"]),
        ("wrote", "10:00:00", ["write"]),
        ("ran", "10:00:05", ["execution"]),
    ]
    assert [(step.actor, step.account) for step in finding.steps[:2]] == [(THERE, r"CORP\alice")] * 2


def test_two_clients_are_two_writes() -> None:
    logs = Logs().security_5145("10:00:00").security_5145("10:00:01", source="10.0.0.77", user="bob").sysmon_1("10:00:05")
    finding = only(logs.hunt())
    assert [(step.role, step.actor, step.account, step.evidence) for step in finding.steps[:2]] == [
        ("wrote", THERE, r"CORP\alice", [0]),
        ("wrote", Endpoint(None, "10.0.0.77"), r"CORP\bob", [1]),
    ]


def test_a_command_that_gave_it_another_name_is_a_step() -> None:
    logs = Logs().security_5145("10:00:00").sysmon_1("10:00:03", CMD, rf"cmd /c ren {TOOL} b.exe", pid=7)
    finding = only(logs.sysmon_1("10:00:05", r"C:\Windows\Temp\b.exe").hunt())
    assert told(finding) == [("wrote", "10:00:00", ["write"]), ("moved", "10:00:03", ["move"]), ("ran", "10:00:05", ["execution"])]
    assert (finding.steps[1].actor, finding.steps[1].object) == (HERE, rf"cmd /c ren {TOOL} b.exe")


def test_a_file_that_was_renamed_over_the_network_was_written_twice() -> None:
    logs = Logs().is_at().security_5140("09:00:00").smb_file("10:00:00", r"Temp\a.tmp")
    logs.smb_file("10:00:10", r"Temp\tool.exe", "SMB::FILE_RENAME", prev_name=r"Temp\a.tmp").sysmon_1("10:00:15")
    finding = only(logs.hunt())
    assert [(step.role, step.object) for step in finding.steps] == [
        ("wrote", r"C:\Windows\Temp\a.tmp"),
        ("wrote", TOOL),
        ("ran", TOOL),
    ]


def test_what_is_blocked_or_replaced_is_not_removed() -> None:
    # That somebody tried to put another one in its place is a finding of its own besides.
    blocked, attempt = Logs().security_5145("10:00:00").sysmon_1("10:00:05").removed("10:00:09", 27).hunt().findings
    assert told(blocked)[-1] == ("blocked", "10:00:09", ["end"])
    assert (attempt.file, [step.role for step in attempt.steps]) == (None, ["blocked"])
    replaced = only(Logs().security_5145("10:00:00").sysmon_1("10:00:05").sysmon_11("10:00:09", image=CMD, pid=7).hunt())
    assert told(replaced)[-1] == ("replaced", "10:00:09", ["end"])


def test_a_library_is_what_was_run_not_its_loader() -> None:
    finding = only(Logs().security_5145("10:00:00", r"Temp\x.dll").sysmon_7("10:00:05", r"C:\Windows\Temp\x.dll").hunt())
    assert [(step.role, step.object) for step in finding.steps] == [("wrote", r"C:\Windows\Temp\x.dll"), ("ran", r"C:\Windows\Temp\x.dll")]


def test_every_step_rests_on_evidence_that_is_shown() -> None:
    """Of many runs some records are left out; a step without any would be a statement without evidence."""
    logs = Logs().security_5145("10:00:00")
    for minute in range(25):
        logs.sysmon_1(f"10:{minute + 1:02}:00", pid=minute + 1).security_4688(f"10:{minute + 1:02}:00", pid=minute + 1)
    finding = only(logs.hunt())
    assert len(finding.executions) == 25
    assert [step.role for step in finding.steps] == ["wrote", *["ran"] * 10]
    assert sorted(place for step in finding.steps for place in step.evidence) == list(range(len(finding.evidence)))


def test_the_run_that_a_finding_states_is_shown_whatever_else_ran_before_it() -> None:
    """Of runs within five seconds the most telling is stated, and it may be the last of many."""
    logs = Logs().security_5145("10:00:00")
    for number in range(25):
        logs.sysmon_1(later("10:00:10", milliseconds=number), CMD, f"cmd /c {TOOL}", pid=number + 1)
    finding = only(logs.sysmon_1("10:00:14").hunt())
    assert (finding.execution, finding.time[11:19]) == ("image", "10:00:14")
    assert [step.time[11:19] for step in finding.steps if step.object == TOOL and step.role is Role.RAN] == ["10:00:14"]


def test_the_machine_that_the_programs_pipes_name_connected() -> None:
    logs = Logs().is_at(CLIENT, host=OTHER).sysmon_11("10:00:00", r"C:\Windows\PSEXESVC.exe")
    logs.sysmon_1("10:00:03", r"C:\Windows\PSEXESVC.exe", parent=SERVICES)
    logs.pipe("10:00:04", r"\PSEXESVC-OTHER-4242-stdin", image=r"C:\Windows\PSEXESVC.exe")
    finding = only(logs.hunt())
    (step,) = (one for one in finding.steps if one.role is Role.CONNECTED)
    assert (step.actor, step.object, step.time[11:19]) == (Endpoint(OTHER, CLIENT), "psexesvc-other-4242-stdin", "10:00:04")
