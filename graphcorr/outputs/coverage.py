"""What could not be judged, and why: a missing log is never a clean result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.model.report import NETWORK
from graphcorr.outputs.inputs import SHOWN_FILES, file_name
from graphcorr.outputs.layout import Page, Style
from graphcorr.outputs.wording import count, kinds, listed, moment, plural, span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphcorr.model.report import Clock, PatternCoverage, Report

SHOWN_HOSTS = 4
SHOWN_GAPS = 8
SHOWN_CLOCKS = 8

Missing = tuple[tuple[str, tuple[str, ...]], ...]
"""Per host the kinds that it does not log, sorted."""


def add_coverage(page: Page, report: Report) -> None:
    """Patterns that could not be evaluated somewhere, grouped by what they lack; then holes in the logs, and events of nowhere."""
    page.heading("What could not be judged")
    hosts = sum(each.host != NETWORK for each in report.coverage.hosts)
    open_patterns = [each for each in report.coverage.patterns if each.status != "evaluated"]
    if not report.coverage.patterns:
        page.add("No pattern was run, so nothing was judged.", indent=3, style=Style.WARNING)
    elif not open_patterns:
        scope = "the one host" if hosts == 1 else f"all {hosts:,} hosts"
        page.add(f"Every pattern had the logs it needs on {scope} seen here.", indent=3)
    for missing, patterns in _grouped(each for each in open_patterns if each.hosts_missing or not each.not_read):
        _add_group(page, missing, patterns, hosts)
    for each in open_patterns:
        if each.not_read:
            again = f"some logs were read without {kinds(each.not_read)}, which it asks for; hunt in them again with it"
            page.add(f"{each.pattern}: {again}", indent=3, hang=3, style=Style.WARNING)
    _add_gaps(page, report)
    _add_hostless(page, report)


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


def _grouped(patterns: Iterable[PatternCoverage]) -> list[tuple[Missing, list[PatternCoverage]]]:
    groups: dict[Missing, list[PatternCoverage]] = {}
    for pattern in patterns:
        missing = tuple(sorted((each.host, tuple(each.missing)) for each in pattern.hosts_missing))
        groups.setdefault(missing, []).append(pattern)
    return list(groups.items())


def _add_group(page: Page, missing: Missing, patterns: list[PatternCoverage], hosts: int) -> None:
    names = listed([each.pattern for each in patterns])
    nowhere = all(each.status == "not_evaluated" for each in patterns)
    where = "on any host" if nowhere or not missing else f"on {len(missing):,} of {count(hosts, 'host')}"
    lack = "for want of" if missing else "no host logs what is needed"
    page.add(f"{names}: not evaluated {where}, {lack}", indent=3, hang=3, style=Style.WARNING)
    by_kind: dict[tuple[str, ...], list[str]] = {}
    for host, lacking in missing:
        by_kind.setdefault(lacking, []).append(host)
    for lacking, lacking_hosts in sorted(by_kind.items()):
        page.add(f"{kinds(lacking)} on {listed(lacking_hosts, SHOWN_HOSTS)}", indent=6, hang=3)


def _add_gaps(page: Page, report: Report) -> None:
    gaps = [(host.host, gap) for host in report.coverage.hosts for gap in host.gaps]
    if not gaps:
        return
    page.add(f"{count(len(gaps), 'hole')} in the logs; what happened then is not known:", indent=3, hang=3, style=Style.WARNING)
    for host, gap in gaps[:SHOWN_GAPS]:
        when = moment(gap.from_) if gap.from_ == gap.to else f"{moment(gap.from_)} to {moment(gap.to)}"
        page.add(f"{host}, {when}: {gap.reason}", indent=6, hang=3)
    _add_rest(page, len(gaps) - SHOWN_GAPS, "hole", indent=6)


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
