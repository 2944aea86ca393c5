"""What the model's form and its threshold were chosen from: fitted incidents only, none of an actor with a campaign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks.attribution.fitting import Case, Quality, cross_validate, fit, judge, make_cases
from graphcorr.attribution.confidence import LIKELY, POSSIBLE, estimate

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from benchmarks.attribution.incidents import World

REGIMES: Final = ("LORO", "LORO prospective")
THRESHOLDS: Final = (0.5, 0.6, 0.65, 0.7, 0.75, POSSIBLE, 0.85, LIKELY)
_LARGEST: Final = 0.3
"""Share of the actors, those with the largest profiles, that a model is tried on which was fitted on the others."""


@dataclass(frozen=True, slots=True)
class Choices:
    thresholds: dict[float, Quality]
    """Of both regimes together, cross-validated."""
    shifted: dict[str, list[Quality]]
    """On the actors with the largest profiles, by what they were while the model was fitted; one for each regime."""


def fitted_cases(world: World, without: AbstractSet[str] = frozenset(), apart: AbstractSet[str] | None = None) -> list[Case]:
    """What the model is fitted on. The actors whose incidents are held out are no candidates there."""
    apart = world.with_campaigns | without if apart is None else apart
    return [
        case
        for regime in REGIMES
        for case in make_cases(world, [each for each in world.development(regime) if not each.actors & without], apart)
    ]


def measure_choices(world: World, fitted: list[Case]) -> Choices:
    own = [case for regime in REGIMES for case in make_cases(world, world.development(regime))]
    chances = cross_validate(own, fitted)
    known = world.everything.direct
    actors = sorted(
        {actor for regime in REGIMES for each in world.development(regime) for actor in each.actors}, key=lambda one: (len(known[one]), one)
    )
    largest = frozenset(actors[round(len(actors) * (1 - _LARGEST)) :])
    shifted: dict[str, list[Quality]] = {}
    for name, apart in (("candidates", frozenset[str]()), ("no candidates", None)):
        model = fit(fitted_cases(world, largest, apart), "", "")
        shifted[name] = [
            judge(cases, [estimate(case.standing, model) for case in cases])
            for regime in REGIMES
            if (cases := make_cases(world, [each for each in world.development(regime) if each.actors <= largest]))
        ]
    return Choices({each: judge(own, chances, each) for each in THRESHOLDS}, shifted)
