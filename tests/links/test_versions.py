"""What a file version is, and what ends it: a run belongs to the version that it can have run, or to none."""

from __future__ import annotations

import pytest

from graphcorr.model.findings import Finding
from tests.findings.logs import OTHER, TOOL, Logs, brief, only

FOUND = [(TOOL, "image")]
EXPLORER = r"C:\Windows\explorer.exe"


def roles(finding: Finding) -> list[tuple[str, int]]:
    return [(evidence.role, evidence.record) for evidence in finding.evidence]


def test_records_within_two_seconds_are_one_version() -> None:
    logs = Logs().security_5145("10:00:00", mask=0x17019F).security_5145("10:00:01.5").sysmon_11("10:00:03").sysmon_1("10:00:05")
    assert roles(only(logs.hunt())) == [("write", 1), ("write", 2), ("write", 3), ("execution", 4)]


def test_a_later_group_of_writes_is_another_version() -> None:
    logs = Logs().security_5145("10:00:00").sysmon_1("10:00:05").security_5145("10:00:10").sysmon_1("10:00:15", pid=77)
    report = logs.hunt()
    assert [roles(finding) for finding in report.findings] == [[("write", 1), ("execution", 2)], [("write", 3), ("execution", 4)]]
    assert len({finding.id for finding in report.findings}) == 2


def test_a_run_before_the_write_is_no_hit() -> None:
    assert brief(Logs().sysmon_1("09:59:58").security_5145("10:00:00").hunt()) == []


def test_the_delete_bit_beside_write_bits_ends_nothing() -> None:
    """CopyFile opens what it writes with 0x17019f; it may be opened so again after the copy."""
    assert brief(Logs().sysmon_11("10:00:00").security_5145("10:00:00.4", mask=0x17019F).sysmon_1("10:00:05").hunt()) == FOUND


def test_intent_to_delete_ends_nothing() -> None:
    assert brief(Logs().security_5145("10:00:00").security_5145("10:00:03", mask=0x10080).sysmon_1("10:00:05").hunt()) == FOUND


def ran(logs: Logs) -> list[tuple[str | None, str | None]]:
    """File and execution of the findings that have one: what was blocked is told besides."""
    return [(found.file, found.execution) for found in logs.hunt().findings if found.execution]


@pytest.mark.parametrize("event", [23, 26, 27])
def test_a_removal_ends_it(event: int) -> None:
    assert ran(Logs().security_5145("10:00:00").removed("10:00:03", event).sysmon_1("10:00:05")) == []


@pytest.mark.parametrize("event", [23, 26])
def test_a_removal_after_the_run_is_clean_up(event: int) -> None:
    finding = only(Logs().security_5145("10:00:00").sysmon_1("10:00:05").removed("10:00:09", event).hunt())
    assert roles(finding) == [("write", 1), ("execution", 2), ("end", 3)]


def test_a_removal_within_the_copying_belongs_to_it() -> None:
    """Overwriting a file removes what it held."""
    assert (
        brief(Logs().security_5145("10:00:00").removed("10:00:00.2", 23).security_5145("10:00:00.5").sysmon_1("10:00:05").hunt()) == FOUND
    )


def test_a_block_within_the_copying_ends_it() -> None:
    """Records of the attempt go on after the block; naming the file later runs nothing."""
    logs = Logs().security_5145("10:00:00").removed("10:00:00.2", 27).sysmon_11("10:00:00.5")
    assert ran(logs.sysmon_1("10:00:05", r"C:\Windows\System32\cmd.exe", rf"cmd /c {TOOL}")) == []


def test_what_happens_to_another_file_or_host_ends_nothing() -> None:
    logs = Logs().security_5145("10:00:00").removed("10:00:03", 23, r"C:\Temp\tool.exe").removed("10:00:03", 23, host=OTHER)
    assert brief(logs.sysmon_1("10:00:05").hunt()) == FOUND


def test_a_local_write_ends_it() -> None:
    logs = Logs().security_5145("10:00:00").sysmon_11("10:00:03", image=EXPLORER, pid=900).sysmon_1("10:00:05")
    assert brief(logs.hunt()) == []


@pytest.mark.parametrize("event", [11, 23])
def test_a_stream_of_the_file_is_not_the_file(event: int) -> None:
    """Unblocking a file removes its Zone.Identifier, marking it writes one: its content stays."""
    logs = Logs().security_5145("10:00:00")
    if event == 11:
        logs.sysmon_11("10:00:03", TOOL + ":Zone.Identifier", image=EXPLORER, pid=900)
    else:
        logs.removed("10:00:03", 23, TOOL + ":Zone.Identifier", image=EXPLORER)
    assert brief(logs.sysmon_1("10:00:05").hunt()) == FOUND


def test_a_deletion_on_the_wire_ends_it() -> None:
    logs = Logs().is_at().smb_file("10:00:00").smb_file("10:00:03", action="SMB::FILE_DELETE").sysmon_1("10:00:05")
    assert brief(logs.hunt()) == []


def test_an_end_in_the_same_whole_second_is_simultaneous() -> None:
    """The removal's log knows whole seconds: it may have come after a run in that second, not after one in the next."""
    logs = (
        Logs()
        .security_5145("10:00:00")
        .add(
            "sysmon-23", None, {"Image": "System", "TargetFilename": TOOL}, computer="target.corp.example", event_time="2026-01-05 10:00:05"
        )
    )
    assert brief(logs.sysmon_1("10:00:06.1").hunt()) == []
    assert brief(logs.sysmon_1("10:00:05.5", pid=77).hunt()) == FOUND


def test_two_events_of_one_whole_second_are_simultaneous() -> None:
    logs = Logs().security_5145(None, event_time="2026-01-05 10:00:05").sysmon_1("10:00:05.1")
    finding = only(logs.hunt())
    assert "write and run lie within what the clocks can tell apart: their order is not certain" in finding.why
    assert brief(Logs().security_5145(None, event_time="2026-01-05 10:00:06").sysmon_1("10:00:05.9").hunt()) == []


def test_a_hot_file_gives_each_run_to_its_own_version() -> None:
    logs = Logs()
    for minute in range(40):
        logs.security_5145(f"10:{minute:02}:00").sysmon_1(f"10:{minute:02}:05", pid=minute + 1)
    found = [roles(finding) for finding in logs.hunt().findings]
    assert found == [[("write", 2 * number + 1), ("execution", 2 * number + 2)] for number in range(40)]
