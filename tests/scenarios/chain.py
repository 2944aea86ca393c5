"""One chain as every input that responders have tells it, for tests that it is one finding."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

import orjson

from graphcorr.model.findings import Finding
from graphcorr.model.progress import Silent
from graphcorr.model.report import Report
from graphcorr.service.hunting import HuntOptions, hunt
from tests.settings import own_settings

SYSMON: Final = ("Microsoft-Windows-Sysmon", "Microsoft-Windows-Sysmon/Operational")
SECURITY: Final = ("Microsoft-Windows-Security-Auditing", "Security")
SYSTEM: Final = ("Service Control Manager", "System")
COMPUTER: Final = "pump.werk.example"
SUCCESS: Final = "0x8020000000000000"


class Event(NamedTuple):
    number: int
    log: tuple[str, str]
    id: int
    time: str
    """With seven digits, as Windows counts."""
    data: Mapping[str, str]

    @property
    def keywords(self) -> str:
        return SUCCESS if self.log is SECURITY else "0x8000000000000000"


CHAIN: Final = (
    Event(
        40,
        SECURITY,
        4624,
        "2026-03-02 09:14:03.1002000",
        {
            "SubjectUserSid": "S-1-0-0",
            "SubjectLogonId": "0x0",
            "TargetUserName": "otto",
            "TargetDomainName": "WERK",
            "TargetLogonId": "0x5a1b2c",
            "LogonType": "3",
            "AuthenticationPackageName": "Kerberos",
            "IpAddress": "10.9.0.5",
            "IpPort": "50123",
        },
    ),
    Event(
        41,
        SECURITY,
        5145,
        "2026-03-02 09:14:03.2000000",
        {
            "SubjectUserName": "otto",
            "SubjectDomainName": "WERK",
            "SubjectLogonId": "0x5a1b2c",
            "ObjectType": "File",
            "IpAddress": "10.9.0.5",
            "IpPort": "50123",
            "ShareName": "\\\\*\\ADMIN$",
            "ShareLocalPath": "\\??\\C:\\Windows",
            "RelativeTargetName": "Temp\\tool & key.exe",
            "AccessMask": "0x120196",
        },
    ),
    Event(
        8,
        SYSMON,
        11,
        "2026-03-02 09:14:03.2051234",
        {
            "UtcTime": "2026-03-02 09:14:03.204",
            "Image": "System",
            "ProcessId": "4",
            "TargetFilename": "C:\\Windows\\Temp\\tool & key.exe",
            "CreationUtcTime": "2026-03-02 09:14:03.204",
        },
    ),
    Event(
        9,
        SYSMON,
        1,
        "2026-03-02 09:14:09.5051234",
        {
            "UtcTime": "2026-03-02 09:14:09.500",
            "ProcessGuid": "{0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9}",
            "ProcessId": "5120",
            "Image": "C:\\Windows\\Temp\\tool & key.exe",
            "CommandLine": '"C:\\Windows\\Temp\\tool & key.exe" -q, "a;b"',
            "CurrentDirectory": "C:\\Windows\\system32\\",
            "User": "NT AUTHORITY\\SYSTEM",
            "LogonId": "0x3e7",
            "ParentImage": "C:\\Windows\\System32\\services.exe",
            "ParentProcessId": "700",
        },
    ),
)


def as_xml(events: tuple[Event, ...]) -> dict[str, bytes]:
    found = []
    for event in events:
        data = "".join(f"<Data Name={quoteattr(name)}>{escape(value)}</Data>" for name, value in event.data.items())
        found.append(
            "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
            f"<Provider Name='{event.log[0]}'/><EventID>{event.id}</EventID><Keywords>{event.keywords}</Keywords>"
            f"<TimeCreated SystemTime='{event.time.replace(' ', 'T')}Z'/><EventRecordID>{event.number}</EventRecordID>"
            f"<Channel>{event.log[1]}</Channel><Computer>{COMPUTER}</Computer></System><EventData>{data}</EventData></Event>"
        )
    return {"all.xml": "\n".join(["<Events>", *found, "</Events>"]).encode()}


def as_dump(events: tuple[Event, ...]) -> dict[str, bytes]:
    """As ``evtx_dump`` and the library of that name have it."""
    rows = [
        {
            "Event": {
                "System": {
                    "Provider": {"#attributes": {"Name": event.log[0]}},
                    "EventID": event.id,
                    "Keywords": event.keywords,
                    "TimeCreated": {"#attributes": {"SystemTime": event.time.replace(" ", "T")[:-1] + "Z"}},
                    "EventRecordID": event.number,
                    "Channel": event.log[1],
                    "Computer": COMPUTER,
                },
                "EventData": dict(event.data),
            }
        }
        for event in events
    ]
    return {"all.jsonl": b"\n".join(map(orjson.dumps, rows))}


def as_winlogbeat(events: tuple[Event, ...]) -> dict[str, bytes]:
    rows = [
        {
            "@timestamp": event.time.replace(" ", "T")[:-1] + "Z",
            "winlog": {
                "provider_name": event.log[0],
                "channel": event.log[1],
                "event_id": event.id,
                "record_id": event.number,
                "computer_name": COMPUTER,
                "keywords": ["Audit Success"] if event.log is SECURITY else [],
                "event_data": dict(event.data),
            },
        }
        for event in events
    ]
    return {"all.jsonl": b"\n".join(map(orjson.dumps, rows))}


def payload(data: Mapping[str, object]) -> str:
    return orjson.dumps({"EventData": {"Data": [{"@Name": name, "#text": str(value)} for name, value in data.items()]}}).decode()


def evtxecmd_rows(events: tuple[Event, ...]) -> list[dict[str, str]]:
    return [
        {
            "RecordNumber": str(place),
            "EventRecordId": str(event.number),
            "TimeCreated": event.time,
            "EventId": str(event.id),
            "Level": "LogAlways",
            "Provider": event.log[0],
            "Channel": event.log[1],
            "ProcessId": "4",
            "ThreadId": "92",
            "Computer": COMPUTER,
            "ChunkNumber": "0",
            "UserId": "S-1-5-18",
            "MapDescription": "A network share object was checked",
            "UserName": "WERK\\otto",
            "RemoteHost": "- (10.9.0.5)",
            "PayloadData1": "Target: ADMIN$",
            "HiddenRecord": "False",
            "SourceFile": "C:\\t\\Security.evtx",
            "Keywords": "Audit success" if event.log is SECURITY else "0x8000000000000000",
            "ExtraDataOffset": "0",
            "Payload": orjson.dumps(
                {"EventData": {"Data": [{"@Name": name, "#text": text} for name, text in event.data.items()]}}
            ).decode(),
        }
        for place, event in enumerate(events, 1)
    ]


def as_table(rows: list[dict[str, str]], separator: str = ",") -> bytes:
    columns = dict.fromkeys(name for row in rows for name in row)
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_evtxecmd(events: tuple[Event, ...]) -> dict[str, bytes]:
    return {"all.json": b"\n".join(map(orjson.dumps, evtxecmd_rows(events)))}


def as_evtxecmd_table(events: tuple[Event, ...]) -> dict[str, bytes]:
    return {"20260302101010_EvtxECmd_Output.csv": b"\xef\xbb\xbf" + as_table(evtxecmd_rows(events))}


def as_utf16_table(events: tuple[Event, ...]) -> dict[str, bytes]:
    return {"all.csv": as_table(evtxecmd_rows(events), ";").decode().encode("utf-16")}


def as_sentinel(events: tuple[Event, ...]) -> dict[str, bytes]:
    """The tables SecurityEvent, with a column for each field, and Event, with the data as XML."""
    security = [
        {
            "TimeGenerated [UTC]": event.time.replace(" ", "T") + "Z",
            "Account": "WERK\\otto",
            "AccountType": "User",
            "Computer": COMPUTER,
            "EventSourceName": event.log[0],
            "Channel": event.log[1],
            "EventID": str(event.id),
            "EventRecordId": str(event.number),
            "Keywords": event.keywords,
            **event.data,
            "Type": "SecurityEvent",
        }
        for event in events
        if event.log is SECURITY
    ]
    others = []
    for event in events:
        if event.log is not SECURITY:
            data = "".join(f"<Data Name={quoteattr(name)}>{escape(value)}</Data>" for name, value in event.data.items())
            others.append(
                {
                    "TimeGenerated [UTC]": event.time.replace(" ", "T") + "Z",
                    "Source": event.log[0],
                    "EventLog": event.log[1],
                    "Computer": COMPUTER,
                    "EventID": str(event.id),
                    "EventData": f'<DataItem type="System.XmlData" time="2026-03-02"><EventData xmlns="x">{data}</EventData></DataItem>',
                    "Type": "Event",
                }
            )
    return {"SecurityEvent.csv": as_table(security), "Event.csv": as_table(others)}


NUMBERED: Final[dict[str, Callable[[tuple[Event, ...]], dict[str, bytes]]]] = {
    "xml": as_xml,
    "evtx_dump": as_dump,
    "winlogbeat": as_winlogbeat,
    "evtxecmd json": as_evtxecmd,
    "evtxecmd csv": as_evtxecmd_table,
    "evtxecmd csv in utf-16": as_utf16_table,
}
OTHERS: Final[dict[str, Callable[[tuple[Event, ...]], dict[str, bytes]]]] = {"sentinel": as_sentinel}


def report_of(folder: Path, contents: Mapping[str, bytes]) -> Report:
    folder.mkdir(exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return hunt(HuntOptions(paths=(str(folder),), ephemeral=True), own_settings(), Silent())


def tell(finding: Finding) -> tuple[object, ...]:
    """What a finding says, whatever it was read from."""
    return (
        finding.file,
        finding.write_time,
        finding.execution_time,
        finding.execution,
        finding.source and (finding.source.host, finding.source.address),
        (finding.target.host, finding.account, finding.movement, finding.started_by),
        (finding.pattern, finding.confidence, finding.basis, finding.level),
    )
