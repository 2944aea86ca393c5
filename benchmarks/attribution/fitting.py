"""Fits the model that says how far the first actor may be believed; its constants go into the package.

Fitted on the LORO incidents of actors without a campaign, on all that is known and on what was known before, each once as it
is and once with its actor removed, so that "somebody nobody knows" is a trained case. The actors with campaigns stand apart
then: they are never the right ones there, have larger profiles than most, and a model that sees them lose every time learns that
a large profile is wrong. Folds of the cross-validation keep an actor's incidents together.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from math import sqrt
from random import Random
from typing import TYPE_CHECKING, Final

import numpy as np

from graphcorr.attribution.actors import rank_actors
from graphcorr.attribution.confidence import CONSTANTS, FEATURES, POSSIBLE, Model, Standing, estimate, may_name, measure
from graphcorr.attribution.profiles import CHOSEN

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from benchmarks.attribution.incidents import Incident, World

SEED: Final = 7
FOLDS: Final = 10
RIDGE: Final = 10.0
BINS: Final = 10
_DRAWS: Final = 500
_DEVIATIONS: Final = 1.96
"""Of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Case:
    """One ranking whose first actor is right, wrong or, within a tie, right with a chance."""

    actor: str
    unknown: bool
    """The actor was removed from what is known."""
    standing: Standing
    right: float


@dataclass(frozen=True, slots=True)
class Quality:
    """What it gives to speak from some probability on."""

    cases: int
    spoken: int
    right: float
    unknown: int
    named: int
    """Unknown actors for whom somebody else was named."""
    error: float
    """Expected calibration error over all cases, known and unknown."""
    chance: float
    """What that error would be of a model that is right about every probability: so many cases show no less, as a median."""
    bins: tuple[tuple[float, float, int], ...]
    """Mean probability, share that was right, cases."""


def thin(incidents: list[Incident], keep: Callable[[int, Random], int]) -> list[Incident]:
    """Incidents of which less was seen: as many items as ``keep`` says of their number, picked at random."""
    chance = Random(SEED)
    return [
        replace(each, items=frozenset(chance.sample(sorted(each.items), min(keep(len(each.items), chance), len(each.items)))))
        for each in incidents
    ]


def make_cases(world: World, incidents: list[Incident], apart: AbstractSet[str] = frozenset()) -> list[Case]:
    """Each incident as it is and with its actors unknown; actors in ``apart`` are no candidates."""
    cases = []
    for incident in incidents:
        for unknown in (False, True):
            profiles = world.profiles(incident, CHOSEN, incident.actors if unknown else frozenset())
            ranked = [one for one in rank_actors(incident.items, profiles) if one.id not in apart]
            standing = measure(incident.items, ranked, profiles, apart)
            if standing is not None:
                right = sum(one.id in incident.actors for one in ranked[: standing.tied]) / standing.tied
                cases.append(Case(min(incident.actors), unknown, standing, right))
    return cases


def fit(cases: list[Case], attack: str, fitted_on: str) -> Model:
    """Logistic regression with a ridge, by Newton's method."""
    values = np.array([case.standing.features for case in cases])
    right = np.array([case.right for case in cases])
    mean, deviation = values.mean(axis=0), values.std(axis=0)
    deviation[deviation == 0] = 1.0
    table = np.column_stack([(values - mean) / deviation, np.ones(len(values))])
    penalty = np.diag([RIDGE] * len(FEATURES) + [0.0])
    weights = np.zeros(len(FEATURES) + 1)
    for _ in range(50):
        chance = 1 / (1 + np.exp(-(table @ weights)))
        slope = table.T @ (right - chance) - penalty @ weights
        curve = (table.T * (chance * (1 - chance))) @ table + penalty
        weights = weights + np.linalg.solve(curve, slope)
    return Model(attack, fitted_on, FEATURES, _rounded(mean), _rounded(deviation), _rounded(weights[:-1]), _rounded(weights[-1:])[0])


def _rounded(numbers: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(round(float(number), 6) for number in numbers)


def cross_validate(cases: list[Case], fitted: list[Case]) -> list[float]:
    """The probability of each case by a model fitted on those cases of the other list that are not of its actor's fold."""
    actors = sorted({case.actor for case in [*cases, *fitted]})
    np.random.default_rng(SEED).shuffle(actors)
    fold = {actor: place % FOLDS for place, actor in enumerate(actors)}
    models = [fit([case for case in fitted if fold[case.actor] != each], "", "") for each in range(FOLDS)]
    return [estimate(case.standing, models[fold[case.actor]]) for case in cases]


def judge(cases: list[Case], probabilities: list[float], least: float = POSSIBLE) -> Quality:
    """What naming from a probability of ``least`` on gives, with the other rules."""
    spoken = [case for case, chance in zip(cases, probabilities, strict=True) if chance >= least and may_name(case.standing)]
    known = [case for case in spoken if not case.unknown]
    chances, right = np.array(probabilities), np.array([case.right for case in cases])
    bins = _bins(chances, right)
    draws = np.random.default_rng(SEED).random((_DRAWS, len(cases)))
    return Quality(
        cases=sum(not case.unknown for case in cases),
        spoken=len(known),
        right=sum(case.right for case in known),
        unknown=sum(case.unknown for case in cases),
        named=len(spoken) - len(known),
        error=_error(bins),
        chance=float(np.median([_error(_bins(chances, (draw < chances).astype(float))) for draw in draws])),
        bins=bins,
    )


def _bins(chances: NDArray[np.float64], right: NDArray[np.float64]) -> tuple[tuple[float, float, int], ...]:
    number = np.minimum((chances * BINS).astype(int), BINS - 1)
    inside = [number == each for each in range(BINS)]
    return tuple((float(chances[these].mean()), float(right[these].mean()), int(these.sum())) for these in inside if these.any())


def _error(bins: tuple[tuple[float, float, int], ...]) -> float:
    return sum(abs(chance - share) * count for chance, share, count in bins) / max(sum(count for _, _, count in bins), 1)


def interval(part: float, whole: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share: with few cases it is wide, and with none it is everything."""
    if not whole:
        return 0.0, 1.0
    share, square = part / whole, _DEVIATIONS**2
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = _DEVIATIONS * sqrt(share * (1 - share) / whole + square / (4 * whole**2)) / (1 + square / whole)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def write_model(model: Model) -> None:
    CONSTANTS.write_text(json.dumps({name: getattr(model, name) for name in Model.__struct_fields__}, indent=2) + "\n", encoding="utf-8")
