"""A pattern run on a store, and its rows held to what its header promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.patterns.load import Pattern
    from graphcorr.store.base import Row, Scannable


def run(pattern: Pattern, store: Scannable) -> list[Row]:
    """The pattern's rows, ordered by identity, with the ids of each evidence column sorted and without repetition."""
    return sorted((row | _sorted_evidence(pattern, row) for row in scan(pattern, store)), key=lambda row: _key(pattern, row))


def scan(pattern: Pattern, store: Scannable) -> Iterator[Row]:
    """The pattern's rows as the engine gives them, one at a time: an observation may rest on every event there is.

    Each row has the identity and evidence columns, the evidence is a list of event ids, and no two rows have the same
    identity: anything else is a ``PatternError``, because a finding could not be told from another.
    """
    header = pattern.header
    seen: set[str] = set()
    for row in store.scan(pattern.text):
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
