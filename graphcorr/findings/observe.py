"""Low signals, aggregated: an observation pattern's rows become counts between one source and one target."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pyarrow as pa

from graphcorr.engine.database import BATCH, create_table, insert_rows, roomy, schema_of
from graphcorr.findings.evidence import each_evidence
from graphcorr.findings.judging import evidence_ids, role_of
from graphcorr.links.contacts import EXAMPLES, PAIRS, RECORDS
from graphcorr.model.findings import Endpoint, Observation
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphcorr.engine.database import Database
    from graphcorr.findings.window import Chosen
    from graphcorr.graph.project import Projection
    from graphcorr.model.findings import Evidence
    from graphcorr.patterns.load import Pattern
    from graphcorr.store.base import Row

_OBSERVED: Final = schema_of(number=pa.int32(), place=pa.int8(), id=pa.string())
_CONTACT: Final = "contact"
"""The identity of patterns whose rows are contacts: what they count is every record of one, of which the graph has the first."""
_OBSERVED_CONTACTS: Final = schema_of(number=pa.int32(), contact=pa.string())


def observe(hits: Iterable[tuple[Pattern, Iterable[Row]]], projection: Projection, chosen: Chosen) -> list[Observation]:
    """Observations ordered by pattern, first time, target and source."""
    rows = _load(hits, projection.database)
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
            )
        )
    return sorted(
        observations, key=lambda one: (one.pattern, one.first, str(one.target), str(one.source), one.account or "", one.way or "")
    )


def _counts_contacts(pattern: Pattern) -> bool:
    return pattern.header.identity == [_CONTACT]


def _load(hits: Iterable[tuple[Pattern, Iterable[Row]]], database: Database) -> list[tuple[Pattern, Row]]:
    """Fill ``observed`` (number of the row, place of the evidence column, id of the event), row by row.

    The rows are returned without their evidence. An event of several columns is of the first of them.

    The ids of all rows together are as many as there are events, and are never held in Python at one time.
    """
    create_table(database, "observed", _OBSERVED)
    create_table(database, "observed_contacts", _OBSERVED_CONTACTS)
    contacts: list[dict[str, object]] = []
    rows: list[tuple[Pattern, Row]] = []
    numbers: list[int] = []
    places: list[int] = []
    ids: list[str] = []
    for pattern, found in hits:
        evidence = pattern.header.evidence
        last_first = list(reversed(list(enumerate(evidence))))
        for row in found:
            told: dict[str, int] = {}
            if _counts_contacts(pattern):
                contacts.append({"number": len(rows), "contact": row[_CONTACT]})
            else:
                told = {id_: place for place, column in last_first for id_ in evidence_ids(row[column])}
            numbers += [len(rows)] * len(told)
            places += told.values()
            ids += told
            rows.append((pattern, {column: value for column, value in row.items() if column not in evidence}))
            if len(ids) >= BATCH:
                _flush(database, numbers, places, ids)
    _flush(database, numbers, places, ids)
    insert_rows(database, "observed_contacts", _OBSERVED_CONTACTS, contacts)
    return rows


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
    # Contacts were counted when they were put together; only what lies in a window has to be counted again.
    if chosen.stated() is None:
        database.execute(
            "INSERT INTO summaries SELECT number, count, epoch_us(first), epoch_us(last), "
            "list_transform(examples, one -> {'time': first, 'id': one, 'place': 0}) FROM observed_contacts JOIN contacts ON id = contact"
        )
    else:
        with roomy(database):
            database.execute(
                f"INSERT INTO summaries SELECT number, {told}, {examples} FROM (SELECT *, 0 AS place FROM {RECORDS}) "
                f"JOIN (SELECT pair, contact FROM {PAIRS}) USING (pair) JOIN observed_contacts USING (contact) "
                f"WHERE {chosen.condition()} GROUP BY number",
                [EXAMPLES],
            )
    database.execute(
        "CREATE TABLE sought_examples AS SELECT number, unnest(examples).id AS id, unnest(examples).place AS place FROM summaries"
    )
    found = database.execute("SELECT number, count, first, last FROM summaries").fetchall()
    database.execute("DROP TABLE observed")
    database.execute("DROP TABLE observed_contacts")
    database.execute("DROP TABLE summaries")
    return {number: (count, first, last) for number, count, first, last in found}


def _load_examples(database: Database, rows: Sequence[tuple[Pattern, Row]], *, windowed: bool) -> dict[int, list[Evidence]]:
    """Row number to its first records, each called what its evidence column holds.

    The graph has the first records of a contact; those in a window may be others, and name no node whether or not it has them.
    """
    found: dict[int, list[tuple[str, str, Evidence]]] = {}

    def role(example: Mapping[str, Any]) -> str:
        return role_of(rows[example["number"]][0].header.evidence[example["place"]])

    for row, told in each_evidence(database, role, "sought_examples"):
        counted = windowed and _counts_contacts(rows[row["number"]][0])
        evidence = msgspec.structs.replace(told, kind=None, event=None) if counted else told
        found.setdefault(row["number"], []).append((evidence.time, row["id"], evidence))
    database.execute("DROP TABLE sought_examples")
    return {number: [evidence for _, _, evidence in sorted(each, key=itemgetter(0, 1))] for number, each in found.items()}


def spelled_accounts(projection: Projection) -> dict[str, str]:
    """Account id to a spelling that a log uses: ids are folded."""
    return dict(projection.database.execute("SELECT lower(account), min(account) FROM actors GROUP BY lower(account)").fetchall())
