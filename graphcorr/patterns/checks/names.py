"""Labels, edge types and properties: only those that the graph has, joined as the graph joins them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.graph.kinds import EDGES, NODES, Part
from graphcorr.patterns.grammar import EdgePattern, Problem, Query, Use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.patterns.header import Header

# What is found is put into the graph after the patterns ran: one that asked for it would find nothing, without a word.
_NODE_PROPERTIES: Final = {node.label: {"id", *node.properties} for node in NODES if node.part is Part.EVENTS}
_EDGE_PROPERTIES: Final = {edge.type: set(edge.properties) for edge in EDGES if edge.part is Part.EVENTS}
_PAIRS: Final = {edge.type: set(edge.pairs) for edge in EDGES if edge.part is Part.EVENTS}
_LATER: Final = ({node.label for node in NODES} | {edge.type for edge in EDGES}) - (_NODE_PROPERTIES.keys() | _EDGE_PROPERTIES.keys())


def check(query: Query, header: Header) -> Iterator[Problem]:
    del header
    for position, use in query.uses.items():
        name = query.tokens[position].name
        if use in {Use.LABEL, Use.TYPE} and name in _LATER:
            yield query.problem(position, f"{name!r} comes into the graph after the patterns have run; a pattern sees events only")
        elif use is Use.LABEL and name not in _NODE_PROPERTIES:
            yield query.problem(position, f"the graph has no label {name!r}; it has {', '.join(sorted(_NODE_PROPERTIES))}")
        elif use is Use.TYPE and name not in _EDGE_PROPERTIES:
            yield query.problem(position, f"the graph has no edge {name!r}; it has {', '.join(sorted(_EDGE_PROPERTIES))}")
        elif use is Use.PROPERTY and query.is_name(position - 2):
            yield from _check_property(query, position, query.labels.get(query.tokens[position - 2].name, ()))
    for node in query.nodes:
        labels = node.labels or query.labels.get(node.variable or "", ())
        yield from _check_map(query, node.start, labels)
    for edge in query.edges:
        yield from _check_map(query, edge.start, edge.types)
        yield from _check_ends(query, edge)


def _check_property(query: Query, position: int, kinds: tuple[str, ...]) -> Iterator[Problem]:
    """A property of a variable whose label the query says; an alias of a map is left to the engine."""
    known = [_NODE_PROPERTIES.get(kind) or _EDGE_PROPERTIES.get(kind) for kind in kinds]
    name = query.tokens[position].name
    if known and None not in known and not any(name in properties for properties in known if properties is not None):
        has = ", ".join(sorted(set().union(*(properties for properties in known if properties)))) or "none"
        yield query.problem(position, f"{'|'.join(kinds)} has no property {name!r}; it has {has}")


def _check_map(query: Query, start: int, kinds: tuple[str, ...]) -> Iterator[Problem]:
    end = query.ends[start]
    for position in range(start, end):
        if query.uses.get(position) is Use.KEY:
            yield from _check_property(query, position, kinds)


def _check_ends(query: Query, edge: EdgePattern) -> Iterator[Problem]:
    """An arrow drawn the wrong way matches nothing, without a word from any engine."""
    sources = edge.source.labels or query.labels.get(edge.source.variable or "", ())
    targets = edge.target.labels or query.labels.get(edge.target.variable or "", ())
    pairs = set().union(*(_PAIRS.get(type_, set()) for type_ in edge.types))
    if not pairs or not all(kind in _NODE_PROPERTIES for kind in (*sources, *targets)):
        return
    if not any((not sources or source in sources) and (not targets or target in targets) for source, target in pairs):
        drawn = f"(:{'|'.join(sources)})-[:{'|'.join(edge.types)}]->(:{'|'.join(targets)})"
        has = ", ".join(f"({source})→({target})" for source, target in sorted(pairs))
        yield query.problem(edge.start, f"the graph has no edge {drawn}; {'|'.join(edge.types)} joins {has}")
