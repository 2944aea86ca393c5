"""Windows events as winlogbeat ships them: ECS (7 and later) and the older top-level fields (5 and 6), which Vector's are like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.errors import RecordError
from graphcorr.model.records import Record
from graphcorr.sources.ecs import is_moved, restore_fields
from graphcorr.sources.nesting import nested
from graphcorr.sources.outcomes import read_outcome
from graphcorr.sources.windows import parse_event_xml, read_event, read_time, to_integer, to_text, with_process, with_user

if TYPE_CHECKING:
    from graphcorr.sources.base import Context
    from graphcorr.sources.shapes.base import Row

_COLLECTORS: Final = (("agent", "hostname"), ("agent", "name"), ("host", "name"), ("beat", "hostname"))


class WinlogbeatShape:
    """``{"@timestamp":…, "winlog": {"event_id":…, "event_data": {…}}}``; before version 7 the same at the top level.

    ``@timestamp`` is the event's own TimeCreated here, not the time of ingest. Where an ingest pipeline went over the event
    (``event.ingested`` is there), Sysmon's UtcTime has taken its place and TimeCreated is ``event.created``. Vector writes ``timestamp``.
    """

    name = "winlogbeat"
    keys = frozenset({"winlog", "event_id"})

    def claims(self, row: Row) -> bool:
        if row.get("EventID") is not None or row.get("_raw") is not None:
            return False
        if isinstance(row.get("winlog"), dict):
            return True
        if not isinstance(row.get("event_id"), int | str):
            return False
        return "computer_name" in row or "log_name" in row or ("channel" in row and isinstance(row.get("event_data"), dict))

    def read(self, row: Row, raw: bytes, number: int, context: Context) -> Record | None:
        inner = row.get("winlog")
        winlog = inner if isinstance(inner, dict) else row
        event_id = to_integer(first(winlog, "event_id", "eventID"))
        if event_id is None:
            event_id = to_integer(nested(row, "event", "code"))
        if event_id is None:
            raise RecordError("winlog.event_id is not a number")
        channel = to_text(winlog.get("channel")) or to_text(winlog.get("log_name"))
        provider = to_text(first(winlog, "provider_name", "source_name", "providerName"))
        log = context.wanted.windows_log(provider, channel, event_id)
        if log is None:
            return None
        collector = next((name for outer, inner in _COLLECTORS if (name := to_text(nested(row, outer, inner))) is not None), None)
        read_at, ingested = to_text(nested(row, "event", "created")), to_text(nested(row, "event", "ingested"))
        original = nested(row, "event", "original")
        if isinstance(original, str) and original.startswith("<Event"):
            # What pipelines renamed and dropped is still in it.
            record = read_event(parse_event_xml(original.encode("utf-8", "replace")), raw, number, context.wanted)
            if record is not None:
                record.collector, record.ingested = collector, ingested or read_at
            return record
        fields: dict[str, object] = {}
        for part in ("user_data", "event_data"):
            data = winlog.get(part)
            if isinstance(data, dict):
                fields.update(data)
        with_user(fields, nested(winlog, "user", "identifier") or winlog.get("user_id"))
        with_process(fields, nested(winlog, "process", "pid") or winlog.get("process_id"), context.wanted.asked_names(event_id))
        # Wazuh's events, as Security Onion holds them, keep the event's own time, and @timestamp is when the manager got them.
        created = to_text(winlog.get("systemTime")) or read_time(first(row, "@timestamp", "timestamp"))
        restore_fields(fields, row, provider, event_id)
        if is_moved(fields, provider):
            fields["UtcTime"] = created
            created = (read_at if ingested is not None else None) or created
        return Record(
            log=log,
            number=number,
            raw=raw,
            fields=fields,
            # host.name is the machine that forwarded it as often as not.
            computer=to_text(first(winlog, "computer_name", "computer")),
            channel=channel,
            record_id=to_integer(first(winlog, "record_id", "record_number", "eventRecordID")),
            collector=collector,
            created=created,
            ingested=ingested or read_at,
            outcome=read_outcome(nested(row, "event", "outcome"), *map(winlog.get, ("keywords", "outcome", "severityValue", "type"))),
        )


def first(row: Row, *names: str) -> object:
    """The first of these that says something."""
    return next((value for name in names if (value := row.get(name)) not in (None, "", "-")), None)


SHAPE = WinlogbeatShape()
