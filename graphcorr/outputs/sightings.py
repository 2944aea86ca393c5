"""Known indicators in the report for people: seen, seen outside their time, and what could not be looked for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from graphcorr.outputs.layout import Page, Style
from graphcorr.outputs.wording import count, listed, moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphcorr.model.report import OutdatedIndicator, Report, SightedIndicator

SHOWN: Final = 10
_NAMES: Final = 4
"""Indicators that are named of those that one value and the same events belong to."""


def add_sightings(page: Page, report: Report) -> None:
    """Indicators that events of the case match, those that were not valid then, and those that nobody could match."""
    if report.sightings:
        seen = len({one.indicator for one in report.sightings})
        page.heading(f"Known indicators seen: {seen:,} of {max(report.indicators_looked_for, seen):,} that were looked for")
        _add_all(page, report.sightings)
    elif report.indicators_looked_for:
        page.heading(f"Known indicators: none of {report.indicators_looked_for:,} that were looked for was seen.")
    if outdated := report.indicators_outdated:
        indicators = len({one.indicator for one in outdated})
        page.heading("Indicators that were not valid when they were seen")
        page.add(
            f"{count(indicators, 'indicator')} would match if valid then; none of this is a sighting.", indent=3, hang=3, style=Style.FAINT
        )
        _add_all(page, outdated)
    if skipped := report.indicators_not_evaluated:
        reasons = Counter(one.reason for one in skipped)
        page.heading("Indicators that could not be looked for, or not in whole")
        for reason, number in sorted(reasons.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]:
            page.add(f"{count(number, 'indicator')}: {reason}", indent=3, hang=3)
        _add_more(page, len(reasons) - SHOWN)


def _add_all(page: Page, sighted: Sequence[SightedIndicator]) -> None:
    """One entry for each value and the events that have it, whatever number of indicators asks for it."""
    groups: dict[object, list[SightedIndicator]] = {}
    for one in sighted:
        groups.setdefault((one.observable, one.value, one.count, one.first, one.last, _validity(one)), []).append(one)
    for same in list(groups.values())[:SHOWN]:
        _add_one(page, same)
    _add_more(page, len(groups) - SHOWN)


def _add_one(page: Page, same: Sequence[SightedIndicator]) -> None:
    one = same[0]
    when = moment(one.first) if one.first == one.last else f"{moment(one.first)} to {moment(one.last)}"
    named = listed([each.name or each.indicator for each in same], _NAMES)
    page.add(f"{one.count:,} × {one.observable.replace('_', ' ')} {one.value}, {when}: {named}{_validity(one)}", indent=3, hang=3)
    for example in one.examples:
        page.add(f"{moment(example.time)} {example.host or example.file}: {example.summary}", indent=6, hang=3, style=Style.FAINT)


def _validity(one: SightedIndicator | OutdatedIndicator) -> str:
    """What the first event missed: an indicator may have been seen both before and after its time."""
    since, until = getattr(one, "valid_from", None), getattr(one, "valid_until", None)
    if since is not None and one.first < since:
        return f" (valid from {moment(since)})"
    return f" (valid until {moment(until)})" if until is not None else ""


def _add_more(page: Page, number: int) -> None:
    if number > 0:
        page.add(f"and {number:,} more; all are in the JSON report", indent=3, style=Style.FAINT)
