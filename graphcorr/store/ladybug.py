"""The embedded store: a LadybugDB file that is always built whole, aside, and swapped in."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

import ladybug

from graphcorr.errors import StoreError, StoreLimitError, UsageError
from graphcorr.machine import count_memory
from graphcorr.settings import NOBODY
from graphcorr.store.base import Made, refuse_to_shrink
from graphcorr.store.ddl import MARK, copy_tables, create_mark, create_tables, empty_tables, filled_labels, set_mark
from graphcorr.store.graph_file import is_graph, own, refuse_stranger, remove, remove_strays, wal
from graphcorr.store.questions import check_bindable, check_question

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from graphcorr.graph.kinds import Part
    from graphcorr.settings import Credentials
    from graphcorr.store.base import Row

_MEBIBYTE: Final = 1 << 20
_ADDRESS_SPACE: Final = 1 << 38
"""``max_db_size``: the default reserves 8 TB, which containers and small machines refuse."""
_TIMEOUT_SECONDS: Final = 600.0
_BUFFER_POOL: Final = 384 * _MEBIBYTE
"""What the engine may keep in memory: with it a hunt stays below 1 GB. Its own default is four fifths of the memory."""
_GROWTH: Final = 4
"""By how much the pool grows when a query does not fit into it."""
_FULL: Final = "buffer pool is full"
_VERSION: Final = ladybug.Database.get_version()
"""Asked here because the engine itself is loaded at its first use, and of two threads that come first together one finds none."""
_LARGE: Final = 32 * _MEBIBYTE
"""Bytes of Parquet from which on a graph is written out before it is asked: what is not stays in memory, uncompressed."""


class _FullError(Exception):
    """A query did not fit into the pool, and nothing of its answer was told yet."""


def _most_memory() -> int:
    """Half of the machine's memory: the rest is for what is made of the answer."""
    return count_memory() // 2


class LadybugStore:
    """One graph in one file, or in memory when there is no path.

    Queries run on a read-only database: the engine then takes no lock and writes nothing, so any number of processes
    may read while one builds the next graph beside it and swaps it in; only the builder asks what it has open for writing.
    Two builders exclude each other by a lock file of our own, because two writable databases on one file lose commits.
    """

    SCHEMES: ClassVar[tuple[str, ...]] = ("ladybug",)
    USAGE: ClassVar[str] = "ladybug:///path/graph.lbug, or ladybug:// for a graph in memory"

    def __init__(self, path: Path | None, *, buffer_pool: int = _BUFFER_POOL, timeout: float = _TIMEOUT_SECONDS) -> None:
        """``buffer_pool`` in bytes; ``timeout`` in seconds."""
        self._path = path
        self._buffer_pool = buffer_pool
        self._timeout = timeout
        self._database: ladybug.Database | None = None
        self._made: Made | None = None
        """What is being made."""
        self._building: Path | None = None
        """The file that it is made in, once it was begun."""
        self._fresh = False
        """Whether this store made the graph, and so knows that it holds the part EVENTS and ``_added``, and nothing else."""
        self._added: set[Part] = set()
        self._unwritten = False
        """Whether the open database holds what its file does not: a checkpoint costs as much as filling a small graph."""

    @classmethod
    def from_url(cls, url: str, case: str | None = None, credentials: Credentials = NOBODY) -> LadybugStore:
        """Everything after ``ladybug://`` is the path as it stands; nothing is percent-decoded. Whoever builds it owns the file."""
        del case, credentials
        scheme, mark, path = url.partition("://")
        if scheme != "ladybug" or not mark:
            raise UsageError(f"{url!r} is no LadybugDB address: {cls.USAGE}")
        return cls(Path(path) if path else None)

    @property
    def engine(self) -> str:
        return f"ladybug {_VERSION}"

    @classmethod
    def schema(cls) -> list[str]:
        """The statements that make the tables."""
        return create_tables()

    def prepare(self, *, full: bool = False) -> None:
        """See :class:`graphcorr.store.base.Store`."""
        if self._path is None:
            return
        refuse_stranger(self._path)
        if full or not self._path.exists() or not is_graph(self._path):
            return
        try:
            was_full = self._mark().full
        except StoreError:  # a damaged graph is to be replaced, whatever it was
            return
        if was_full:
            raise StoreError(refuse_to_shrink(str(self._path)))

    @contextmanager
    def making(self, made: Made) -> Iterator[None]:
        """See :class:`graphcorr.store.base.Store`. It is made aside and swapped in, the last step is one rename."""
        if self._path is not None:
            refuse_stranger(self._path)
        with ExitStack() as stack:
            if self._path is not None:
                stack.enter_context(own(self._path))
                remove_strays(self._path)
            self._made = made
            try:
                yield
                if self._path is not None and self._building is not None:
                    self._write_out()
                    self._swap(self._building, self._path)
            finally:
                self._made = None
                if self._building is not None:
                    self._close_database()
                    remove(self._building)
                    self._building = None

    def replace(self, tables: Path) -> None:
        """See :class:`graphcorr.store.base.Store`. The whole graph is built anew, without its other parts."""
        if self._made is None:
            with self.making(Made()):
                self.replace(tables)
            return
        copies, filled = copy_tables(tables), filled_labels(tables)
        if self._path is None:
            self._swap_memory(copies, filled)
        else:
            # Two databases would have two pools.
            self._close_database()
            building = self._begin(self._path)
            remove(building)
            self._database = self._build(str(building), copies, filled)
            self._unwritten = True
            if sum(file.stat().st_size for file in tables.rglob("*.parquet")) >= _LARGE:
                self._write_out()
                # Opened anew by whoever asks: a database that has written a large graph keeps what it wrote in memory.
                self._close_database()
        self._fresh, self._added = True, set()

    def add(self, tables: Path, *parts: Part) -> None:
        """See :class:`graphcorr.store.base.Store`. What the later parts hold goes with the nodes it was tied to."""
        if self._made is None:
            with self.making(Made()):
                self.add(tables, *parts)
            return
        filled = [part for part in reversed(parts) if not (self._fresh and part not in self._added)]
        statements = [statement for part in filled for statement in empty_tables(part)]
        statements += [statement for part in parts for statement in copy_tables(tables, part)]
        if self._path is None:
            self._fill(self._open(), statements)
        else:
            self._extend(self._path, statements)
        self._added.update(parts)

    def describe(self) -> str | None:
        """See :class:`graphcorr.store.base.Store`."""
        if self._path is None or not self._path.exists():
            return None
        [nodes] = self.query(f"MATCH (n) WHERE label(n) <> '{MARK}' RETURN count(n) AS count")
        [edges] = self.query("MATCH ()-[r]->() RETURN count(r) AS count")
        return f"{nodes['count']:,} nodes, {edges['count']:,} edges in {self._path}"

    def remove(self) -> None:
        """See :class:`graphcorr.store.base.Store`."""
        self._close_database()
        if self._path is not None and self._path.exists():
            refuse_stranger(self._path)
            with own(self._path):
                remove_strays(self._path)
                remove(self._path)

    def query(self, cypher: str, params: Mapping[str, object] | None = None, *, generation: str | None = None) -> list[Row]:
        """See :class:`graphcorr.store.base.Store`. Anything but reading is refused, as is a value without a type or with a zone.

        A file that is open stays the one that it was, so that it is asked once whose it is.
        """
        rows = list(self._execute(cypher, cypher, dict(params or {})))
        if generation is not None and self._mark().generation != generation:
            raise StoreError(f"the graph is not that of generation {generation}", cypher)
        return rows

    def scan(self, cypher: str, seconds: float | None = None) -> Iterator[Row]:
        """See :class:`graphcorr.store.base.Store`."""
        return self._execute(cypher, cypher, {}, seconds)

    def check(self, cypher: str) -> None:
        """See :class:`graphcorr.store.base.Store`."""
        check_bindable(cypher)
        # Connection.prepare would say the same, and warns that it is going away.
        list(self._execute(f"EXPLAIN {cypher}", cypher, {}))

    def close(self) -> None:
        self._close_database()

    def _execute(self, statement: str, cypher: str, params: dict[str, object], seconds: float | None = None) -> Iterator[Row]:
        check_question(cypher, params)
        limit = self._timeout if seconds is None else seconds
        deadline = time.monotonic() + limit
        while True:
            try:
                yield from self._ask(statement, cypher, params, limit, deadline)
            except _FullError as error:
                # Rare: hundreds of thousands of findings. A graph in memory would be lost with its pool, and is small.
                if self._path is None or self._buffer_pool >= _most_memory():
                    raise StoreLimitError(f"it needs more than {self._buffer_pool >> 20:,} MiB of memory", cypher) from error
                self._write_out()
                self._close_database()
                self._buffer_pool = min(self._buffer_pool * _GROWTH, _most_memory())
            else:
                return

    def _ask(self, statement: str, cypher: str, params: dict[str, object], limit: float, deadline: float) -> Iterator[Row]:
        # One connection for one query: what a connection keeps (prepared statements, scanned tables) ends with it.
        connection = ladybug.Connection(self._open())
        told = False
        try:
            connection.set_query_timeout(max(int((deadline - time.monotonic()) * 1000), 1))
            result = connection.execute(statement, params)
            if isinstance(result, list):
                raise StoreError("one query at a time", cypher)
            for row in result.rows_as_dict():
                told = True
                yield dict(row)
        except RuntimeError as error:
            if not told and _FULL in str(error):
                raise _FullError(str(error)) from error
            if str(error) == "Interrupted.":
                raise StoreLimitError(f"stopped after {limit:g} s", cypher) from error
            raise StoreError(str(error), cypher) from error
        finally:
            connection.close()

    def _open(self) -> ladybug.Database:
        if self._database is not None:
            return self._database
        path = self._building or self._path
        if path is None:
            self._database = self._build("", [], ())
        elif not path.exists():
            raise StoreError(f"{path} does not exist yet: run `graphcorr rebuild`")
        else:
            try:
                self._database = ladybug.Database(path, read_only=True, buffer_pool_size=self._buffer_pool, max_db_size=_ADDRESS_SPACE)
            except RuntimeError as error:
                raise StoreError(f"{path} does not open ({error}): make it anew with `graphcorr rebuild`") from error
        return self._database

    def _mark(self) -> Made:
        """What the graph says of itself; one of before graphs said anything says that it is of no generation and not full."""
        connection = ladybug.Connection(self._open())
        try:
            result = connection.execute(f"MATCH (c:`{MARK}`) RETURN c.generation AS generation, c.full AS full")
            assert not isinstance(result, list)
            rows = [dict(row) for row in result.rows_as_dict()]
        except RuntimeError:  # it has no such table
            return Made()
        finally:
            connection.close()
        return Made(rows[0]["generation"], bool(rows[0]["full"])) if rows else Made()

    def _build(self, path: str, copies: list[str], filled: Collection[str]) -> ladybug.Database:
        """A new database with all tables, filled; what has a path is on disk once it is written out."""
        # Every COPY is followed by a checkpoint unless told not to, which takes six times as long for a small graph; and
        # so do tables made in a transaction each. A crash costs nothing: the file is not in use yet.
        try:
            database = ladybug.Database(path, buffer_pool_size=self._buffer_pool, max_db_size=_ADDRESS_SPACE, auto_checkpoint=not path)
        except RuntimeError as error:
            raise StoreError(f"cannot make {path}: {error}") from error
        try:
            made = [*create_tables(filled), create_mark(), *set_mark(self._made or Made())]
            self._fill(database, ["BEGIN TRANSACTION", *made, "COMMIT", *copies])
        except StoreError:
            database.close()
            raise
        return database

    def _begin(self, path: Path) -> Path:
        self._building = path.with_name(f"{path.name}.building-{os.getpid()}")
        return self._building

    def _swap(self, building: Path, path: Path) -> None:
        """A reader sees the old graph or the new one."""
        self._close_database()
        # A log beside the old file would be replayed into the new one.
        wal(path).unlink(missing_ok=True)
        building.replace(path)
        self._building = None

    def _extend(self, path: Path, statements: list[str]) -> None:
        """Run statements on what is being made, which begins as a copy of the graph that there is."""
        if self._database is not None and self._unwritten:
            self._fill(self._database, statements)
            return
        # Two databases would have two pools.
        self._close_database()
        building = self._building
        try:
            if building is None:
                if not path.exists():
                    raise StoreError(f"{path} does not exist yet: run `graphcorr rebuild`")
                building = self._begin(path)
                shutil.copyfile(path, building)
                statements = [create_mark(), *set_mark(self._made or Made()), *statements]
            database = ladybug.Database(building, buffer_pool_size=self._buffer_pool, max_db_size=_ADDRESS_SPACE, auto_checkpoint=False)
        except (OSError, RuntimeError) as error:
            raise StoreError(f"cannot add to {path} ({error}): make it anew with `graphcorr rebuild`") from error
        self._database, self._unwritten = database, True
        self._fill(database, statements)

    def _write_out(self) -> None:
        """All that was made is in the file, and no log is left beside it."""
        if self._database is not None and self._unwritten:
            self._fill(self._database, ["CHECKPOINT"])
            self._unwritten = False

    def _fill(self, database: ladybug.Database, statements: list[str]) -> None:
        statement = ""
        connection = ladybug.Connection(database)
        try:
            for statement in statements:
                connection.execute(statement)
        except RuntimeError as error:
            raise StoreError(str(error), statement) from error
        finally:
            connection.close()

    def _swap_memory(self, copies: list[str], filled: Collection[str]) -> None:
        database = self._build("", copies, filled)
        self._close_database()
        self._database = database

    def _close_database(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database, self._unwritten = None, False
