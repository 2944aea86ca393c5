"""The case's state in SQLite: which inputs are committed, which segments hold their events, what was skipped.

A segment counts only once its row is here: everything else in the events folder is a leftover of an interrupted run.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from graphcorr.errors import CaseError
from graphcorr.model import Skip

_SCHEMA = """
CREATE TABLE IF NOT EXISTS inputs (
    number INTEGER PRIMARY KEY, file TEXT NOT NULL, member TEXT, digest BLOB, format TEXT, status TEXT NOT NULL,
    reason TEXT, records INTEGER NOT NULL, events INTEGER NOT NULL, skipped INTEGER NOT NULL, stamp TEXT);
CREATE UNIQUE INDEX IF NOT EXISTS one_input ON inputs (file, coalesce(member, ''), coalesce(digest, x''));
CREATE INDEX IF NOT EXISTS by_digest ON inputs (digest);
CREATE TABLE IF NOT EXISTS segments (name TEXT PRIMARY KEY, events INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS skips (input INTEGER NOT NULL, record INTEGER, reason TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS skips_of ON skips (input);
"""


class InputRow(msgspec.Struct):
    """One input as committed. ``number`` is what the events' ``input`` column holds; ``digest`` is of its content."""

    number: int
    file: str
    member: str | None
    digest: bytes | None
    format: str | None
    status: str
    reason: str | None
    records: int
    events: int
    skipped: int
    stamp: str | None = None
    """Size and modification time of the file when it was read: the same stamp means it need not be read again."""


class State:
    """The SQLite file of a case. One process at a time (the case holds the lock)."""

    def __init__(self, path: Path) -> None:
        try:
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(_SCHEMA)
        except sqlite3.DatabaseError as error:
            raise CaseError(f"{path} is not a readable case state ({error}); remove the case folder and read the logs again") from error

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def inputs(self) -> list[InputRow]:
        """All inputs, ordered by file and member: the order in which a report lists them."""
        columns = ", ".join(InputRow.__struct_fields__)
        rows = self._db.execute(f"SELECT {columns} FROM inputs ORDER BY file, member IS NOT NULL, member, number")
        return [InputRow(*row) for row in rows]

    def next_number(self) -> int:
        (highest,) = self._db.execute("SELECT coalesce(max(number), 0) FROM inputs").fetchone()
        return int(highest) + 1

    def has_content(self, digest: bytes) -> bool:
        return self._db.execute("SELECT 1 FROM inputs WHERE digest = ? LIMIT 1", (digest,)).fetchone() is not None

    def has_input(self, file: str, member: str | None, digest: bytes | None) -> bool:
        query = "SELECT 1 FROM inputs WHERE file = ? AND coalesce(member, '') = ? AND coalesce(digest, x'') = ?"
        return self._db.execute(query, (file, member or "", digest or b"")).fetchone() is not None

    def stamped(self) -> dict[tuple[str, str], str]:
        """Stamp of each complete (file, member): what need not be read again."""
        rows = self._db.execute("SELECT file, coalesce(member, ''), stamp FROM inputs WHERE stamp IS NOT NULL")
        return {(file, member): stamp for file, member, stamp in rows}

    def add_input(self, row: InputRow) -> None:
        marks = ", ".join("?" * len(InputRow.__struct_fields__))
        self._db.execute(f"INSERT INTO inputs ({', '.join(InputRow.__struct_fields__)}) VALUES ({marks})", msgspec.structs.astuple(row))

    def add_skips(self, number: int, skips: Iterable[tuple[int | None, str]]) -> None:
        self._db.executemany("INSERT INTO skips (input, record, reason) VALUES (?, ?, ?)", ((number, *skip) for skip in skips))

    def skips(self, limit: int) -> list[Skip]:
        """The first ``limit`` skips in the order of files and records."""
        rows = self._db.execute(
            "SELECT file, member, record, skips.reason FROM skips JOIN inputs ON number = input "
            "ORDER BY file, member IS NOT NULL, member, number, record, skips.rowid LIMIT ?",
            (limit,),
        )
        return [Skip(*row) for row in rows]

    def segments(self) -> list[str]:
        return [name for (name,) in self._db.execute("SELECT name FROM segments ORDER BY name")]

    def small_segments(self, below: int) -> list[str]:
        return [name for (name,) in self._db.execute("SELECT name FROM segments WHERE events < ? ORDER BY name", (below,))]

    def add_segment(self, name: str, events: int) -> None:
        self._db.execute("INSERT INTO segments (name, events) VALUES (?, ?)", (name, events))

    def replace_segments(self, old: Sequence[str], name: str, events: int) -> None:
        with self.transaction():
            self._db.executemany("DELETE FROM segments WHERE name = ?", ((one,) for one in old))
            self.add_segment(name, events)
