"""What a report says beside its findings: what was read and could be seen, clocks, paths and hypotheses."""

from __future__ import annotations

from typing import Final

import msgspec

from graphcorr.model.findings import Evidence, Finding, Observation
from graphcorr.model.leads import Lead


class SightedIndicator(msgspec.Struct, frozen=True):
    """An indicator whose pattern holds in the case, with one value that it asks for and the events that have it."""

    indicator: str
    name: str | None
    observable: str
    value: str
    count: int
    first: str
    last: str
    examples: list[Evidence]


class OutdatedIndicator(SightedIndicator, frozen=True):
    """An indicator that would have been seen, in events that lie outside the time for which it is valid: no sighting."""

    valid_from: str | None
    valid_until: str | None


class Unevaluated(msgspec.Struct, frozen=True, order=True):
    """An indicator whose pattern cannot be evaluated, or only in part, with the reason: what is not is neither seen nor not seen."""

    indicator: str
    reason: str


class Attribution(msgspec.Struct, frozen=True):
    """What a path says about software and actors; ``verdict`` is none, possible or likely."""

    verdict: str
    probability: float | None
    software: list[dict[str, object]]
    actors: list[dict[str, object]]


class HopPath(msgspec.Struct, frozen=True):
    """Hops joined in time order: ``hops`` are finding ids, ``hosts`` one more than hops."""

    id: str
    hosts: list[str]
    hops: list[str]
    first: str
    last: str
    score: float
    why: list[str]
    attribution: Attribution
    leads: list[Lead] = []
    """Where somebody may have gone on from its machines, or come from to the first: in no path, and counted for no score. Each is told
    with one path, however many share the hop."""
    leads_left: int = 0
    """Leads that are not told, because there are so many."""


class InputFile(msgspec.Struct):
    """What became of one file or archive member."""

    path: str
    member: str | None
    format: str | None
    status: str
    """``read``, ``partly`` or ``not_understood``"""
    reason: str | None
    records: int
    events: int
    skipped: int
    duplicates: int
    first: str | None
    last: str | None
    hostless: int = 0
    """Events of a machine's log that name no machine, or what can be none: kept, and not judged."""
    judged: bool = True
    """False of a log or an archive that was not read to its end, or not at all, or all of whose records were skipped: what it says was
    not judged. Files that are no logs say nothing that could be."""


class Skip(msgspec.Struct, frozen=True):
    file: str
    member: str | None
    record: int | None
    reason: str


class Inputs(msgspec.Struct):
    files: list[InputFile]
    records: int
    events: int
    skipped: int
    duplicates: int
    skips: list[Skip]
    hostless: int = 0
    """Of all files, see :class:`InputFile`."""
    unfinished: list[str] = []
    """Arguments whose reading was ended before their last file was read: what is missing was not judged."""
    given_up: list[str] = []
    """The same, where a person said that the rest will not be read."""
    lacking: list[str] = []
    """Columns of an event that some events were read without, by an earlier version."""


class KindCoverage(msgspec.Struct, frozen=True):
    kind: str
    first: str
    last: str
    count: int


class Gap(msgspec.Struct, frozen=True):
    """A span in which a host's log is known to be incomplete."""

    from_: str = msgspec.field(name="from")
    to: str = msgspec.field()
    reason: str = msgspec.field()
    kind: str = "missing"
    """``audit_off`` and ``cleared``: somebody did it; ``missing`` records and ``restarted`` numbers: concluded from what is there."""


NETWORK: Final = "(network)"
"""Stands in a list of hosts for the network monitor, whose logs belong to no host."""


class FormerName(msgspec.Struct, frozen=True):
    """A machine was called ``name`` until about ``until``; its records of that time are among its own. ``basis`` says how it is known."""

    name: str
    until: str
    basis: str


class HostCoverage(msgspec.Struct, frozen=True):
    host: str
    kinds: list[KindCoverage]
    gaps: list[Gap]
    former_names: list[FormerName] = []


class HostMissing(msgspec.Struct, frozen=True):
    host: str
    missing: list[str]


class PatternCoverage(msgspec.Struct, frozen=True):
    """``status`` is evaluated, partly or not_evaluated: a missing log is never a clean result."""

    pattern: str
    status: str
    hosts_missing: list[HostMissing]
    not_read: list[str] = []
    """Kinds that it speaks of and that some log was read without: read for other patterns, it may hold more of them."""
    observation: bool = False
    """What it sees is counted and no finding: without it a result is as good."""
    stopped: str | None = None
    """Why the engine was not let run it to its end, as its time or memory; nothing of it was judged then."""
    decides: bool = True
    """That it found nothing is an answer: it looks for how one machine takes over the next. What one machine does alone, and what a guard
    may have stopped, is none."""


class Coverage(msgspec.Struct, frozen=True):
    hosts: list[HostCoverage]
    patterns: list[PatternCoverage]


class Clock(msgspec.Struct, frozen=True):
    """``offset_seconds`` is what was added to the logged times of ``source`` on ``host`` to reach UTC; ``from`` and ``to`` are the first
    and last of these, put right.
    """

    host: str
    source: str
    offset_seconds: float
    from_: str = msgspec.field(name="from")
    to: str = msgspec.field()
    pairs: int = msgspec.field()
    borrowed_from: str | None = msgspec.field()


class Window(msgspec.Struct, frozen=True):
    """What a person asked for: only what ran, or happened without a run, from ``since`` to ``until``, both included."""

    since: str | None
    until: str | None


class ShortHistory(msgspec.Struct, frozen=True):
    """A machine on which nothing is called uncommon: its logs told of such things on ``days`` days before, which is too few."""

    host: str
    days: int


class History(msgspec.Struct, frozen=True):
    """What was compared of one sort of things. A day is one of 24 hours before or after the moment.

    ``expected`` is how many new things there would be if new ones came as before: ``seen_once`` / ``days_before`` * ``seen_since``.
    """

    thing: str
    """program, account, client or file type"""
    hosts: int
    """Machines with enough of a history."""
    days: int
    """Of the longest history: days on which a log told of such things."""
    seen_once: int
    """Things that were seen on one day only, each on its machine."""
    days_before: int
    """Days on which each thing was seen, all together."""
    seen_since: int
    """Things that were seen afterwards."""
    new_since: int
    rare_since: int
    expected: float
    not_judged: list[ShortHistory]


class Baseline(msgspec.Struct, frozen=True):
    """What lies until then was said to be usual; what comes after was compared with it."""

    until: str
    histories: list[History]


class Report(msgspec.Struct, kw_only=True):
    """``graphcorr hunt --json``; fields are only ever added."""

    schema: str = "graphcorr.report/1"
    version: str
    engine: str
    attack: str | None
    case: str | None
    window: Window | None = None
    baseline: Baseline | None = None
    """None: nobody said until when all was usual, and nothing was judged to be uncommon."""
    inputs: Inputs
    coverage: Coverage
    clocks: list[Clock]
    findings: list[Finding]
    observations: list[Observation]
    sightings: list[SightedIndicator] = []
    indicators_outdated: list[OutdatedIndicator] = []
    indicators_looked_for: int = 0
    """Indicators whose pattern was evaluated, at least in part; what is not among the sightings of these was not seen."""
    indicators_not_evaluated: list[Unevaluated] = []
    paths: list[HopPath]
