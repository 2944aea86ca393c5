"""The column engine that phase 2 works in: DuckDB over the case's Parquet, with a memory limit and a place to spill."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import duckdb
import pyarrow as pa

from graphcorr.machine import count_cores

if TYPE_CHECKING:
    from pathlib import Path

MEMORY_LIMIT: Final = "320MB"
"""What DuckDB may hold before it spills. The whole process stays below 1 GB with it, however large the case is."""

SHARED_LIMIT: Final = "192MB"
"""The same, once the graph's engine works beside it."""

_LEAST_MEMORY: Final = "64MB"

BATCH: Final = 20_000
"""Rows that are Python objects at one time, where Python has to look at rows at all."""

_FEW: Final = 20_000
"""Events over which threads cost more than they save: a row group has some hundred thousand, and each is one thread's."""

SQL_TYPES: Final[Mapping[pa.DataType, str]] = {
    pa.string(): "VARCHAR",
    pa.int64(): "BIGINT",
    pa.int32(): "INTEGER",
    pa.int8(): "TINYINT",
    pa.uint64(): "UBIGINT",
    pa.bool_(): "BOOLEAN",
    pa.timestamp("us"): "TIMESTAMP",
    pa.list_(pa.string()): "VARCHAR[]",
    pa.binary(): "BLOB",
}
"""What the engine calls the types of Arrow that its tables have."""

_NUMBERS: Final = itertools.count()

Database = duckdb.DuckDBPyConnection
Row = Mapping[str, object]


def connect(scratch: Path | None, rows: int | None = None) -> Database:
    """An empty database that spills to ``scratch``, or not at all. Statements have no result order unless they ask for one.

    ``rows`` is how many events it is about, where that is known: over a few one thread is faster than several.
    """
    database = duckdb.connect(":memory:")
    database.execute("SET memory_limit = ?", [MEMORY_LIMIT])
    database.execute("SET temp_directory = ?", [str(scratch / "spill") if scratch is not None else ""])
    database.execute("SET threads = ?", [count_cores() if rows is None or rows > _FEW else 1])
    database.execute("SET preserve_insertion_order = false")
    database.execute("SET TimeZone = 'UTC'")
    # Where Python was started with a command and no file, as workers are, it takes itself for a notebook's and draws into our output.
    database.execute("SET enable_progress_bar = false")
    # A statement opens every segment anew, and reading what is in it costs more than most statements do.
    database.execute("SET parquet_metadata_cache = true")
    # What it keeps of files beside that, the system keeps as well; it takes the memory of those who sort, and nothing is faster with it.
    database.execute("SET enable_external_file_cache = false")
    return database


def close(database: Database) -> None:
    """Close a database whatever it is at: closing alone waits for a query that Ctrl-C ended only for who had asked it."""
    database.interrupt()
    database.close()


def literal_path(path: Path) -> str:
    """A file's name as the engine takes it, which reads names as patterns: a folder called ``case [1]`` would not be found."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))


def shed(database: Database) -> None:
    """Move what the database holds in memory to its spill folder and hold less from now on: another engine works beside it."""
    with suppress(duckdb.OutOfMemoryException):  # some of it is in use
        database.execute("SET memory_limit = ?", [_LEAST_MEMORY])
    database.execute("SET memory_limit = ?", [SHARED_LIMIT])


@contextmanager
def roomy(database: Database) -> Iterator[None]:
    """For one statement over all events that is too wide for what :func:`shed` left: as much memory as before it."""
    database.execute("SET memory_limit = ?", [MEMORY_LIMIT])
    try:
        yield
    finally:
        shed(database)


def schema_of(**columns: pa.DataType) -> pa.Schema:
    """Column names and types of a table that Python fills."""
    return pa.schema(list(columns.items()))


def table_of(rows: Sequence[tuple[object, ...]], **columns: pa.DataType) -> pa.Table:
    """Rows as a table to register: ``columns`` are names and types in the order of a row's values."""
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pa.table([pa.array(one, type_) for one, type_ in zip(values, columns.values(), strict=True)], names=list(columns))


def create_table(database: Database, table: str, schema: pa.Schema) -> None:
    """An empty table with the columns of ``schema``."""
    columns = ", ".join(f'"{field.name}" {SQL_TYPES[field.type]}' for field in schema)
    database.execute(f"CREATE TABLE {table} ({columns})")


def fill_table(database: Database, table: str, schema: pa.Schema, rows: list[dict[str, object]]) -> None:
    """A new table of ``rows``: at once, because a parameterized statement for each row takes half a millisecond."""
    create_table(database, table, schema)
    insert_rows(database, table, schema, rows)


def insert_rows(database: Database, table: str, schema: pa.Schema, rows: list[dict[str, object]]) -> None:
    """Append ``rows`` (keys are columns of ``schema``; a missing key is NULL)."""
    if rows:
        database.register("new_rows", pa.Table.from_pylist(rows, schema=schema))
        database.execute(f"INSERT INTO {table} BY NAME SELECT * FROM new_rows")
        database.unregister("new_rows")


def map_rows(database: Database, query: str, table: str, schema: pa.Schema, function: Callable[[Row], Iterable[dict[str, object]]]) -> None:
    """Create ``table`` from what ``function`` makes of each row of ``query``, in batches: memory stays flat."""
    create_table(database, table, schema)
    for page in pages(database, query, BATCH):
        insert_rows(database, table, schema, [made for row in page.to_pylist() for made in function(row)])


def pages(database: Database, query: str, size: int) -> Iterator[pa.Table]:
    """The rows of ``query``, ``size`` at a time, in no order; there may be other statements in between.

    Not a streamed result: DuckDB 1.5 waits for ever when several branches of a union have rows for one, see its issue 22215.
    """
    table = f"paged_{next(_NUMBERS)}"
    database.execute(f"CREATE TEMP TABLE {table} AS {query}")
    return _pages(database, table, size)


def _pages(database: Database, table: str, size: int) -> Iterator[pa.Table]:
    [(count,)] = database.execute(f"SELECT count(*) FROM {table}").fetchall()
    try:
        for start in range(0, count, size):
            yield database.execute(f"SELECT * FROM {table} WHERE rowid >= {start} AND rowid < {start + size}").to_arrow_table()
    finally:
        database.execute(f"DROP TABLE {table}")
