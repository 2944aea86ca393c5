"""The graph of a generation, bounded: one node, its neighbors grouped and by pages, entities, and free Cypher to read."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
from msgspec import Meta

from graphcorr.case.findings import read_edges
from graphcorr.case.folder import Folder, read_about
from graphcorr.case.reader import open_reader
from graphcorr.errors import NotFoundError, StoreError, UsageError
from graphcorr.graph.kinds import EDGES, NODES
from graphcorr.service.messages import Question
from graphcorr.service.pages import CursorText, Limit, Page, read_cursor, write_cursor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from graphcorr.case.findings import EdgeKind
    from graphcorr.graph.kinds import Edge, Node
    from graphcorr.service.engines import Engines
    from graphcorr.settings import Settings
    from graphcorr.store.base import Row

ENTITIES: Final = {"accounts": "Account", "addresses": "Address", "files": "File", "shares": "Share"}
"""What is listed by itself, by label."""
_NODES: Final = {node.label: node for node in NODES}
_EDGES: Final = {edge.type: edge for edge in EDGES}
NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
_MOST_ROWS: Final = 2000
_MOST_EDGES: Final = 1000

Direction = Literal["in", "out"]


class Group(msgspec.Struct, frozen=True, order=True):
    """The neighbors that one kind of edge leads to, or comes from."""

    edge: str
    direction: Direction
    label: str
    count: int
    """Edges; several may lead to one neighbor."""
    first: str | None
    """Of events: the first and last of them."""
    last: str | None


class NodeShown(msgspec.Struct, frozen=True):
    """A node with what is around it, counted."""

    generation: str
    label: str
    id: str
    properties: dict[str, object]
    neighbors: list[Group]


class Neighbor(msgspec.Struct, frozen=True):
    """A node at the other end of edges of one kind."""

    label: str
    id: str
    properties: dict[str, object]
    edges: list[dict[str, object]]
    """The properties of each edge to it; a page has at most 1,000 of them."""
    count: int
    """Edges to it."""


class NeighborsAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which neighbors: one group of them."""

    edge: Annotated[str, Meta(min_length=1, max_length=64, description="The kind of edge.")]
    direction: Annotated[Direction, Meta(description="`out` is the direction in which the edge is drawn.")]
    label: Annotated[str, Meta(min_length=1, max_length=64, description="The neighbors' label.")]
    limit: Limit = 50
    cursor: CursorText | None = None


class EntitiesAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which entities."""

    q: Annotated[str, Meta(min_length=1, max_length=1024, description="A part of the id.")] | None = None
    limit: Limit = 50
    cursor: CursorText | None = None


class Entity(msgspec.Struct, frozen=True):
    """A node of the graph, and the events of the graph that name it; of a file those that name one of its versions."""

    label: str
    id: str
    properties: dict[str, object]
    count: int
    """Events."""
    first: str | None
    last: str | None


class CypherAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A read query."""

    query: Annotated[str, Meta(min_length=1, max_length=20_000)]


class Table(msgspec.Struct, frozen=True):
    """Rows as the engine gave them."""

    generation: str
    columns: list[str]
    rows: list[list[object]]
    truncated: bool
    """There are more rows."""


@dataclass(frozen=True, slots=True)
class Graph:
    """A generation's graph, wherever it is kept."""

    folder: Path
    generation: str
    settings: Settings
    engines: Engines
    embedded: bool
    edges: frozenset[EdgeKind] | None = None
    """The kinds that it has any of, where that is known."""

    def has(self, edge: str, source: str, target: str) -> bool:
        """Whether it may have such edges: to ask for those that it has none of takes as long as for others."""
        return self.edges is None or (edge, source, target) in self.edges

    def ask(self, cypher: str, params: Mapping[str, object] = NOTHING, most: int = _MOST_ROWS) -> list[Row]:
        """At most ``most`` rows and one more, which says that there are."""
        if self.embedded:
            return self.engines.ask(self.folder, self.generation, cypher, params, most)
        if self.settings.store is None:
            raise StoreError("this graph is kept in another store, and the server was not told which: graphcorr serve --store URL")
        # A server that asks engines in processes of their own needs none of this.
        from graphcorr.service.asker import ask as ask_store
        from graphcorr.store.open import open_store

        store = open_store(self.settings.store, read_about(Folder(self.folder)).id, self.settings.neo4j)
        try:
            rows = ask_store(store, Question(0, cypher, dict(params), most), self.generation)
            # Rows that came one by one are of this generation if the graph is so still: it never comes back.
            store.query("RETURN 1 AS one", generation=self.generation)
            return rows
        finally:
            store.close()


@contextmanager
def open_graph(folder: Path, settings: Settings, engines: Engines) -> Iterator[Graph]:
    """The current one, which stays until this ends. ``NotDetectedError`` where nothing was looked for yet."""
    with open_reader(folder) as case:
        if case.generation is None:
            raise UsageError("the case is of an earlier layout: run a detection in it once")
        generation = case.generation
        yield Graph(folder, generation.name, settings, engines, generation.graph.exists(), read_edges(generation.findings))


def show_node(graph: Graph, label: str, id_: str) -> NodeShown:
    """``NotFoundError`` where there is no such node."""
    node = _node(label)
    found = graph.ask(f"MATCH (n:`{label}` {{id: $id}}) RETURN {_columns('n', node)}", {"id": id_})
    if not found:
        raise NotFoundError(f"there is no {label} {id_[:255]!r}")
    groups = sorted(_groups(graph, label, id_))
    return NodeShown(graph.generation, label, id_, _filled(found[0]), groups)


def _groups(graph: Graph, label: str, id_: str) -> Iterator[Group]:
    """Counted in one question each for events and others: only events have a time."""
    for is_event in (True, False):
        parts = []
        for edge in EDGES:
            for direction, other in _others(edge, label):
                if _NODES[other].event is is_event and _is_there(graph, edge, direction, label, other):
                    times = ", min(m.time) AS first, max(m.time) AS last" if is_event else ""
                    told = f"'{edge.type}' AS edge, '{direction}' AS direction, '{other}' AS label, count(r) AS edges{times}"
                    parts.append(f"{_match(label, edge.type, direction, other)} RETURN {told}")
        if parts:
            for row in graph.ask(" UNION ALL ".join(parts), {"id": id_}):
                if row["edges"]:
                    yield msgspec.convert({"first": None, "last": None, **row, "count": row["edges"]}, Group)


def list_neighbors(graph: Graph, label: str, id_: str, asked: NeighborsAsked) -> Page[Neighbor]:
    """A page of one group of neighbors, in the order of their ids."""
    _node(label)
    edge = _EDGES.get(asked.edge)
    if edge is None or (asked.direction, asked.label) not in set(_others(edge, label)):
        raise UsageError(f"no {asked.edge} leads {asked.direction} from a {label} to a {asked.label}")
    if not graph.ask(f"MATCH (n:`{label}` {{id: $id}}) RETURN n.id AS id", {"id": id_}):
        raise NotFoundError(f"there is no {label} {id_[:255]!r}")
    match = _match(label, asked.edge, asked.direction, asked.label)
    after = read_cursor(asked.cursor, graph.generation, asked, (str,))
    params: dict[str, object] = {"id": id_, **({"after": after[0]} if after is not None else {})}
    behind = " WHERE m.id > $after" if after is not None else ""
    [total] = graph.ask(f"{match} RETURN count(DISTINCT m) AS nodes", {"id": id_})
    rows = graph.ask(f"{match}{behind} RETURN m.id AS id, count(r) AS edges ORDER BY m.id LIMIT {asked.limit + 1}", params)
    shown = rows[: asked.limit]
    ids = [row["id"] for row in shown]
    nodes = {row["id"]: row for row in _nodes(graph, asked.label, ids)}
    told: dict[object, list[dict[str, object]]] = {}
    if edge.properties and ids:
        columns = ", ".join(f"r.`{name}` AS `{name}`" for name in edge.properties)
        last = f" WHERE m.id <= $last{' AND m.id > $after' if after is not None else ''}"
        found = graph.ask(f"{match}{last} RETURN m.id AS id, {columns} ORDER BY m.id LIMIT {_MOST_EDGES}", params | {"last": ids[-1]})
        for row in found:
            told.setdefault(row.pop("id"), []).append(row)
    items = [
        Neighbor(asked.label, str(row["id"]), _filled(nodes.get(row["id"], {})), told.get(row["id"], []), _number(row["edges"]))
        for row in shown
    ]
    following = write_cursor(graph.generation, asked, (items[-1].id,)) if len(rows) > asked.limit else None
    return Page(generation=graph.generation, total=_number(total["nodes"]), items=items, next=following)


def list_entities(graph: Graph, kind: str, asked: EntitiesAsked) -> Page[Entity]:
    """Nodes of one label in the order of their ids."""
    label = ENTITIES[kind]
    after = read_cursor(asked.cursor, graph.generation, asked, (str,))
    wanted: dict[str, object] = {"q": asked.q.lower()} if asked.q is not None else {}
    conditions = ["toLower(n.id) CONTAINS $q"] if wanted else []
    where = f" WHERE {conditions[0]}" if conditions else ""
    [total] = graph.ask(f"MATCH (n:`{label}`){where} RETURN count(n) AS nodes", wanted)
    if after is not None:
        conditions.append("n.id > $after")
        wanted["after"] = str(after[0])
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    rows = graph.ask(f"MATCH (n:`{label}`){where} RETURN {_columns('n', _NODES[label])} ORDER BY n.id LIMIT {asked.limit + 1}", wanted)
    shown = rows[: asked.limit]
    told = _count_events(graph, label, [row["id"] for row in shown])
    items = [Entity(label, str(row["id"]), _filled(row), *told.get(row["id"], (0, None, None))) for row in shown]
    following = write_cursor(graph.generation, asked, (items[-1].id,)) if len(rows) > asked.limit else None
    return Page(generation=graph.generation, total=_number(total["nodes"]), items=items, next=following)


def _count_events(graph: Graph, label: str, ids: list[object]) -> dict[object, tuple[int, str | None, str | None]]:
    """By id of a node how many events name it, and when the first and the last of them was."""
    through, named = ("", label) if label != "File" else ("<-[:VERSION_OF]-(v:FileVersion)", "FileVersion")
    edges: dict[tuple[Direction, str], list[str]] = {}
    for edge in EDGES:
        for direction, other in _others(edge, named):
            if _NODES[other].event and _is_there(graph, edge, direction, named, other):
                edges.setdefault((direction, other), []).append(edge.type)
    parts = []
    for (direction, other), types in edges.items():
        before, behind = ("-", "->") if direction == "out" else ("<-", "-")
        # What is named by two edges is one event.
        match = f"(n:`{label}`){through}{before}[:{'|'.join(types)}]{behind}(m:`{other}`)"
        counted = "count(DISTINCT m.id) AS events, min(m.time) AS first, max(m.time) AS last"
        parts.append(f"UNWIND $ids AS x MATCH {match} WHERE n.id = x RETURN n.id AS id, {counted}")
    found: dict[object, tuple[int, str | None, str | None]] = {}
    for row in graph.ask(" UNION ALL ".join(parts), {"ids": ids}, len(parts) * len(ids)) if ids and parts else []:
        count, first, last = found.get(row["id"], (0, None, None))
        ends = [each for each in (first, last, row["first"], row["last"]) if isinstance(each, str)]
        found[row["id"]] = count + _number(row["events"]), min(ends, default=None), max(ends, default=None)
    return found


def run_cypher(graph: Graph, asked: CypherAsked, most: int) -> Table:
    """At most ``most`` rows. ``UsageError`` for what the engine refuses, and for anything but reading."""
    try:
        rows = graph.ask(asked.query, most=most)
    except StoreError as error:
        raise UsageError(error.reason) from error
    columns = list(rows[0]) if rows else []
    return Table(graph.generation, columns, [[row[name] for name in columns] for row in rows[:most]], len(rows) > most)


def _node(label: str) -> Node:
    if label not in _NODES:
        raise NotFoundError(f"there is no label {label[:64]!r}; graphcorr schema lists them")
    return _NODES[label]


def _others(edge: Edge, label: str) -> Iterator[tuple[Direction, str]]:
    """Where edges of a kind lead from a label, and where they come from."""
    for source, target in edge.pairs:
        if source == label:
            yield "out", target
        if target == label:
            yield "in", source


def _is_there(graph: Graph, edge: Edge, direction: Direction, label: str, other: str) -> bool:
    return graph.has(edge.type, *((label, other) if direction == "out" else (other, label)))


def _match(label: str, edge: str, direction: Direction, other: str) -> str:
    before, behind = ("-", "->") if direction == "out" else ("<-", "-")
    return f"MATCH (n:`{label}` {{id: $id}}){before}[r:`{edge}`]{behind}(m:`{other}`)"


def _nodes(graph: Graph, label: str, ids: list[object]) -> list[Row]:
    # ``IN`` would go through every node of the label.
    return (
        graph.ask(f"UNWIND $ids AS x MATCH (n:`{label}`) WHERE n.id = x RETURN {_columns('n', _NODES[label])}", {"ids": ids}) if ids else []
    )


def _columns(name: str, node: Node) -> str:
    return ", ".join(f"{name}.`{each}` AS `{each}`" for each in ("id", *node.properties))


def _filled(row: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if value is not None and name != "id"}


def _number(value: object) -> int:
    assert isinstance(value, int)
    return value
