"""The statements that make LadybugDB's tables and fill them, from the declarations in ``graph/kinds.py``."""

from __future__ import annotations

import glob
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from graphcorr.errors import StoreError
from graphcorr.graph.kinds import EDGES, NODES, Edge, Node

if TYPE_CHECKING:
    from pathlib import Path


def create_tables() -> list[str]:
    """One statement for each label and edge type.

    All of them, also the ones that stay empty: a pattern that names a missing table does not bind.
    """
    return [_create_node_table(node) for node in NODES] + [_create_edge_table(edge) for edge in EDGES]


def copy_tables(tables: Path) -> list[str]:
    """One statement for each Parquet file with rows below ``tables``, nodes first.

    Columns are matched by name: a bare ``COPY`` goes by position, and then ids and names change places without a word.
    A file or column that the graph does not know, or an id column that is missing, is a ``StoreError``.
    """
    statements: list[str] = []
    expected: set[Path] = set()
    for node in NODES:
        file = tables / "nodes" / f"{node.label}.parquet"
        expected.add(file)
        if columns := _read_columns(file, ["id"], node.properties):
            statements.append(f"COPY {_quote(node.label)}({columns}) FROM ({_load(file, columns)})")
    for edge in EDGES:
        for source, target in edge.pairs:
            file = tables / "edges" / f"{edge.type}__{source}__{target}.parquet"
            expected.add(file)
            # LadybugDB takes the declared order for edges, so that a table which lacks a property cannot be loaded.
            if columns := _read_columns(file, ["from", "to", *edge.properties], edge.properties):
                statements.append(f"COPY {_quote(edge.type)} FROM ({_load(file, columns)}) (from='{source}', to='{target}')")
    if unknown := sorted(set(tables.glob("**/*.parquet")) - expected):
        raise StoreError(f"no table of the graph: {', '.join(file.relative_to(tables).as_posix() for file in unknown)}")
    return statements


def _create_node_table(node: Node) -> str:
    columns = ["`id` STRING PRIMARY KEY", *(f"{_quote(name)} {type_.value}" for name, type_ in node.properties.items())]
    return f"CREATE NODE TABLE {_quote(node.label)} ({', '.join(columns)})"


def _create_edge_table(edge: Edge) -> str:
    pairs = [f"FROM {_quote(source)} TO {_quote(target)}" for source, target in edge.pairs]
    columns = [f"{_quote(name)} {type_.value}" for name, type_ in edge.properties.items()]
    return f"CREATE REL TABLE {_quote(edge.type)} ({', '.join(pairs + columns)})"


def _read_columns(file: Path, required: list[str], properties: object) -> str | None:
    """The column list of a table file in Cypher; None when the file is absent or has no rows."""
    if not file.exists():
        return None
    assert isinstance(properties, dict)
    try:
        metadata = pq.read_metadata(file)
    except (OSError, pa.ArrowInvalid) as error:
        raise StoreError(f"{file.name} is no Parquet file: {error}") from error
    names = metadata.schema.to_arrow_schema().names
    if missing := [name for name in required if name not in names]:
        raise StoreError(f"{file.name} lacks the column {missing[0]!r}")
    if unknown := [name for name in names if name not in required and name not in properties]:
        raise StoreError(f"{file.name} has a column that the graph does not know: {unknown[0]!r}")
    if metadata.num_rows == 0:
        return None
    ordered = required + [name for name in properties if name in names and name not in required]
    return ", ".join(_quote(name) for name in ordered)


def _load(file: Path, columns: str) -> str:
    # The engine reads the name as a glob pattern: a folder called ``case [1]`` would not be found, or worse, another would.
    pattern = glob.escape(str(file.absolute())).replace("\\", "\\\\").replace("'", "\\'")
    return f"LOAD FROM '{pattern}' RETURN {columns}"


def _quote(name: str) -> str:
    return f"`{name}`"
