"""Low signals, aggregated: an observation pattern's rows become counts between one source and one target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from graphcorr.findings.evidence import Records
from graphcorr.model import Endpoint, Observation
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphcorr.findings.window import Chosen
    from graphcorr.graph.project import Projection
    from graphcorr.patterns.load import Pattern
    from graphcorr.store.base import Row

EXAMPLES: Final = 3
"""Records shown of each observation: its first ones."""


def observe(hits: Sequence[tuple[Pattern, Sequence[Row]]], projection: Projection, chosen: Chosen) -> list[Observation]:
    """Observations ordered by pattern, first time, target and source."""
    rows = [(pattern, row) for pattern, found in hits for row in found]
    summaries = _summarize(rows, projection, chosen)
    spelled = _spelled_accounts(projection)
    records = Records(projection.database, (id_ for _, _, _, examples in summaries.values() for id_ in examples))
    observations = []
    for number, (count, first, last, examples) in sorted(summaries.items()):
        pattern, row = rows[number]
        observations.append(
            Observation(
                pattern=pattern.header.id,
                source=projection.identity.endpoint(row.get("source"), first),
                target=projection.identity.endpoint(row.get("target"), first) or Endpoint(None, None),
                account=spelled.get(str(row["account"]), str(row["account"])) if row.get("account") else None,
                count=count,
                first=format_time(first),
                last=format_time(last),
                examples=[records.evidence("write", id_) for id_ in examples],
            )
        )
    return sorted(observations, key=lambda one: (one.pattern, one.first, str(one.target), str(one.source), one.account or ""))


def _summarize(rows: Sequence[tuple[Pattern, Row]], projection: Projection, chosen: Chosen) -> dict[int, tuple[int, int, int, list[str]]]:
    """Row number to count, first and last time, and the ids of the first records."""
    numbers, ids = [], []
    for number, (pattern, row) in enumerate(rows):
        for column in pattern.header.evidence:
            values = row[column]
            if isinstance(values, list):
                ids.extend(values)
                numbers.extend([number] * len(values))
    if not ids:
        return {}
    database = projection.database
    database.register("observed", pa.table({"number": pa.array(numbers, pa.int32()), "id": pa.array(ids, pa.string())}))
    found = database.execute(
        "SELECT number, count(*), epoch_us(min(time)), epoch_us(max(time)), min({'time': time, 'id': id}, $1) "
        f"FROM observed JOIN events USING (id) WHERE {chosen.condition()} GROUP BY number",
        [EXAMPLES],
    ).fetchall()
    database.unregister("observed")
    return {number: (count, first, last, [example["id"] for example in examples]) for number, count, first, last, examples in found}


def _spelled_accounts(projection: Projection) -> dict[str, str]:
    """Account id to a spelling that a log uses: ids are folded."""
    return dict(projection.database.execute("SELECT lower(account), min(account) FROM actors GROUP BY lower(account)").fetchall())
