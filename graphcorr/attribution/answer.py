"""What is answered: a verdict, and software and actors with the reasons for each score."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from graphcorr.model.report import Attribution

if TYPE_CHECKING:
    from collections.abc import Callable


class Verdict(StrEnum):
    """*none*: not known. *possible*, *likely*: what was seen is consistent with the first actor; never more than that."""

    NONE = "none"
    POSSIBLE = "possible"
    LIKELY = "likely"


class Basis(StrEnum):
    """Why an item speaks for an actor or software."""

    SEEN = "seen"
    """The software itself was seen."""
    REPORTED = "reported"
    """Reports say that it is used."""
    INHERITED = "inherited"
    """Only software that the actor uses is known for it."""


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that was seen and that is known of the actor or software."""

    item: str
    """ATT&CK id"""
    name: str
    basis: Basis
    known: int
    """How many of all actors (or of all software) are reported to use it."""
    of: int
    findings: list[str] = []
    """Ids of the findings that show it; empty when it was asked about without one."""
    through: list[str] = []
    """Where ``basis`` is inherited: the ids of the software it comes with, that which fewest actors use."""


class Mention(msgspec.Struct, frozen=True):
    """An actor is named beside the software in a report's sentence. That is no use, and counts for nothing here."""

    software: str
    provenance: str
    """STIX id of the record that says so."""


class Hypothesis(msgspec.Struct, frozen=True, omit_defaults=True):
    id: str
    name: str
    score: float
    """0 to 1: the share of the weight of what was seen that is known of it. Equal scores are ties."""
    reasons: list[Reason]
    mentions: list[Mention] = []


class Unresolved(msgspec.Struct, frozen=True):
    """Something asked about that does not count, and why."""

    text: str
    reason: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """``probability``: that the first actor is the right one; None when nothing that was seen is known of anybody."""

    verdict: Verdict
    why: str
    """One sentence."""
    probability: float | None
    actors: list[Hypothesis]
    software: list[Hypothesis]
    mentioned: list[Hypothesis]
    """Actors who are named beside software that was seen and not reported to use it, whatever else they are known for."""
    unresolved: list[Unresolved]

    @property
    def names_somebody(self) -> bool:
        """Whether what was seen is consistent with the first actor."""
        return self.verdict is not Verdict.NONE

    def for_report(self, most: int, findings: Callable[[str], list[str]]) -> Attribution:
        """The form a path of a report carries: the first ``most``, who is tied with the last of them, and who is mentioned.

        ``findings`` are those of the path that show an item: paths that show the same items have one answer.
        """
        first = cut(self.actors, most)
        listed = {one.id for one in first}
        actors = first + [one for one in self.mentioned if one.id not in listed]
        return Attribution(
            verdict=self.verdict.value,
            probability=self.probability,
            software=[_plain(one, findings) for one in cut(self.software, most)],
            actors=[_plain(one, findings) for one in actors],
        )


def cut(ranking: list[Hypothesis], most: int) -> list[Hypothesis]:
    """The first ``most``, and further ones with the score of the last: a tie is shown whole."""
    if len(ranking) <= most:
        return ranking
    last = ranking[most - 1].score
    return [one for place, one in enumerate(ranking) if place < most or one.score == last]


def _plain(one: Hypothesis, findings: Callable[[str], list[str]]) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name,
        "score": one.score,
        # Every field, also the empty ones: a report has one shape.
        "reasons": [
            msgspec.structs.asdict(reason) | {"basis": reason.basis.value, "findings": findings(reason.item)} for reason in one.reasons
        ],
        "mentions": [msgspec.structs.asdict(mention) for mention in one.mentions],
    }
