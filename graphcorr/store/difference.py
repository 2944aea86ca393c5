"""What has to change so that a database holds what a table holds: compared in columns, row by row exactly.

Nothing is remembered of earlier writes, neither here nor as a digest in the graph: a crash of either side, a restored
backup and a change by hand are then all the same case, and all mended.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from graphcorr.engine.database import close, connect, literal_path, pages
from graphcorr.graph.kinds import Type
from graphcorr.graph.rows import ARROW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from graphcorr.engine.database import Database
    from graphcorr.store.sheets import Sheet

Rows = list[list[object]]
"""Values as they travel to the server: keys, then properties; times as text."""

BATCH: Final = 10_000
_BYTES: Final = 8 << 20
"""Most of one batch: a transaction is held in the server's memory, and command lines may be long."""
_LONGEST_ID: Final = 4_000
"""Bytes of UTF-8."""
_ARROW: Final[dict[Type, pa.DataType]] = ARROW | {Type.TIME: pa.string()}
_PYTHON: Final[dict[Type, type]] = {Type.TEXT: str, Type.INTEGER: int, Type.NUMBER: float, Type.TIME: str, Type.FLAG: bool}


@dataclass(frozen=True, slots=True)
class Changes:
    """What a sheet's rows in a database have to become; each is a table or view of the comparing database, None is no row."""

    sheet: Sheet
    created: str
    """Whole rows."""
    changed: str | None = None
    """Whole rows; never of edges, which have no key and are deleted and created."""
    deleted: str | None = None
    """Keys alone."""


def take_as_new(database: Database, sheet: Sheet) -> Changes:
    """For a database that has nothing of the sheet."""
    return Changes(sheet, _view(database, sheet))


def missing_end(database: Database, sheet: Sheet, end: str, label: Sheet) -> str | None:
    """The first id of ``from`` or ``to`` that is not in the sheet of the label that it points to."""
    known = _view(database, label)
    found = database.execute(f'SELECT min("{end}") FROM {_view(database, sheet)} WHERE "{end}" NOT IN (SELECT id FROM {known})').fetchall()
    return None if found[0][0] is None else str(found[0][0])


def compare(database: Database, sheet: Sheet, stored: Iterable[Sequence[Sequence[object]]]) -> Changes:
    """``stored`` are batches of columns: keys, then the declared properties, times as text."""
    wanted = _view(database, sheet)
    _load_stored(database, sheet, stored)
    names = Changes(sheet, f"created_{sheet.name}", None if sheet.ends else f"changed_{sheet.name}", f"deleted_{sheet.name}")
    if sheet.ends is None:
        database.execute(f"CREATE TABLE {names.deleted} AS SELECT id FROM stored ANTI JOIN {wanted} USING (id)")
        database.execute(f"CREATE TABLE {names.created} AS SELECT * FROM {wanted} ANTI JOIN stored USING (id)")
        differs = " OR ".join(f'w."{name}" IS DISTINCT FROM s."{name}"' for name in sheet.declared) or "FALSE"
        database.execute(f"CREATE TABLE {names.changed} AS SELECT w.* FROM {wanted} w JOIN stored s USING (id) WHERE {differs}")
    else:
        # Edges of one pair may be equal in everything: they are counted, and a pair with a difference is written anew.
        counted = "SELECT *, count(*) AS times FROM {} GROUP BY ALL"
        mine, theirs = counted.format(wanted), counted.format("stored")
        database.execute(
            'CREATE OR REPLACE TABLE pairs AS SELECT DISTINCT "from", "to" FROM '
            f"(({mine} EXCEPT {theirs}) UNION ALL ({theirs} EXCEPT {mine}))"
        )
        join = 'SEMI JOIN pairs USING ("from", "to")'
        database.execute(f'CREATE TABLE {names.deleted} AS SELECT DISTINCT "from", "to" FROM stored {join}')
        database.execute(f"CREATE TABLE {names.created} AS SELECT * FROM {wanted} {join}")
    database.execute("DROP TABLE stored")
    return names


def read_batches(database: Database, table: str | None) -> Iterator[Rows]:
    """The rows of one of the tables of :class:`Changes`, in pieces of a size that one transaction takes."""
    if table is None:
        return
    columns = database.execute(f"SELECT column_name, column_type FROM (DESCRIBE {table})").fetchall()
    # ISO text with all six digits: what localdatetime() reads without losing a microsecond.
    selected = [f"strftime(\"{name}\", '%Y-%m-%dT%H:%M:%S.%f')" if kind == "TIMESTAMP" else f'"{name}"' for name, kind in columns]
    for page in pages(database, f"SELECT {', '.join(selected)} FROM {table}", BATCH):
        step = max(1, min(BATCH, _BYTES * page.num_rows // max(page.nbytes, 1)))
        for first in range(0, page.num_rows, step):
            piece = page.slice(first, step)
            yield [list(row) for row in zip(*(column.to_pylist() for column in piece.columns), strict=True)]


@contextmanager
def open_comparisons(scratch: Path) -> Iterator[Database]:
    """A database to compare in. It spills to ``scratch``."""
    database = connect(scratch)
    try:
        yield database
    finally:
        close(database)


def _view(database: Database, sheet: Sheet) -> str:
    """The sheet's rows with all declared properties, in their types; read anew each time, so that memory stays flat."""
    present = sheet.file is not None
    columns = [f'{_bounded(key)} AS "{key}"' if present else f'NULL::VARCHAR AS "{key}"' for key in sheet.keys]
    columns += [f'{_quote(name) if name in sheet.columns else "NULL"}::{type_.value} AS "{name}"' for name, type_ in sheet.declared.items()]
    source = "WHERE FALSE" if sheet.file is None else f"FROM read_parquet('{literal_path(sheet.file).replace(chr(39), chr(39) * 2)}')"
    database.execute(f"CREATE OR REPLACE VIEW wanted_{sheet.name} AS SELECT {', '.join(columns)} {source}")
    return f"wanted_{sheet.name}"


def _bounded(key: str) -> str:
    """An id that an index takes: its keys end at 8 kB, and a log may hold a path of any length. Ids of events are short."""
    return f"""CASE WHEN strlen("{key}") > {_LONGEST_ID} THEN left("{key}", 500) || '…' || sha256("{key}") ELSE "{key}" END"""


def _load_stored(database: Database, sheet: Sheet, stored: Iterable[Sequence[Sequence[object]]]) -> None:
    types = dict.fromkeys(sheet.keys, Type.TEXT) | sheet.declared
    schema = pa.schema([(name, _ARROW[type_]) for name, type_ in types.items()])
    # A time that is no time reads as NULL, and so does a value of another type: not what is wanted, unless nothing is.
    selected = [
        f'TRY_CAST("{field.name}" AS TIMESTAMP) AS "{field.name}"' if sheet.declared.get(field.name) is Type.TIME else f'"{field.name}"'
        for field in schema
    ]
    select = f'SELECT {", ".join(selected)} FROM batch WHERE "{sheet.keys[0]}" IS NOT NULL AND "{sheet.keys[-1]}" IS NOT NULL'
    database.register("batch", schema.empty_table())
    database.execute(f"CREATE OR REPLACE TABLE stored AS {select}")
    for columns in stored:
        arrays = [_array(values, field.type) for values, field in zip(columns, schema, strict=True)]
        database.register("batch", pa.Table.from_arrays(arrays, schema=schema))
        database.execute(f"INSERT INTO stored {select}")
    database.unregister("batch")


def _quote(name: str) -> str:
    return f'"{name}"'


def _array(values: Sequence[object], type_: pa.DataType) -> pa.Array[pa.Scalar[pa.DataType]]:
    try:
        return pa.array(values, type_)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        expected = next(_PYTHON[own] for own, arrow in _ARROW.items() if arrow == type_)
        return pa.array([value if type(value) is expected else None for value in values], type_)
