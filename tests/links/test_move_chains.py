"""A written file that commands rename, move or copy several times before it runs, and what is no longer under its old name."""

from __future__ import annotations

from itertools import pairwise

import pytest

from graphcorr.model.findings import Finding
from tests.findings.logs import OTHER, TARGET, Logs, brief, only

CMD = r"C:\Windows\System32\cmd.exe"
SETUP = r"C:\setup.exe"
FOLDER = "C:\\Windows\\Temp\\"
A, B, C = (FOLDER + name for name in ("a.tmp", "b.tmp", "c.exe"))
FOUND = [(A, "image")]
SHA = f"SHA256={'A' * 64}"


def written() -> Logs:
    return Logs().security_5145("10:00:00", r"Temp\a.tmp").sysmon_11("10:00:00.1", A)


def told(logs: Logs, time: str, command: str, host: str = TARGET) -> Logs:
    """A command of cmd.exe in the folder of the files."""
    return logs.sysmon_1(time, CMD, f"cmd /c {command}", host=host, pid=7, directory=FOLDER)


def chain(*commands: tuple[str, str], program: str = C, time: str = "10:01:00") -> Logs:
    logs = written()
    for at, command in commands:
        told(logs, at, command)
    return logs.sysmon_1(time, program)


def steps(finding: Finding) -> list[tuple[str, str]]:
    return [(one.role, one.summary.partition("cmd /c ")[2].partition(", ")[0]) for one in finding.evidence if one.role == "move"]


@pytest.mark.parametrize(
    "commands",
    [
        ["ren a.tmp b.tmp", "ren b.tmp c.exe"],
        ["ren a.tmp b.tmp", "copy b.tmp c.exe"],
        ["copy a.tmp b.tmp", "ren b.tmp c.exe"],
        ["copy a.tmp b.tmp", "copy b.tmp c.exe"],
        [r"move a.tmp D:\x\b.tmp", rf"move D:\x\b.tmp {C}"],
        ["ren a.tmp 1.tmp", "copy 1.tmp 2.tmp", "ren 2.tmp 3.tmp", "copy 3.tmp c.exe"],
        ["ren a.tmp b.tmp & ren b.tmp c.exe"],
        ["ren a.tmp b.tmp", "ren b.tmp a.tmp", "ren a.tmp c.exe"],
    ],
)
def test_every_step_is_followed_and_is_evidence(commands: list[str]) -> None:
    logs = chain(*((f"10:00:{10 + 10 * number}", command) for number, command in enumerate(commands)))
    finding = only(logs.hunt())
    assert [(finding.file, finding.execution), *steps(finding)] == [*FOUND, *(("move", command) for command in commands)]
    assert [run.image for run in finding.executions] == [C]
    assert [one.kind for one in finding.evidence if one.role == "move"] == ["ProcessStart"] * len(commands)
    assert logs.hunt(full=True).findings == [finding]
    assert [one.id for one in logs.hunt(seed=3).findings] == [finding.id]


def test_both_records_of_a_command_are_evidence_of_one_step() -> None:
    logs = chain(("10:00:10", "ren a.tmp b.tmp"), ("10:00:20", "ren b.tmp c.exe"))
    logs.security_4688("10:00:10.005", CMD, rf"cmd /c ren {A} b.tmp", pid=7)
    finding = only(logs.hunt())
    assert (len(finding.executions), len(steps(finding))) == (1, 3)


def test_a_library_or_a_service_at_the_end_of_a_chain() -> None:
    logs = chain(("10:00:10", "ren a.tmp b.tmp"), ("10:00:20", "ren b.tmp c.dll"), program=r"C:\other.exe")
    finding = only(logs.sysmon_7("10:01:00", FOLDER + "c.dll").hunt())
    assert (finding.execution, len(steps(finding))) == ("module_load", 2)
    logs = chain(("10:00:10", "ren a.tmp b.tmp"), ("10:00:20", "ren b.tmp c.exe"), program=r"C:\other.exe").service("10:01:00", C)
    assert [one.role for one in only(logs.hunt()).evidence] == ["write", "write", "move", "move", "service"]


@pytest.mark.parametrize(
    ("commands", "program"),
    [
        ([("10:00:20", "ren a.tmp b.tmp"), ("10:00:10", "ren b.tmp c.exe")], C),  # the second step came first
        ([("10:00:10", "ren b.tmp c.exe & ren a.tmp b.tmp")], C),
        ([("10:00:10", "ren a.tmp b.tmp"), ("10:02:00", "ren b.tmp c.exe")], C),  # after it ran
        ([("09:59:00", "ren a.tmp b.tmp"), ("10:00:20", "ren b.tmp c.exe")], C),  # the first one before the write
        ([("10:00:10", "ren a.tmp b.tmp"), ("10:00:20", r"ren D:\b.tmp c.exe")], r"D:\c.exe"),  # of another folder
        ([("10:00:10", "ren a.tmp b.tmp"), ("10:00:20", "ren b.tmp x.exe"), ("10:00:30", "ren b.tmp c.exe")], C),  # moved on already
        ([("10:00:10", "ren a.tmp b.tmp"), ("10:00:15", "move /y x.tmp b.tmp"), ("10:00:20", "ren b.tmp c.exe")], C),
        ([(f"10:00:1{n}", f"ren {n or 'a'}.tmp {n + 1}.tmp") for n in range(4)] + [("10:00:20", "ren 4.tmp c.exe")], C),  # too long
    ],
)
def test_what_did_not_come_by_all_steps_is_another_file(commands: list[tuple[str, str]], program: str) -> None:
    assert brief(chain(*commands, program=program).hunt()) == []


@pytest.mark.parametrize("between", ["made", "made at once", "removed", "written over the network"])
def test_another_file_at_the_name_between_ends_the_chain(between: str) -> None:
    logs = chain(("10:00:10", "ren a.tmp b.tmp"), ("10:00:40", "ren b.tmp c.exe"))
    if between == "made":
        logs.sysmon_11("10:00:25", B, image=SETUP, pid=9)
    elif between == "made at once":
        logs.sysmon_11("10:00:12", B, image=SETUP, pid=9)
    elif between == "removed":
        logs.removed("10:00:25", 23, B)
    else:
        logs.security_5145("10:00:12", r"Temp\b.tmp")
    expected = [(B, "image")] if between == "written over the network" else []
    assert brief(logs.hunt()) == expected


def test_steps_of_two_hosts_are_no_chain() -> None:
    logs = told(told(written(), "10:00:10", "ren a.tmp b.tmp"), "10:00:20", "ren b.tmp c.exe", host=OTHER)
    assert brief(logs.sysmon_1("10:01:00", C).sysmon_1("10:01:00", C, host=OTHER).hunt()) == []


def test_a_circle_ends_where_it_began() -> None:
    circle = (("10:00:10", "ren a.tmp b.tmp"), ("10:00:20", "ren b.tmp a.tmp"))
    finding = only(chain(*circle, program=A).hunt())
    assert ((finding.file, finding.execution), len(finding.executions), len(steps(finding))) == (FOUND[0], 1, 2)
    assert brief(chain(*circle, program=B).hunt()) == []


@pytest.mark.parametrize("command", ["ren a.tmp b.tmp", r"move a.tmp D:\x", "move /y x.tmp a.tmp"])
def test_what_runs_under_a_name_that_was_given_up_is_another_file(command: str) -> None:
    logs = chain(("10:00:10", command), program=A)
    assert brief(logs.hunt()) == []
    assert brief(logs.sysmon_1("10:00:05", A).hunt()) == FOUND  # what ran before is what was written


def test_a_new_write_under_the_old_name_counts_again() -> None:
    logs = chain(("10:00:10", "ren a.tmp b.exe"), program=A).security_5145("10:00:30", r"Temp\a.tmp")
    finding = only(logs.hunt())
    assert (finding.file, [one.record for one in finding.evidence]) == (A, [5, 4])


@pytest.mark.parametrize(
    "command",
    [
        "copy a.tmp b.tmp",
        rf"{A} & ren a.tmp b.tmp",  # renamed when it has run
        "ping -n 5 127.0.0.1 & ren a.tmp b.tmp",
        "if exist x ren a.tmp b.tmp",
        'schtasks /create /tn t /sc once /tr "cmd /c ren a.tmp b.tmp"',
    ],
)
def test_a_copy_or_what_comes_at_a_time_unknown_leaves_the_name(command: str) -> None:
    finding = only(chain(("10:00:10", command), program=A).hunt())
    assert (finding.file, [run.image for run in finding.executions][-1], steps(finding)) == (A, A, [])


def test_a_file_is_gone_from_the_name_between_too() -> None:
    logs = chain(("10:00:10", "ren a.tmp b.exe"), ("10:00:20", "ren b.exe c.exe"), program=FOLDER + "b.exe")
    assert brief(logs.hunt()) == []
    assert brief(logs.sysmon_1("10:00:15", FOLDER + "b.exe").hunt()) == FOUND


def removed(logs: Logs, time: str, path: str) -> Logs:
    return logs.add("sysmon-23", time, {"Image": "System", "TargetFilename": path, "Hashes": SHA}, computer=TARGET)


def start(logs: Logs, time: str, image: str) -> Logs:
    return logs.add("sysmon-1", time, {"Image": image, "CommandLine": image, "ProcessId": "77", "Hashes": SHA}, computer=TARGET)


def test_the_content_is_known_from_what_the_file_was_called_later() -> None:
    """Renamed by a command, copied by nobody knows what, run with the content that the renamed file had."""
    logs = removed(told(told(written(), "10:00:10", "ren a.tmp b.tmp"), "10:00:12", "ren b.tmp c.exe"), "10:00:50", C)
    finding = only(start(logs, "10:00:30", r"C:\Users\Public\x.exe").hunt())
    assert (finding.file, [run.image for run in finding.executions]) == (A, [r"C:\Users\Public\x.exe"])


def test_what_was_called_so_at_another_time_says_nothing_of_the_content() -> None:
    logs = removed(told(told(written(), "10:00:10", "ren a.tmp b.tmp"), "10:00:12", "ren b.tmp c.exe"), "10:00:50", B)
    assert brief(start(logs, "10:00:30", r"C:\Users\Public\x.exe").hunt()) == []


def test_a_move_to_another_drive_is_a_removal_that_tells_the_content() -> None:
    logs = removed(told(written(), "10:00:10", r"move a.tmp D:\b.tmp"), "10:00:10.2", A)
    assert brief(start(logs, "10:00:30", r"C:\Users\Public\x.exe").hunt()) == FOUND


def test_thousands_of_copies_take_no_product_of_their_numbers() -> None:
    """A log that is rotated by commands, and run as often."""
    logs = written()
    for number in range(1500):
        at = f"{11 + number // 600}:{number // 10 % 60:02}:{number % 10 * 6:02}"
        told(told(logs, at, "copy a.tmp b.exe"), at + ".5", "copy b.exe c.exe")
        logs.sysmon_1(at + ".8", C, pid=77)
    with logs.projection() as projection:
        [(rows,)] = projection.database.execute("SELECT count(*) FROM moves").fetchall()
        [(links,)] = projection.database.execute("SELECT count(*) FROM links WHERE kind = 'RAN' AND basis = 'moved'").fetchall()
    assert (rows, links) == (6000, 1500)  # a copy has two readings: to that name, or into the folder of that name


def renamed_over_the_network(*names: str) -> Logs:
    """A file is written as the first name and renamed by the client to each of the others, ten seconds after the other."""
    logs = Logs().is_at().smb_file("10:00:00", rf"Temp\{names[0]}")
    for number, (old, new) in enumerate(pairwise(names)):
        logs.smb_file(f"10:00:{10 + 10 * number}", rf"Temp\{new}", "SMB::FILE_RENAME", prev_name=rf"Temp\{old}")
    return logs


def test_what_was_renamed_over_the_network_shows_every_step() -> None:
    finding = only(renamed_over_the_network("a.tmp", "b.tmp", "c.exe").sysmon_1("10:01:00", C).hunt())
    assert finding.file == C
    assert [(one.role, one.summary.split()[0], one.summary.split()[2]) for one in finding.evidence[:3]] == [
        ("write", "SMB::FILE_WRITE", r"Temp\a.tmp"),
        ("write", "SMB::FILE_RENAME", r"Temp\b.tmp"),
        ("write", "SMB::FILE_RENAME", r"Temp\c.exe"),
    ]
    local = told(renamed_over_the_network("a.tmp", "b.tmp"), "10:00:30", "ren b.tmp c.exe").sysmon_1("10:01:00", C)
    assert [one.role for one in only(local.hunt()).evidence] == ["write", "write", "move", "execution"]


def test_what_was_written_there_in_between_is_no_step() -> None:
    logs = renamed_over_the_network("a.tmp", "b.tmp", "c.exe").smb_file("10:00:15", r"Temp\b.tmp")
    finding = only(logs.sysmon_1("10:01:00", C).hunt())
    assert [one.summary.split()[2] for one in finding.evidence if one.role == "write"] == [r"Temp\b.tmp", r"Temp\c.exe"]
    assert brief(renamed_over_the_network("a.tmp", "b.tmp", "c.exe").sysmon_1("10:01:00", B).hunt()) == []
