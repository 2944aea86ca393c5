"""What is new or rare after the moment until which all was usual, and on which machines that could not be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.outputs.layout import Page, Style
from graphcorr.outputs.wording import count, endpoint, listed, moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphcorr.model.findings import Observation
    from graphcorr.model.report import History, Report

SHOWN: Final = 10
"""New things of one sort that are listed, and machines that are not judged."""
_WORDS: Final = {
    "program": "programs with connections",
    "account": "accounts that log on",
    "client": "machines that write files over SMB",
    "file type": "types of files written to shares",
}


def add_history(page: Page, report: Report) -> None:
    """Nothing where nobody said until when all was usual."""
    if report.baseline is None:
        return
    page.heading(f"New or rare after {moment(report.baseline.until)}, until when all was said to be usual")
    if not report.baseline.histories:
        page.add("No log tells of programs with connections, logons or files written over SMB.", indent=3, hang=3)
    for history in report.baseline.histories:
        _add_scope(page, history)
    new = [each for each in report.observations if each.history is not None]
    for pattern in sorted({each.pattern for each in new}):
        _add_rows(page, pattern, [each for each in new if each.pattern == pattern])


def _add_scope(page: Page, history: History) -> None:
    if history.hosts:
        where = f"{count(history.hosts, 'host')} with up to {count(history.days, 'day')} of history"
        found = f"{history.new_since:,} new and {history.rare_since:,} rare of {history.seen_since:,} seen since, on {where}"
        why = f"{history.seen_once:,} of {history.days_before:,} before were seen on one day only"
        page.add(f"{_WORDS[history.thing]}: {found}; {history.expected:g} new ones expected, as {why}", indent=3, hang=3)
    if history.not_judged:
        days = max(each.days for each in history.not_judged)
        why = f"at most {count(days, 'day')} of history" if days else "no history"
        named = listed([each.host for each in history.not_judged], SHOWN)
        page.add(f"{_WORDS[history.thing]}: not judged on {named}: {why}", indent=3, hang=3, style=Style.WARNING)


def _add_rows(page: Page, pattern: str, rows: Sequence[Observation]) -> None:
    page.add(f"{pattern}:", indent=3, hang=3)
    for row in rows[:SHOWN]:
        account = f", by {row.account}" if row.account else ""
        page.add(f"{moment(row.first)} {_where(row)}{account}, {row.way}, {row.count:,} ×", indent=6, hang=3)
        page.add(row.history or "", indent=9, hang=3, style=Style.FAINT)
    if len(rows) > SHOWN:
        page.add(f"and {count(len(rows) - SHOWN, 'more row')}; all are in the JSON report", indent=6, style=Style.FAINT)


def _where(row: Observation) -> str:
    """One machine, or two, or how many there are."""
    many = count(row.machines, "machine") if row.machines is not None else None
    target = endpoint(row.target) if row.target.host or row.target.address else many
    source = endpoint(row.source) if row.source is not None else many if target != many else None
    return f"{source} → {target}" if source else f"on {target}"
