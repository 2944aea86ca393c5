"""Fits the model that says how far the first actor may be believed; its constants go into the package.

Fitted on the LORO incidents of actors without a campaign, each once as it is and once with its actor removed from all that
is known, so that "somebody nobody knows" is a trained case. Folds of the cross-validation keep an actor's incidents together.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from graphcorr.attribution.actors import rank_actors
from graphcorr.attribution.confidence import CONSTANTS, FEATURES, POSSIBLE, Model, Standing, estimate, may_name, measure
from graphcorr.attribution.profiles import CHOSEN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.attribution.incidents import Incident, World

SEED: Final = 7
FOLDS: Final = 10
_RIDGE: Final = 1.0
BINS: Final = 10


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
    """What speaking from a probability of one half on gives."""

    cases: int
    spoken: int
    right: float
    unknown: int
    named: int
    """Unknown actors for whom somebody else was named."""
    error: float
    """Expected calibration error over all cases, known and unknown."""
    bins: tuple[tuple[float, float, int], ...]
    """Mean probability, share that was right, cases."""


def make_cases(world: World, incidents: list[Incident]) -> list[Case]:
    """Each incident as it is and with its actors unknown."""
    cases = []
    for incident in incidents:
        for unknown in (False, True):
            profiles = world.profiles(incident, CHOSEN, incident.actors if unknown else frozenset())
            ranked = rank_actors(incident.items, profiles)
            standing = measure(incident.items, ranked, profiles)
            if standing is not None:
                right = sum(one.id in incident.actors for one in ranked[: standing.tied]) / standing.tied
                cases.append(Case(min(incident.actors), unknown, standing, right))
    return cases


def fit(cases: list[Case], attack: str, fitted_on: str) -> Model:
    """Logistic regression with a small ridge, by Newton's method."""
    values = np.array([case.standing.features for case in cases])
    right = np.array([case.right for case in cases])
    mean, deviation = values.mean(axis=0), values.std(axis=0)
    deviation[deviation == 0] = 1.0
    table = np.column_stack([(values - mean) / deviation, np.ones(len(values))])
    penalty = np.diag([_RIDGE] * len(FEATURES) + [0.0])
    weights = np.zeros(len(FEATURES) + 1)
    for _ in range(50):
        chance = 1 / (1 + np.exp(-(table @ weights)))
        slope = table.T @ (right - chance) - penalty @ weights
        curve = (table.T * (chance * (1 - chance))) @ table + penalty
        weights = weights + np.linalg.solve(curve, slope)
    return Model(attack, fitted_on, FEATURES, _rounded(mean), _rounded(deviation), _rounded(weights[:-1]), _rounded(weights[-1:])[0])


def _rounded(numbers: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(round(float(number), 6) for number in numbers)


def cross_validate(cases: list[Case]) -> list[float]:
    """The probability of each case by a model that has seen none of its actor's."""
    actors = sorted({case.actor for case in cases})
    np.random.default_rng(SEED).shuffle(actors)
    fold = {actor: place % FOLDS for place, actor in enumerate(actors)}
    models = [fit([case for case in cases if fold[case.actor] != each], "", "") for each in range(FOLDS)]
    return [estimate(case.standing, models[fold[case.actor]]) for case in cases]


def judge(cases: list[Case], probabilities: list[float]) -> Quality:
    spoken = [case for case, chance in zip(cases, probabilities, strict=True) if chance >= POSSIBLE and may_name(case.standing)]
    known = [case for case in spoken if not case.unknown]
    bins = []
    for number in range(BINS):
        inside = [
            (chance, case.right) for case, chance in zip(cases, probabilities, strict=True) if min(int(chance * BINS), BINS - 1) == number
        ]
        if inside:
            bins.append((sum(chance for chance, _ in inside) / len(inside), sum(right for _, right in inside) / len(inside), len(inside)))
    return Quality(
        cases=sum(not case.unknown for case in cases),
        spoken=len(known),
        right=sum(case.right for case in known),
        unknown=sum(case.unknown for case in cases),
        named=len(spoken) - len(known),
        error=sum(abs(chance - share) * count for chance, share, count in bins) / max(len(cases), 1),
        bins=tuple(bins),
    )


def write_model(model: Model) -> None:
    CONSTANTS.write_text(json.dumps({name: getattr(model, name) for name in Model.__struct_fields__}, indent=2) + "\n", encoding="utf-8")
