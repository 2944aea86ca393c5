"""Who changed what, and when: kept with the server's jobs, told to administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from graphcorr.service.register import now, open_register

if TYPE_CHECKING:
    from graphcorr.settings import Settings
    from graphcorr.sqlite import SqliteFile


class Entry(msgspec.Struct, frozen=True):
    """One change."""

    number: int
    time: str
    author: str
    action: str
    case: str | None
    subject: str | None
    """What it was done to; never a secret."""


def note(file: SqliteFile, author: str, action: str, case: str | None, subject: str | None) -> None:
    """Write it down, in the transaction of the change where there is one."""
    file.change('INSERT INTO audit (time, author, action, "case", subject) VALUES (?, ?, ?, ?, ?)', now(), author, action, case, subject)


def write_entry(settings: Settings, author: str, action: str, case: str | None, subject: str | None) -> None:
    file = open_register(settings)
    try:
        note(file, author, action, case, subject)
    finally:
        file.close()


def list_entries(settings: Settings, before: int | None, limit: int) -> list[Entry]:
    """The newest first, those before a number."""
    file = open_register(settings)
    try:
        rows = file.rows("SELECT * FROM audit WHERE (? IS NULL OR number < ?) ORDER BY number DESC LIMIT ?", before, before, limit)
    finally:
        file.close()
    return [Entry(*row) for row in rows]
