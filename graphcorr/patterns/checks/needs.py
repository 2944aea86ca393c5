"""``needs`` and the query: a pattern needs what it matches, and speaks of what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.graph.kinds import NODES, Part
from graphcorr.patterns.grammar import Problem, Query
from graphcorr.patterns.scope import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.patterns.header import Header

_LABELS: Final = frozenset(node.label for node in NODES if node.part is Part.EVENTS)


def check(query: Query, header: Header) -> Iterator[Problem]:
    needs = frozenset(header.needs)
    spoken = list(named(query))
    for one in spoken:
        # Of alternatives one is enough; where nothing is an answer, too, nothing is needed.
        if not one.absent and not one.kinds & needs:
            kinds = "|".join(sorted(kind.value for kind in one.kinds))
            yield Problem(one.offset, f"{kinds} is matched and not among needs: where its log is missing, nothing found would look clean")
    labels = {label for node in query.nodes for label in node.labels}
    if labels and labels <= _LABELS:  # of a label that there is not, that is what is told
        for kind in sorted(needs - {kind for one in spoken for kind in one.kinds}):
            yield Problem(0, f"needs: the query does not speak of {kind.value}")
