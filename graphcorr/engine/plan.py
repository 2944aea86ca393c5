"""Declared tables put in order, bound on empty ones, and made: what ``graphcorr plan`` shows."""

from __future__ import annotations

import time
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import duckdb
import pyarrow as pa

from graphcorr.engine.database import SQL_TYPES, map_rows
from graphcorr.engine.tables import Mapped, Table
from graphcorr.memory import give_back

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from graphcorr.engine.database import Database


_ARROW: Final = {sql: arrow for arrow, sql in SQL_TYPES.items()}


class Made(NamedTuple):
    """One step of a plan that was run."""

    name: str
    needs: tuple[str, ...]
    rows: int | None
    """None for a view, which has as many as its reader asks for; 0 for one that is known to be empty."""
    cpu: float
    """Seconds of processor time, of all threads."""
    wall: float


def collect(tables: Iterable[Table]) -> dict[str, Table]:
    """Tables by name; ValueError for a name that occurs twice, or a need that nobody declares."""
    found: dict[str, Table] = {}
    for table in tables:
        if table.name in found:
            raise ValueError(f"the table {table.name} is declared twice")
        found[table.name] = table
    for table in found.values():
        if missing := [need for need in table.needs if need not in found]:
            raise ValueError(f"{table.name} needs {missing[0]}, which no table is named")
        if loose := set(table.empty_without) - set(table.needs):
            raise ValueError(f"{table.name} is empty without {min(loose)}, which it does not need")
    return found


def order(tables: Mapping[str, Table], wanted: Iterable[str]) -> list[str]:
    """What has to be made for ``wanted``, each after what it needs. ValueError for a circle."""
    needs: dict[str, tuple[str, ...]] = {}
    open_ = sorted(wanted)
    while open_:
        name = open_.pop()
        if name not in needs:
            needs[name] = tables[name].needs
            open_ += needs[name]
    try:
        return list(TopologicalSorter({name: sorted(needs[name]) for name in sorted(needs)}).static_order())
    except CycleError as error:
        raise ValueError(f"these tables need each other: {' → '.join(error.args[1])}") from error


def make(
    database: Database,
    tables: Mapping[str, Table],
    wanted: Collection[str],
    given: Collection[str],
    identity: object,
    *,
    spared: Collection[str] = (),
) -> list[Made]:
    """Make ``wanted`` and what they need, but what is ``given`` already; what nobody needs any more is dropped on the way.

    An empty table is there only where something that has rows is made of it, or somebody wants it and it is not in ``spared``.
    """
    steps = [name for name in order(tables, wanted) if name not in given]
    last = _last_readers(tables, steps)
    kept = {*given, *_stand_on(tables, wanted)}
    counts = {name: _count(database, name) for name in given if not tables[name].lazy}
    views: set[str] = set()
    absent: set[str] = set()
    done: list[Made] = []
    for name in steps:
        table = tables[name]
        cpu, wall = time.process_time(), time.perf_counter()
        if _is_empty(table, counts):
            absent.add(name)
            counts[name] = 0
        else:
            for need in absent.intersection(table.needs):
                create_empty(database, tables[need])
                absent.remove(need)
            rows = _create(database, table, identity)
            if rows is None:
                views.add(name)
            else:
                counts[name] = rows
        done.append(Made(name, table.needs, counts.get(name), time.process_time() - cpu, time.perf_counter() - wall))
        for other in last.get(name, ()):
            if other not in kept and other not in absent:
                database.execute(f'DROP {"VIEW" if other in views else "TABLE"} "{other}"')
    for name in absent.intersection(wanted).difference(spared):
        create_empty(database, tables[name])
    return done


def _is_empty(table: Table, counts: Mapping[str, int]) -> bool:
    """Whether it is known to have no rows: no log tells of it, or what it is made of has none (:func:`check` holds it to that)."""
    empty = [counts.get(need, 1) == 0 for need in table.needs]
    return table.is_empty or (bool(empty) and all(empty)) or any(counts.get(need, 1) == 0 for need in table.empty_without)


def _count(database: Database, name: str) -> int:
    [(count,)] = database.execute(f'SELECT count(*) FROM "{name}"').fetchall()
    return int(count)


def _stand_on(tables: Mapping[str, Table], wanted: Iterable[str]) -> set[str]:
    """``wanted`` and what their views are made of, all the way down to tables."""
    found: set[str] = set()
    open_ = list(wanted)
    while open_:
        name = open_.pop()
        if name not in found:
            found.add(name)
            open_ += tables[name].needs if tables[name].lazy else ()
    return found


def _last_readers(tables: Mapping[str, Table], steps: Sequence[str]) -> dict[str, list[str]]:
    """Step to what can be dropped after it. A view reads when its reader does, so what stands behind it stays as long."""
    last: dict[str, str] = {}
    for step in steps:
        open_ = [step]
        while open_:
            for need in tables[open_.pop()].needs:
                last[need] = step
                if tables[need].lazy:
                    open_.append(need)
    dropped: dict[str, list[str]] = {}
    for name, step in last.items():
        dropped.setdefault(step, []).append(name)
    return dropped


def _create(database: Database, table: Table, identity: object) -> int | None:
    """How many rows it has; None for a view."""
    if isinstance(table.made, str):
        if table.lazy:
            database.execute(f'CREATE VIEW "{table.name}" AS {table.made}')
            return None
        [(count,)] = database.execute(f'CREATE TABLE "{table.name}" AS {table.made}').fetchall()
        return int(count)
    if isinstance(table.made, Mapped):
        function = table.made.function
        map_rows(database, table.made.query, table.name, arrow_schema(table), lambda row: function(row, identity))
        give_back()  # rows that were Python's objects are gone, and their memory is still held
    else:
        table.made.function(database, identity)
    return _count(database, table.name)


def create_empty(database: Database, table: Table) -> None:
    """The table with its declared columns and without rows."""
    columns = ", ".join(f'"{name}" {type_}' for name, type_ in table.columns.items())
    database.execute(f'CREATE TABLE "{table.name}" ({columns})')


def arrow_schema(table: Table) -> pa.Schema:
    """The declared columns as Arrow has them."""
    return pa.schema([(name, _ARROW[type_]) for name, type_ in table.columns.items()])


def check(tables: Mapping[str, Table], identity: object) -> list[str]:
    """What is wrong with the declarations: each table is made on empty tables of its own needs and must have the promised columns.

    What reads a table that it does not state as a need cannot pass, nor what has rows although its needs have none.
    """
    database = duckdb.connect(":memory:")
    try:
        return [wrong for table in tables.values() if table.made != "" for wrong in _check(database, table, tables, identity)]
    finally:
        database.close()


def _check(database: Database, table: Table, tables: Mapping[str, Table], identity: object) -> list[str]:
    # A schema of its own sees no other table, and costs a tenth of a database.
    database.execute("CREATE SCHEMA alone")
    database.execute("SET schema = 'alone'")
    try:
        for need in table.needs:
            create_empty(database, tables[need])
        _create(database, table, identity)
        described = database.execute(f'DESCRIBE "{table.name}"').fetchall()
        count = _count(database, table.name) if table.needs else 0
    except (duckdb.Error, KeyError) as error:
        return [f"{table.name}: {str(error).splitlines()[0]}"]
    finally:
        database.execute("SET schema = 'main'")
        database.execute("DROP SCHEMA alone CASCADE")
    made = {str(row[0]): str(row[1]) for row in described}
    if count:
        return [f"{table.name}: has rows where what it needs has none"]
    return [
        f"{table.name}.{column}: promised {table.columns.get(column)}, made {made.get(column)}"
        for column in dict.fromkeys([*table.columns, *made])
        if table.columns.get(column) != made.get(column)
    ]


def try_table(
    table: Table, tables: Mapping[str, Table], rows: Mapping[str, Sequence[Mapping[str, Any]]], identity: object = None
) -> list[dict[str, Any]]:
    """What a table has when what it needs has ``rows``: the test of one step. What a row does not say is NULL."""
    database = duckdb.connect(":memory:")
    try:
        database.execute("SET TimeZone = 'UTC'")
        if unknown := rows.keys() - set(table.needs):
            raise ValueError(f"{table.name} does not need {min(unknown)}")
        for need in table.needs:
            create_empty(database, tables[need])
            if unknown := set().union(*rows.get(need, ())) - tables[need].columns.keys():
                raise ValueError(f"{need} has no column {min(unknown)}")
            if given := rows.get(need):
                database.register("given_rows", pa.Table.from_pylist([dict(row) for row in given], schema=arrow_schema(tables[need])))
                database.execute(f'INSERT INTO "{need}" BY NAME SELECT * FROM given_rows')
                database.unregister("given_rows")
        _create(database, table, identity)
        made: list[dict[str, Any]] = database.execute(f'SELECT * FROM "{table.name}"').to_arrow_table().to_pylist()
        return made
    finally:
        database.close()
