"""Literals, lists and comparisons that engines judge differently."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphcorr.graph.kinds import EDGES, NODES, Type
from graphcorr.patterns.grammar import Problem, Query, Use
from graphcorr.store.cypher import TokenKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.patterns.header import Header

_COMPARISONS: Final = frozenset({"=", "<>", "<", ">", "<=", ">="})
_TYPES: Final[dict[str, Type]] = dict(
    [item for node in NODES for item in node.properties.items()] + [item for edge in EDGES for item in edge.properties.items()],
    id=Type.TEXT,
)
"""Property name → type; one name has one type all over the graph."""
_SAY: Final = {Type.TEXT: "text", Type.INTEGER: "a number", Type.TIME: "a time", Type.FLAG: "true or false"}
_NOT_PLAIN: Final = re.compile(r"\(\?(?!:|i\))|\\[1-9]|\\k|[*+?}]\+")
"""Look-around, back-references, atomic groups, possessive quantifiers: no error on one engine, just false."""


def check(query: Query, header: Header) -> Iterator[Problem]:
    del header
    for position, token in enumerate(query.tokens):
        if token.text in _COMPARISONS and token.kind is TokenKind.SIGN:
            yield from _check_comparison(query, position)
        elif token.text == "=~":
            yield from _check_regex(query, position + 1)
        elif token.upper in {"CONTAINS", "WITH"} and query.text(position + 1) in {"''", '""'}:
            yield query.problem(position + 1, "an empty text is contained in nothing on one engine and in everything on the other")
        elif token.text == "[":
            yield from _check_bracket(query, position)
        elif token.text == "-" and _is_time(query, position - 1) and _is_time_ahead(query, position + 1):
            yield query.problem(position, "time - time fails on one engine: compare the two times, or leave the distance to the findings")
        elif token.upper == "TOLOWER" and query.text(position + 1) == "(":
            yield from _check_case(query, position)


def _check_comparison(query: Query, position: int) -> Iterator[Problem]:
    if query.upper(position + 1) == "NULL" or query.upper(position - 1) == "NULL":
        yield query.problem(position, "a comparison with null is never true: write IS NULL or IS NOT NULL")
        return
    left, right = _operand(query, position - 1, -1), _operand(query, position + 1, 1)
    if left and right and left is not right:
        yield query.problem(position, f"{_SAY[left]} compared with {_SAY[right]}: one engine converts, the other finds nothing")


def _operand(query: Query, position: int, step: int) -> Type | None:
    """Type of a literal or property beside a comparison; None for anything computed."""
    place = position if step < 0 or query.text(position + 1) != "." else position + 2
    beyond = (position - 3 if query.uses.get(position) is Use.PROPERTY else position - 1) if step < 0 else place + 1
    if query.text(beyond) in {"+", "-", "*", "%"}:
        return None
    return _literal(query, place) or _property_type(query, place)


def _literal(query: Query, position: int) -> Type | None:
    if not 0 <= position < len(query.tokens):
        return None
    if query.upper(position) in {"TRUE", "FALSE"}:
        return Type.FLAG
    return {TokenKind.TEXT: Type.TEXT, TokenKind.NUMBER: Type.INTEGER}.get(query.tokens[position].kind)


def _property_type(query: Query, position: int) -> Type | None:
    if query.uses.get(position) is not Use.PROPERTY:
        return None
    return _TYPES.get(query.tokens[position].name)


def _is_time(query: Query, position: int) -> bool:
    return _property_type(query, position) is Type.TIME or _is_time_alias(query, position)


def _is_time_ahead(query: Query, position: int) -> bool:
    return _is_time(query, position + 2) if query.text(position + 1) == "." else _is_time_alias(query, position)


def _is_time_alias(query: Query, position: int) -> bool:
    """True for ``x`` after ``n.time AS x`` or ``min(n.time) AS x``."""
    if not query.is_name(position):
        return False
    name = query.tokens[position].name
    for place in range(len(query.tokens)):
        if query.upper(place) == "AS" and query.is_name(place + 1) and query.tokens[place + 1].name == name:
            source = place - 2 if query.text(place - 1) == ")" else place - 1
            if _property_type(query, source) is Type.TIME:
                return True
    return False


def _check_regex(query: Query, position: int) -> Iterator[Problem]:
    if position >= len(query.tokens) or query.tokens[position].kind is not TokenKind.TEXT:
        yield query.problem(position, "a regular expression has to be a literal: an invalid one is false on one engine, without a word")
        return
    expression = re.sub(r"\\(.)", r"\1", query.text(position)[1:-1])
    if _NOT_PLAIN.search(expression):
        yield query.problem(position, "look-around, back-references and the like are false on one engine: write several conditions")
        return
    try:
        re.compile(expression)
    except re.error as error:
        yield query.problem(position, f"no regular expression ({error}): it would be false on one engine, without a word")


def _check_bracket(query: Query, position: int) -> Iterator[Problem]:
    before = query.tokens[position - 1] if position else None
    end = query.ends[position]
    if any(edge.start == position for edge in query.edges) or before is None:
        return
    is_value = before.text in {")", "]", "}"} or before.kind in {TokenKind.TEXT, TokenKind.PARAMETER, TokenKind.QUOTED}
    if is_value or (before.kind is TokenKind.WORD and (position - 1 in query.uses or before.text in query.variables)):
        yield query.problem(
            position, "list[i] counts from 1 on one engine and from 0 on the other: use min(), max() or any(x IN list WHERE …)"
        )
    elif query.is_name(position + 1) and query.upper(position + 2) == "IN":
        yield query.problem(position, "list comprehensions fail on one engine: use any(x IN list WHERE …), or UNWIND and collect()")
    elif any(query.text(place) == "|" for place in range(position, end)):
        yield query.problem(position, "pattern comprehensions fail on one engine: use a MATCH and collect()")
    elif before.upper == "IN" and any(query.upper(place) == "NULL" for place in range(position, end)):
        yield query.problem(position, "null inside IN differs between engines: add OR x IS NULL")
    elif before.upper == "IN":
        kinds = {literal for place in range(position + 1, end) if (literal := _literal(query, place))}
        tested = _property_type(query, position - 2)
        if len(kinds | ({tested} if tested else set())) > 1:
            yield query.problem(position, "values of different types in IN: one engine converts, the other finds nothing")


def _check_case(query: Query, position: int) -> Iterator[Problem]:
    """Letters beyond ASCII are folded on one engine only; what a property holds cannot be seen here."""
    for place in (*range(position + 1, query.ends.get(position + 1, position)), query.ends.get(position + 1, position) + 2):
        if place < len(query.tokens) and query.tokens[place].kind is TokenKind.TEXT and not query.text(place).isascii():
            yield query.problem(place, "toLower() folds only ASCII letters on one engine: compare paths, which are folded in the graph")
