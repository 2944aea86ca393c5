"""Parts of a MATCH that nothing joins: every engine compares all pairs of them, which takes time with the product of their numbers.

Joined is what an edge draws, what an equality (or IN) demands of every row, and what one node can be by its id. What is joined so
loosely that it takes long all the same is ended by its time, see :class:`graphcorr.patterns.run.Runs`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.patterns.grammar import NodePattern, Problem, Query
    from graphcorr.patterns.header import Header

_AGGREGATES: Final = frozenset({"AVG", "COLLECT", "COUNT", "MAX", "MIN", "SUM"})
_BOUND: Final = -1
"""Stands for the row that there is before a MATCH; every other part is named by its variable or its first token."""
_REASON: Final = (
    "nothing joins this to what is matched before it, so that every pair would be compared: draw an edge between them, "
    "or demand in WHERE that a property of the one equals (=) one of the other"
)

_Part = str | int


class _Parts:
    """Which parts are one."""

    def __init__(self) -> None:
        self._into: dict[_Part, _Part] = {}

    def __contains__(self, part: _Part) -> bool:
        return part in self._into

    def root(self, part: _Part) -> _Part:
        while (into := self._into.setdefault(part, part)) != part:
            part = into
        return part

    def join(self, first: _Part, second: _Part) -> None:
        self._into[self.root(first)] = self.root(second)


def check(query: Query, header: Header) -> Iterator[Problem]:
    del header
    if query.problems:  # an edge that could not be read joins nothing, and is told
        return
    bound: dict[int, set[str]] = {_BOUND: set()}
    ends = dict(query.matches)
    for position in range(len(query.tokens)):
        level = _level(query, position)
        if level not in bound:
            bound[level] = set(bound[_level(query, level)])
        if query.is_keyword(position, "MATCH"):
            end = ends[position]
            nodes = _nodes(query, position)
            yield from _check_match(query, (position, end), nodes, bound[level], within=level != _BOUND)
            bound[level] |= _names(query, position, query.clause_end(position))
        elif query.is_keyword(position, "WITH") and query.upper(position - 1) not in {"STARTS", "ENDS"}:
            bound[level] = _carried(query, position, bound[level])
        elif query.is_keyword(position, "UNION"):
            bound[level] = set()
        elif query.is_keyword(position, "UNWIND") and bound[level]:
            bound[level] |= _names(query, position, query.clause_end(position))


def _check_match(query: Query, span: tuple[int, int], nodes: list[NodePattern], bound: set[str], *, within: bool) -> Iterator[Problem]:
    begin, end = span
    where = query.clause_end(begin)
    parts = _Parts()
    for node in nodes:
        parts.root(_part(node))
    number = query.matches.index(span)
    for edge in query.edges:
        if edge.match == number:
            parts.join(_part(edge.source), _part(edge.target))
            if edge.variable:
                parts.join(edge.variable, _part(edge.source))
    for name in bound:
        parts.join(name, _BOUND)
    for node in nodes:
        if query.text(opening := query.ends[node.start] - 1) == "}":
            _join_named(query, parts, _begin_of(query, opening), opening, _part(node))
    for sign in range(where, end):
        if query.text(sign) == "=" or query.is_keyword(sign, "IN"):
            _join_compared(query, parts, where, end, sign)
    if nodes and (not bound or (within and not bound & _names(query, begin, end))):
        # One row, or one question that is the same for every row.
        parts.join(_BOUND, _part(nodes[0]))
    told: set[_Part] = {parts.root(_BOUND)}
    for node in nodes:
        if (root := parts.root(_part(node))) not in told:
            told.add(root)
            yield query.problem(node.start, _REASON)


def _nodes(query: Query, begin: int) -> list[NodePattern]:
    """The nodes of a MATCH itself, not of a question in a condition."""
    return sorted((node for node in query.nodes if begin < node.start < query.clause_end(begin)), key=lambda node: node.start)


def _part(node: NodePattern) -> _Part:
    return node.variable or node.start


def _level(query: Query, position: int) -> int:
    """The bracket of the subquery that a token is in."""
    around = [
        begin
        for begin, end in query.ends.items()
        if begin < position < end and query.text(begin) == "{" and query.is_keyword(begin + 1, "MATCH")
    ]
    return max(around, default=_BOUND)


def _begin_of(query: Query, closing: int) -> int:
    return next(begin for begin, end in query.ends.items() if end == closing)


def _names(query: Query, begin: int, end: int) -> set[str]:
    """Variables that stand between two tokens."""
    return {
        query.tokens[position].name
        for position in range(begin, end)
        if query.is_name(position) and query.text(position - 1) != "." and query.tokens[position].name in query.variables
    }


def _join_named(query: Query, parts: _Parts, begin: int, end: int, part: _Part) -> None:
    """A map of a node: what it names is joined to the node, and ``id`` says which one it is."""
    for name in _names(query, begin, end):
        if name in parts:
            parts.join(part, name)
    if any(query.text(position) == "id" and query.text(position + 1) == ":" for position in range(begin, end)):
        parts.join(part, _BOUND)


def _join_compared(query: Query, parts: _Parts, where: int, end: int, sign: int) -> None:
    """What an equality demands of every row joins all that it names; one beside an OR or below a NOT demands nothing."""
    around = [(begin, close) for begin, close in query.ends.items() if where < begin < sign < close < end]
    if any(query.text(begin) == "{" for begin, _ in around):
        return
    for begin, close in [*around, (where, end)]:
        if query.upper(begin - 1) == "NOT" or _has_choice(query, begin, close):
            return
    first = max((at for at in range(where, sign) if _parts_conditions(query, at)), default=where) + 1
    last = min((at for at in range(sign, end) if _parts_conditions(query, at)), default=end)
    if query.upper(first - 1) == "NOT":
        return
    names = sorted(_names(query, first, last))
    for name in names:
        parts.join(name, names[0])
    if len(names) == 1 and query.text(sign) == "=" and query.text(sign - 1) == "id" and query.text(sign - 2) == ".":
        parts.join(names[0], _BOUND)


def _has_choice(query: Query, begin: int, end: int) -> bool:
    position = begin + 1
    while position < end:
        if query.is_keyword(position, "OR"):
            return True
        position = query.ends.get(position, position) + 1
    return False


def _parts_conditions(query: Query, position: int) -> bool:
    return any(query.is_keyword(position, word) for word in ("AND", "OR", "NOT", "WHERE"))


def _carried(query: Query, position: int, bound: set[str]) -> set[str]:
    """What is bound behind a WITH; nothing that multiplies where it makes one row of all."""
    end = query.clause_end(position)
    if query.text(position + 1) == "*":
        return bound
    items: list[tuple[int, int]] = []
    begin = at = position + 1
    while at < end:
        if query.text(at) == ",":
            items.append((begin, at))
            begin = at + 1
        at = query.ends.get(at, at) + 1
    items.append((begin, end))
    if all(query.upper(start) in _AGGREGATES and query.text(start + 1) == "(" for start, _ in items):
        return set()
    return {query.tokens[stop - 1].name for _, stop in items if query.is_name(stop - 1)}
