"""Attempts that are told with a logon: of its account between the same machines, or made at its time, whatever account made it.

Each attempt is looked at once, however many accounts go from one machine to another.
"""

from __future__ import annotations

from collections import defaultdict
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Final

from graphcorr.paths.contacted import CONFIRMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphcorr.model.records import Microseconds
    from graphcorr.paths.visits import Visit

_AROUND: Final = CONFIRMS * 1_000_000


def find_logons(attempts: Sequence[Visit], logons: Sequence[Visit]) -> list[int | None]:
    """For each attempt the place of the first logon that it is told with; None where there is none."""
    of_account: dict[tuple[str, str, str], int] = {}
    spans: defaultdict[tuple[str, str], list[tuple[Microseconds, Microseconds, int]]] = defaultdict(list)
    for place, one in enumerate(logons):
        if one.account is not None:
            of_account.setdefault((one.source, one.target, one.account), place)
        spans[one.source, one.target] += ((way.first - _AROUND, way.last + _AROUND, place) for way in one.logged)
    numbers: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for number, one in enumerate(attempts):
        numbers[one.source, one.target].append(number)
    found: list[int | None] = [None] * len(attempts)
    for pair, own in numbers.items():
        own.sort(key=lambda number: attempts[number].first)
        for number, near in zip(own, _first_around([attempts[number].first for number in own], spans[pair]), strict=True):
            account = attempts[number].account
            same = None if account is None else of_account.get((*pair, account))
            found[number] = min((place for place in (near, same) if place is not None), default=None)
    return found


def _first_around(moments: Iterable[Microseconds], spans: Iterable[tuple[Microseconds, Microseconds, int]]) -> Iterable[int | None]:
    """For each moment, in their order, the lowest place of the spans that it is in."""
    waiting = sorted(spans, reverse=True)
    begun: list[tuple[int, Microseconds]] = []
    for moment in moments:
        while waiting and waiting[-1][0] <= moment:
            _, until, place = waiting.pop()
            heappush(begun, (place, until))
        # What has ended is over for every later moment, too; deeper ones may wait until they are the lowest.
        while begun and begun[0][1] < moment:
            heappop(begun)
        yield begun[0][0] if begun else None
