"""One SQLite file: transactions, and whatever goes wrong with it in one sentence, as the error of the room that keeps it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphcorr.errors import GraphcorrError

_NOT_WRITABLE: Final = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY})
_PRIMARY: Final = 0xFF
"""The bits of an error's code that say what it is; the others say more exactly where."""


class SqliteFile:
    """A database in a file, in write-ahead mode: readers see what was there before, while one process writes.

    Every method raises ``failure`` when the file is damaged or cannot be used.
    """

    def __init__(
        self,
        path: Path,
        failure: type[GraphcorrError],
        *,
        what: str,
        remedy: str,
        patience: float = 5.0,
        reading: bool = False,
    ) -> None:
        """``what`` the file is and the ``remedy`` stand in the sentence on damage; ``patience`` are seconds to wait for a writer.

        ``reading`` makes no file: without one the database is empty and in memory. It also works where nothing can be written.
        """
        self.path = path
        self._failure = failure
        self._what, self._remedy = what, remedy
        with self.told():
            if reading:
                self._db = _open_to_read(path, patience, failure)
                return
            self._db = sqlite3.connect(path, isolation_level=None, timeout=patience)
        try:
            with self.told():
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = NORMAL")
        except failure:
            self._db.close()
            raise

    @contextmanager
    def told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            # A full disk, a read-only folder: what the file holds is as it was.
            raise self._failure(f"{self.path} cannot be used: {error}") from error
        except sqlite3.DatabaseError as error:
            raise self._failure(f"{self.path} is no readable {self._what} ({error}); {self._remedy}") from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self.told():
            self._db.execute("BEGIN IMMEDIATE")
            with self._db:  # commits, or rolls back what raised
                yield

    @contextmanager
    def durable(self) -> Iterator[None]:
        """What is committed meanwhile is on the disk when its transaction ends, and all that was committed before."""
        with self.told():
            self._db.execute("PRAGMA synchronous = FULL")
        try:
            yield
        finally:
            with self.told():
                self._db.execute("PRAGMA synchronous = NORMAL")

    def rows(self, query: str, *values: object) -> list[Any]:
        with self.told():
            return self._db.execute(query, values).fetchall()

    def change(self, statement: str, *values: object) -> int:
        """Returns the number of rows that were changed."""
        with self.told():
            return self._db.execute(statement, values).rowcount

    def change_many(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        with self.told():
            self._db.executemany(statement, rows)

    def create(self, schema: str) -> None:
        """Make tables, to be called in a transaction."""
        with self.told():
            for statement in schema.split(";"):
                self._db.execute(statement)

    def close(self) -> None:
        self._db.close()


def _open_to_read(path: Path, patience: float, failure: type[GraphcorrError]) -> sqlite3.Connection:
    try:
        if not path.is_file() or not path.stat().st_size:
            return sqlite3.connect(":memory:", isolation_level=None)
        place = path.resolve().as_uri()
    except OSError as error:
        raise failure(f"{path} cannot be used: {error.strerror or error}") from error
    database = sqlite3.connect(f"{place}?mode=rw", uri=True, isolation_level=None, timeout=patience)
    try:
        database.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError as error:
        database.close()
        if error.sqlite_errorcode & _PRIMARY not in _NOT_WRITABLE:
            raise
        # Readers write, too: an index of the journal beside the file. Without a journal it is enough to read the file itself.
        journal = path.with_name(f"{path.name}-wal")
        if journal.is_file() and journal.stat().st_size:
            return _open_copy(path, journal, failure)
        return sqlite3.connect(f"{place}?mode=ro&immutable=1", uri=True, isolation_level=None)
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def _open_copy(path: Path, journal: Path, failure: type[GraphcorrError]) -> sqlite3.Connection:
    """What a killed writer left on a medium that can only be read: the file alone would be what it was some time before."""
    try:
        with TemporaryDirectory(prefix="graphcorr-") as folder:
            for each in (path, journal):
                shutil.copyfile(each, Path(folder, each.name))
            with closing(sqlite3.connect(Path(folder, path.name), isolation_level=None)) as copy:
                memory = sqlite3.connect(":memory:", isolation_level=None)
                copy.backup(memory)
                return memory
    except OSError as error:
        raise failure(f"{path} cannot be used: {error.strerror or error}") from error
