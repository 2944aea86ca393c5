"""Documents that went through an ingest pipeline say what the event said, under the event's own names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest

from graphcorr.logs.catalog import log_types, wanted
from graphcorr.sources.base import Wanted
from tests.logs.records import columns
from tests.sources.reads import read_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from graphcorr.model.records import Record

SYSMON = "Microsoft-Windows-Sysmon"
SECURITY = "Microsoft-Windows-Security-Auditing"
WANTED = Wanted(
    windows={(SYSMON.casefold(), number): "sysmon" for number in (1, 3, 7, 11, 17)}
    | {(SECURITY.casefold(), number): "security" for number in (4624, 4688)},
    channels={},
    zeek={},
    signatures={},
)


def read_document(folder: Path, provider: str, event_id: int, **ecs: object) -> Record:
    document = {
        "@timestamp": "2024-05-01T10:00:00.123Z",
        "event": {"code": str(event_id), "created": "2024-05-01T10:00:00.456Z", "ingested": "2024-05-01T10:00:09Z"},
        "winlog": {"event_id": str(event_id), "provider_name": provider, "computer_name": "ws5.example.org", "record_id": "7"},
        **ecs,
    }
    result = read_bytes(folder, orjson.dumps(document), wanted=WANTED)
    assert (result.skips, len(result.records)) == ([], 1)
    return result.records[0]


PROCESS = {
    "executable": "C:\\x.exe",
    "pid": 12,
    "entity_id": "{G}",
    "command_line": "x.exe 1",
    "working_directory": "C:\\",
    "hash": {"md5": "aa", "sha256": "bb"},
    "pe": {"original_file_name": "y.exe"},
    "parent": {"executable": "C:\\p.exe", "pid": 11, "entity_id": "{P}", "command_line": "p.exe"},
}
USER = {"domain": "EX", "name": "ann", "id": "S-1-5-18"}


def test_sysmon_process(tmp_path: Path) -> None:
    fields = read_document(tmp_path, SYSMON, 1, process=PROCESS, user=USER).fields
    assert fields == {
        "UtcTime": "2024-05-01T10:00:00.123Z",
        "Image": "C:\\x.exe",
        "ProcessId": 12,
        "ProcessGuid": "{G}",
        "CommandLine": "x.exe 1",
        "CurrentDirectory": "C:\\",
        "OriginalFileName": "y.exe",
        "ParentImage": "C:\\p.exe",
        "ParentProcessId": 11,
        "ParentProcessGuid": "{P}",
        "ParentCommandLine": "p.exe",
        "User": "EX\\ann",
        "Hashes": "MD5=aa,SHA256=bb",
    }


@pytest.mark.parametrize(
    ("event_id", "ecs", "name", "value"),
    [
        (11, {"file": {"path": "C:\\a.exe", "name": "a.exe"}}, "TargetFilename", "C:\\a.exe"),
        (7, {"file": {"path": "C:\\a.dll", "pe": {"original_file_name": "b.dll"}}}, "ImageLoaded", "C:\\a.dll"),
        (7, {"file": {"path": "C:\\a.dll", "pe": {"original_file_name": "b.dll"}}}, "OriginalFileName", "b.dll"),
        (7, {"file": {"path": "C:\\a.dll", "hash": {"md5": "aa"}}}, "Hashes", "MD5=aa"),
        (17, {"file": {"name": "\\svcctl"}}, "PipeName", "\\svcctl"),
        (3, {"source": {"ip": "10.0.0.1", "port": 5}, "network": {"direction": "egress"}}, "SourceIp", "10.0.0.1"),
        (3, {"network": {"direction": "egress", "transport": "tcp"}}, "Initiated", "true"),
        (3, {"network": {"direction": "ingress"}}, "Initiated", "false"),
        (3, {"destination": {"ip": "10.0.0.2", "domain": "fs1"}}, "DestinationHostname", "fs1"),
        (1, {"user": {"name": "ann"}}, "User", "ann"),
    ],
)
def test_sysmon(tmp_path: Path, event_id: int, ecs: dict[str, object], name: str, value: str) -> None:
    assert read_document(tmp_path, SYSMON, event_id, **ecs).fields[name] == value


def test_security(tmp_path: Path) -> None:
    ecs: dict[str, object] = {"process": PROCESS, "source": {"ip": "10.0.0.1", "port": 50123, "domain": "WS5"}}
    logon = read_document(tmp_path, SECURITY, 4624, **ecs).fields
    assert logon == {
        "IpAddress": "10.0.0.1",
        "IpPort": 50123,
        "WorkstationName": "WS5",
        "ProcessName": "C:\\x.exe",
        "ProcessId": 12,
    }
    created = read_document(tmp_path, SECURITY, 4688, **ecs).fields
    assert created == {
        "NewProcessName": "C:\\x.exe",
        "NewProcessId": 12,
        "ParentProcessName": "C:\\p.exe",
        "ProcessId": 11,
        "CommandLine": "x.exe 1",
    }


def test_times(tmp_path: Path) -> None:
    moved = read_document(tmp_path, SYSMON, 3)
    assert (moved.created, moved.ingested) == ("2024-05-01T10:00:00.456Z", "2024-05-01T10:00:09Z")
    # Without a pipeline event.created is when the agent read the event, which may be days later.
    shipped = read_document(tmp_path, SYSMON, 3, event={"created": "2024-05-03T10:00:00Z"})
    assert (shipped.created, shipped.ingested) == ("2024-05-01T10:00:00.123Z", "2024-05-03T10:00:00Z")
    other = read_document(tmp_path, SECURITY, 4624)
    assert (other.created, "UtcTime" in other.fields) == ("2024-05-01T10:00:00.123Z", False)


def test_what_the_event_says_itself_stays(tmp_path: Path) -> None:
    winlog = {
        "event_id": 4624,
        "provider_name": SECURITY,
        "event_data": {"IpAddress": "10.0.0.9"},
    }
    fields = read_document(tmp_path, SECURITY, 4624, winlog=winlog, source={"ip": "10.0.0.1"}, process="odd").fields
    assert fields == {"IpAddress": "10.0.0.9"}
    winlog = {"event_id": 11, "provider_name": SYSMON, "event_data": {"UtcTime": "2024-05-01 10:00:00.120"}}
    assert read_document(tmp_path, SYSMON, 11, winlog=winlog, user=USER).fields == winlog["event_data"]


POWERSHELL = "Microsoft-Windows-PowerShell"
HOSTED = {"title": "ServerRemoteHost", "command_line": "wsmprovhost.exe -Embedding", "entity_id": "h"}


def read_powershell(folder: Path, provider: str, event_id: int, **ecs: object) -> dict[str, object]:
    """What the log type makes of a document."""
    document = {
        "@timestamp": "2024-05-01T10:00:00.123Z",
        "event": {"code": str(event_id), "ingested": "2024-05-01T10:00:09Z", "sequence": 9},
        "winlog": {"event_id": str(event_id), "provider_name": provider, "computer_name": "ws5.example.org", "process": {"pid": 7}},
        **ecs,
    }
    result = read_bytes(folder, orjson.dumps(document), wanted=wanted())
    assert (result.skips, len(result.records)) == ([], 1)
    [record] = result.records
    return {name: value for name, value in columns(record).items() if name in log_types()[record.log].columns}


def test_powershell_engine(tmp_path: Path) -> None:
    told = read_powershell(tmp_path, "PowerShell", 400, process=HOSTED, powershell={"engine": {"version": "5.1"}})
    assert told == {
        "host_name": "ServerRemoteHost",
        "command_line": "wsmprovhost.exe -Embedding",
        "endpoint": "wsman",
        "action": "remote session",
    }


def test_powershell_script(tmp_path: Path) -> None:
    script = {"script_block_text": "Get-Item x", "script_block_id": "f7f7a3a7-9fc0-4e60-960a-df716d95b851"}
    moved = {"sequence": 1, "total": 2, "file": script}
    told = read_powershell(tmp_path, POWERSHELL, 4104, powershell=moved, file={"path": "C:\\s.ps1"})
    assert told == {
        "text": "Get-Item x",
        "script_block": "f7f7a3a7-9fc0-4e60-960a-df716d95b851",
        "part": 1,
        "parts": 2,
        "path": "C:\\s.ps1",
        "pid": 7,
    }


@pytest.mark.parametrize("connected", [False, True], ids=["local", "remote"])
def test_powershell_command(connected: bool, tmp_path: Path) -> None:
    """Of a remote session the pipeline calls the connected account the user, and the one that it runs as the destination's."""
    users = {"user": {"domain": "CORP", "name": "client"}, "destination": {"user": USER}} if connected else {"user": USER}
    details = [
        {"type": "CommandInvocation", "related_command": "Get-Item", "value": '"Get-Item"'},
        {"type": "ParameterBinding", "related_command": "Get-Item", "name": '"Path"', "value": '"x"'},
        {"value": "odd"},
    ]
    told = read_powershell(tmp_path, POWERSHELL, 4103, process=HOSTED, powershell={"command": {"invocation_details": details}}, **users)
    assert told == {
        "text": 'CommandInvocation(Get-Item): "Get-Item"\nParameterBinding(Get-Item): name="Path"; value="x"\nodd',
        "host_name": "ServerRemoteHost",
        "command_line": "wsmprovhost.exe -Embedding",
        "user": "ann",
        "user_domain": "EX",
        "pid": 7,
    }


def test_powershell_events_as_agents_ship_them_stay(tmp_path: Path) -> None:
    winlog = {"event_id": "4104", "provider_name": POWERSHELL, "computer_name": "ws5", "event_data": {"ScriptBlockText": "own"}}
    told = read_powershell(tmp_path, POWERSHELL, 4104, winlog=winlog, powershell={"file": {"script_block_text": "other"}})
    assert told == {"text": "own"}
