"""Windows events in the event log's own structure, as evtx_dump and similar tools write them as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.sources.windows import read_event

if TYPE_CHECKING:
    from graphcorr.model.records import Record
    from graphcorr.sources.base import Context
    from graphcorr.sources.shapes.base import Row


class EventLogShape:
    """``{"Event": {"System": {…}, "EventData": {…}}}``; Velociraptor's ``parse_evtx`` leaves the ``Event`` out."""

    name = "event_log"
    keys = frozenset({"Event", "System"})

    def claims(self, row: Row) -> bool:
        if any(row.get(key) is not None for key in ("EventID", "winlog", "event_id", "_raw")):
            return False
        event = row.get("Event")
        if event is not None:
            return isinstance(event, dict) and event.get("System") is not None
        header = row.get("System")
        return isinstance(header, dict) and header.get("EventID") is not None and header.get("Channel") is not None

    def read(self, row: Row, raw: bytes, number: int, context: Context) -> Record | None:
        event = row.get("Event") or row
        assert isinstance(event, dict)  # claims() said so
        return read_event(event, raw, number, context.wanted)


SHAPE = EventLogShape()
