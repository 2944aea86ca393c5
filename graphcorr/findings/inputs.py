"""What became of every input: read, partly read or not understood, and how much of it was known already."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from graphcorr.case.view import InputRow, earlier_contents
from graphcorr.model.report import InputFile, Inputs
from graphcorr.resolve.events import count_duplicates, count_hostless, input_spans, unread_columns
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from graphcorr.case.writer import CaseWriter
    from graphcorr.engine.database import Database

LISTED_SKIPS = 1_000
"""Skips in a report; the case holds all of them."""


def describe(case: CaseWriter, database: Database | None = None) -> Inputs:
    """Inputs in the order of their names. Without a database (nothing resolved yet) duplicates, spans and hosts are open.

    A file whose content changed between two runs stands there once, as it is now, with what is kept of before.
    """
    rows = case.state.inputs()
    spans = input_spans(database) if database else {}
    duplicates = _share_duplicates(rows, count_duplicates(database) if database else {})
    hostless = count_hostless(database) if database else {}
    earlier = earlier_contents(rows)
    kept: Counter[int] = Counter()
    for row in rows:
        if row.number in earlier:
            kept[earlier[row.number]] += row.events - duplicates.get(row.number, 0)
    unfinished = case.state.unfinished()
    current = [row for row in rows if row.number not in earlier]
    files = [_describe(row, spans.get(row.number), duplicates.get(row.number, 0), kept[row.number]) for row in current]
    for file in files:
        # Two members of one name share what is known by the name: the first has it.
        file.hostless = hostless.pop((file.path, file.member), 0)
    return Inputs(
        files,
        records=sum(file.records for file in files),
        events=sum(file.events for file in files),
        skipped=sum(file.skipped for file in files),
        duplicates=sum(file.duplicates for file in files),
        skips=case.state.skips(LISTED_SKIPS, without=earlier),
        hostless=sum(file.hostless for file in files),
        unfinished=unfinished.open,
        given_up=unfinished.given_up,
        lacking=unread_columns(database) if database else [],
    )


def _describe(row: InputRow, span: tuple[int, int] | None, duplicates: int, kept: int) -> InputFile:
    reasons = [row.reason] if row.reason else []
    if kept:
        reasons.append(f"its content changed since it was first read; {kept} {'event' if kept == 1 else 'events'} of before are kept")
    return InputFile(
        path=row.file,
        member=row.member,
        format=row.format,
        status=row.status,
        reason="; ".join(reasons) or None,
        records=row.records,
        events=row.events + kept,
        skipped=row.skipped,
        duplicates=duplicates,
        first=format_time(span[0]) if span else None,
        last=format_time(span[1]) if span else None,
        judged=not row.short and not (row.format is not None and 0 < row.records <= row.skipped),
    )


def _share_duplicates(rows: list[InputRow], dropped: dict[int, int]) -> dict[int, int]:
    """Duplicates by input, told so that the order of reading does not show.

    Of inputs with the same content the first by name holds the events and the others are duplicates throughout;
    which of them happened to be read first decides only where the copies were dropped.
    """
    groups: defaultdict[object, list[InputRow]] = defaultdict(list)
    for row in rows:
        groups[row.digest or row.number].append(row)
    shared: dict[int, int] = {}
    for group in groups.values():
        first, others = group[0], group[1:]
        total = sum(dropped.get(row.number, 0) for row in group)
        for other in others:
            shared[other.number] = other.events
        shared[first.number] = max(0, total - sum(other.events for other in others))
    return shared
