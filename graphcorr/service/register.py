"""``server.sqlite`` of a state folder: jobs, tokens, and who changed what; every commit is on the disk when it returns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from graphcorr.case.privacy import make_private, private
from graphcorr.errors import CaseError
from graphcorr.sqlite import SqliteFile

if TYPE_CHECKING:
    from graphcorr.settings import Settings

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "case" TEXT NOT NULL, kind TEXT NOT NULL, key TEXT, state TEXT NOT NULL,
    created TEXT NOT NULL, started TEXT, finished TEXT, tries INTEGER NOT NULL, canceled INTEGER NOT NULL, author TEXT,
    asked BLOB NOT NULL, phase TEXT, done INTEGER NOT NULL, total INTEGER, problem TEXT, result BLOB);
CREATE UNIQUE INDEX IF NOT EXISTS once ON jobs ("case", key) WHERE key IS NOT NULL;
CREATE INDEX IF NOT EXISTS by_state ON jobs (state, number);
CREATE TABLE IF NOT EXISTS tokens (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, "case" TEXT, digest BLOB NOT NULL, created TEXT NOT NULL,
    expires TEXT);
CREATE TABLE IF NOT EXISTS audit (
    number INTEGER PRIMARY KEY, time TEXT NOT NULL, author TEXT NOT NULL, action TEXT NOT NULL, "case" TEXT, subject TEXT)"""


def open_register(settings: Settings) -> SqliteFile:
    """The file, made where there is none. Every thread and process opens its own."""
    make_private(settings.state)
    with private():
        file = SqliteFile(settings.state / "server.sqlite", CaseError, what="register of a server", remedy="remove it; cases stay")
        try:
            file.change("PRAGMA synchronous = FULL")
            if not _has_tables(file):
                with file.transaction():
                    if not _has_tables(file):
                        file.create(_SCHEMA)
        except CaseError:
            file.close()
            raise
    return file


def _has_tables(file: SqliteFile) -> bool:
    return bool(file.rows("SELECT 1 FROM sqlite_master WHERE name = 'audit'"))


def now() -> str:
    """RFC 3339 in UTC with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
