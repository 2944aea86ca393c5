"""Windows records as two collectors write them down: NXLog's flat JSON and winlogbeat's nested one."""

from __future__ import annotations

from typing import Final

import orjson

from graphcorr.simulate import marks
from graphcorr.simulate.estate import DNS_DOMAIN, DOMAIN, Format, Host
from graphcorr.simulate.marks import to_template
from graphcorr.simulate.records import Channel, WindowsRecord

COLLECTOR: Final = f"wec.{DNS_DOMAIN}"
_AUDIT_SUCCESS: Final = -9214364837600034816
_PLAIN: Final = -9223372036854775808


def render_windows(host: Host, record: WindowsRecord) -> bytes:
    """The template of one line, without its line end."""
    return to_template(_nxlog(host, record) if host.format is Format.NXLOG else _winlogbeat(host, record))


def _nxlog(host: Host, record: WindowsRecord) -> bytes:
    channel, provider, provider_id = record.channel.value
    security = record.channel is Channel.SECURITY
    fields = dict(record.fields)
    if not security and host.collector == 2:
        # Some NXLog set-ups lose the event's ProcessId to a header field of their own: so do half of the public datasets.
        fields.pop("ProcessId", None)
    line: dict[str, object] = {
        "Keywords": _AUDIT_SUCCESS if security else _PLAIN,
        "SeverityValue": 2,
        "Severity": "INFO",
        "EventID": record.event_id,
        "SourceName": provider,
        "ProviderGuid": provider_id,
        "Version": 5 if record.channel is Channel.SYSMON else 0,
        "Task": record.event_id,
        "Category": record.task,
        "OpcodeValue": 0,
        "Opcode": "Info",
        "ExecutionProcessID": 3392,
        "ThreadID": 5552,
        "Channel": channel,
        "Hostname": host.fqdn,
        "EventType": "AUDIT_SUCCESS" if security else "INFO",
    }
    if not security:
        line |= {"UserID": "S-1-5-18", "AccountName": "SYSTEM", "Domain": "NT AUTHORITY", "AccountType": "User"}
    line |= fields
    line |= {
        "EventTime": marks.LOCAL,
        "EventReceivedTime": marks.RECEIVED_LOCAL,
        "RecordNumber": marks.NUMBER,
        "SourceModuleName": "eventlog",
        "SourceModuleType": "im_msvistalog",
        "host": COLLECTOR,
        "port": 64545,
        "@timestamp": marks.RECEIVED,
        "@version": "1",
    }
    return orjson.dumps(line)


def _winlogbeat(host: Host, record: WindowsRecord) -> bytes:
    channel, provider, provider_id = record.channel.value
    audited: dict[str, object] = {"keywords": ["Audit Success"]} if record.channel is Channel.SECURITY else {}
    return orjson.dumps(
        {
            "@timestamp": marks.STAMP,
            "@metadata": {"beat": "winlogbeat", "type": "_doc", "version": "8.12.2"},
            "agent": {"hostname": host.name.upper(), "name": host.name.upper(), "type": "winlogbeat", "version": "8.12.2"},
            "ecs": {"version": "8.0.0"},
            "event": {
                "action": record.task,
                "code": str(record.event_id),
                "created": marks.RECEIVED,
                "kind": "event",
                "provider": provider,
            },
            "host": {"name": host.name.upper()},
            "log": {"level": "information"},
            "winlog": {
                "api": "wineventlog",
                "channel": channel,
                "computer_name": host.fqdn,
                "event_data": record.fields,
                "event_id": str(record.event_id),
                **audited,
                "opcode": "Info",
                "process": {"pid": 3392, "thread": {"id": 5552}},
                "provider_guid": provider_id,
                "provider_name": provider,
                "record_id": marks.NUMBER,
                "task": record.task,
                "user": {"domain": DOMAIN, "identifier": "S-1-5-18", "name": "SYSTEM", "type": "User"},
            },
        }
    )
