"""The same records as each format has them: one line a record."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

from benchmarks.damage.world import CHANNELS, SYSMON, Event, Server, windows
from graphcorr.sources.positions import LAYOUTS

if TYPE_CHECKING:
    from collections.abc import Callable


def _iso(event: Event) -> str:
    return event.time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def xml(event: Event) -> str:
    data = "".join(f"<Data Name={quoteattr(str(name))}>{escape(str(value))}</Data>" for name, value in event.data.items())
    return (
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
        f"<Provider Name={quoteattr(event.provider)}/><EventID>{event.id}</EventID><TimeCreated SystemTime='{_iso(event)}'/>"
        f"<EventRecordID>{event.record}</EventRecordID><Channel>{CHANNELS[event.provider]}</Channel>"
        f"<Computer>{event.computer}</Computer></System><EventData>{data}</EventData></Event>"
    )


def evtx_dump(event: Event) -> str:
    system = {
        "Provider": {"#attributes": {"Name": event.provider}},
        "EventID": event.id,
        "TimeCreated": {"#attributes": {"SystemTime": _iso(event)}},
        "EventRecordID": event.record,
        "Channel": CHANNELS[event.provider],
        "Computer": event.computer,
    }
    return _dump({"Event": {"System": system, "EventData": event.data}})


def winlogbeat(event: Event) -> str:
    winlog = {
        "event_id": event.id,
        "provider_name": event.provider,
        "channel": CHANNELS[event.provider],
        "computer_name": event.computer,
        "record_id": event.record,
        "event_data": event.data,
    }
    return _dump({"@timestamp": _iso(event), "winlog": winlog, "agent": {"hostname": "collector"}})


def flat(event: Event) -> str:
    header = {"EventID": event.id, "SourceName": event.provider, "Channel": CHANNELS[event.provider], "Hostname": event.computer}
    return _dump({**header, "RecordNumber": event.record, "TimeCreated": _iso(event), **event.data})


def splunk(event: Event) -> str:
    return _dump({"result": {"_raw": xml(event), "host": "indexer"}})


def wazuh(event: Event) -> str:
    system = {
        "providerName": event.provider,
        "eventID": str(event.id),
        "systemTime": _iso(event),
        "eventRecordID": str(event.record),
        "channel": CHANNELS[event.provider],
        "computer": event.computer,
    }
    data = {f"{name[:1].lower()}{name[1:]}": value for name, value in event.data.items()}
    return _dump({"agent": {"name": "collector"}, "data": {"win": {"system": system, "eventdata": data}}})


def gelf(event: Event) -> str:
    own = {"EventID": event.id, "SourceName": event.provider, "Channel": CHANNELS[event.provider], "RecordNumber": event.record}
    fields = {f"_{name}": value for name, value in {**own, **event.data}.items()}
    return _dump({"version": "1.1", "host": event.computer, "timestamp": event.time.timestamp(), "short_message": "-", **fields})


def opentelemetry(event: Event) -> str:
    body = {
        "channel": CHANNELS[event.provider],
        "computer": event.computer,
        "event_id": {"id": event.id, "qualifiers": 0},
        "provider": {"name": event.provider},
        "record_id": event.record,
        "system_time": _iso(event),
        "event_data": event.data,
    }
    return _dump({"timeUnixNano": "0", "body": _any_value(body)})


def _any_value(value: object) -> dict[str, object]:
    """As OTLP has it in JSON."""
    if isinstance(value, dict):
        return {"kvlistValue": {"values": [{"key": name, "value": _any_value(item)} for name, item in value.items()]}}
    if isinstance(value, list):
        return {"arrayValue": {"values": [_any_value(item) for item in value]}}
    kinds = {bool: "boolValue", int: "intValue", float: "doubleValue"}
    return {kinds.get(type(value), "stringValue"): str(value) if type(value) is int else value}


def evtxecmd(event: Event) -> str:
    payload = _dump({"EventData": {"Data": [{"@Name": name, "#text": value} for name, value in event.data.items()]}})
    header = {"EventId": event.id, "Provider": event.provider, "Channel": CHANNELS[event.provider], "Computer": event.computer}
    return _dump({**header, "EventRecordId": str(event.record), "TimeCreated": _iso(event), "Payload": payload})


def powershell(event: Event) -> str:
    names = LAYOUTS[event.provider.lower(), event.id][0].split()
    values = [event.data.get(name, "-") for name in names]
    row: dict[str, object] = {"Id": event.id, "ProviderName": event.provider, "LogName": CHANNELS[event.provider]}
    if event.provider == SYSMON:
        row["Message"] = "\r\n".join(["Something:", *(f"{name}: {value}" for name, value in event.data.items())])
    row |= {"MachineName": event.computer, "RecordId": event.record, "TimeCreated": f"/Date({int(event.time.timestamp() * 1000)})/"}
    return _dump({**row, "Properties": [{"Value": value} for value in values]})


def zeek_json(event: Event) -> str:
    return _dump({"_path": event.log, "ts": event.time.timestamp(), **event.data})


def eve(event: Event) -> str:
    return _dump({"timestamp": _iso(event), "event_type": "flow", **event.data})


def zeek_tsv(event: Event) -> str:
    values = (event.time.timestamp(), *event.data.values())
    return "\t".join(
        {True: "T", False: "F"}.get(value, _escaped(value)) if isinstance(value, bool) else _escaped(value) for value in values
    )


def zeek_header(event: Event) -> str:
    names = "\t".join(("ts", *event.data))
    return f"#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t{event.log}\n#fields\t{names}\n"


def evtxecmd_csv(event: Event) -> str:
    return _cells([_text(value) for value in json.loads(evtxecmd(event)).values()])


def evtxecmd_header(_: Event) -> str:
    return "EventId,Provider,Channel,Computer,EventRecordId,TimeCreated,Payload\n"


_DATA: Final = tuple(dict.fromkeys(name for event in windows(Server(0)) for name in event.data))
"""Every field of the made-up events, a column each."""


def sentinel(event: Event) -> str:
    header = (_iso(event), event.computer, event.provider, CHANNELS[event.provider], event.id, event.record)
    return _cells([*map(_text, header), *(_text(event.data.get(name)) for name in _DATA)])


def sentinel_header(_: Event) -> str:
    return _cells(["TimeGenerated [UTC]", "Computer", "EventSourceName", "Channel", "EventID", "EventRecordId", *_DATA]) + "\n"


def as_it_is(event: Event) -> str:
    """Rows of products that have their own time among their fields."""
    return _dump(event.data)


def _cells(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()


def _text(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else _dump(value)


def _escaped(value: object) -> str:
    return str(value).replace("\\", "\\\\")


WINDOWS: Final[dict[str, Callable[[Event], str]]] = {
    "xml": xml,
    "evtx_dump": evtx_dump,
    "winlogbeat": winlogbeat,
    "flat": flat,
    "splunk": splunk,
    "wazuh": wazuh,
    "gelf": gelf,
    "opentelemetry": opentelemetry,
    "evtxecmd": evtxecmd,
    "powershell": powershell,
    "evtxecmd_csv": evtxecmd_csv,
    "sentinel": sentinel,
}
WIRE: Final[dict[str, Callable[[Event], str]]] = {"zeek_json": zeek_json, "zeek_tsv": zeek_tsv}
FLOWS: Final[dict[str, Callable[[Event], str]]] = {"eve": eve}
PRODUCTS: Final[dict[str, Callable[[Event], str]]] = {"defender": as_it_is, "ocsf": as_it_is}
"""Those that tell of the machine as Windows does."""
TABLES: Final = ("evtxecmd_csv", "sentinel")
HEADERS: Final[dict[str, Callable[[Event], str]]] = {"zeek_tsv": zeek_header, "evtxecmd_csv": evtxecmd_header, "sentinel": sentinel_header}
"""What stands before the records of a format."""
