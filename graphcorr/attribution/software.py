"""Software ranked by the techniques that were seen, for when nothing names it.

BM25: profiles of software are of similar size, so that a share of what was seen, right for actors, is worse here.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, log
from typing import TYPE_CHECKING, Final

from graphcorr.attribution.actors import DIGITS, Ranked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphcorr.attribution.profiles import Profiles

SATURATION: Final = 1.2
LENGTH: Final = 0.5
"""How much a long profile is held against software; BM25 calls it b."""


@dataclass(frozen=True, slots=True)
class SoftwareIndex:
    """What ranking needs of all software at once."""

    profiles: Profiles
    factors: dict[str, float]
    """Software to what one technique of its counts, by the size of its profile."""

    def rarity(self, technique: str) -> float:
        known = len(self.profiles.carriers.get(technique, ()))
        return log(1 + (len(self.factors) - known + 0.5) / (known + 0.5))


def index_software(profiles: Profiles) -> SoftwareIndex:
    sizes = {software: len(techniques) for software, techniques in profiles.techniques.items()}
    mean = sum(sizes.values()) / max(len(sizes), 1)
    return SoftwareIndex(
        profiles,
        {software: (SATURATION + 1) / (1 + SATURATION * (1 - LENGTH + LENGTH * size / mean)) for software, size in sizes.items()},
    )


def rank_software(techniques: Iterable[str], index: SoftwareIndex) -> list[Ranked]:
    """Software with any of the techniques, best first. Scores lie between 0 and 1: the share of the highest there can be."""
    shares: dict[str, list[float]] = {}
    whole: list[float] = []
    for technique in sorted(set(techniques)):
        rarity = index.rarity(technique)
        whole.append(rarity * (SATURATION + 1))
        for software in index.profiles.carriers.get(technique, ()):
            shares.setdefault(software, []).append(rarity * index.factors[software])
    total = fsum(whole)
    ranked = [Ranked(software, round(fsum(parts) / total, DIGITS)) for software, parts in shares.items()]
    return sorted(ranked, key=lambda one: (-one.score, one.id))
