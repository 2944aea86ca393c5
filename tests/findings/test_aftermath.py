"""What a finding shows of its file, and of what the program did once it ran; each with the records that say so."""

from __future__ import annotations

import pytest

from graphcorr.model.findings import Finding
from graphcorr.outputs.finding import add_finding
from graphcorr.outputs.layout import Page
from tests.findings.logs import OTHER, TARGET, TOOL, Logs, only

MINE = "{11111111-2222-3333-4444-555555555555}"
THEIRS = "{99999999-2222-3333-4444-555555555555}"
SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def attacked(guid: str | None = MINE) -> Logs:
    """A tool is written and run, with what Sysmon 1 says of its file."""
    logs = Logs().security_5145("10:00:00").sysmon_11("10:00:00.1")
    return logs.add("sysmon-1", "10:01:00", {
        "Image": TOOL, "CommandLine": TOOL, "ProcessId": "4242", "ProcessGuid": guid, "ParentImage": r"C:\Windows\System32\services.exe",
        "Hashes": f"SHA256={SHA256.upper()},MD5={'A' * 32}", "OriginalFileName": "psexesvc.exe",
    }, computer=TARGET)  # fmt: skip


def child(logs: Logs, time: str, command: str, *, guid: str | None = MINE, pid: int = 4242, host: str = TARGET) -> Logs:
    return logs.add("sysmon-1", time, {
        "Image": r"C:\Windows\System32\cmd.exe", "CommandLine": command, "ProcessId": "5000", "ParentProcessGuid": guid,
        "ParentProcessId": str(pid), "ParentImage": TOOL, "User": "CORP\\alice",
    }, computer=host)  # fmt: skip


def connects(
    logs: Logs, time: str, target: str, *, guid: str | None = MINE, initiated: bool = True, port: int = 443, host: str = TARGET
) -> Logs:
    return logs.add("sysmon-3", time, {
        "Image": TOOL, "ProcessId": "4242", "ProcessGuid": guid, "SourceIp": "10.0.0.9", "SourcePort": "50000", "DestinationIp": target,
        "DestinationPort": str(port), "Initiated": str(initiated).lower(), "Protocol": "tcp",
    }, computer=host)  # fmt: skip


def after(finding: Finding) -> list[tuple[str, str | None]]:
    for step in finding.aftermath:
        assert {finding.evidence[place].role for place in step.evidence} == {"child" if step.role == "started" else "connection"}
    return [(step.role.value, step.object) for step in finding.aftermath]


def traits(finding: Finding) -> dict[str, str]:
    for trait in finding.traits:
        assert trait.evidence
    return {trait.what: trait.value for trait in finding.traits}


def test_what_the_program_started_and_where_it_connected_to() -> None:
    logs = attacked()
    child(logs, "10:01:05", "cmd /c whoami")
    connects(connects(logs, "10:01:07", "203.0.113.7"), "10:01:30", "203.0.113.7")
    connects(logs, "10:03:00", "2001:db8::7", port=8443)
    finding = only(logs.hunt())
    assert after(finding) == [("started", "cmd /c whoami"), ("reached", "203.0.113.7:443"), ("reached", "[2001:db8::7]:8443")]
    assert (finding.aftermath[0].account, len(finding.aftermath[1].evidence)) == ("CORP\\alice", 2)


def test_what_other_processes_did_is_not_told() -> None:
    logs = attacked()
    child(logs, "10:01:05", "of another process", guid=THEIRS)
    child(logs, "10:01:05", "on another machine", host=OTHER)
    connects(logs, "10:01:05", "203.0.113.1", guid=THEIRS)
    connects(logs, "10:01:05", "203.0.113.2", host=OTHER)
    connects(logs, "10:01:05", "203.0.113.3", initiated=False)
    connects(logs, "10:06:01", "203.0.113.4")  # later than the next minutes
    connects(logs, "10:00:59", "203.0.113.5")  # before it ran
    assert after(only(logs.hunt())) == []


@pytest.mark.parametrize(("time", "told"), [("10:01:05", True), ("11:30:00", False), ("10:00:30", False)])
def test_without_a_guid_the_process_id_tells_for_a_while(time: str, told: bool) -> None:
    """Ids are given again; the audit's records have no other."""
    logs = child(attacked(guid=None), time, "cmd /c whoami", guid=None)
    assert after(only(logs.hunt())) == ([("started", "cmd /c whoami")] if told else [])


def test_what_is_known_of_the_file() -> None:
    logs = attacked().add("sysmon-7", "10:01:00.1", {
        "Image": TOOL, "ImageLoaded": TOOL, "ProcessId": "4242", "ProcessGuid": MINE, "Signed": "true", "Signature": "Made Up Ltd",
    }, computer=TARGET)  # fmt: skip
    logs.add("sysmon-7", "10:01:00.2", {
        "Image": TOOL, "ImageLoaded": r"C:\Windows\System32\ntdll.dll", "ProcessId": "4242", "ProcessGuid": MINE, "Signed": "true",
        "Signature": "Microsoft Windows",
    }, computer=TARGET)  # fmt: skip
    finding = only(logs.hunt())
    assert traits(finding) == {"md5": "a" * 32, "sha256": SHA256, "signer": "Made Up Ltd", "original_name": "psexesvc.exe"}
    assert [finding.evidence[place].role for trait in finding.traits if trait.what == "md5" for place in trait.evidence] == ["execution"]


def test_the_hash_of_an_interpreter_is_none_of_the_file() -> None:
    logs = Logs().security_5145("10:00:00", r"Temp\tool.ps1").add("sysmon-1", "10:01:00", {
        "Image": r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe", "CommandLine": r"powershell -File C:\Windows\Temp\tool.ps1",
        "ProcessId": "4242", "Hashes": f"SHA256={SHA256}", "OriginalFileName": "PowerShell.EXE",
    }, computer=TARGET)  # fmt: skip
    assert traits(only(logs.hunt())) == {}


def test_a_deleted_file_has_its_hash_in_the_record_of_its_end_and_a_monitor_says_its_size() -> None:
    logs = Logs().is_at().smb_file("10:00:00", size=53248).security_4688("10:01:00")
    logs.add("sysmon-23", "10:05:00", {
        "Image": "System", "ProcessId": "4", "TargetFilename": TOOL, "Hashes": f"SHA256={SHA256}",
    }, computer=TARGET)  # fmt: skip
    finding = only(logs.hunt())
    assert traits(finding) == {"sha256": SHA256, "size": "53248"}


def test_a_page_tells_it_under_the_run() -> None:
    logs = child(attacked(), "10:01:05", "cmd /c whoami")
    connects(logs, "10:01:07", "203.0.113.7").removed("10:02:00", 23)
    page = Page(140)
    add_finding(page, only(logs.hunt()))
    lines = [line.text for line in page.lines]
    file = next(number for number, line in enumerate(lines) if line.startswith("   File "))
    assert lines[file : file + 4] == [
        f"   File      SHA-256 {SHA256}, named psexesvc.exe by its maker",
        "   Then      2026-01-05T10:01:05.000Z  the program starts cmd /c whoami as CORP\\alice",
        "   and       2026-01-05T10:01:07.000Z  the program connects to 203.0.113.7:443",
        f"   and       2026-01-05T10:02:00.000Z  {TOOL} is removed on target.corp.example",
    ]


def test_so_much_that_not_all_is_shown_is_counted() -> None:
    logs = attacked()
    for number in range(25):
        child(logs, f"10:01:{number + 10}", f"cmd /c {number}")
    finding = only(logs.hunt())
    assert len(finding.aftermath) == 20
    assert "evidence shows the first 20 of 25 programs that it started" in finding.limits
