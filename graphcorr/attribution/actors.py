"""Actors ranked by how much of what was seen they are known for, rare things counting most."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphcorr.attribution.profiles import Profiles

DIGITS: Final = 9
"""Scores equal to so many digits are ties: nothing that is known tells the actors apart."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """``id`` is the actor or software; ``score`` the share of the weight of everything seen that is known of it, 0 to 1."""

    id: str
    score: float


def rank_actors(items: Iterable[str], profiles: Profiles) -> list[Ranked]:
    """Every actor with anything in common, best first; ties have equal scores and stand in the order of their ids.

    Items are taken once each. What nobody is known for counts in the whole, so that a new tool lowers every score.
    """
    shares: dict[str, list[float]] = {}
    whole: list[float] = []
    for item in sorted(set(items)):
        posting = profiles.posting(item)
        whole.append(posting.weight)
        if posting.weight > 0:
            for actor, strength in posting.actors.items():
                shares.setdefault(actor, []).append(posting.weight * strength)
    total = fsum(whole)
    power = profiles.scoring.size
    ranked = [
        Ranked(actor, round(fsum(parts) / total / (len(profiles.direct[actor]) ** power if power else 1.0), DIGITS))
        for actor, parts in shares.items()
    ]
    return sorted(ranked, key=lambda one: (-one.score, one.id))
