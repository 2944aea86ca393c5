"""What a generation holds beside its findings: paths, observations, sightings, coverage and hosts, by pages."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple, TypeVar

import msgspec
from msgspec import Meta

from graphcorr.case.pages import accounts_of, count_ends, count_findings, count_matching
from graphcorr.case.reader import open_reader
from graphcorr.errors import CaseError, NotFoundError, UsageError
from graphcorr.model.findings import Finding, Observation
from graphcorr.model.report import (
    Baseline,
    Clock,
    Coverage,
    Gap,
    HopPath,
    Inputs,
    KindCoverage,
    OutdatedIndicator,
    Report,
    SightedIndicator,
    Unevaluated,
    Window,
)
from graphcorr.outputs.json import encode
from graphcorr.service.judged import Judged
from graphcorr.service.listing import Span, Words, current, ends_of, show_finding
from graphcorr.service.pages import CursorText, Limit, Page, read_cursor, write_cursor
from graphcorr.service.span import read_span
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphcorr.case.generations import Generation
    from graphcorr.case.reader import CaseReader

Item = TypeVar("Item")


class Parts(msgspec.Struct, kw_only=True):
    """A report without its findings, of which there may be very many."""

    version: str
    engine: str
    attack: str | None
    window: Window | None = None
    baseline: Baseline | None = None
    inputs: Inputs
    coverage: Coverage
    clocks: list[Clock]
    observations: list[Observation]
    sightings: list[SightedIndicator] = []
    indicators_outdated: list[OutdatedIndicator] = []
    indicators_not_evaluated: list[Unevaluated] = []
    paths: list[HopPath]
    count: int = 0
    """Of findings."""


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """What was read and could not be seen, and how much was found."""

    generation: str
    version: str
    engine: str
    attack: str | None
    window: Window | None
    baseline: Baseline | None
    inputs: Inputs
    coverage: Coverage
    clocks: list[Clock]
    findings: int
    paths: int
    observations: int
    sightings: int
    hosts: int
    suppressed: int
    """Findings that rules set aside."""


class PathsAsked(Span, kw_only=True, forbid_unknown_fields=True):
    """Which paths."""

    from_: Annotated[Words, Meta(description="Paths that begin at this host.")] = msgspec.field(name="from", default=())
    to: Annotated[Words, Meta(description="Paths that end at this host.")] = ()
    host: Annotated[Words, Meta(description="Paths over this host.")] = ()
    account: Annotated[Words, Meta(description="Paths with a hop of this account, with or without its domain.")] = ()
    at: Annotated[str, Meta(max_length=40, description="Paths that were under way then: a time, or a date for its day.")] | None = None
    limit: Limit = 50
    cursor: CursorText | None = None


class PathShown(msgspec.Struct, frozen=True):
    """A path with the findings that are its hops, each with its steps and evidence."""

    path: HopPath
    findings: list[Finding]


class PlainAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A list without filters."""

    limit: Limit = 50
    cursor: CursorText | None = None


class ObservationsAsked(Span, kw_only=True, forbid_unknown_fields=True):
    """Which observations."""

    pattern: Annotated[Words, Meta(description="Of this pattern.")] = ()
    host: Annotated[Words, Meta(description="Source or target, by name or address.")] = ()
    limit: Limit = 50
    cursor: CursorText | None = None


class HostsAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which hosts."""

    q: Annotated[str, Meta(min_length=1, max_length=1024, description="A part of the name.")] | None = None
    limit: Limit = 50
    cursor: CursorText | None = None


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """A machine of the case: what its logs cover, and what was found about it."""

    host: str
    first: str | None
    """The first and last covered moment of any kind of event."""
    last: str | None
    kinds: list[KindCoverage]
    gaps: list[Gap]
    clocks: list[Clock]
    incoming: int
    """Findings whose target it is."""
    outgoing: int
    """Findings whose source it is."""
    paths: list[str]


def show_overview(folder: Path) -> Overview:
    """The case at a glance. ``NotDetectedError`` where nothing was looked for yet."""
    name, parts, hosts, _ = hold(folder)
    return Overview(
        generation=name,
        version=parts.version,
        engine=parts.engine,
        attack=parts.attack,
        window=parts.window,
        baseline=parts.baseline,
        inputs=parts.inputs,
        coverage=parts.coverage,
        clocks=parts.clocks,
        findings=parts.count,
        paths=len(parts.paths),
        observations=len(parts.observations),
        sightings=len(parts.sightings),
        hosts=len(hosts),
        suppressed=_count_suppressed(folder),
    )


def _count_suppressed(folder: Path) -> int:
    with open_reader(folder) as case:
        judged = Judged(case)
        return count_matching(current(case).findings, [judged.is_suppressed()]) if judged.rules else 0


def read_report_bytes(folder: Path) -> bytes:
    """The whole report, as JSON."""
    with open_reader(folder) as case:
        data = case.read_report()
        judged = Judged(case)
        if not judged.said:
            return data
        report = msgspec.json.decode(data, type=Report)
        return encode(msgspec.structs.replace(report, findings=judged.apply(report.findings)))


def list_paths(folder: Path, asked: PathsAsked) -> Page[HopPath]:
    held = hold(folder)
    first, last = ends_of(asked)
    begun, ended = (format_time(each) if each is not None else None for each in read_span(asked.at, asked.at, ("at", "at")))
    found = [
        each
        for each in held.parts.paths
        if _meets(each, first, last)
        and _meets(each, begun, ended)
        and among(asked.from_, each.hosts[:1])
        and among(asked.to, each.hosts[-1:])
        and among(asked.host, each.hosts)
        and among(asked.account, [name for hop in each.hops for name in held.accounts.get(hop, ())])
    ]
    return page_of(found, held.name, asked, asked.cursor, asked.limit)


def show_path(folder: Path, id_: str) -> PathShown:
    parts = hold(folder).parts
    found = [each for each in parts.paths if each.id == id_]
    if not found:
        raise NotFoundError(f"there is no path {id_[:80]!r}")
    return PathShown(found[0], [show_finding(folder, hop) for hop in dict.fromkeys(found[0].hops)])


def list_observations(folder: Path, asked: ObservationsAsked) -> Page[Observation]:
    name, parts, *_ = hold(folder)
    first, last = ends_of(asked)
    found = [
        each
        for each in parts.observations
        if _meets(each, first, last)
        and among(asked.pattern, [each.pattern])
        and among(asked.host, [end for side in (each.source, each.target) if side for end in (side.host, side.address) if end])
    ]
    return page_of(found, name, asked, asked.cursor, asked.limit)


def list_sightings(folder: Path, asked: PlainAsked) -> Page[SightedIndicator]:
    name, parts, *_ = hold(folder)
    return page_of(parts.sightings, name, asked, asked.cursor, asked.limit)


def show_coverage(folder: Path) -> Coverage:
    return hold(folder).parts.coverage


def list_hosts(folder: Path, asked: HostsAsked) -> Page[Host]:
    name, _, hosts, _ = hold(folder)
    wanted = [each for each in hosts.values() if asked.q is None or asked.q.casefold() in each.host.casefold()]
    return page_of(wanted, name, asked, asked.cursor, asked.limit)


def show_host(folder: Path, host: str) -> Host:
    found = hold(folder).hosts.get(host.casefold())
    if found is None:
        raise NotFoundError(f"there is no host {host[:255]!r}")
    return found


class Held(NamedTuple):
    """What is kept of a generation between questions."""

    name: str
    parts: Parts
    hosts: dict[str, Host]
    """By their names, in the order of these."""
    accounts: dict[str, tuple[str, str]]
    """By the id of a finding that is a hop, its account: with its domain, and without."""


_KEPT: Final = 4
_kept: OrderedDict[tuple[str, str], Held] = OrderedDict()
_lock: Final = threading.Lock()


def hold(folder: Path) -> Held:
    """The current generation's parts, decoded once; those of a few generations are kept."""
    with open_reader(folder) as case:
        generation = current(case)
        key = (str(folder), generation.name)
        with _lock:
            if key in _kept:
                _kept.move_to_end(key)
                return _kept[key]
            made = _kept[key] = _load(case, generation)
            while len(_kept) > _KEPT:
                _kept.popitem(last=False)
            return made


def _load(case: CaseReader, generation: Generation) -> Held:
    try:
        parts = msgspec.json.decode(case.read_report(), type=Parts)
    except msgspec.DecodeError as error:
        raise CaseError(f"the report of {case.folder} cannot be read ({error}); run a detection in it again") from error
    parts.count = count_findings(generation.findings)
    ends = count_ends(generation.findings)
    covered = {each.host: each for each in parts.coverage.hosts}
    hosts = {}
    for host in sorted({*covered, *ends}):
        seen, counts = covered.get(host), ends.get(host)
        kinds = seen.kinds if seen else []
        hosts[host.casefold()] = Host(
            host=host,
            first=min((kind.first for kind in kinds), default=None),
            last=max((kind.last for kind in kinds), default=None),
            kinds=kinds,
            gaps=seen.gaps if seen else [],
            clocks=[clock for clock in parts.clocks if clock.host == host],
            incoming=counts.incoming if counts else 0,
            outgoing=counts.outgoing if counts else 0,
            paths=[path.id for path in parts.paths if host in path.hosts],
        )
    accounts = accounts_of(generation.findings, [hop for path in parts.paths for hop in path.hops])
    named = {id_: (account, account.rpartition("\\")[2]) for id_, account in accounts.items()}
    return Held(generation.name, parts, hosts, named)


def page_of(found: Sequence[Item], generation: str, asked: msgspec.Struct, cursor: str | None, limit: int) -> Page[Item]:
    """The page that is asked for of a list that is whole in memory."""
    after = read_cursor(cursor, generation, asked, (int,))
    start = int(after[0]) if after is not None else 0
    if start < 0:
        raise UsageError("the cursor belongs to no list")
    end = start + limit
    following = write_cursor(generation, asked, (end,)) if end < len(found) else None
    return Page(generation=generation, total=len(found), items=list(found[start:end]), next=following)


def _meets(one: HopPath | Observation, first: str | None, last: str | None) -> bool:
    """Some of it lies between the two moments; None leaves an end open."""
    return (first is None or one.last >= first) and (last is None or one.first <= last)


def among(wanted: Sequence[str], held: Sequence[str]) -> bool:
    """Nothing is wanted in particular, or one of it is there."""
    return not wanted or not {each.casefold() for each in wanted}.isdisjoint(each.casefold() for each in held)
