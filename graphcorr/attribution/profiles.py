"""What each actor is known to use, and how much it says that one item is among it. Knows no file format and no names.

Ids say their kind: G… is an actor, S… software, T… a technique; other statements (campaigns) are left out. Folding the
campaigns that are attributed to an actor into its profile was tried and does not help.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import Enum
from math import fsum, log
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

ACTOR: Final = "G"
SOFTWARE: Final = "S"
MOST_THROUGH: Final = 3
"""Software that is named for an inherited technique."""


class Counting(Enum):
    """How an actor who has a technique only through software makes it less rare."""

    REPORTED = "not at all"
    WEIGHTED = "by its weight"
    ANY = "as one who is reported to use it"


@dataclass(frozen=True, slots=True)
class Scoring:
    """How an item counts. The values here were chosen by ``make bench-attribution``; docs/attribution.md has the table."""

    software: float = 2.0
    """Weight of software, where a technique's is 1."""
    steepness: float = 1.0
    """Exponent of a software's rarity."""
    inherited: float = 0.5
    """Weight of a technique that only an actor's software is known to have."""
    exclusive: float = 1.0
    """The inherited weight is divided by this power of the number of actors who use the software: PsExec says little."""
    counting: Counting = Counting.ANY
    size: float = 0.0
    """Power of a profile's size that scores are divided by."""


CHOSEN: Final = Scoring()
BASELINE: Final = Scoring(exclusive=0.0, counting=Counting.WEIGHTED)
"""IDF-weighted containment, software × 2, techniques inherited from software × ½, as it was published."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One item: its rarity (0 is what everybody uses) and how strongly each actor has it, from 0 to 1."""

    rarity: float
    weight: float
    """What the item adds to the score of an actor who is reported to use it."""
    actors: dict[str, float]
    """Actor to 1 for reported use, less for a technique that came with software."""


@dataclass(frozen=True, slots=True)
class Profiles:
    """Statements turned around, so that a question costs as much as its items and not as much as all that is known."""

    direct: dict[str, frozenset[str]]
    """Actor to the techniques and software it is reported to use; actors without any are not in it."""
    users: dict[str, tuple[str, ...]]
    """Item to the actors who are reported to use it."""
    techniques: dict[str, frozenset[str]]
    """Software to its techniques."""
    carriers: dict[str, tuple[str, ...]]
    """Technique to the software that has it."""
    scoring: Scoring
    _postings: dict[str, Posting]

    def posting(self, item: str) -> Posting:
        """An item nobody is known for has the highest rarity and no actors."""
        found = self._postings.get(item)
        if found is None:
            found = self._postings[item] = self._post(item)
        return found

    def _post(self, item: str) -> Posting:
        scoring = self.scoring
        actors = dict.fromkeys(self.users.get(item, ()), 1.0)
        reported = len(actors)
        for software in self.carriers.get(item, ()):
            users = self.users.get(software, ())
            if not users:
                continue
            weight = scoring.inherited / len(users) ** scoring.exclusive
            for actor in users:
                if actors.get(actor, 0.0) < weight:
                    actors[actor] = weight
        # Half an actor more keeps the rarity of what nobody is known for finite.
        match scoring.counting:
            case Counting.REPORTED:
                known: float = reported
            case Counting.WEIGHTED:
                known = fsum(actors.values())
            case Counting.ANY:
                known = len(actors)
        rarity = max(log((len(self.direct) + 1) / (known + 0.5)), 0.0)
        weight = scoring.software * rarity**scoring.steepness if item.startswith(SOFTWARE) else rarity
        return Posting(rarity, weight, actors)

    def through(self, technique: str) -> dict[str, tuple[str, ...]]:
        """Actor to the software that gives it the technique: what fewest actors use, which is what its weight is from."""
        found: dict[str, tuple[str, ...]] = {}
        fewest: dict[str, int] = {}
        for software in self.carriers.get(technique, ()):
            users = self.users.get(software, ())
            for actor in users:
                if len(users) < fewest.get(actor, len(users) + 1):
                    fewest[actor], found[actor] = len(users), (software,)
                elif len(users) == fewest[actor] and len(found[actor]) < MOST_THROUGH:
                    found[actor] += (software,)
        return found


def build_profiles(uses: Iterable[tuple[str, str]], scoring: Scoring = CHOSEN) -> Profiles:
    """Profiles from (source, target) statements; the order and repetitions of them do not matter."""
    direct: defaultdict[str, set[str]] = defaultdict(set)
    techniques: defaultdict[str, set[str]] = defaultdict(set)
    for source, target in uses:
        if source[0] == ACTOR:
            direct[source].add(target)
        elif source[0] == SOFTWARE:
            techniques[source].add(target)
    return Profiles(
        direct={actor: frozenset(items) for actor, items in direct.items()},
        users=_turn(direct),
        techniques={software: frozenset(items) for software, items in techniques.items()},
        carriers=_turn(techniques),
        scoring=scoring,
        _postings={},
    )


def _turn(sets: dict[str, set[str]]) -> dict[str, tuple[str, ...]]:
    turned: defaultdict[str, list[str]] = defaultdict(list)
    for key in sorted(sets):
        for item in sets[key]:
            turned[item].append(key)
    return {item: tuple(keys) for item, keys in turned.items()}
