"""One table of links at a time: what it has when what it needs has a few rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphcorr.engine.plan import try_table
from graphcorr.graph.project import declared, every_kind
from graphcorr.resolve.addresses import Addresses, Binding
from graphcorr.resolve.hosts import HostNames
from graphcorr.resolve.identity import Identity
from graphcorr.resolve.shares import Shares

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphcorr.engine.tables import Table

    Rows = Sequence[dict[str, Any]]

TABLES = declared(())
WHOLE = declared(every_kind())
SECOND = 1_000_000
KNOWN = Identity(
    HostNames(["t.corp"]),
    Shares({("t", "tools"): r"D:\work"}),
    Addresses({"10.0.0.5": [Binding("ws", 0, 100 * SECOND, "dhcp lease")], "10.0.0.9": [Binding("t", 0, 100 * SECOND, "its own log")]}),
    [],
)
T = {"host": "t"}


def tried(name: str, **rows: Rows) -> list[dict[str, Any]]:
    """What the table ``name`` has when what it needs has ``rows``."""
    return _try(name, TABLES, rows)


def tried_whole(name: str, **rows: Rows) -> list[dict[str, Any]]:
    """The same where every kind is whole."""
    return _try(name, WHOLE, rows)


def _try(name: str, tables: Mapping[str, Table], rows: Mapping[str, Rows]) -> list[dict[str, Any]]:
    timed = {need: [_without_times(row, tables[need].columns) for row in given] for need, given in rows.items()}
    return try_table(tables[name], tables, timed, KNOWN)


def _without_times(row: dict[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """The row without those of the three times that its table does not have."""
    return {column: value for column, value in row.items() if column in columns or column not in {"time", "earliest", "latest"}}


def at(seconds: float, *, span: float = 0) -> dict[str, Any]:
    """A moment, known to ``span`` seconds."""
    return {"time": int(seconds * SECOND), "earliest": int(seconds * SECOND), "latest": int((seconds + span) * SECOND)}


def ids(rows: Rows) -> list[str]:
    return sorted(row["id"] for row in rows)


def write(id_: str, seconds: float, **more: object) -> dict[str, Any]:
    return {"id": id_, **T, "key": "k", "path": "K", "name": "k", "rank": 1, **at(seconds), **more}


def version(id_: str = "v", seconds: float = 0, **more: object) -> dict[str, Any]:
    return {"id": id_, **T, "key": "k", **at(seconds), "last_time": int(seconds * SECOND), "write_time": int(seconds * SECOND)} | more
