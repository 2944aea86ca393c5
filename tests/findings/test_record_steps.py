"""Each kind of record as a step of a finding: what it was, and what it was done to."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphcorr.model.kinds import Kind
from tests.findings.logs import TARGET, Logs
from tests.findings.test_unclaimed import write_pattern

KEY = r"HKLM\System\CurrentControlSet\Services\svc\ImagePath"
PAIR = {"SourceImage": r"C:\x.exe", "TargetImage": r"C:\Windows\System32\lsass.exe", "SourceProcessId": "7"}
WMI = {"Operation": "Created", "User": r"CORP\alice", "Name": '"updates"'}

SAID: dict[str, tuple[Kind, dict[str, object], str, str]] = {
    "powershell-400": (Kind.SCRIPT, {"param3": "\tHostName=ConsoleHost\r\n\tHostApplication=p.exe"}, "ran", "p.exe"),
    "powershell-4104": (Kind.SCRIPT, {"ScriptBlockText": "x" * 400}, "ran", "x" * 299 + "…"),
    "sysmon-2": (Kind.FILE_TIME, {"TargetFilename": r"C:\a.exe"}, "recorded", r"C:\a.exe"),
    "sysmon-8": (Kind.THREAD_CREATE, dict(PAIR), "recorded", r"C:\Windows\System32\lsass.exe"),
    "sysmon-10": (Kind.PROCESS_ACCESS, {**PAIR, "GrantedAccess": "0x1410"}, "recorded", r"C:\Windows\System32\lsass.exe"),
    "sysmon-13": (Kind.REGISTRY_SET, {"TargetObject": KEY, "Details": "x"}, "recorded", KEY),
    "sysmon-19": (Kind.SUBSCRIPTION, {**WMI, "Query": "SELECT 1"}, "registered", "SELECT 1"),
    "sysmon-20": (Kind.SUBSCRIPTION, {**WMI, "Destination": "x.exe"}, "registered", "x.exe"),
    "defender-1116": (Kind.ALERT, {"Threat Name": "HackTool:Win32/Example"}, "recorded", "HackTool:Win32/Example"),
    "sysmon-21": (Kind.SUBSCRIPTION, {"Operation": "Deleted", "Consumer": '"x"', "Filter": '"y"'}, "removed", "x"),
    "security-4769": (
        Kind.TICKET,
        {"TargetUserName": "a@CORP.EXAMPLE", "ServiceName": "TARGET$", "IpAddress": "10.0.0.5", "Status": "0x0"},
        "recorded",
        "TARGET$",
    ),
    "sysmon-22": (Kind.NAME_QUERY, {"QueryName": "fs.corp.example"}, "recorded", "fs.corp.example"),
}


@pytest.mark.parametrize("log", SAID)
def test_a_record_is_a_step_that_says_what_it_was_done_to(log: str, tmp_path: Path) -> None:
    kind, fields, role, what = SAID[log]
    patterns = write_pattern(
        tmp_path,
        "seen",
        f"needs: [{kind}]\nidentity: [target]\nevidence: [records]",
        f"MATCH (r:{kind}) RETURN r.host AS target, collect(DISTINCT r.id) AS records",
    )
    (finding,) = Logs().add(log, "10:00:00", fields, computer=TARGET).hunt(patterns=patterns).findings
    assert [(step.role.value, step.object) for step in finding.steps] == [(role, what)]
    assert [one.kind for one in finding.evidence] == [kind.value]


ENDS = {"uid": "C1", "id.orig_h": "10.0.0.5", "id.orig_p": 50123, "id.resp_h": "10.0.0.9", "id.resp_p": 80}
SEEN: dict[str, tuple[Kind, dict[str, object], str, str]] = {
    "zeek-http": (Kind.HTTP_REQUEST, {"method": "GET", "host": "a.example", "uri": "/x.exe"}, "fetched", "/x.exe"),
    "zeek-notice": (Kind.ALERT, {"note": "Scan::Port_Scan", "msg": "x"}, "recorded", "Scan::Port_Scan"),
    "zeek-dpd": (Kind.BLIND_SPOT, {"analyzer": "SMB", "failure_reason": "too short"}, "recorded", "too short"),
    "zeek-weird": (Kind.BLIND_SPOT, {"name": "data_before_established"}, "recorded", "data_before_established"),
}


@pytest.mark.parametrize("log", SEEN)
def test_what_a_monitor_saw_is_a_step_at_the_server(log: str, tmp_path: Path) -> None:
    kind, fields, role, what = SEEN[log]
    patterns = write_pattern(
        tmp_path,
        "seen",
        f"needs: [{kind}]\nidentity: [target]\nevidence: [records]",
        f"MATCH (r:{kind})-[:WENT_TO]->(a:Address) RETURN a.id AS target, collect(DISTINCT r.id) AS records",
    )
    (finding,) = Logs().add(log, 1767607200.0, {**ENDS, **fields}).hunt(patterns=patterns).findings
    assert [(step.role.value, step.object) for step in finding.steps] == [(role, what)]


TASK = "<Task><Actions><Exec><Command>cmd.exe</Command><Arguments>/c whoami</Arguments></Exec></Actions></Task>"


@pytest.mark.parametrize(
    ("log", "kind", "fields", "command"),
    [
        ("security-4698", Kind.TASK_CHANGE, {"SubjectUserName": "alice", "TaskName": r"\t", "TaskContent": TASK}, "cmd.exe /c whoami"),
        ("taskscheduler-106", Kind.TASK_CHANGE, {"TaskName": r"\t", "UserContext": "alice"}, None),
        (
            "system-7045",
            Kind.SERVICE_INSTALL,
            {"ServiceName": "s", "ImagePath": r"C:\s.exe", "ServiceType": "user mode service"},
            r"C:\s.exe",
        ),
    ],
)
def test_what_is_registered_is_told_with_what_it_is_to_run(
    log: str, kind: Kind, fields: dict[str, object], command: str | None, tmp_path: Path
) -> None:
    patterns = write_pattern(
        tmp_path,
        "seen",
        f"needs: [{kind}]\nidentity: [target]\nevidence: [records]",
        f"MATCH (r:{kind}) RETURN r.host AS target, collect(DISTINCT r.id) AS records",
    )
    ((step,),) = [one.steps for one in Logs().add(log, "10:00:00", fields, computer=TARGET).hunt(patterns=patterns).findings]
    assert (step.role.value, step.command) == ("registered", command)
