"""The process that wrote an event stands in its header: of PowerShell's records it is the program itself, in whatever format."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from graphcorr.logs.catalog import wanted
from tests.sources.reads import read_bytes

PROVIDER, CHANNEL = "Microsoft-Windows-PowerShell", "Microsoft-Windows-PowerShell/Operational"
TEXT = {"ScriptBlockText": "Get-Item x"}


def xml(event_id: int, provider: str, data: str) -> str:
    return (
        f"<Event xmlns='x'><System><Provider Name='{provider}'/><EventID>{event_id}</EventID>"
        "<TimeCreated SystemTime='2020-10-19T07:30:46.257Z'/><Execution ProcessID='7588' ThreadID='9'/><Computer>ws5</Computer></System>"
        f"<EventData>{data}</EventData></Event>"
    )


SYSTEM = {"EventID": 4104, "Computer": "ws5", "Channel": CHANNEL}
SYSTEM |= {"Provider": {"#attributes": {"Name": PROVIDER}}, "Execution": {"#attributes": {"ProcessID": 7588}}}
WAZUH = {"eventID": "4104", "providerName": PROVIDER, "channel": CHANNEL, "computer": "ws5", "processID": "7588"}
ROWS: dict[str, dict[str, object]] = {
    "event log": {"Event": {"System": SYSTEM, "EventData": TEXT}},
    "EvtxECmd": {
        "EventId": 4104,
        "Provider": PROVIDER,
        "Channel": CHANNEL,
        "Computer": "ws5",
        "ProcessId": 7588,
        "Payload": orjson.dumps({"EventData": {"Data": [{"@Name": "ScriptBlockText", "#text": "Get-Item x"}]}}).decode(),
    },
    "winlogbeat": {
        "@timestamp": "2020-10-19T07:30:46.257Z",
        "winlog": {
            "event_id": 4104,
            "provider_name": PROVIDER,
            "channel": CHANNEL,
            "computer_name": "ws5",
            "process": {"pid": 7588, "thread": {"id": 9}},
            "event_data": TEXT,
        },
    },
    "wazuh": {"data": {"win": {"system": WAZUH, "eventdata": {"scriptBlockText": "Get-Item x"}}}},
    "PowerShell": {
        "Id": 4104,
        "ProviderName": PROVIDER,
        "LogName": CHANNEL,
        "MachineName": "ws5",
        "ProcessId": 7588,
        "Properties": [{"Value": value} for value in (1, 1, "Get-Item x", "f7f7a3a7-9fc0-4e60-960a-df716d95b851", "")],
    },
    "flat": {"EventID": 4104, "SourceName": PROVIDER, "Hostname": "ws5", "ExecutionProcessID": 7588, **TEXT},
}


@pytest.mark.parametrize("shape", ROWS)
def test_the_process_of_the_header_is_a_scripts(shape: str, tmp_path: Path) -> None:
    result = read_bytes(tmp_path, orjson.dumps(ROWS[shape]), wanted=wanted())
    assert result.skips == []
    [record] = result.records
    assert (record.log, record.fields["ScriptBlockText"]) == ("powershell-4104", "Get-Item x")
    assert str(record.fields["ExecutionProcessID"]) == "7588"


def test_of_other_events_the_process_is_a_service_and_left_out(tmp_path: Path) -> None:
    script = xml(4104, PROVIDER, "<Data Name='ScriptBlockText'>Get-Item x</Data>")
    start = xml(1, "Microsoft-Windows-Sysmon", "<Data Name='Image'>C:\\x.exe</Data>")
    result = read_bytes(tmp_path, (script + start).encode(), wanted=wanted())
    assert [record.fields.get("ExecutionProcessID") for record in result.records] == ["7588", None]
