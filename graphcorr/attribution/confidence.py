"""Whether the first actor of a ranking may be named: a calibrated probability, and what must be seen besides."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp, log
from pathlib import Path
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.attribution.actors import rank_actors
from graphcorr.attribution.profiles import SOFTWARE

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from graphcorr.attribution.actors import Ranked
    from graphcorr.attribution.profiles import Profiles

CONSTANTS: Final = Path(__file__).parent / "calibration.json"
"""Written by ``python -m benchmarks.attribution --fit``."""
LEAST_SEEN: Final = 5
"""Fewer techniques and software are too little to name anybody: the model was never fitted on less."""
LEAST_KNOWN: Final = 15
"""An actor with a smaller profile is not named: one shared tool explains most of it, and the wrong names were there."""
POSSIBLE: Final = 0.8
"""From here on wrong names for unknown actors are below 2 % also at the upper end of their interval; see docs/attribution.md."""
LIKELY: Final = 0.9


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Logistic regression: each feature less its mean, divided by its deviation, times its coefficient; and an intercept."""

    attack: str
    """The ATT&CK release it was fitted on."""
    fitted_on: str
    features: tuple[str, ...]
    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    coefficients: tuple[float, ...]
    intercept: float

    def probability(self, values: tuple[float, ...]) -> float:
        parts = zip(values, self.mean, self.deviation, self.coefficients, strict=True)
        exponent = self.intercept + sum((value - mean) / deviation * weight for value, mean, deviation, weight in parts)
        return 1 / (1 + exp(-max(min(exponent, 50.0), -50.0)))


@cache
def load_model() -> Model:
    """The constants of the package."""
    return msgspec.json.decode(CONSTANTS.read_bytes(), type=Model)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the first actor stands out from the others."""

    explained: float
    """Its score: the share of what was seen, by weight."""
    deviations: float
    """How many standard deviations its score lies above the mean of all actors."""
    items: int
    size: int
    """Items in its profile."""
    margin_second: float
    """Relative distance of the second, 0 for a tie."""
    margin_tenth: float
    discriminating: tuple[str, ...]
    """Software that was seen and that it is reported to use, and nobody else."""
    margin_without: float
    """Relative distance of the best other actor when the discriminating software is left out; negative when that one leads.

    A tool of one's own that somebody else has borrowed leads to the wrong actor, and nothing else that was seen does.
    """
    foreign: tuple[str, ...]
    """Software that was seen and that one other actor alone is reported to use: a second explanation."""
    tied: int
    """Actors with its score, itself included."""

    @property
    def features(self) -> tuple[float, ...]:
        """In the order of :data:`FEATURES`. The last three let a high share of little that was seen count less than one of much."""
        items, size = log(self.items), log(self.size)
        return (
            self.explained,
            self.deviations,
            items,
            size,
            self.margin_second,
            self.margin_tenth,
            float(bool(self.discriminating)),
            self.margin_without,
            float(bool(self.foreign)),
            self.explained * items,
            self.deviations * items,
            size * items,
        )


FEATURES: Final = (
    *("explained", "deviations", "log items", "log size", "margin to second", "margin to tenth"),
    *("discriminating software", "margin without it", "software of somebody else"),
    *("explained × log items", "deviations × log items", "log size × log items"),
)


def measure(items: AbstractSet[str], ranked: list[Ranked], profiles: Profiles, apart: AbstractSet[str] = frozenset()) -> Standing | None:
    """How the first of a ranking stands; None when there is no first.

    Actors in ``apart`` are no candidates: the model is fitted so where they cannot be the right ones.
    """
    ranked = [one for one in ranked if one.id not in apart] if apart else ranked
    if not ranked:
        return None
    others = len(profiles.direct) - len(apart & profiles.direct.keys()) - len(ranked)
    scores = [one.score for one in ranked] + [0.0] * others
    first = ranked[0]
    second, tenth = (scores[place] if place < len(scores) else 0.0 for place in (1, 9))
    spread = pstdev(scores)
    known = profiles.direct[first.id]
    lone = {item: users[0] for item in items if item.startswith(SOFTWARE) and len(users := profiles.users.get(item, ())) == 1}
    discriminating = tuple(sorted(item for item, user in lone.items() if user == first.id))
    return Standing(
        explained=first.score,
        deviations=(first.score - fmean(scores)) / spread if spread else 0.0,
        items=len(items),
        size=len(known),
        margin_second=(first.score - second) / first.score,
        margin_tenth=(first.score - tenth) / first.score,
        discriminating=discriminating,
        margin_without=_margin_without(items, discriminating, first.id, profiles, apart),
        foreign=tuple(sorted(lone.keys() - set(discriminating))),
        tied=sum(one.score == first.score for one in ranked),
    )


def _margin_without(
    items: AbstractSet[str], discriminating: tuple[str, ...], first: str, profiles: Profiles, apart: AbstractSet[str]
) -> float:
    rest = {one.id: one.score for one in rank_actors(items - set(discriminating), profiles) if one.id not in apart}
    own = rest.pop(first, 0.0)
    best = max(rest.values(), default=0.0)
    return (own - best) / max(own, best) if rest or own else 0.0


def may_name(standing: Standing) -> bool:
    """Without software of nobody else the answer is no attribution, whatever the score; nor is one of a tie named.

    On techniques alone half of the first actors are wrong.
    """
    enough = standing.items >= LEAST_SEEN and standing.size >= LEAST_KNOWN
    return enough and bool(standing.discriminating) and standing.tied == 1


def estimate(standing: Standing, model: Model) -> float:
    """Probability that the first actor is the right one, never above what a tie leaves."""
    return min(model.probability(standing.features), 1 / standing.tied)
