"""Where the records behind findings lie in the case's segments, and those records as they were logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from graphcorr.case.findings import Place
from graphcorr.case.view import AGAIN
from graphcorr.engine.database import literal_path, schema_of
from graphcorr.errors import CaseError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphcorr.engine.database import Database, Row
    from graphcorr.model.findings import Finding

_SOUGHT: Final = schema_of(
    finding=pa.int32(), position=pa.int32(), file=pa.string(), member=pa.string(), record=pa.int64(), original_time=pa.string()
)


def locate(database: Database, findings: Sequence[Finding]) -> dict[tuple[int, int], Place]:
    """The place of each record of evidence, by the positions of its finding and of itself in the finding's evidence.

    A record that the case does not hold (any more) has none. What was loaded by ``load_events`` is looked through once.
    """
    sought = [(number, position, each) for number, finding in enumerate(findings) for position, each in enumerate(finding.evidence)]
    columns: dict[str, list[object]] = {
        "finding": [number for number, _, _ in sought],
        "position": [position for _, position, _ in sought],
        "file": [each.file for _, _, each in sought],
        "member": [each.member for _, _, each in sought],
        "record": [each.record for _, _, each in sought],
        "original_time": [each.original_time for _, _, each in sought],
    }
    database.register("sought", pa.Table.from_pydict(columns, schema=_SOUGHT))
    # The time is asked for, too: standard input, and a file that changed, have several records of one number.
    rows = database.execute(
        """
        SELECT q.finding, q.position, arg_min(s.segment, s.id), arg_min(s.row, s.id)
        FROM sought q
        JOIN inputs i ON i.file = q.file AND i.member IS NOT DISTINCT FROM q.member
        JOIN stored s ON s.input = i.number AND s.record = q.record AND s.original_time = q.original_time
        GROUP BY q.finding, q.position
        """
    ).fetchall()
    database.unregister("sought")
    return {(finding, position): Place(segment, row) for finding, position, segment, row in rows}


def read_records(database: Database, events: Path, places: Sequence[Place]) -> list[Row]:
    """The events at these places with all columns, and ``moment``, their time in microseconds."""
    found: dict[Place, Row] = {}
    for segment in sorted({place.segment for place in places}):
        if not (events / segment).is_file():
            raise CaseError(f"{events / segment} is missing; {AGAIN}")
        rows = ", ".join(str(place.row) for place in places if place.segment == segment)
        told = database.execute(
            f"SELECT *, epoch_us(time) AS moment FROM read_parquet(?, file_row_number = true) WHERE file_row_number IN ({rows})",
            [literal_path(events / segment)],
        )
        names = [name for name, *_ in told.description or ()]
        for values in told.fetchall():
            row = dict(zip(names, values, strict=True))
            found[Place(segment, row["file_row_number"])] = row
    return [found[place] for place in places]
