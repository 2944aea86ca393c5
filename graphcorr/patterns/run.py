"""A pattern run on a store, and its rows held to what its header promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphcorr.patterns.load import Pattern
    from graphcorr.store.base import Row, Store


def run(pattern: Pattern, store: Store) -> list[Row]:
    """The pattern's rows, ordered by identity.

    Each row has the identity and evidence columns, the evidence is a list of event ids without repetition, and no two
    rows have the same identity: anything else is a ``PatternError``, because a finding could not be told from another.
    """
    header = pattern.header
    rows: dict[str, Row] = {}
    for row in store.query(pattern.text):
        if missing := [column for column in (*header.identity, *header.evidence) if column not in row]:
            raise pattern.error(f"the query does not return {missing[0]!r}")
        identity = tuple(row[column] for column in header.identity)
        if all(value is None for value in identity):
            raise pattern.error(f"a row has no identity: {', '.join(header.identity)} are all null")
        evidence: Row = {}
        for column in header.evidence:
            ids = row[column]
            if not isinstance(ids, list) or not all(isinstance(id_, str) for id_ in ids):
                raise pattern.error(f"the column {column!r} has to be a list of event ids, as collect(w.id) makes it")
            evidence[column] = sorted(set(ids))
        if not any(evidence.values()):
            raise pattern.error(f"the row {identity} has no evidence")
        key = repr(identity)
        if key in rows:
            raise pattern.error(f"two rows have the identity {identity}: collect the evidence instead of one row for each pair")
        rows[key] = row | evidence
    return [rows[key] for key in sorted(rows)]
