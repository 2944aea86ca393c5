"""The ways to rank actors that are compared: what others do, the published baseline, what was tried, and what was chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log, sqrt
from typing import TYPE_CHECKING, Final

from graphcorr.attribution.actors import rank_actors
from graphcorr.attribution.profiles import BASELINE, CHOSEN, Counting, Scoring

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphcorr.attribution.profiles import Profiles

Scores = dict[str, float]
"""Actors with something in common; all others are tied at 0."""


@dataclass(frozen=True, slots=True)
class Method:
    name: str
    rank: Callable[[frozenset[str], Profiles], Scores]


def _scored(scoring: Scoring) -> Callable[[frozenset[str], Profiles], Scores]:
    def rank(items: frozenset[str], profiles: Profiles) -> Scores:
        return {one.id: one.score for one in rank_actors(items, replace(profiles, scoring=scoring, _postings={}))}

    return rank


def _by_size(_items: frozenset[str], profiles: Profiles) -> Scores:
    return {actor: float(len(known)) for actor, known in profiles.direct.items()}


def _overlap(items: frozenset[str], profiles: Profiles) -> Scores:
    return {actor: float(shared) for actor, known in profiles.direct.items() if (shared := len(known & items))}


def _cosine(items: frozenset[str], profiles: Profiles) -> Scores:
    rarity = {item: log((len(profiles.direct) + 1) / (len(users) + 0.5)) for item, users in profiles.users.items()}
    scores = {}
    for actor, known in profiles.direct.items():
        if shared := sum(rarity[item] ** 2 for item in sorted(known & items)):
            scores[actor] = round(shared / sqrt(sum(rarity[item] ** 2 for item in sorted(known))), 9)
    return scores


def _bm25(items: frozenset[str], profiles: Profiles) -> Scores:
    mean = sum(map(len, profiles.direct.values())) / len(profiles.direct)
    scores = {}
    for actor, known in profiles.direct.items():
        factor = 2.2 / (1 + 1.2 * (0.25 + 0.75 * len(known) / mean))
        if shared := sum(log((len(profiles.direct) + 1) / (len(profiles.users[item]) + 0.5)) for item in sorted(known & items)):
            scores[actor] = round(shared * factor, 9)
    return scores


SIZE: Final = Method("rank by profile size only", _by_size)
BASELINE_METHOD: Final = Method("baseline", _scored(BASELINE))
CHOSEN_METHOD: Final = Method("chosen", _scored(CHOSEN))

CANDIDATES: Final = {
    "chosen: inherited ÷ users, rarity counts inheritors": CHOSEN,
    "inherited ÷ users": replace(BASELINE, exclusive=1.0),
    "rarity counts inheritors": replace(BASELINE, counting=Counting.ANY),
    "rarity counts reported use only": replace(BASELINE, counting=Counting.REPORTED),
    "inherited ÷ √users, rarity counts inheritors": replace(BASELINE, exclusive=0.5, counting=Counting.ANY),
    "inherited × .3": replace(BASELINE, inherited=0.3),
    "software × 1": replace(BASELINE, software=1.0),
    "software × 3": replace(BASELINE, software=3.0),
    "software rarity²": replace(BASELINE, software=1.0, steepness=2.0),
    "software rarity³ × ¼": replace(BASELINE, software=0.25, steepness=3.0),
    "software rarity², inherited × .3 ÷ √users, rarity counts inheritors": Scoring(1.0, 2.0, 0.3, 0.5, Counting.ANY),
    "÷ profile size^.1": replace(BASELINE, size=0.1),
    "÷ profile size^.2": replace(BASELINE, size=0.2),
}
"""What the choice was made from, each compared with the baseline on the development incidents."""

_PLAIN_CONTAINMENT: Final = Scoring(1.0, 1.0, 0.0, 0.0, Counting.REPORTED)

METHODS: Final = (
    SIZE,
    Method("overlap", _overlap),
    Method("cosine TF-IDF", _cosine),
    Method("BM25", _bm25),
    Method("IDF containment", _scored(_PLAIN_CONTAINMENT)),
    BASELINE_METHOD,
    *(
        Method(name, _scored(CANDIDATES[name]))
        for name in (
            "software rarity³ × ¼",
            "software rarity², inherited × .3 ÷ √users, rarity counts inheritors",
            "÷ profile size^.2",
        )
    ),
    CHOSEN_METHOD,
)
"""Those of the table: every candidate that was ever looked at on campaigns is among them."""
