"""The Parquet tables of a part of the graph: which there have to be, which there are, and whether the graph knows their columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from graphcorr.errors import StoreError
from graphcorr.graph.kinds import EDGES, NODES, Part, Type

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of nodes of one label, or of edges of one type between two labels. ``file`` is None where there are no rows."""

    kind: str
    """The label or the type."""
    ends: tuple[str, str] | None
    """Labels that an edge leads from and to; None for nodes."""
    declared: dict[str, Type]
    """All properties, without ``id``, ``from`` and ``to``."""
    file: Path | None
    columns: tuple[str, ...]
    """What the file has of the declared properties, in the declared order."""

    @property
    def keys(self) -> tuple[str, ...]:
        return ("from", "to") if self.ends else ("id",)

    @property
    def name(self) -> str:
        return "__".join((self.kind, *(self.ends or ())))


def find_sheets(tables: Path, part: Part) -> list[Sheet]:
    """Every table of a part, nodes first, the absent and empty ones too.

    A file that no part has, a column that the graph does not know, or an id column that is missing, is a ``StoreError``.
    """
    sheets = [_read(tables, node.label, None, node.properties) for node in NODES if node.part is part]
    sheets += [_read(tables, edge.type, pair, edge.properties) for edge in EDGES if edge.part is part for pair in edge.pairs]
    known = {f"nodes/{node.label}.parquet" for node in NODES}
    known |= {f"edges/{edge.type}__{source}__{target}.parquet" for edge in EDGES for source, target in edge.pairs}
    if unknown := sorted({file.relative_to(tables).as_posix() for file in tables.glob("**/*.parquet")} - known):
        raise StoreError(f"no table of the graph: {', '.join(unknown)}")
    return sheets


def _read(tables: Path, kind: str, ends: tuple[str, str] | None, declared: dict[str, Type]) -> Sheet:
    file = tables / ("edges" if ends else "nodes") / f"{'__'.join((kind, *(ends or ())))}.parquet"
    absent = Sheet(kind, ends, declared, None, ())
    if not file.exists():
        return absent
    try:
        metadata = pq.read_metadata(file)
    except (OSError, pa.ArrowInvalid) as error:
        raise StoreError(f"{file.name} is no Parquet file: {error}") from error
    names = metadata.schema.to_arrow_schema().names
    # LadybugDB takes the declared order for edges, so that a table which lacks a property cannot be loaded.
    required = ["from", "to", *declared] if ends else ["id"]
    if missing := [name for name in required if name not in names]:
        raise StoreError(f"{file.name} lacks the column {missing[0]!r}")
    if unknown := [name for name in names if name not in required and name not in declared]:
        raise StoreError(f"{file.name} has a column that the graph does not know: {unknown[0]!r}")
    return Sheet(kind, ends, declared, file, tuple(name for name in declared if name in names)) if metadata.num_rows else absent
