"""Windows events of OpenTelemetry's collector: records of its logs in OTLP, or their bodies as Elasticsearch and others keep them.

Source: the README of ``windowseventlogreceiver`` and of ``stanza``'s ``windows_eventlog_input``; ``opentelemetry/proto/common/v1``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.errors import RecordError
from graphcorr.model.records import Record
from graphcorr.sources.nesting import nested
from graphcorr.sources.outcomes import read_outcome
from graphcorr.sources.windows import parse_event_xml, read_event, to_integer, to_text, with_process, with_user

if TYPE_CHECKING:
    from graphcorr.sources.base import Context
    from graphcorr.sources.shapes.base import Row


class OpenTelemetryShape:
    """``{"event_id": {"id":…, "qualifiers":…}, "system_time":…, "channel":…, "computer":…, "event_data": {…}}``, also as a ``body``.

    The body may be the event's XML (``raw``). ``event_data`` was a list of pairs before it was an object.
    """

    name = "opentelemetry"
    keys = frozenset({"body", "event_id"})

    def claims(self, row: Row) -> bool:
        if any(row.get(key) is not None for key in ("EventID", "winlog", "_path", "@stream")):
            return False
        event = _event(row)
        return event.startswith("<Event") if isinstance(event, str) else isinstance(event.get("event_id"), dict)

    def read(self, row: Row, raw: bytes, number: int, context: Context) -> Record | None:
        event = _event(row)
        if isinstance(event, str):
            return read_event(parse_event_xml(event.encode("utf-8", "replace")), raw, number, context.wanted)
        event_id = to_integer(nested(event, "event_id", "id"))
        if event_id is None:
            raise RecordError("event_id.id is not a number")
        channel = to_text(event.get("channel"))
        log = context.wanted.windows_log(to_text(nested(event, "provider", "name")), channel, event_id)
        if log is None:
            return None
        fields = with_user(_data(event.get("event_data")) or _data(event.get("user_data")), nested(event, "security", "user_id"))
        return Record(
            log=log,
            number=number,
            raw=raw,
            fields=with_process(fields, nested(event, "execution", "process_id"), context.wanted.asked_names(event_id)),
            computer=to_text(event.get("computer")),
            channel=channel,
            record_id=to_integer(event.get("record_id")),
            created=to_text(event.get("system_time")),
            outcome=read_outcome(event.get("keywords")),
        )


def _event(row: Row) -> Row | str:
    body = plain(row.get("body"))
    if isinstance(body, dict):
        structured = body.get("structured", body.get("text"))
        return structured if isinstance(structured, dict | str) else body
    return body if isinstance(body, str) else row


def plain(value: object) -> object:
    """An ``AnyValue`` of OTLP as what it means; what is none as it is."""
    if not isinstance(value, dict) or len(value) != 1:
        return value
    ((kind, inner),) = value.items()
    if kind in ("stringValue", "boolValue", "doubleValue", "intValue", "bytesValue"):
        return inner
    values = inner.get("values", []) if isinstance(inner, dict) else None
    if kind == "arrayValue" and isinstance(values, list):
        return [plain(item) for item in values]
    if kind == "kvlistValue" and isinstance(values, list):
        return {str(pair["key"]): plain(pair.get("value")) for pair in values if isinstance(pair, dict) and "key" in pair}
    return value


def _data(value: object) -> Row:
    pairs = value.get("data", value) if isinstance(value, dict) else value
    if isinstance(pairs, list):
        return {str(name): text for pair in pairs if isinstance(pair, dict) for name, text in pair.items()}
    return dict(pairs) if isinstance(pairs, dict) else {}


SHAPE = OpenTelemetryShape()
