"""A pattern run on a store, and its rows held to what its header promises."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from graphcorr.errors import StoreLimitError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.patterns.load import Pattern
    from graphcorr.store.base import Row, Scannable

_MOST: Final = 1_000_000
"""Rows of a pattern that finds: each becomes a finding, and nobody reads so many."""


class Runs:
    """Patterns run on one store, each for a limited time.

    What a limit ends has found nothing and ruled out nothing; the other patterns are judged without it.
    """

    def __init__(self, store: Scannable, seconds: float) -> None:
        """``seconds`` for each pattern, the reading of its rows included."""
        self._store, self._seconds = store, seconds
        self.stopped: dict[str, str] = {}
        """By id of the pattern, why it was not evaluated."""

    def run(self, pattern: Pattern) -> list[Row]:
        """As :func:`run`; no row of a pattern that a limit ended."""
        try:
            return run(pattern, self._store, self._seconds)
        except StoreLimitError as error:
            self.stopped[pattern.id] = error.reason
            return []

    def scan(self, pattern: Pattern) -> Iterator[Row]:
        """As :func:`scan`; whoever reads leaves out what came before a ``StoreLimitError``, which :attr:`stopped` has."""
        try:
            yield from scan(pattern, self._store, self._seconds)
        except StoreLimitError as error:
            self.stopped[pattern.id] = error.reason
            raise


def run(pattern: Pattern, store: Scannable, seconds: float | None = None) -> list[Row]:
    """The pattern's rows, ordered by identity, with the ids of each evidence column sorted and without repetition."""
    rows: list[Row] = []
    for row in scan(pattern, store, seconds):
        if len(rows) == _MOST:
            raise StoreLimitError(f"more than {_MOST:,} rows")
        rows.append(row | _sorted_evidence(pattern, row))
    return sorted(rows, key=lambda row: _key(pattern, row))


def scan(pattern: Pattern, store: Scannable, seconds: float | None = None) -> Iterator[Row]:
    """The pattern's rows as the engine gives them, one at a time: an observation may rest on every event there is.

    ``StoreLimitError`` where it takes longer than ``seconds``, with the reading of the rows, or more memory than there is.

    Each row has the identity and evidence columns, the evidence is a list of event ids, and no two rows have the same
    identity: anything else is a ``PatternError``, because a finding could not be told from another.
    """
    header = pattern.header
    seen: set[str] = set()
    begun = time.monotonic()
    for row in store.scan(pattern.text, seconds):
        if seconds is not None and time.monotonic() - begun > seconds:
            raise StoreLimitError(f"stopped after {seconds:g} s")
        if missing := [column for column in (*header.identity, *header.evidence) if column not in row]:
            raise pattern.error(f"the query does not return {missing[0]!r}")
        identity = tuple(row[column] for column in header.identity)
        if all(value is None for value in identity):
            raise pattern.error(f"a row has no identity: {', '.join(header.identity)} are all null")
        for column in header.evidence:
            ids = row[column]
            if not isinstance(ids, list) or not all(isinstance(id_, str) for id_ in ids):
                raise pattern.error(f"the column {column!r} has to be a list of event ids, as collect(w.id) makes it")
        if not any(row[column] for column in header.evidence):
            raise pattern.error(f"the row {identity} has no evidence")
        key = _key(pattern, row)
        if key in seen:
            raise pattern.error(f"two rows have the identity {identity}: collect the evidence instead of one row for each pair")
        seen.add(key)
        yield row


def _key(pattern: Pattern, row: Row) -> str:
    return repr(tuple(row[column] for column in pattern.header.identity))


def _sorted_evidence(pattern: Pattern, row: Row) -> Row:
    evidence: Row = {}
    for column in pattern.header.evidence:
        ids = row[column]
        assert isinstance(ids, list)  # scan() saw to it
        evidence[column] = sorted(set(ids))
    return evidence
