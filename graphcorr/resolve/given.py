"""What phase 2 finds when its tables are made: the aligned view of all events, and what is to be in the graph in any case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.engine.database import SQL_TYPES
from graphcorr.engine.tables import TEXT, TIME, Table
from graphcorr.logs.columns import EVENT_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping

EVENTS: Final[Mapping[str, str]] = {
    **{field.name: SQL_TYPES[field.type] for field in EVENT_SCHEMA if field.name not in {"input", "time"}},
    "file": TEXT,
    "member": TEXT,
    "host": TEXT,
    "logged_time": TIME,
    "time": TIME,
    "earliest": TIME,
    "latest": TIME,
}
"""Columns of the view ``events``: what was logged, with host, origin and aligned times."""

GIVEN: Final = (
    Table("events", "all events, each once, with hosts and aligned times", EVENTS, (), "", lazy=True),
    Table("kept", "events that somebody wants to see in any case", {"id": TEXT}, (), ""),
    Table("baseline", "until when all was usual, where a person says it", {"until": TIME}, (), ""),
)
