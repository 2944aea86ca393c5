"""How good a path is, from a small table of reasons: each that applies is named in ``why``, and the score follows from them.

A path that has none of them scores 1; each takes its part of what is left, for every place where it applies. So an
analyst can check the number by the sentences, and the order of two paths by what is said against them.
"""

from __future__ import annotations

from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from graphcorr.model.findings import Confidence
from graphcorr.paths.hops import Tier, hop_tier, machine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphcorr.model.findings import Finding


class Reason(Enum):
    """What speaks against a path: what it leaves of the score, and the sentence about the machine that it applies to."""

    MEDIUM_HOP = (0.6, "the hop to {} is of medium confidence")
    LOW_HOP = (0.3, "the hop to {} is of low confidence")
    CONNECTION_ALONE = (0.5, "nothing is seen to run on {}: the hop to it is a connection or a registration alone")
    BY_TIME_ALONE = (0.8, "joined at {} by time alone")

    @property
    def leaves(self) -> float:
        return self.value[0]

    def say(self, machine: str) -> str:
        return self.value[1].format(machine)


_OF_CONFIDENCE: Final = {Confidence.MEDIUM: Reason.MEDIUM_HOP, Confidence.LOW: Reason.LOW_HOP}


class Given(NamedTuple):
    """A sentence of ``why``; ``reason`` is None where it speaks for the path."""

    sentence: str
    reason: Reason | None


def reasons_of(chain: Sequence[Finding]) -> list[Given]:
    """For and against a chain of hops: what is said of each hop, then of each joint."""
    sure = all(hop.confidence is Confidence.HIGH for hop in chain)
    each = "of" if len(chain) == 1 else "each of"
    count = "1 hop" if len(chain) == 1 else f"{len(chain)} hops"
    return [Given(f"{count}, {each} high confidence" if sure else count, None), *_of_hops(chain), *_of_joints(chain)]


def score(given: Sequence[Given]) -> float:
    """What the reasons leave of 1, to three places."""
    left = 1.0
    for one in given:
        left *= one.reason.leaves if one.reason else 1.0
    return round(left, 3)


def _of_hops(chain: Sequence[Finding]) -> Iterator[Given]:
    for hop in chain:
        target = str(machine(hop.target))
        if reason := _OF_CONFIDENCE.get(hop.confidence):
            yield Given(reason.say(target), reason)
        if hop_tier(hop) is Tier.CONNECTION:
            yield Given(Reason.CONNECTION_ALONE.say(target), Reason.CONNECTION_ALONE)


def _of_joints(chain: Sequence[Finding]) -> Iterator[Given]:
    for before, after in pairwise(chain):
        where = str(machine(before.target))
        if before.account and after.account and before.account.lower() == after.account.lower():
            yield Given(f"{before.account} carries over at {where}", None)
        else:
            yield Given(Reason.BY_TIME_ALONE.say(where), Reason.BY_TIME_ALONE)
