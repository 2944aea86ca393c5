"""Which kinds of events a pattern speaks of, and of which it must see every one: told by its text, not by a list kept by hand.

A kind may be reduced to the events that links touch only where the pattern binds each node of it by an edge of those links.
That is exact under OPTIONAL MATCH and NOT EXISTS as well: what is left out has no such edge. Anything else is whole.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from graphcorr.graph.kinds import EDGES, NODES, Part
from graphcorr.model.kinds import Kind
from graphcorr.patterns.grammar import read_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from graphcorr.patterns.grammar import EdgePattern, NodePattern, Query
    from graphcorr.patterns.load import Pattern

_KINDS: Final = {node.label: Kind(node.label) for node in NODES if node.event}
_PAIRS: Final = {edge.type: edge.pairs for edge in EDGES if edge.part is Part.EVENTS}
_OF_EVENTS: Final = frozenset(node.label for node in NODES if node.part is Part.EVENTS)
_ASSIGNED: Final = "ASSIGNED_TO"
_TAKING_PART: Final = {
    label: frozenset(_KINDS[source] for pairs in _PAIRS.values() for source, target in pairs if target == label and source in _KINDS)
    for label in ("Host", "Address", "Account")
}
"""What is in the graph because events have it at an end: which events these are decides which machines, addresses and accounts are."""
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
    """Every node pattern that may be an event, or what only events bring into the graph; one that repeats a variable says nothing new."""
    known: dict[str, list[NodePattern]] = {}
    for node in sorted(query.nodes, key=lambda node: node.start):
        if node.variable is not None:
            if any(_is_same(query, first, node) for first in known.get(node.variable, ())):
                continue
            known.setdefault(node.variable, []).append(node)
        edges = [edge for edge in query.edges if node in (edge.source, edge.target)]
        offset, labels = query.tokens[node.start].start, _labels(node, edges)
        if kinds := frozenset(_KINDS[label] for label in labels if label in _KINDS):
            bound = any(_has_an_edge(query, edge) and all(_links(edge, kind) for kind in kinds) for edge in edges)
            yield Named(offset, kinds, not bound, _may_be_absent(query, node))
        if loose := frozenset(kind for label in labels for kind in _TAKING_PART.get(label, ()) if not _is_told(query, node)):
            yield Named(offset, loose, whole=True, absent=True)


def _is_same(query: Query, first: NodePattern, later: NodePattern) -> bool:
    """Whether a name stands for one thing in both places: carried by each WITH between them, in one branch of a UNION, and not bound
    inside an EXISTS or COUNT that has ended.
    """
    for begin, end in query.ends.items():
        if query.upper(begin - 1) in {"EXISTS", "COUNT"} and begin < first.start < end < later.start:
            return False
    for position in range(first.start, later.start):
        if query.is_keyword(position, "UNION"):
            return False
        if query.is_keyword(position, "WITH") and query.upper(position - 1) not in {"STARTS", "ENDS"}:
            carried = range(position + 1, query.clause_end(position))
            if query.text(position + 1) != "*" and not any(
                query.is_name(each) and query.tokens[each].name == first.variable for each in carried
            ):
                return False
    return True


def _has_an_edge(query: Query, edge: EdgePattern) -> bool:
    """Not one of variable length, which may have none."""
    return all(query.text(position) != "*" for position in range(edge.start, query.ends[edge.start]))


def _is_told(query: Query, node: NodePattern) -> bool:
    """Whether a machine, an address or an account is bound by an edge: then it is there as soon as the edge's other end is."""
    for edge in query.edges:
        if node in (edge.source, edge.target) and _has_an_edge(query, edge):
            other = edge.target if node is edge.source else edge.source
            # Which addresses are assigned to whom is told of those that occur: the other end must be there for another reason.
            reasons = [one for one in query.edges if one is not edge and other in (one.source, one.target) and _ASSIGNED not in one.types]
            if _ASSIGNED not in edge.types or reasons:
                return True
    return False


def whole_kinds(patterns: Iterable[Pattern]) -> frozenset[Kind]:
    """Kinds of which these patterns must see every event."""
    return frozenset(kind for pattern in patterns for one in _read(pattern.text).named if one.whole for kind in one.kinds)


def spoken_kinds(patterns: Iterable[Pattern]) -> frozenset[Kind]:
    """Every kind that these patterns speak of, also to say that there is none."""
    return frozenset(kind for pattern in patterns for one in _read(pattern.text).named for kind in one.kinds)


def can_match(pattern: Pattern, filled: AbstractSet[str]) -> bool:
    """Whether the pattern may have rows in a graph of events that has nodes of the labels ``filled`` and no others.

    A question that cannot be answered with anything takes the engine as long as one that can.
    """
    return all(not filled.isdisjoint(labels) for labels in _read(pattern.text).required)


def compares(pattern: Pattern) -> bool:
    """Whether it asks for what is new, which is told only where a person said until when all was usual."""
    return frozenset({"Novelty"}) in _read(pattern.text).required


class _Read(NamedTuple):
    named: tuple[Named, ...]
    required: tuple[frozenset[str], ...]
    """Labels of which one must be there for the query to have rows at all; of a UNION nothing is said."""


@lru_cache(maxsize=256)
def _read(text: str) -> _Read:
    """What is asked of a pattern again and again in one detection."""
    query = read_query(text)
    if any(query.is_keyword(position, "UNION") for position in range(len(query.tokens))):
        return _Read(tuple(named(query)), ())
    labels = (frozenset(node.labels) for node in query.nodes if _must_be_there(query, node))
    return _Read(tuple(named(query)), tuple(sorted({one for one in labels if one and one <= _OF_EVENTS}, key=sorted)))


def _must_be_there(query: Query, node: NodePattern) -> bool:
    """Whether the node is of a MATCH itself; what stands in its WHERE may be one condition of several."""
    if _may_be_absent(query, node):
        return False
    spans = [(begin, next((at for at in range(begin, end) if query.is_keyword(at, "WHERE")), end)) for begin, end in query.matches]
    return any(begin < node.start < where for begin, where in spans)


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
