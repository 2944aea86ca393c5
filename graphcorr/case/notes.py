"""``notes.sqlite`` of a case: what people say of its findings. It outlives every detection, and belongs to no generation.

A file of its own: it is no projection that could be made again, and whoever writes it waits for no writer of the case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

import msgspec

from graphcorr.case.privacy import private
from graphcorr.errors import CaseError
from graphcorr.model.judgments import Note, Suppression, Verdict
from graphcorr.sqlite import SqliteFile

if TYPE_CHECKING:
    from graphcorr.case.folder import Folder

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS suppressions (
    id TEXT PRIMARY KEY, pattern TEXT NOT NULL, source TEXT, account TEXT, signer TEXT, file TEXT, owner TEXT NOT NULL,
    reason TEXT NOT NULL, created TEXT NOT NULL, expires TEXT);
CREATE TABLE IF NOT EXISTS verdicts (
    finding TEXT PRIMARY KEY, verdict TEXT NOT NULL, author TEXT NOT NULL, time TEXT NOT NULL, reason TEXT, about TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS notes (
    number INTEGER PRIMARY KEY, finding TEXT NOT NULL, id TEXT NOT NULL UNIQUE, author TEXT NOT NULL, time TEXT NOT NULL,
    text TEXT NOT NULL, about TEXT NOT NULL)"""
_REMEDY: Final = "move it away; the case stays, and what was said of its findings is in that file alone"


class Said(msgspec.Struct, frozen=True):
    """Everything that was said. ``about`` is what a finding was called when it was said."""

    suppressions: list[Suppression] = []
    verdicts: dict[str, tuple[Verdict, str]] = {}
    notes: dict[str, list[tuple[Note, str]]] = {}
    """Of each finding in the order in which they were written."""

    def __bool__(self) -> bool:
        return bool(self.suppressions or self.verdicts or self.notes)


def read_notes(folder: Folder) -> Said:
    """What was said in a case; nothing where nobody said anything. Also where nothing can be written."""
    if not folder.notes.exists():
        return Said()
    file = SqliteFile(folder.notes, CaseError, what="list of verdicts and notes", remedy=_REMEDY, reading=True)
    try:
        if not file.rows("SELECT 1 FROM sqlite_master WHERE name = 'notes'"):
            return Said()
        rules = [Suppression(*row) for row in file.rows("SELECT * FROM suppressions ORDER BY created, id")]
        verdicts = {id_: (_as(Verdict, row), about) for id_, *row, about in file.rows("SELECT * FROM verdicts ORDER BY time, finding")}
        notes: dict[str, list[tuple[Note, str]]] = {}
        for _, finding, *row, about in file.rows("SELECT * FROM notes ORDER BY number"):
            notes.setdefault(finding, []).append((Note(*row), about))
        return Said(rules, verdicts, notes)
    finally:
        file.close()


def _as(kind: type[Verdict], row: list[Any]) -> Verdict:
    return msgspec.convert(dict(zip(kind.__struct_fields__, row, strict=True)), kind)


class Notes:
    """What is said in a case, to add to and to take from: any number of processes, each for a moment. ``CaseError`` where that fails."""

    def __init__(self, folder: Folder) -> None:
        with private():
            self._file = SqliteFile(folder.notes, CaseError, what="list of verdicts and notes", remedy=_REMEDY)
        with self._file.durable(), self._file.transaction():
            self._file.create(_SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def count(self) -> int:
        [(count,)] = self._file.rows(
            "SELECT (SELECT count(*) FROM suppressions) + (SELECT count(*) FROM verdicts) + (SELECT count(*) FROM notes)"
        )
        return int(count)

    def count_notes(self, finding: str) -> int:
        [(count,)] = self._file.rows("SELECT count(*) FROM notes WHERE finding = ?", finding)
        return int(count)

    def add_suppression(self, rule: Suppression) -> None:
        self._change("INSERT INTO suppressions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", *msgspec.structs.astuple(rule))

    def remove_suppression(self, id_: str) -> bool:
        """Whether there was one; so of the others."""
        return bool(self._change("DELETE FROM suppressions WHERE id = ?", id_))

    def set_verdict(self, finding: str, verdict: Verdict, about: str) -> None:
        values = (finding, verdict.verdict.value, verdict.author, verdict.time, verdict.reason, about)
        self._change("INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?, ?, ?, ?)", *values)

    def remove_verdict(self, finding: str) -> bool:
        return bool(self._change("DELETE FROM verdicts WHERE finding = ?", finding))

    def add_note(self, finding: str, note: Note, about: str) -> None:
        statement = "INSERT INTO notes (finding, id, author, time, text, about) VALUES (?, ?, ?, ?, ?, ?)"
        self._change(statement, finding, *msgspec.structs.astuple(note), about)

    def remove_note(self, id_: str) -> bool:
        return bool(self._change("DELETE FROM notes WHERE id = ?", id_))

    def _change(self, statement: str, *values: object) -> int:
        with self._file.durable(), self._file.transaction():
            return self._file.change(statement, *values)
