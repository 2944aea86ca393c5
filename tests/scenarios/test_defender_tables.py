"""The chain as Defender for Endpoint tells it, in every form in which its tables leave it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import orjson
import pytest

from tests.scenarios.chain import CHAIN, COMPUTER, as_table, as_xml, report_of, tell

DEVICE: Final = {"DeviceId": "5f0c", "DeviceName": COMPUTER}
HUNTING: Final[dict[str, list[dict[str, object]]]] = {
    "DeviceFileEvents": [
        {
            "Timestamp": "2026-03-02T09:14:03.2040000Z",
            **DEVICE,
            "ActionType": "FileCreated",
            "FileName": "tool & key.exe",
            "FolderPath": "C:\\Windows\\Temp\\tool & key.exe",
            "SHA256": "ab" * 32,
            "FileSize": 4096,
            "InitiatingProcessFileName": "ntoskrnl.exe",
            "InitiatingProcessFolderPath": "",
            "InitiatingProcessId": 4,
            "InitiatingProcessAccountName": "system",
            "InitiatingProcessAccountDomain": "nt authority",
            "RequestProtocol": "Smb",
            "RequestSourceIP": "10.9.0.5",
            "RequestSourcePort": 50123,
            "RequestAccountName": "otto",
            "RequestAccountDomain": "WERK",
            "ShareName": "ADMIN$",
            "ReportId": 11,
        },
        {
            "Timestamp": "2026-03-02T09:14:05.0000000Z",
            **DEVICE,
            "ActionType": "FileModified",
            "FileName": "own.log",
            "FolderPath": "C:\\ProgramData\\own.log",
            "InitiatingProcessFileName": "own.exe",
            "InitiatingProcessFolderPath": "c:\\program files\\own\\own.exe",
            "InitiatingProcessId": 900,
            "RequestProtocol": "Local",
            "ReportId": 12,
        },
    ],
    "DeviceProcessEvents": [
        {
            "Timestamp": "2026-03-02T09:14:09.5000000Z",
            **DEVICE,
            "ActionType": "ProcessCreated",
            "FileName": "tool & key.exe",
            "FolderPath": "C:\\Windows\\Temp\\tool & key.exe",
            "SHA256": "ab" * 32,
            "ProcessId": 5120,
            "ProcessCommandLine": '"C:\\Windows\\Temp\\tool & key.exe" -q, "a;b"',
            "AccountName": "system",
            "AccountDomain": "nt authority",
            "LogonId": 999,
            "InitiatingProcessFileName": "services.exe",
            "InitiatingProcessFolderPath": "c:\\windows\\system32\\services.exe",
            "InitiatingProcessId": 700,
            "InitiatingProcessCommandLine": "services.exe",
            "ReportId": 13,
        }
    ],
    "DeviceLogonEvents": [
        {
            "Timestamp": "2026-03-02T09:14:03.1000000Z",
            **DEVICE,
            "ActionType": "LogonSuccess",
            "LogonType": "Network",
            "AccountName": "otto",
            "AccountDomain": "WERK",
            "LogonId": 5905196,
            "RemoteIP": "10.9.0.5",
            "RemotePort": 50123,
            "Protocol": "Kerberos",
            "ReportId": 14,
        }
    ],
}
"""The same chain as Defender tells it, and a file that a program of the machine itself changed."""


def as_hunting_tables(hunting: Mapping[str, list[dict[str, object]]]) -> dict[str, bytes]:
    return {f"{name}.csv": as_table([{key: str(value) for key, value in row.items()} for row in rows]) for name, rows in hunting.items()}


def as_hunting_answer(hunting: Mapping[str, list[dict[str, object]]]) -> dict[str, bytes]:
    """As the API answers a query."""
    return {
        f"{name}.json": orjson.dumps(
            {"Stats": {"ExecutionTime": 0.1}, "Schema": [{"Name": "Timestamp", "Type": "DateTime"}], "Results": rows}
        )
        for name, rows in hunting.items()
    }


def as_hunting_stream(hunting: Mapping[str, list[dict[str, object]]]) -> dict[str, bytes]:
    """As Defender streams it into storage, and, behind that, into an event hub."""
    rows = [
        {
            "time": "2026-03-02T09:20:00Z",
            "tenantId": "0d3f",
            "category": f"AdvancedHunting-{name}",
            "properties": row,
            "Tenant": "DefaultTenant",
        }
        for name, rows in hunting.items()
        for row in rows
    ]
    return {"PT1H.json": b"\n".join(map(orjson.dumps, rows[:2])), "hub.json": orjson.dumps({"records": rows[2:]})}


HUNTED: Final[dict[str, Callable[[Mapping[str, list[dict[str, object]]]], dict[str, bytes]]]] = {
    "tables": as_hunting_tables,
    "answers": as_hunting_answer,
    "streams": as_hunting_stream,
}


@pytest.mark.parametrize("form", HUNTED)
def test_the_chain_as_defender_tells_it(tmp_path: Path, form: str) -> None:
    report = report_of(tmp_path / form, HUNTED[form](HUNTING))
    assert (report.inputs.skipped, [file.reason for file in report.inputs.files if file.status != "read"]) == (0, [])
    (finding,) = report.findings
    (expected,) = report_of(tmp_path / "xml", as_xml(CHAIN)).findings
    assert tell(finding) == tell(expected)
