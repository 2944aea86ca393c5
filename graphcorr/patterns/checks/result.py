"""Clauses and columns: one query that returns what its header promises, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.patterns.grammar import Problem, Query, Use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.patterns.header import Header


def check(query: Query, header: Header) -> Iterator[Problem]:
    if not query.tokens:
        yield Problem(0, "there is no query after the header")
        return
    yield from _check_order(query)
    returns = [position for position in range(len(query.tokens)) if query.is_keyword(position, "RETURN") and not _inside(query, position)]
    if not returns:
        yield query.problem(len(query.tokens) - 1, "the query returns nothing")
    first: list[str] | None = None
    for position in returns:
        columns: list[str] = []
        for start, end in _items(query, position):
            name = _column(query, start, end)
            if name is None:
                yield query.problem(start, "name every column: expression AS name")
            elif name in columns:
                yield query.problem(start, f"the column {name!r} is returned twice")
            else:
                columns.append(name)
        if first is not None and columns != first:
            yield query.problem(position, f"both sides of a UNION return the same columns in the same order: {', '.join(first)}")
        first = columns if first is None else first
        for column in (*header.identity, *header.evidence):
            if column not in columns:
                yield query.problem(position, f"the header promises the column {column!r}, which is not returned")


def _check_order(query: Query) -> Iterator[Problem]:
    for position in range(len(query.tokens)):
        if not query.is_keyword(position, "WITH") or query.upper(position - 1) in {"STARTS", "ENDS"}:
            continue
        after = query.clause_end(position)
        if query.is_keyword(after, "WHERE"):
            after = query.clause_end(after)
        order = after
        while query.upper(after) in {"ORDER", "SKIP"}:
            after = query.clause_end(after)
        if query.is_keyword(order, "ORDER") and not query.is_keyword(after, "LIMIT"):
            yield query.problem(order, "ORDER BY after WITH without LIMIT fails on one engine, and collect() keeps no order anyway")


def _inside(query: Query, position: int) -> bool:
    return any(start < position < end for start, end in query.ends.items())


def _items(query: Query, position: int) -> Iterator[tuple[int, int]]:
    """First and one past the last token of each returned expression."""
    end = query.clause_end(position)
    start = position + (2 if query.is_keyword(position + 1, "DISTINCT") else 1)
    place = start
    while place < end:
        if query.text(place) == ",":
            yield start, place
            start = place + 1
        place = query.ends.get(place, place) + 1
    yield start, end


def _column(query: Query, start: int, end: int) -> str | None:
    named = end - start == 1 or (end - start > 2 and query.upper(end - 2) == "AS")
    if named and query.is_name(end - 1) and (end - start > 1 or query.uses.get(end - 1) in {Use.VARIABLE, None}):
        return query.tokens[end - 1].name
    return None
