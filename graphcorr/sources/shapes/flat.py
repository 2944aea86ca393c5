"""Flat Windows events: every field at the top level, as NXLog's ``to_json`` and many converters write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.errors import RecordError
from graphcorr.model.records import Record
from graphcorr.sources.json_text import decode_json
from graphcorr.sources.outcomes import read_outcome
from graphcorr.sources.positions import name_values
from graphcorr.sources.windows import event_fields, parse_event_xml, read_time, to_integer, to_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphcorr.sources.base import Context
    from graphcorr.sources.shapes.base import Row

_OUTCOMES: Final = ("Keywords", "KeywordsDisplayNames", "Keyword", "EventType", "EntryType", "Type", "Outcome", "Severity")
"""Where converters put the outcome of an audit."""
_END: Final = "</EventData>"


class FlatShape:
    """``{"EventID":…, "Hostname":…, "SourceName":…, "Channel":…, "RecordNumber":…, "EventTime":…}``.

    ``host`` is the collector, ``Hostname`` the machine. ``TimeCreated`` is passed on as it stands: converters are
    known to print local time there, with and without a false ``Z``. The event's data may also stand together: by name
    (Velociraptor's artifacts), by position (``StringInserts`` of Fluent Bit, ``EventData`` of Fluentd, ``ReplacementStrings``
    of ``Get-EventLog``), or as XML or JSON (tables of Log Analytics). ``TimeGenerated`` of the last two, and ``ts`` of
    Dissect, is the event's own time. In Graylog (``gl2_message_id``) ``source`` is the machine and ``timestamp`` that time.
    """

    name = "flat"
    keys = frozenset({"EventID"})
    header = frozenset(
        [
            *("EventID", "Channel", "EventLog", "host", "_raw"),
            *("SourceName", "ProviderName", "Provider", "Provider_Name", "EventSourceName", "Source"),
            *("Hostname", "Computer", "ComputerName", "MachineName", "gl2_message_id", "source", "timestamp"),
            *("RecordNumber", "EventRecordID", "EventRecordId"),
            *("TimeCreated", "TimeGenerated", "ts", "EventTime", "@timestamp"),
            *("EventData", "UserData", "StringInserts", "ReplacementStrings"),
            *_OUTCOMES,
        ]
    )
    """Keys that :meth:`read` looks at; the rest is the event's own data."""

    def claims(self, row: Row) -> bool:
        return row.get("EventID") is not None and row.get("_raw") is None

    def read(self, row: Row, raw: bytes, number: int, context: Context) -> Record | None:
        get = row.get
        event_id = to_integer(get("EventID"))
        if event_id is None:
            raise RecordError("EventID is not a number")
        channel = to_text(get("Channel")) or to_text(get("EventLog"))
        provider = to_text(get("SourceName")) or to_text(
            get("ProviderName") or get("Provider") or get("Provider_Name") or get("EventSourceName")
        )
        if provider is None and channel is None:
            provider = to_text(get("Source"))
        log = context.wanted.windows_log(provider, channel, event_id)
        if log is None:
            return None
        is_graylog = get("gl2_message_id") is not None
        created = read_time(get("TimeCreated") or get("TimeGenerated") or get("ts") or (get("timestamp") if is_graylog else None))
        ingested = to_text(get("@timestamp"))
        computer = to_text(get("Hostname")) or to_text(get("Computer")) or to_text(get("ComputerName") or get("MachineName"))
        collector = get("host")
        if isinstance(collector, dict):
            collector = collector.get("name")
        return Record(
            log=log,
            number=number,
            raw=raw,
            fields=own_fields(row, provider, event_id),
            computer=computer or (to_text(get("source")) if is_graylog else None),
            channel=channel,
            record_id=to_integer(get("RecordNumber", get("EventRecordID", get("EventRecordId")))),
            collector=to_text(collector),
            created=created,
            event_time=to_text(get("EventTime")),
            ingested=ingested if ingested != created else None,
            outcome=read_outcome(*map(get, _OUTCOMES)),
        )


def own_fields(row: Row, provider: str | None, event_id: int) -> Row:
    """The row, and what stands together in it by its own names; ``RecordError`` where values have no names."""
    data, values = row.get("EventData"), row.get("StringInserts") or row.get("ReplacementStrings")
    if not values and not data and not row.get("UserData"):
        return row
    values = values or data
    if isinstance(values, list):
        named = name_values(provider or "", event_id, values)
        if named is None:
            raise RecordError(f"no names known for the {len(values)} values of event {event_id} of {provider or 'an unnamed provider'}")
        return {**row, **named}
    if isinstance(data, str):
        return {**row, **fields_in_text(data)}
    return {**row, **event_fields(row)}


def fields_in_text(text: str) -> Mapping[str, object]:
    """The fields of an ``EventData`` element, which Log Analytics puts into one of its own, or of an object; none of other text."""
    if text.lstrip().startswith("{"):
        return event_fields({"EventData": decode_json(text.encode("utf-8", "replace"))})
    start, end = text.find("<EventData"), text.rfind(_END)
    if start < 0 or end < start:
        return {}
    element = text[start : end + len(_END)]
    return event_fields(parse_event_xml(f"<Event>{element}</Event>".encode("utf-8", "replace")))


SHAPE = FlatShape()
