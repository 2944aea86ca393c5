"""The state of a case to look into: its inputs, segments, current generation, and what was not read to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

import msgspec

from graphcorr.errors import CaseError
from graphcorr.sqlite import SqliteFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

AGAIN: Final = "remove the case folder and read the logs again"
"""What to do about a case that is damaged: the logs are where they were."""
LOST: Final = f"{{}} is lost, and the events beside it are worth nothing without it; {AGAIN}"


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
    logs: int = 0
    """Number of the set of log types that were looked for, see :meth:`State.log_set`; 0 is none."""
    short: bool = False
    """A log or an archive that was not read to its end, or not at all; not told by states of earlier versions."""


class Unfinished(msgspec.Struct, frozen=True):
    """What was begun to be read and not read to its end, as it was named; ``given_up`` is what a person gave up."""

    open: list[str]
    given_up: list[str]


COLUMNS: Final = ", ".join(InputRow.__struct_fields__)
"""Of the table of inputs, in the order of an :class:`InputRow`."""


class SegmentRow(msgspec.Struct, frozen=True):
    """A committed segment: its size, and between which input numbers those of its events lie."""

    name: str
    events: int
    bytes: int
    first: int
    last: int


class StateView:
    """The state of a case to look into, beside a process that writes it and where nothing can be written.

    Every method raises ``CaseError`` when the file is damaged. Where there is none, nothing is made, and nothing is in it.
    """

    def __init__(self, path: Path) -> None:
        self._file = SqliteFile(path, CaseError, what="case state", remedy=AGAIN, reading=True)

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def files(self) -> list[str]:
        """The files that the inputs lay in, by the names that were given."""
        return [name for (name,) in self._file.rows("SELECT DISTINCT file FROM inputs ORDER BY file")] if self._has("inputs") else []

    def inputs(self) -> list[InputRow]:
        """All inputs, ordered by file and member: the order in which a report lists them."""
        if not self._has("inputs"):
            return []
        columns = COLUMNS if self._has_column("inputs", "short") else COLUMNS.removesuffix("short") + "0"
        rows = self._file.rows(f"SELECT {columns} FROM inputs ORDER BY file, member IS NOT NULL, member, number")
        found = [InputRow(*row) for row in rows]
        for one in found:
            one.short = bool(one.short)  # SQLite has no flags
        return found

    def segments(self) -> list[SegmentRow]:
        if not self._has("segments"):
            return []
        return [SegmentRow(*row) for row in self._file.rows("SELECT name, events, bytes, first, last FROM segments ORDER BY name")]

    def generation(self) -> str | None:
        """The name of the generation that readers get; None where nothing was looked for yet."""
        names = self.generations()
        return names[-1] if names else None

    def generations(self) -> list[str]:
        """Names, the current one last; those before it are still held by somebody."""
        if not self._has("generations"):
            return []
        return [name for (name,) in self._file.rows("SELECT name FROM generations ORDER BY number")]

    def unfinished(self) -> Unfinished:
        rows = self._file.rows("SELECT path, given_up FROM readings ORDER BY path") if self._has("readings") else []
        return Unfinished([path for path, given_up in rows if not given_up], [path for path, given_up in rows if given_up])

    def _has_column(self, table: str, column: str) -> bool:
        return bool(self._file.rows("SELECT 1 FROM pragma_table_info(?) WHERE name = ?", table, column))

    def _has(self, table: str) -> bool:
        return bool(self._file.rows("SELECT 1 FROM sqlite_master WHERE name = ?", table))


def earlier_contents(inputs: Iterable[InputRow]) -> dict[int, int]:
    """Inputs whose name stands for another content by now, by number: the number of the newest reading of that name.

    Two members of one name in one archive, and what came through standard input, stand side by side.
    """
    newest = {(row.file, row.member): row for row in sorted(inputs, key=lambda row: row.number)}
    pairs = [(row, newest[row.file, row.member]) for row in inputs]
    return {row.number: now.number for row, now in pairs if row.stamp != now.stamp}
