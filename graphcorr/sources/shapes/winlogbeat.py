"""Windows events as winlogbeat ships them: ECS (7 and later) and the older top-level fields (5 and 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.errors import RecordError
from graphcorr.model.records import Record
from graphcorr.sources.ecs import is_moved, restore_fields
from graphcorr.sources.outcomes import read_outcome
from graphcorr.sources.windows import to_integer, to_text

if TYPE_CHECKING:
    from graphcorr.sources.base import Context
    from graphcorr.sources.shapes.base import Row


class WinlogbeatShape:
    """``{"@timestamp":…, "winlog": {"event_id":…, "event_data": {…}}}``; before version 7 the same at the top level.

    ``@timestamp`` is the event's own TimeCreated here, not the time of ingest. Where an ingest pipeline went over the event
    (``event.ingested`` is there), Sysmon's UtcTime has taken its place and TimeCreated is ``event.created``.
    """

    name = "winlogbeat"
    keys = frozenset({"winlog", "event_id"})

    def claims(self, row: Row) -> bool:
        if row.get("EventID") is not None or row.get("_raw") is not None:
            return False
        if isinstance(row.get("winlog"), dict):
            return True
        return row.get("event_id") is not None and ("computer_name" in row or "log_name" in row)

    def read(self, row: Row, raw: bytes, number: int, context: Context) -> Record | None:
        inner = row.get("winlog")
        winlog = inner if isinstance(inner, dict) else row
        event_id = to_integer(winlog.get("event_id"))
        if event_id is None:
            event_id = to_integer(nested(row, "event", "code"))
        if event_id is None:
            raise RecordError("winlog.event_id is not a number")
        channel = to_text(winlog.get("channel")) or to_text(winlog.get("log_name"))
        provider = to_text(winlog.get("provider_name")) or to_text(winlog.get("source_name"))
        log = context.wanted.windows_log(provider, channel, event_id)
        if log is None:
            return None
        fields: dict[str, object] = {}
        for part in ("user_data", "event_data"):
            data = winlog.get(part)
            if isinstance(data, dict):
                fields.update(data)
        user = to_text(nested(winlog, "user", "identifier"))
        if user is not None:
            fields.setdefault("UserID", user)
        created = to_text(row.get("@timestamp"))
        read_at, ingested = to_text(nested(row, "event", "created")), to_text(nested(row, "event", "ingested"))
        restore_fields(fields, row, provider, event_id)
        if is_moved(fields, provider):
            fields["UtcTime"] = created
            created = (read_at if ingested is not None else None) or created
        return Record(
            log=log,
            number=number,
            raw=raw,
            fields=fields,
            computer=to_text(winlog.get("computer_name")),
            channel=channel,
            record_id=to_integer(winlog.get("record_id", winlog.get("record_number"))),
            collector=to_text(nested(row, "agent", "hostname"))
            or to_text(nested(row, "agent", "name"))
            or to_text(nested(row, "host", "name"))
            or to_text(nested(row, "beat", "hostname")),
            created=created,
            ingested=ingested or read_at,
            outcome=read_outcome(nested(row, "event", "outcome"), winlog.get("keywords")),
        )


def nested(row: Row, outer: str, inner: str) -> object:
    """``outer.inner``, written nested or with the dot in the key."""
    value = row.get(outer)
    return value.get(inner) if isinstance(value, dict) else row.get(f"{outer}.{inner}")


SHAPE = WinlogbeatShape()
