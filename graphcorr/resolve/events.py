"""The case's events as one table without copies: the same event read twice is one event, with the first origin.

Without an EventRecordID two equal records of one file are two events, so equals are told apart by their ordinal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from graphcorr.case.view import AGAIN
from graphcorr.engine.database import SQL_TYPES, Database, create_table, fill_table, literal_path, schema_of
from graphcorr.errors import CaseError
from graphcorr.logs.catalog import logs_by
from graphcorr.logs.columns import EVENT_COLUMNS, EVENT_SCHEMA
from graphcorr.logs.testimony import Vantage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphcorr.case.view import InputRow

FEW: Final = 2_000
"""So many events are held as they are: opening their files for each question takes longer than all answers."""
_INPUTS: Final = schema_of(number=pa.int32(), file=pa.string(), member=pa.string(), rank=pa.int32())
_DROPPED: Final = schema_of(input=pa.int32(), record=pa.int64())
_NOT_READ: Final = schema_of(segment=pa.string(), name=pa.string())
_RENAMED: Final = schema_of(input=pa.int32(), record=pa.int64(), id=pa.string(), outcome=pa.string())


def load_events(database: Database, segments: Sequence[Path], inputs: Sequence[InputRow]) -> None:
    """Create ``inputs`` (number, file, member, rank), ``occurring`` (log), ``dropped`` (input, record), ``not_read``, the view ``logged``.

    ``logged`` has the columns of an event, and ``file`` and ``member`` of its ``input``; reading it streams
    the Parquet files. A column that a segment was written without is NULL in it, and ``not_read`` (segment, name) says
    so: that NULL is no word of the log. A column that this version does not know is not looked at.
    """
    _load_inputs(database, inputs)
    _load_stored(database, segments)
    database.execute("CREATE TABLE occurring AS SELECT DISTINCT log FROM stored")
    _find_copies(database)
    _create_logged(database)


def leave_out_copies(database: Database) -> None:
    """Make ``logged`` anew without the records of ``same_events``, which are told by others."""
    database.execute("INSERT INTO dropped SELECT DISTINCT input, record FROM same_events")
    database.execute(
        "INSERT INTO renamed SELECT standing, place, NULL, min(outcome) FROM same_events WHERE outcome IS NOT NULL "
        "AND (standing, place) NOT IN (SELECT (input, record) FROM renamed) GROUP BY ALL"
    )
    _create_logged(database)


def _create_logged(database: Database) -> None:
    columns = ", ".join(f"s.{name}" for name in EVENT_COLUMNS if name not in {"id", "outcome"})
    joins = "JOIN inputs i ON i.number = s.input"
    identity, outcome = "s.id", "s.outcome"
    # Every question goes through these joins, so none is there for nothing.
    if _holds(database, "dropped"):
        joins += " ANTI JOIN dropped d ON d.input = s.input AND d.record = s.record"
    if _holds(database, "renamed"):
        joins += " LEFT JOIN renamed r ON r.input = s.input AND r.record = s.record"
        identity, outcome = "coalesce(r.id, s.id)", "coalesce(s.outcome, r.outcome)"
    database.execute(
        f"CREATE OR REPLACE VIEW logged AS SELECT {identity} AS id, {outcome} AS outcome, {columns}, i.file, i.member FROM stored s {joins}"
    )


def _load_stored(database: Database, segments: Sequence[Path]) -> None:
    """The view ``stored``: the columns of an event, and the ``segment`` that holds it with its ``row`` there, from 0."""
    files = {path: _look_into(path) for path in segments}
    absent = {path.name: [name for name in EVENT_COLUMNS if name not in held] for path, (held, _) in files.items()}
    fill_table(database, "not_read", _NOT_READ, [{"segment": segment, "name": name} for segment, names in absent.items() for name in names])
    if not segments:
        create_table(database, "stored", EVENT_SCHEMA.append(pa.field("segment", pa.string())).append(pa.field("row", pa.int64())))
        return
    relation = database.from_parquet(
        [literal_path(path) for path in segments], filename=True, file_row_number=True, union_by_name=any(absent.values())
    )
    relation.create_view("written")
    held = set(relation.columns)
    columns = ", ".join(name if name in held else f"NULL::{SQL_TYPES[type_]} AS {name}" for name, (type_, _) in EVENT_COLUMNS.items())
    kind = "TABLE" if sum(events for _, events in files.values()) <= FEW else "VIEW"
    database.execute(f"CREATE {kind} stored AS SELECT {columns}, parse_filename(filename) AS segment, file_row_number AS row FROM written")


def _look_into(segment: Path) -> tuple[set[str], int]:
    """The columns of a segment, and how many events it holds."""
    try:
        metadata = pq.read_metadata(segment)
        return set(metadata.schema.to_arrow_schema().names), int(metadata.num_rows)
    except (OSError, pa.ArrowException) as error:
        raise CaseError(f"the events of {segment.parent.parent} are damaged ({' '.join(str(error).split())}); {AGAIN}") from error


def _load_inputs(database: Database, inputs: Sequence[InputRow]) -> None:
    # Identical content read under several names keeps the first name, whichever was read first. A name that stood for
    # several contents over time ranks the newest first: what is still in the file is shown where it stands now.
    names: dict[object, tuple[str, str]] = {}
    newest: dict[object, int] = {}
    for row in inputs:
        key = row.digest or row.number
        name = (row.file, row.member or "")
        names[key] = min(names.get(key, name), name)
        newest[key] = max(newest.get(key, 0), row.number)
    order = {key: rank for rank, key in enumerate(sorted(names, key=lambda key: (names[key], -newest[key])))}
    keys = [(row.number, row.digest or row.number) for row in inputs]
    rows: list[dict[str, object]] = [
        {"number": number, "file": names[key][0], "member": names[key][1] or None, "rank": order[key]} for number, key in keys
    ]
    fill_table(database, "inputs", _INPUTS, rows)


def _holds(database: Database, table: str) -> bool:
    return database.execute(f"SELECT count(*) FROM {table}").fetchall() != [(0,)]


def _find_copies(database: Database) -> None:
    """Fill ``dropped``, and ``renamed`` for equals told apart."""
    # By hashes first, a quarter of the memory: nearly every event occurs once.
    database.execute(
        "CREATE TABLE repeated AS SELECT id FROM stored WHERE hash(id) IN "
        "(SELECT hash(id) FROM stored GROUP BY hash(id) HAVING count(*) > 1) GROUP BY id HAVING count(*) > 1"
    )
    if not _holds(database, "repeated"):
        create_table(database, "dropped", _DROPPED)
        create_table(database, "renamed", _RENAMED)
        return
    database.execute(
        """
        CREATE TABLE judged AS
        WITH copies AS (
            SELECT s.id, s.input, s.record, s.outcome, i.rank,
                CASE WHEN s.record_id IS NULL THEN row_number() OVER (PARTITION BY s.id, s.input ORDER BY s.record) - 1 ELSE 0 END
                    AS ordinal
            FROM stored s SEMI JOIN repeated USING (id) JOIN inputs i ON i.number = s.input)
        SELECT id, input, record, ordinal, row_number() OVER (PARTITION BY id, ordinal ORDER BY rank, record) = 1 AS kept,
            CASE WHEN outcome IS NULL THEN min(outcome) OVER (PARTITION BY id, ordinal) END AS outcome
        FROM copies
        """
    )
    database.execute("CREATE TABLE dropped AS SELECT input, record FROM judged WHERE NOT kept")
    # What the format of one copy drops another may say.
    database.execute(
        "CREATE TABLE renamed AS SELECT input, record, CASE WHEN ordinal > 0 THEN md5(id || '#' || ordinal) END AS id, outcome "
        "FROM judged WHERE kept AND (ordinal > 0 OR outcome IS NOT NULL)"
    )


def logs_here(database: Database) -> frozenset[str]:
    """The log types that the case has records of: a question that names all of them takes longer to plan than to answer."""
    return frozenset(log for (log,) in database.execute("SELECT log FROM occurring").fetchall())


def count_duplicates(database: Database) -> dict[int, int]:
    """Input number to how many of its events another place of the case already held."""
    return dict(database.execute("SELECT input, count(*) FROM dropped GROUP BY input").fetchall())


def count_hostless(database: Database) -> dict[tuple[str, str | None], int]:
    """(file, member) to how many of its events should name a machine and name none. A network monitor's have none to name."""
    rows = database.execute(
        f"SELECT file, member, count(*) FROM events WHERE host IS NULL AND log NOT IN {logs_by(Vantage.SENSOR)} GROUP BY ALL"
    ).fetchall()
    return {(file, member): count for file, member, count in rows}


def unread_columns(database: Database) -> list[str]:
    """Columns that some segment was written without, in the order of an event's columns."""
    absent = {name for (name,) in database.execute("SELECT DISTINCT name FROM not_read").fetchall()}
    return [name for name in EVENT_COLUMNS if name in absent]


def input_spans(database: Database) -> dict[int, tuple[int, int]]:
    """Input number to the first and last aligned time of its events, microseconds."""
    rows = database.execute(
        "SELECT i.number, epoch_us(min(e.time)), epoch_us(max(e.time)) FROM events e "
        "JOIN inputs i ON i.file = e.file AND i.member IS NOT DISTINCT FROM e.member GROUP BY i.number"
    ).fetchall()
    return {number: (first, last) for number, first, last in rows}
