"""Hashes and services over all events of a case: how often, on how many machines, from when to when, and where one occurs.

The events are asked, and not the graph: a hash is no node of it, and what no pattern touches is not in it. Names of machines are those of
the logs; times are aligned, by the clocks as the last detection found them.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
from msgspec import Meta

from graphcorr.case.findings import read_shifts
from graphcorr.case.reader import open_reader
from graphcorr.errors import NotFoundError, StoreError
from graphcorr.service.listing import current
from graphcorr.service.pages import CursorText, Limit, Page, read_cursor, write_cursor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphcorr.case.findings import Shift
    from graphcorr.engine.database import Database

MOST_PLACES: Final = 200
_MEMORY: Final = "512MiB"
_WAIT: Final = 10.0
"""Seconds that a question waits for the one before it: each takes a share of the machine."""
_AGAIN: Final = 0.2
_one: Final = threading.Lock()


class PivotsAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which of them."""

    q: Annotated[str, Meta(min_length=1, max_length=1024, description="A part of the value, or of the file that has it.")] | None = None
    limit: Limit = 50
    cursor: CursorText | None = None


class Pivot(msgspec.Struct, frozen=True):
    """One value, and how much of it there is."""

    id: str
    """The hash, in lower case; the service's name."""
    kind: str
    """md5, sha1, sha256 or imphash; service."""
    count: int
    """Events."""
    hosts: int
    """Machines whose logs tell of it."""
    first: str
    last: str


class PivotPlace(msgspec.Struct, frozen=True):
    """Where it occurs: a machine, and the file that has the hash or is the service's program."""

    host: str | None
    file: str | None
    count: int
    first: str
    last: str


class PivotShown(msgspec.Struct, frozen=True):
    """One value with the places where it occurs, the earliest first."""

    pivot: Pivot
    places: list[PivotPlace]
    truncated: bool
    """There are more places."""


_HASHES: Final = """
    SELECT lower(split_part(one, '=', 2)) AS id, lower(split_part(one, '=', 1)) AS kind, host, file, time FROM (
        SELECT unnest(string_split(hashes, ',')) AS one, lower(computer) AS host, coalesce(path, image) AS file, time
        FROM aligned WHERE hashes IS NOT NULL)
    WHERE id <> '' AND NOT regexp_full_match(id, '0+')"""
"""An import hash of zeros is that of a file without imports."""
_SERVICES: Final = """
    SELECT service AS id, 'service' AS kind, lower(computer) AS host, path AS file, time
    FROM aligned WHERE service IS NOT NULL AND log IN (SELECT unnest(?))"""
PIVOTS: Final = {"hashes": _HASHES, "services": _SERVICES}
"""What is listed, by its name."""
_MOMENT: Final = "strftime({}, '%Y-%m-%dT%H:%M:%S.%fZ')"
_ENDS: Final = f"{_MOMENT.format('min(time)')}, {_MOMENT.format('max(time)')}"


class _Question(msgspec.Struct, frozen=True):
    kind: str
    q: str | None


def list_pivots(folder: Path, kind: str, asked: PivotsAsked, seconds: float) -> Page[Pivot]:
    """In the order of the values. ``StoreError`` after ``seconds``."""
    with _events(folder, seconds) as (database, generation):
        question = _Question(kind, asked.q)
        after = read_cursor(asked.cursor, generation, question, (str, str))
        where, values = "time IS NOT NULL", _values(kind)
        if asked.q is not None:
            where += " AND (contains(lower(id), ?) OR contains(lower(coalesce(file, '')), ?))"
            values += [asked.q.lower()] * 2
        summed = f"SELECT id, kind, count(*), count(DISTINCT host), {_ENDS} FROM ({PIVOTS[kind]}) WHERE {where} GROUP BY id, kind"
        counted = f"SELECT *, count(*) OVER () AS total FROM ({summed})"
        behind = "WHERE (id, kind) > (?, ?)" if after is not None else ""
        rows = _rows(database, f"SELECT * FROM ({counted}) {behind} ORDER BY id, kind LIMIT {asked.limit + 1}", [*values, *(after or ())])
    items = [Pivot(*row[:6]) for row in rows[: asked.limit]]
    following = write_cursor(generation, question, (items[-1].id, items[-1].kind)) if len(rows) > asked.limit else None
    return Page(generation=generation, total=rows[0][6] if rows else 0, items=items, next=following)


def show_pivot(folder: Path, kind: str, id_: str, seconds: float) -> PivotShown:
    """``NotFoundError`` where no event has it, ``StoreError`` after ``seconds``."""
    with _events(folder, seconds) as (database, _):
        values = [*_values(kind), id_.lower() if kind == "hashes" else id_]
        of_it = f"FROM ({PIVOTS[kind]}) WHERE time IS NOT NULL AND id = ?"
        found = _rows(database, f"SELECT id, kind, count(*), count(DISTINCT host), {_ENDS} {of_it} GROUP BY id, kind", values)
        if not found:
            raise NotFoundError(f"no event has {id_[:255]!r}")
        places = _rows(
            database,
            f"SELECT host, file, count(*), {_ENDS} {of_it} GROUP BY host, file ORDER BY min(time), host, file LIMIT {MOST_PLACES + 1}",
            values,
        )
    return PivotShown(Pivot(*found[0]), [PivotPlace(*row) for row in places[:MOST_PLACES]], len(places) > MOST_PLACES)


def _values(kind: str) -> list[object]:
    if kind == "hashes":
        return []
    from graphcorr.logs.catalog import log_types
    from graphcorr.model.kinds import Kind

    return [[name for name, one in log_types().items() if any(each.kind is Kind.SERVICE_INSTALL for each in one.testifies)]]


@contextmanager
def _events(folder: Path, seconds: float) -> Iterator[tuple[Database, str]]:
    """The events of a case, one question at a time, which is ended after ``seconds``."""
    import duckdb

    from graphcorr.engine.database import close, connect
    from graphcorr.resolve.events import load_events

    with open_reader(folder) as case:
        generation = current(case)
        shifts = read_shifts(generation.findings)
        if not _one.acquire(timeout=_WAIT):
            raise StoreError("other questions about events are being answered: ask again")
        try:
            with TemporaryDirectory(prefix="graphcorr-") as scratch:
                database = connect(Path(scratch))
                try:
                    with _ended_after(seconds, database):
                        database.execute(f"SET memory_limit = '{_MEMORY}'")
                        load_events(database, [case.places.events / each.name for each in case.state.segments()], case.state.inputs())
                        _align(database, shifts)
                        yield database, generation.name
                except duckdb.InterruptException as error:
                    raise StoreError("no answer in time (the limit query_time)") from error
                except duckdb.OutOfMemoryException as error:
                    raise StoreError("there is more of it than this server looks through at once: ask for a part with q") from error
                finally:
                    close(database)
        finally:
            _one.release()


def _align(database: Database, shifts: Sequence[Shift]) -> None:
    """The view ``aligned``: what was logged, with times in UTC."""
    import pyarrow as pa

    from graphcorr.engine.database import table_of
    from graphcorr.resolve.clocks import ALIGNED, OF_CLOCK
    from graphcorr.resolve.sensors import sensor

    number = pa.int64()
    database.register("shifts", table_of(shifts, machine=pa.string(), field=pa.string(), since=number, until=number, shift=number))
    of_it = f"c.machine = coalesce({sensor('l')}, l.computer) AND {OF_CLOCK}"
    joined = f"SELECT l.* REPLACE ({ALIGNED} AS time) FROM logged l LEFT JOIN shifts c ON {of_it}"
    database.execute(f"CREATE VIEW aligned AS {joined if shifts else 'SELECT * FROM logged'}")


@contextmanager
def _ended_after(seconds: float, database: Database) -> Iterator[None]:
    over = threading.Event()

    def end() -> None:
        # Again and again: what comes between two statements ends neither of them.
        waiting = seconds
        while not over.wait(waiting):
            database.interrupt()
            waiting = _AGAIN

    thread = threading.Thread(target=end, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _rows(database: Database, query: str, values: list[object]) -> list[Any]:
    return database.execute(query, values).fetchall()
