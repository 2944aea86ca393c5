"""Attribution of the paths of a report: what was seen on each path, from its own findings and nobody else's."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.attribution.attribute import attribute
from graphcorr.attribution.observed import Observed, observe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphcorr.attribution.answer import Answer
    from graphcorr.attribution.knowledge import Knowledge
    from graphcorr.model.findings import Finding
    from graphcorr.model.report import HopPath

MOST: Final = 5
"""Actors and software that a path of a report carries, ties with the last included."""


def observe_path(path: HopPath, findings: dict[str, Finding], knowledge: Knowledge) -> Observed:
    """Techniques and software of the path's hops, of what was done on their machines, and techniques that tools told of their records.

    A finding that the report does not hold shows nothing.
    """
    techniques: defaultdict[str, set[str]] = defaultdict(set)
    software: defaultdict[str, set[str]] = defaultdict(set)
    for hop in path.hops:
        if hop in findings:
            for technique in findings[hop].techniques:
                techniques[technique].add(hop)
            for technique in (one for alert in findings[hop].alerts for one in alert.techniques):
                techniques[technique].add(hop)
            for behavior in findings[hop].behaviors:
                techniques[behavior.technique].add(hop)
            for name in findings[hop].software:
                software[name].add(hop)
    return observe(techniques, software, knowledge.facts)


def attribute_paths(paths: Sequence[HopPath], findings: Iterable[Finding], knowledge: Knowledge) -> list[HopPath]:
    """The paths with what is known filled in; no path is changed otherwise."""
    held = {one.id: one for one in findings}
    answers: dict[frozenset[str], Answer] = {}
    attributed = []
    for path in paths:
        observed = observe_path(path, held, knowledge)
        # Many paths show the same, by findings of their own.
        if observed.items not in answers:
            answers[observed.items] = attribute(observed, knowledge)
        answer = answers[observed.items].for_report(MOST, observed.findings)
        attributed.append(msgspec.structs.replace(path, attribution=answer))
    return attributed
