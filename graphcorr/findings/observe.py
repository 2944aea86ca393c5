"""Low signals, aggregated: an observation pattern's rows become counts between one source and one target."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
import pyarrow as pa

from graphcorr.engine.database import BATCH, create_table, fill_table, roomy, schema_of, table_of
from graphcorr.errors import StoreLimitError
from graphcorr.findings.crowds import fold_crowds
from graphcorr.findings.evidence import each_evidence
from graphcorr.findings.judging import evidence_ids, role_of
from graphcorr.links.contacts import EXAMPLES, PAIRS, RECORDS
from graphcorr.links.habits import RECORDS as HABIT_RECORDS
from graphcorr.links.novelties import NOVEL, NOVELTIES
from graphcorr.model.findings import Endpoint, Observation
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from graphcorr.engine.database import Database
    from graphcorr.findings.window import Chosen
    from graphcorr.graph.project import Projection
    from graphcorr.model.findings import Evidence
    from graphcorr.patterns.load import Pattern
    from graphcorr.store.base import Row

_OBSERVED: Final = schema_of(number=pa.int32(), place=pa.int8(), id=pa.string())
_OBSERVED_SUMS: Final = schema_of(number=pa.int32(), sum=pa.string())


class _Summed(NamedTuple):
    """What links have put together of many records, of which the graph has the first."""

    table: str
    records: str
    """SQL for every record, with the ``pair`` that it is of."""
    pairs: str
    """SQL for the ``sum`` that each pair is of."""


_SUMMED: Final = {
    "contact": _Summed("contacts", f"SELECT * FROM {RECORDS}", f"SELECT pair, contact AS sum FROM {PAIRS}"),
    "novelty": _Summed(
        NOVELTIES, f"SELECT r.* FROM {HABIT_RECORDS} r, baseline WHERE r.time > until", f"SELECT pair, novelty AS sum FROM {NOVEL}"
    ),
}
"""By the identity of patterns whose rows they are."""


def observe(
    hits: Iterable[tuple[Pattern, Iterable[Row]]], projection: Projection, chosen: Chosen, beside: Collection[str] = ()
) -> list[Observation]:
    """Observations ordered by pattern, first time, target and source; the events ``beside`` findings are not counted once more."""
    gathered = _load(hits, projection.database)
    _leave_out(projection.database, beside)
    rows = fold_crowds(gathered, projection.database)
    summaries = _summarize(projection.database, chosen)
    examples = _load_examples(projection.database, rows, windowed=chosen.stated() is not None)
    spelled = spelled_accounts(projection)
    observations = []
    for number, (count, first, last) in sorted(summaries.items()):
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
                examples=examples.pop(number),
                way=str(row["way"]) if row.get("way") else None,
                technique=str(row["technique"]) if row.get("technique") else None,
                machines=machines if isinstance(machines := row.get("machines"), int) else None,
                history=str(row["history"]) if row.get("history") else None,
                local="source" not in row,
            )
        )
    return sorted(
        observations, key=lambda one: (one.pattern, one.first, str(one.target), str(one.source), one.account or "", one.way or "")
    )


def _sum_of(pattern: Pattern) -> str | None:
    """What a pattern's rows are sums of; None where they count their own evidence."""
    return next((name for name in _SUMMED if pattern.header.identity == [name]), None)


def _load(hits: Iterable[tuple[Pattern, Iterable[Row]]], database: Database) -> list[tuple[Pattern, Row]]:
    """Fill ``observed`` (number of the row, place of the evidence column, id of the event), row by row.

    The rows are returned without their evidence. An event of several columns is of the first of them.

    The ids of all rows together are as many as there are events, and are never held in Python at one time. A pattern that a limit
    ends among its rows has none.
    """
    create_table(database, "observed", _OBSERVED)
    sums: dict[str, list[dict[str, object]]] = {}
    rows: list[tuple[Pattern, Row]] = []
    numbers: list[int] = []
    places: list[int] = []
    ids: list[str] = []
    for pattern, found in hits:
        evidence = pattern.header.evidence
        last_first = list(reversed(list(enumerate(evidence))))
        begun = len(rows)
        try:
            for row in found:
                told: dict[str, int] = {}
                if (name := _sum_of(pattern)) is not None:
                    sums.setdefault(name, []).append({"number": len(rows), "sum": row[name]})
                else:
                    told = {id_: place for place, column in last_first for id_ in evidence_ids(row[column])}
                numbers += [len(rows)] * len(told)
                places += told.values()
                ids += told
                rows.append((pattern, {column: value for column, value in row.items() if column not in evidence}))
                if len(ids) >= BATCH:
                    _flush(database, numbers, places, ids)
        except StoreLimitError:
            _flush(database, numbers, places, ids)
            database.execute("DELETE FROM observed WHERE number >= $1", [begun])
            sums = {name: [one for one in each if int(str(one["number"])) < begun] for name, each in sums.items()}
            del rows[begun:]
    _flush(database, numbers, places, ids)
    for name in _SUMMED:
        fill_table(database, f"observed_{name}", _OBSERVED_SUMS, sums.get(name, []))
    return rows


def _leave_out(database: Database, beside: Collection[str]) -> None:
    if beside:
        database.register("beside", table_of([(id_,) for id_ in beside], id=pa.string()))
        database.execute("DELETE FROM observed WHERE id IN (SELECT id FROM beside)")
        database.unregister("beside")


def _flush(database: Database, numbers: list[int], places: list[int], ids: list[str]) -> None:
    columns = [pa.array(numbers, pa.int32()), pa.array(places, pa.int8()), pa.array(ids, pa.string())]
    database.register("more_observed", pa.table(columns, schema=_OBSERVED))
    database.execute("INSERT INTO observed SELECT * FROM more_observed")
    database.unregister("more_observed")
    numbers.clear()
    places.clear()
    ids.clear()


def _summarize(database: Database, chosen: Chosen) -> dict[int, tuple[int, int, int]]:
    """Row number to count, first and last time. Fills ``sought_examples`` (number, place of the column, id of an event)."""
    told = "count(*) AS count, epoch_us(min(time)) AS first, epoch_us(max(time)) AS last"
    examples = "min({'time': time, 'id': id, 'place': place}, $1) AS examples"
    database.execute(
        f"CREATE TABLE summaries AS SELECT number, {told}, {examples} FROM observed JOIN events USING (id) "
        f"WHERE {chosen.condition()} GROUP BY number",
        [EXAMPLES],
    )
    for name, summed in _SUMMED.items():
        [(rows,)] = database.execute(f"SELECT count(*) FROM observed_{name}").fetchall()
        # They were counted when they were put together; only what lies in a window has to be counted again.
        if rows and chosen.stated() is None:
            database.execute(
                "INSERT INTO summaries SELECT number, count, epoch_us(first), epoch_us(last), list_transform(examples, "
                f"one -> {{'time': first, 'id': one, 'place': 0}}) FROM observed_{name} JOIN {summed.table} ON id = sum"
            )
        elif rows:
            with roomy(database):
                database.execute(
                    f"INSERT INTO summaries SELECT number, {told}, {examples} FROM (SELECT *, 0 AS place FROM ({summed.records})) "
                    f"JOIN ({summed.pairs}) USING (pair) JOIN observed_{name} USING (sum) WHERE {chosen.condition()} GROUP BY number",
                    [EXAMPLES],
                )
        database.execute(f"DROP TABLE observed_{name}")
    database.execute(
        "CREATE TABLE sought_examples AS SELECT number, unnest(examples).id AS id, unnest(examples).place AS place FROM summaries"
    )
    found = database.execute("SELECT number, count, first, last FROM summaries").fetchall()
    database.execute("DROP TABLE observed")
    database.execute("DROP TABLE summaries")
    return {number: (count, first, last) for number, count, first, last in found}


def _load_examples(database: Database, rows: Sequence[tuple[Pattern, Row]], *, windowed: bool) -> dict[int, list[Evidence]]:
    """Row number to its first records, each called what its evidence column holds.

    The graph has the first records of a sum; those in a window may be others, and name no node whether or not it has them.
    """
    found: dict[int, list[tuple[str, str, Evidence]]] = {}

    def role(example: Mapping[str, Any]) -> str:
        return role_of(rows[example["number"]][0].header.evidence[example["place"]])

    for row, told in each_evidence(database, role, "sought_examples"):
        counted = windowed and _sum_of(rows[row["number"]][0]) is not None
        evidence = msgspec.structs.replace(told, kind=None, event=None) if counted else told
        found.setdefault(row["number"], []).append((evidence.time, row["id"], evidence))
    database.execute("DROP TABLE sought_examples")
    return {number: [evidence for _, _, evidence in sorted(each, key=itemgetter(0, 1))] for number, each in found.items()}


def spelled_accounts(projection: Projection) -> dict[str, str]:
    """Account id to a spelling that a log uses: ids are folded."""
    return dict(projection.database.execute("SELECT lower(account), min(account) FROM actors GROUP BY lower(account)").fetchall())
