"""Windows events in the event log's own structure, as evtx_dump and similar tools write them as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.sources.windows import read_event

if TYPE_CHECKING:
    from graphcorr.model import Record
    from graphcorr.sources.base import Context
    from graphcorr.sources.shapes.base import Row


class EventLogShape:
    """``{"Event": {"System": {…}, "EventData": {…}}}``."""

    name = "event_log"
    keys = frozenset({"Event"})

    def claims(self, row: Row) -> bool:
        event = row.get("Event")
        return isinstance(event, dict) and event.get("System") is not None and row.get("EventID") is None and row.get("_raw") is None

    def read(self, row: Row, raw: bytes, number: int, context: Context) -> Record | None:
        event = row["Event"]
        assert isinstance(event, dict)  # claims() said so
        return read_event(event, raw, number, context.wanted)


SHAPE = EventLogShape()
