"""Findings without their evidence, many at once: what a picture of all movement in a case is drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.case.pages import count_by_time, read_page
from graphcorr.case.reader import open_reader
from graphcorr.model.findings import Basis, Confidence, Endpoint, Level, Movement, Role
from graphcorr.service.judged import Judged
from graphcorr.service.listing import FindingsFilter, conditions_of, current

if TYPE_CHECKING:
    from pathlib import Path

MOST: Final = 20_000
"""Most hops of one answer: about 10 MB, and more than anybody tells apart."""


class HopsAsked(FindingsFilter, kw_only=True, forbid_unknown_fields=True):
    """Which findings."""


class HopStep(msgspec.Struct, frozen=True):
    """When what kind of step was taken."""

    role: Role
    time: str


class HopBehavior(msgspec.Struct, frozen=True):
    """What was done on the target afterwards."""

    way: str
    first: str


class Hop(msgspec.Struct, frozen=True):
    """A finding as far as a picture shows it; its id leads to the rest."""

    id: str
    title: str
    level: Level
    confidence: Confidence
    basis: Basis
    movement: Movement
    source: Endpoint | None
    target: Endpoint
    execution: str | None
    started_by: str | None
    file: str | None
    steps: list[HopStep]
    behaviors: list[HopBehavior] = []


class Hops(msgspec.Struct, frozen=True):
    """In the order of time."""

    generation: str
    total: int
    """Findings that fit; where there are more than items, the items are the first."""
    items: list[Hop]


class TimelineAsked(FindingsFilter, kw_only=True, forbid_unknown_fields=True):
    """Which findings."""


class TimelineBin(msgspec.Struct, frozen=True):
    """Findings of one level in one span."""

    number: int
    """Of the span, from 0; spans without findings are left out."""
    level: Level
    count: int


class Timeline(msgspec.Struct, frozen=True):
    """When findings were: ``bins`` of ``seconds`` each, the first of which begins at ``first``."""

    generation: str
    first: str | None
    seconds: int
    bins: list[TimelineBin]


_MOST_BINS: Final = 120


def show_timeline(folder: Path, asked: TimelineAsked) -> Timeline:
    """How many findings there were when. ``NotDetectedError`` where nothing was looked for yet."""
    levels = list(Level)
    with open_reader(folder) as case:
        generation = current(case)
        first, seconds, bins = count_by_time(generation.findings, conditions_of(asked, Judged(case)), _MOST_BINS)
    return Timeline(generation.name, first, seconds, [TimelineBin(each.number, levels[each.level], each.findings) for each in bins])


def list_hops(folder: Path, asked: HopsAsked) -> Hops:
    """All findings that fit, up to ``MOST``. ``NotDetectedError`` where nothing was looked for yet."""
    with open_reader(folder) as case:
        generation = current(case)
        conditions = conditions_of(asked, Judged(case))
        total, rows = read_page(generation.findings, conditions, sort="time", descending=False, after=None, limit=MOST)
    decoder = msgspec.json.Decoder(Hop)
    return Hops(generation.name, total, [decoder.decode(row.body) for row in rows])
