"""The statements that make LadybugDB's tables and fill them, from the declarations in ``graph/kinds.py``."""

from __future__ import annotations

import glob
from typing import TYPE_CHECKING, Final

from graphcorr.graph.kinds import EDGES, NODES, Edge, Node, Part
from graphcorr.store.sheets import find_sheets

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from graphcorr.store.base import Made


MARK: Final = "GraphcorrCase"
"""Label of the one node that says how a graph was made, and on a server whose it is."""


def create_tables(filled: Collection[str] | None = None) -> list[str]:
    """One statement for each label and edge type.

    All of them, also the ones that stay empty: a pattern that names a missing table does not bind. Events of labels that are not
    ``filled`` get no index of their ids, which takes 3 MiB of memory with rows and without.
    """
    empty = [] if filled is None else [node for node in NODES if node.part is Part.EVENTS and node.label not in filled]
    others = [node for node in NODES if node not in empty]
    made = [_create_node_table(node) for node in empty]
    unindexed = ["CALL enable_default_hash_index = false", *made, "CALL enable_default_hash_index = true"] if made else []
    return [*unindexed, *map(_create_node_table, others), *map(_create_edge_table, EDGES)]


def filled_labels(tables: Path) -> set[str]:
    """Labels of events that have rows below ``tables``."""
    return {sheet.kind for sheet in find_sheets(tables, Part.EVENTS) if sheet.ends is None and sheet.file is not None}


def create_mark() -> str:
    """The table of the one node that says how the graph was made."""
    return f"CREATE NODE TABLE IF NOT EXISTS {_quote(MARK)} (`key` STRING PRIMARY KEY, `generation` STRING, `full` BOOLEAN)"


def set_mark(made: Made) -> list[str]:
    """The statements that say it. Names of generations are our own."""
    generation = f"'{made.generation}'" if made.generation is not None else "NULL"
    values = f"key: 'case', generation: {generation}, full: {str(made.full).lower()}"
    return [f"MATCH (c:{_quote(MARK)}) DELETE c", f"CREATE (:{_quote(MARK)} {{{values}}})"]


def empty_tables(part: Part) -> list[str]:
    """The statements that take everything of a part out of the graph, with the edges of other parts to its nodes."""
    edges = [f"MATCH ()-[e:{_quote(edge.type)}]->() DELETE e" for edge in EDGES if edge.part is part]
    return edges + [f"MATCH (n:{_quote(node.label)}) DETACH DELETE n" for node in NODES if node.part is part]


def copy_tables(tables: Path, part: Part = Part.EVENTS) -> list[str]:
    """One statement for each Parquet file of a part with rows below ``tables``, nodes first.

    Columns are matched by name: a bare ``COPY`` goes by position, and then ids and names change places without a word.
    """
    statements: list[str] = []
    for sheet in find_sheets(tables, part):
        if sheet.file is None:
            continue
        columns = ", ".join(_quote(name) for name in (*sheet.keys, *sheet.columns))
        if sheet.ends is None:
            statements.append(f"COPY {_quote(sheet.kind)}({columns}) FROM ({_load(sheet.file, columns)})")
        else:
            source, target = sheet.ends
            statements.append(f"COPY {_quote(sheet.kind)} FROM ({_load(sheet.file, columns)}) (from='{source}', to='{target}')")
    return statements


def _create_node_table(node: Node) -> str:
    columns = ["`id` STRING PRIMARY KEY", *(f"{_quote(name)} {type_.value}" for name, type_ in node.properties.items())]
    return f"CREATE NODE TABLE {_quote(node.label)} ({', '.join(columns)})"


def _create_edge_table(edge: Edge) -> str:
    pairs = [f"FROM {_quote(source)} TO {_quote(target)}" for source, target in edge.pairs]
    columns = [f"{_quote(name)} {type_.value}" for name, type_ in edge.properties.items()]
    return f"CREATE REL TABLE {_quote(edge.type)} ({', '.join(pairs + columns)})"


def _load(file: Path, columns: str) -> str:
    # The engine reads the name as a glob pattern: a folder called ``case [1]`` would not be found, or worse, another would.
    pattern = glob.escape(str(file.absolute())).replace("\\", "\\\\").replace("'", "\\'")
    return f"LOAD FROM '{pattern}' RETURN {columns}"


def _quote(name: str) -> str:
    return f"`{name}`"
