"""Two edges of one type in one MATCH: one engine lets both be the same edge, the other does not."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.patterns.grammar import EdgePattern, Problem, Query
    from graphcorr.patterns.header import Header


def check(query: Query, header: Header) -> Iterator[Problem]:
    del header
    for first, second in combinations(query.edges, 2):
        shared = sorted(set(first.types) & set(second.types))
        if shared and _together(first, second) and not _told_apart(query, first, second):
            yield query.problem(
                second.start,
                f"a second {shared[0]} in one MATCH may be the first one again on one engine: use a MATCH of its own, "
                "or name what differs and write a <> b",
            )


def _together(first: EdgePattern, second: EdgePattern) -> bool:
    """True in one MATCH; two conditions in WHERE are apart unless one chain joins them."""
    if first.match != second.match:
        return False
    return first.match >= 0 or bool({first.source.start, first.target.start} & {second.source.start, second.target.start})


def _told_apart(query: Query, first: EdgePattern, second: EdgePattern) -> bool:
    """True when WHERE says that the edges, or their nodes on one end, differ."""
    if first.match < 0:
        return False
    pairs = [
        {first.variable, second.variable},
        {first.source.variable, second.source.variable},
        {first.target.variable, second.target.variable},
    ]
    start, end = query.matches[first.match]
    for position in range(start, end):
        if query.text(position) == "<>":
            left = (
                query.text(position - 3)
                if query.text(position - 1) == "id" and query.text(position - 2) == "."
                else query.text(position - 1)
            )
            if {left, query.text(position + 1)} in pairs and left != query.text(position + 1):
                return True
    return False
