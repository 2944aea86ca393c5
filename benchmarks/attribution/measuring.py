"""Ranks with ties, and what chance could make of a difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

SEED: Final = 1
RESAMPLES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Hit:
    """Expected values when ties are put in random order."""

    reciprocal: float
    """1 ÷ rank"""
    first: float
    """Probability that the right one comes first."""


def find(scores: Mapping[str, float], right: Collection[str], candidates: Collection[str]) -> Hit:
    """Where the best of the right ones stands among all candidates; nowhere when it is no candidate."""
    best = Hit(0.0, 0.0)
    for one in right:
        if one not in candidates:
            continue
        score = scores.get(one, 0.0)
        above = sum(other > score for other in scores.values())
        tied = sum(other == score for other in scores.values()) if one in scores else len(candidates) - len(scores)
        hit = Hit(sum(1 / rank for rank in range(above + 1, above + tied + 1)) / tied, 1 / tied if above == 0 else 0.0)
        best = max(best, hit, key=lambda each: each.reciprocal)
    return best


@dataclass(frozen=True, slots=True)
class Interval:
    mean: float
    low: float
    high: float

    @property
    def beyond_chance(self) -> bool:
        return self.low > 0 or self.high < 0


def bootstrap(values: NDArray[np.float64]) -> Interval:
    """The mean with its 95 % interval over resampled incidents; of differences it is a paired bootstrap."""
    picked = np.random.default_rng(SEED).integers(0, len(values), (RESAMPLES, len(values)), dtype=np.int32)
    low, high = np.quantile(values[picked].mean(axis=1), [0.025, 0.975])
    return Interval(float(values.mean()), float(low), float(high))
