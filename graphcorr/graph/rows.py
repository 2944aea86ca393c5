"""Rows of Python values as tables of the graph, for the parts that are small: intelligence and findings."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from graphcorr.graph.kinds import EDGES, NODES, Type

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Value = str | int | float | bool | datetime | None

ARROW: Final[dict[Type, pa.DataType]] = {
    Type.TEXT: pa.string(),
    Type.INTEGER: pa.int64(),
    Type.NUMBER: pa.float64(),
    Type.TIME: pa.timestamp("us"),
    Type.FLAG: pa.bool_(),
}
_NODES: Final = {node.label: node for node in NODES}
_EDGES: Final = {edge.type: edge for edge in EDGES}


def write_nodes(folder: Path, label: str, rows: Sequence[Mapping[str, Value]]) -> None:
    """Write ``nodes/<label>.parquet`` as ``Store.replace`` takes it: ``id`` and any of the label's properties; no rows, no file."""
    _write(folder / "nodes" / f"{label}.parquet", {"id": Type.TEXT} | _NODES[label].properties, rows)


def write_edges(folder: Path, type_: str, source: str, target: str, rows: Sequence[Mapping[str, Value]]) -> None:
    """Write ``edges/<type>__<source>__<target>.parquet``: ``from``, ``to`` and any of the type's properties; no rows, no file."""
    edge = _EDGES[type_]
    if (source, target) not in edge.pairs:
        raise ValueError(f"{type_} is not declared from {source} to {target}")
    _write(folder / "edges" / f"{type_}__{source}__{target}.parquet", {"from": Type.TEXT, "to": Type.TEXT} | edge.properties, rows)


def _write(path: Path, columns: Mapping[str, Type], rows: Sequence[Mapping[str, Value]]) -> None:
    if not rows:
        return
    if unknown := set().union(*rows) - set(columns):
        raise ValueError(f"{path.name} has no column {min(unknown)!r}")
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = [pa.array([_naive(row.get(name)) for row in rows], ARROW[type_]) for name, type_ in columns.items()]
    pq.write_table(pa.table(arrays, names=list(columns)), path)


def _naive(value: Value) -> Value:
    """Times without zone in UTC, as both engines keep them."""
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) and value.tzinfo else value
