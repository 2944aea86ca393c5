"""Flat Windows events: every field at the top level, as NXLog's ``to_json`` and many converters write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.errors import RecordError
from graphcorr.model import Record
from graphcorr.sources.windows import to_integer, to_text

if TYPE_CHECKING:
    from graphcorr.sources.base import Context
    from graphcorr.sources.shapes.base import Row


class FlatShape:
    """``{"EventID":…, "Hostname":…, "SourceName":…, "Channel":…, "RecordNumber":…, "EventTime":…}``.

    ``host`` is the collector, ``Hostname`` the machine. ``TimeCreated`` is passed on as it stands: converters are
    known to print local time there, with and without a false ``Z``.
    """

    name = "flat"
    keys = frozenset({"EventID"})
    header = frozenset(
        [
            "EventID",
            "Channel",
            "SourceName",
            "ProviderName",
            "TimeCreated",
            "@timestamp",
            "host",
            "Hostname",
            "Computer",
            "ComputerName",
            "RecordNumber",
            "EventRecordID",
            "EventTime",
            "_raw",
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
        channel = to_text(get("Channel"))
        log = context.wanted.windows_log(to_text(get("SourceName")) or to_text(get("ProviderName")), channel, event_id)
        if log is None:
            return None
        created = to_text(get("TimeCreated"))
        ingested = to_text(get("@timestamp"))
        collector = get("host")
        if isinstance(collector, dict):
            collector = collector.get("name")
        return Record(
            log=log,
            number=number,
            raw=raw,
            fields=row,
            computer=to_text(get("Hostname")) or to_text(get("Computer")) or to_text(get("ComputerName")),
            channel=channel,
            record_id=to_integer(get("RecordNumber", get("EventRecordID"))),
            collector=to_text(collector),
            created=created,
            event_time=to_text(get("EventTime")),
            ingested=ingested if ingested != created else None,
        )


SHAPE = FlatShape()
