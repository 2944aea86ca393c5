"""What could not be judged, and why: a missing log is never a clean result."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from graphcorr.model.report import NETWORK
from graphcorr.outputs.inputs import SHOWN_FILES, file_name
from graphcorr.outputs.layout import Page, Style
from graphcorr.outputs.wording import count, kinds, listed, moment, plural, span

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from graphcorr.model.report import Clock, Gap, PatternCoverage, Report

SHOWN_HOSTS = 4
SHOWN_PATTERNS = 5
SHOWN_GAPS = 8
SHOWN_CLOCKS = 8

_DONE = frozenset({"audit_off", "cleared"})
"""Gaps that somebody made: they come before what is missing for no reason that is known."""


def add_coverage(page: Page, report: Report) -> None:
    """What somebody switched off first, then what is not logged and what that leaves open, holes, and events of nowhere."""
    page.heading("What could not be judged")
    patterns = report.coverage.patterns
    open_patterns = [each for each in patterns if each.status != "evaluated"]
    gaps = [(host.host, gap) for host in report.coverage.hosts for gap in host.gaps]
    _add_gaps(page, [each for each in gaps if each[1].kind in _DONE], "An audit was turned off or a log cleared")
    hosts = [each.host for each in report.coverage.hosts if each.host != NETWORK]
    if not patterns:
        page.add("No pattern was run, so nothing was judged.", indent=3, style=Style.WARNING)
    elif not open_patterns:
        scope = "the one host" if len(hosts) == 1 else f"all {len(hosts):,} hosts"
        page.add(f"Every pattern had the logs it needs on {scope} seen here.", indent=3)
    else:
        logged = {host.host: {each.kind for each in host.kinds} for host in report.coverage.hosts}
        shown = {name for one in report.findings for name in one.patterns} | {one.pattern for one in report.observations}
        _add_missing(page, open_patterns, hosts, logged, shown)
    for each in open_patterns:
        if each.stopped:
            page.add(f"{each.pattern} was not evaluated: {each.stopped}", indent=3, hang=3, style=Style.WARNING)
        if each.not_read:
            again = f"some logs were read without {kinds(each.not_read)}, which it asks for; hunt in them again with it"
            page.add(f"{each.pattern}: {again}", indent=3, hang=3, style=Style.WARNING)
    holes = [each for each in gaps if each[1].kind not in _DONE]
    _add_gaps(page, holes, f"{count(len(holes), 'hole')} in the logs")
    _add_hostless(page, report)


def _add_missing(
    page: Page,
    patterns: Sequence[PatternCoverage],
    hosts: Sequence[str],
    logged: Mapping[str, Collection[str]],
    shown: Collection[str],
) -> None:
    """What the same hosts lack in a line, then which patterns that leaves open: short, however many patterns ask for it.

    A kind that is ``logged`` on a host and missing there all the same ends before the first file is written to it. Of what is ``shown``
    some log told all the same, which does not prove that others would have been seen.
    """
    if not hosts:
        page.add("No log that shows what runs on a machine was read, so nobody can say what ran", indent=3, hang=3, style=Style.WARNING)
    lacking: dict[str, set[str]] = {}
    for pattern in patterns:
        for each in pattern.hosts_missing:
            for kind in each.missing:
                lacking.setdefault(kind, set()).add(each.host)
    never: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    ended: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for kind, without in sorted(lacking.items()):
        over = {host for host in without if kind in logged.get(host, ())}
        for alike, those in ((never, without - over), (ended, over)):
            if those:
                alike[tuple(sorted(those))].append(kind)
    for without_, missing in _widest(never):
        everywhere = len(without_) == len(hosts) > 1
        where = f"any of the {len(hosts):,} hosts" if everywhere else listed(without_, SHOWN_HOSTS)
        page.add(f"No {kinds(missing, last='or')} on {where}", indent=3, hang=3, style=Style.WARNING)
    for over_, missing in _widest(ended):
        where = listed(over_, SHOWN_HOSTS)
        said = f"No {kinds(missing, how=False, last='or')} after the first write of a file on {where}: the log ends before it"
        page.add(said, indent=3, hang=3, style=Style.WARNING)
    nowhere = [each.pattern for each in patterns if each.status == "not_evaluated" and not each.stopped]
    somewhere: defaultdict[int, list[str]] = defaultdict(list)
    for one in patterns:
        if one.status == "partly" and one.hosts_missing:
            somewhere[len(one.hosts_missing)].append(one.pattern)
    if blind := [name for name in nowhere if name not in shown]:
        page.add(f"Not evaluated at all: {_patterns(blind)}", indent=3, hang=3)
    if told := [name for name in nowhere if name in shown]:
        page.add(f"Not evaluated beyond what is shown: {_patterns(told)}", indent=3, hang=3)
    for number, names in sorted(somewhere.items()):
        page.add(f"Not evaluated on {number:,} of {len(hosts):,} hosts: {_patterns(names)}", indent=3, hang=3)


def _widest(alike: Mapping[tuple[str, ...], list[str]]) -> list[tuple[tuple[str, ...], list[str]]]:
    """What most hosts lack comes first."""
    return sorted(alike.items(), key=lambda item: (-len(item[0]), item[1]))


def _patterns(names: Sequence[str]) -> str:
    """The first of them, and how many there are: the JSON report has each, with what it lacks where."""
    more = f" ({len(names):,} in all; the JSON report has each)" if len(names) > SHOWN_PATTERNS + 1 else ""
    return f"{listed(names, SHOWN_PATTERNS)}{more}"


def add_former_names(page: Page, report: Report) -> None:
    """Machines that had another name: what is told of them is of all their names."""
    named = [(host.host, former) for host in report.coverage.hosts for former in host.former_names]
    if not named:
        return
    page.heading("One machine, several names")
    for host, former in named[:SHOWN_HOSTS]:
        page.add(f"{host} was {former.name} until {moment(former.until)}: {former.basis}", indent=3, hang=3)
    _add_rest(page, len(named) - SHOWN_HOSTS, "name")


def add_clocks(page: Page, clocks: list[Clock]) -> None:
    """Logged times that had to be moved to reach UTC."""
    moved = [each for each in clocks if each.offset_seconds]
    if not moved:
        return
    page.heading("Clocks that were put right")
    for clock in moved[:SHOWN_CLOCKS]:
        sign = "+" if clock.offset_seconds > 0 else "-"
        # A second offset of the same clock holds for another time, as after daylight saving.
        several = sum((each.host, each.source) == (clock.host, clock.source) for each in clocks) > 1
        when = f", {moment(clock.from_)} to {moment(clock.to)}" if several else ""
        page.add(f"{clock.host}, {clock.source}{when}: {sign}{span(clock.offset_seconds)} ({_clock_basis(clock)})", indent=3, hang=3)
    _add_rest(page, len(moved) - SHOWN_CLOCKS, "clock")


def _clock_basis(clock: Clock) -> str:
    if clock.borrowed_from:
        return f"borrowed from {clock.borrowed_from}, for want of records that tell it"
    return f"{count(clock.pairs, 'pair')} of records {plural(clock.pairs, 'agrees')}"


def _add_gaps(page: Page, gaps: Sequence[tuple[str, Gap]], words: str) -> None:
    """Gaps by host, under ``words``."""
    if not gaps:
        return
    page.add(f"{words}; what happened then is not known:", indent=3, hang=3, style=Style.WARNING)
    for host, gap in gaps[:SHOWN_GAPS]:
        when = moment(gap.from_) if gap.from_ == gap.to else f"{moment(gap.from_)} to {moment(gap.to)}"
        page.add(f"{host}, {when}: {gap.reason}", indent=6, hang=3)
    _add_rest(page, len(gaps) - SHOWN_GAPS, "gap", indent=6)


def _add_hostless(page: Page, report: Report) -> None:
    files = [each for each in report.inputs.files if each.hostless]
    if not files:
        return
    events = count(report.inputs.hostless, "event")
    page.add(f"{events} without the name of a machine, kept and not judged:", indent=3, hang=3, style=Style.WARNING)
    for each in files[:SHOWN_FILES]:
        page.add(f"{file_name(each.path, each.member)}: {each.hostless:,}", indent=6, hang=3)
    _add_rest(page, len(files) - SHOWN_FILES, "file", indent=6)


def _add_rest(page: Page, rest: int, word: str, indent: int = 3) -> None:
    if rest > 0:
        page.add(f"and {rest:,} more {plural(rest, word)}; all are in the JSON report", indent=indent, style=Style.FAINT)
