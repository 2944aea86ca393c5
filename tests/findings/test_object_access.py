"""What stands beside Sysmon 11 and 5145, or in their place: Sysmon 29 and the audit of objects (4656, 4663)."""

from __future__ import annotations

from typing import Final

import pytest

from graphcorr.findings.confidence import Doubt
from graphcorr.model.findings import Basis
from graphcorr.model.records import FAILURE
from tests.findings.logs import TARGET, TOOL, Logs, brief, only

FOUND: Final = [(TOOL, "image")]
CLIENTS_SESSION: Final = "0x5a1b2c"


def detected(logs: Logs, time: str, path: str = TOOL, *, image: str = "System", digest: str | None = None) -> Logs:
    """Sysmon 29."""
    utc = f"2026-01-05 {time}.000"
    return logs.add("sysmon-29", time, {"UtcTime": utc, "TargetFilename": path, "Image": image, "Hashes": digest}, computer=TARGET)


def accessed(logs: Logs, time: str, log: str = "security-4663", *, outcome: str | None = None, **other: str) -> Logs:
    """4663, or 4656, by System for a client."""
    fields = {
        "SubjectUserName": "alice",
        "SubjectDomainName": "CORP",
        "SubjectLogonId": CLIENTS_SESSION,
        "ProcessId": "0x4",
        "ObjectType": "File",
        "ObjectName": TOOL,
        "AccessMask": "0x2",
        "ProcessName": "-",
    }
    header = {} if outcome is None else {"outcome": outcome}
    return logs.add(log, time, fields | other, computer=TARGET, **header)


def test_an_executable_that_sysmon_detects_is_written_as_one_that_it_sees_created() -> None:
    finding = only(detected(Logs(), "10:00:00").sysmon_1("10:00:05").hunt())
    assert (finding.file, finding.basis, finding.why[-1]) == (TOOL, Basis.INFERRED, Doubt.WRITE_INFERRED.sentence)


def test_two_records_of_sysmon_are_one_witness() -> None:
    report = detected(Logs().sysmon_11("10:00:00"), "10:00:01").sysmon_1("10:00:05").hunt()
    assert (brief(report), Doubt.WRITE_INFERRED.sentence in only(report).why) == (FOUND, True)
    why = only(detected(Logs().security_5145("10:00:00").sysmon_11("10:00:00"), "10:00:01").sysmon_1("10:00:05").hunt()).why
    assert [sentence for sentence in why if "independent" in sentence] == ["the write is in 2 independent logs: security-5145, sysmon-11"]


def test_an_executable_that_a_program_of_the_host_writes_takes_the_place_of_the_file() -> None:
    logs = detected(Logs().security_5145("10:00:00"), "10:00:10", image=r"C:\Windows\setup.exe").sysmon_1("10:00:20")
    assert brief(logs.hunt()) == []


def test_the_hash_of_what_was_written_tells_a_run_under_another_name() -> None:
    written, other = "SHA256=" + "A" * 64, "SHA256=" + "B" * 64
    for digest, found in ((written, [(TOOL, "image")]), (other, [])):
        run = {"Image": r"C:\Windows\Temp\renamed.exe", "CommandLine": "renamed.exe", "Hashes": digest}
        report = detected(Logs(), "10:00:00", digest=written).add("sysmon-1", "10:00:05", run, computer=TARGET).hunt()
        assert brief(report) == found
        assert not found or Doubt.CONTENT.sentence in only(report).why


def test_a_right_that_system_used_in_a_clients_session_is_a_write_of_the_client() -> None:
    finding = only(accessed(Logs(), "10:00:00").sysmon_1("10:00:05").hunt())
    assert (finding.file, finding.account, finding.basis) == (TOOL, r"CORP\alice", Basis.OBSERVED)


def test_a_right_that_system_used_for_itself_may_be_a_clients() -> None:
    finding = only(accessed(Logs(), "10:00:00", SubjectLogonId="0x3e7", SubjectUserName="TARGET$").sysmon_1("10:00:05").hunt())
    assert (finding.basis, finding.account) == (Basis.INFERRED, None)


@pytest.mark.parametrize(
    "other",
    [
        {"AccessMask": "0x1"},
        {"ObjectType": "Key", "ObjectName": r"\REGISTRY\MACHINE\tool.exe"},
        {"ObjectName": r"C:\Windows\Temp"},
        {"ProcessId": "0x1f0", "ProcessName": r"C:\Windows\explorer.exe"},
    ],
    ids=["read", "key", "folder", "program"],
)
def test_other_accesses_are_no_writes_over_the_network(other: dict[str, str]) -> None:
    report = accessed(Logs(), "10:00:00", **other).sysmon_1("10:00:05").hunt()
    assert (brief(report), report.observations) == ([], [])


def test_a_handle_that_was_refused_is_an_attempt_and_one_that_was_granted_no_write() -> None:
    for outcome in (FAILURE, None):
        logs = accessed(Logs(), "10:00:00", "security-4656", outcome=outcome).sysmon_1("10:00:05")
        report = logs.hunt()
        refused = ["access-refused"] if outcome == FAILURE else []
        assert (brief(report), [one.pattern for one in report.observations]) == ([], refused)
