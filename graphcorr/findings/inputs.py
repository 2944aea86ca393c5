"""What became of every input: read, partly read or not understood, and how much of it was known already."""

from __future__ import annotations

from collections import defaultdict

from graphcorr.case.folder import Case
from graphcorr.case.state import InputRow
from graphcorr.model import InputFile, Inputs
from graphcorr.resolve.database import Database
from graphcorr.resolve.events import count_duplicates, input_spans
from graphcorr.syntax.times import format_time

LISTED_SKIPS = 1_000
"""Skips in a report; the case holds all of them."""


def describe(case: Case, database: Database | None = None) -> Inputs:
    """Inputs in the order of their names. Without a database (nothing resolved yet) duplicates and spans are open."""
    rows = case.state.inputs()
    spans = input_spans(database) if database else {}
    duplicates = _share_duplicates(rows, count_duplicates(database) if database else {})
    files = []
    for row in rows:
        first, last = spans.get(row.number, (None, None))
        files.append(
            InputFile(
                path=row.file,
                member=row.member,
                format=row.format,
                status=row.status,
                reason=row.reason,
                records=row.records,
                events=row.events,
                skipped=row.skipped,
                duplicates=duplicates.get(row.number, 0),
                first=format_time(first) if first is not None else None,
                last=format_time(last) if last is not None else None,
            )
        )
    return Inputs(
        files,
        records=sum(file.records for file in files),
        events=sum(file.events for file in files),
        skipped=sum(file.skipped for file in files),
        duplicates=sum(file.duplicates for file in files),
        skips=case.state.skips(LISTED_SKIPS),
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
