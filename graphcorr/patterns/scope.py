"""Which kinds of events a pattern speaks of, and of which it must see every one: told by its text, not by a list kept by hand.

A kind may be reduced to the events that links touch only where the pattern binds each node of it by an edge of those links.
That is exact under OPTIONAL MATCH and NOT EXISTS as well: what is left out has no such edge. Anything else is whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from graphcorr.graph.kinds import EDGES, NODES, Part
from graphcorr.model.kinds import Kind
from graphcorr.patterns.grammar import read_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphcorr.patterns.grammar import EdgePattern, NodePattern, Query
    from graphcorr.patterns.load import Pattern

_KINDS: Final = {node.label: Kind(node.label) for node in NODES if node.event}
_PAIRS: Final = {edge.type: edge.pairs for edge in EDGES if edge.part is Part.EVENTS}
_LINKED: Final = frozenset(edge.type for edge in EDGES if edge.linked)


class Named(NamedTuple):
    """A node of a pattern that may stand for events."""

    offset: int
    kinds: frozenset[Kind]
    """Any of them."""
    whole: bool
    """Whether it is bound by no edge of links, so that every event of these kinds may be it."""
    absent: bool
    """Whether it stands in an EXISTS or COUNT, or an OPTIONAL MATCH, where its absence is an answer as well."""


def named(query: Query) -> Iterator[Named]:
    """Every node pattern that may be an event; one that only repeats a variable says nothing new."""
    known: set[str] = set()
    for node in sorted(query.nodes, key=lambda node: node.start):
        if node.variable in known:
            continue
        if node.variable is not None:
            known.add(node.variable)
        edges = [edge for edge in query.edges if node in (edge.source, edge.target)]
        kinds = frozenset(_KINDS[label] for label in _labels(node, edges) if label in _KINDS)
        if kinds:
            bound = any(all(_links(edge, kind) for kind in kinds) for edge in edges)
            yield Named(query.tokens[node.start].start, kinds, not bound, _may_be_absent(query, node))


def whole_kinds(patterns: Iterable[Pattern]) -> frozenset[Kind]:
    """Kinds of which these patterns must see every event."""
    return frozenset(kind for pattern in patterns for one in named(read_query(pattern.text)) if one.whole for kind in one.kinds)


def spoken_kinds(patterns: Iterable[Pattern]) -> frozenset[Kind]:
    """Every kind that these patterns speak of, also to say that there is none."""
    return frozenset(kind for pattern in patterns for one in named(read_query(pattern.text)) for kind in one.kinds)


def _labels(node: NodePattern, edges: list[EdgePattern]) -> Iterable[str]:
    """What a node says it is, else what its edges let stand there, else anything."""
    if node.labels:
        return node.labels
    possible = {pair[edge.target is node] for edge in edges for type_ in edge.types for pair in _PAIRS.get(type_, ())}
    return possible or _KINDS


def _links(edge: EdgePattern, kind: Kind) -> bool:
    """Whether every event of ``kind`` at this edge is one that links touch."""
    types = [type_ for type_ in edge.types if any(kind.value in pair for pair in _PAIRS.get(type_, ()))]
    return bool(types) and _LINKED.issuperset(types)


def _may_be_absent(query: Query, node: NodePattern) -> bool:
    if any(begin < node.start < end and query.upper(begin - 1) in {"EXISTS", "COUNT"} for begin, end in query.ends.items()):
        return True
    return any(begin < node.start < end and query.upper(begin - 1) == "OPTIONAL" for begin, end in query.matches)
