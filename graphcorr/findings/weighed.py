"""Which records of a finding are weighed: all of most, and of a column of very many the first, so that memory stays flat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from graphcorr.findings.judging import evidence_ids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphcorr.engine.database import Database
    from graphcorr.findings.judging import Hit

WEIGHED: Final = 1_000
"""Records of one evidence column that are Python objects: each has a value for every column of an event. A pattern over every
logon of a domain controller has tens of thousands of them in one row."""


def choose_records(hits: Sequence[Hit], database: Database) -> list[dict[str, list[str]]]:
    """Of each row the ids by evidence column, the first :data:`WEIGHED` by time where there are more.

    ``PatternError`` where one of more than those is the id of no event; of fewer whoever loads them sees it.
    """
    columns = [{column: evidence_ids(hit.row[column]) for column in hit.pattern.header.evidence} for hit in hits]
    large = [(number, column) for number, own in enumerate(columns) for column, ids in own.items() if len(ids) > WEIGHED]
    if large:
        for place, ids in _first(columns, large, hits, database).items():
            number, column = large[place]
            columns[number][column] = ids
    return columns


def _first(
    columns: Sequence[dict[str, list[str]]], large: Sequence[tuple[int, str]], hits: Sequence[Hit], database: Database
) -> dict[int, list[str]]:
    places = [place for place, (number, column) in enumerate(large) for _ in columns[number][column]]
    asked = [id_ for number, column in large for id_ in columns[number][column]]
    database.register("asked_records", pa.table({"place": pa.array(places, pa.int32()), "id": pa.array(asked, pa.string())}))
    missing = database.execute("SELECT place, id FROM asked_records ANTI JOIN events USING (id) ORDER BY ALL LIMIT 1").fetchall()
    found = database.execute(
        "SELECT place, min({'time': time, 'id': id}, $1) FROM asked_records JOIN events USING (id) GROUP BY place", [WEIGHED]
    ).fetchall()
    database.unregister("asked_records")
    for place, id_ in missing:
        number, column = large[place]
        raise hits[number].pattern.error(f"the column {column!r} holds {id_!r}, which is the id of no event")
    return {place: [record["id"] for record in records] for place, records in found}
