"""Reading one task: a large input or a bundle of small ones, from bytes to segments that are not committed yet."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.case.folder import printable
from graphcorr.case.segments import Segment, SegmentWriter, Skips
from graphcorr.case.state import InputRow
from graphcorr.errors import InputError
from graphcorr.normalize.batch import normalize
from graphcorr.sources.inputs import STDIN, Input
from graphcorr.sources.reading import NOT_UNDERSTOOD, Reading, read

if TYPE_CHECKING:
    from pathlib import Path

    from graphcorr.model import Record
    from graphcorr.sources.base import Wanted

_BATCH_RECORDS: Final = 4_000
_BATCH_BYTES: Final = 8 * 1024 * 1024
_FULL_BYTES: Final = 16 * 1024 * 1024
_FULL_INPUTS: Final = 100
_KEPT_SKIPS: Final = 10_000
"""Skips of one input that are kept one by one; a report shows the first 1,000 of all. A file may hold millions."""

Advance = Callable[[int], None]
"""Told how many bytes more were read."""


class Piece(msgspec.Struct):
    """An input with its number and the stamp that it had when it was found."""

    number: int
    source: Input
    stamp: str | None


class Task(msgspec.Struct):
    """What is read and committed as one."""

    pieces: list[Piece]
    size: int = 0

    def has_room(self, size: int) -> bool:
        return not self.pieces or (self.size + size <= _FULL_BYTES and len(self.pieces) < _FULL_INPUTS)

    def add(self, piece: Piece) -> None:
        self.pieces.append(piece)
        self.size += piece.source.size or 0


class Demand(msgspec.Struct, frozen=True):
    """Which records are wanted, and the number of their set of log types in the case's state."""

    wanted: Wanted
    logs: int


class Outcome(msgspec.Struct):
    """What became of a task."""

    rows: list[InputRow]
    segments: list[Segment]
    skips: list[Skips]


class _Skipped:
    """The skips of one input: all are counted, so many are kept that memory stays flat."""

    def __init__(self) -> None:
        self.count = 0
        self._first: list[tuple[int | None, str]] = []
        self._next: int | None = None

    def add(self, record: int | None, reason: str) -> None:
        self.count += 1
        if self.count <= _KEPT_SKIPS:
            self._first.append((record, reason))
        elif self._next is None:
            self._next = record

    def kept(self) -> list[tuple[int | None, str]]:
        if (more := self.count - len(self._first)) > 0:
            return [*self._first, (self._next, f"this one and {more - 1} others of this file are counted and not listed")]
        return self._first


class TaskReader:
    """Reads inputs one after the other into segments in ``folder``."""

    def __init__(self, folder: Path, number: int, demand: Demand, advance: Advance) -> None:
        self._writer = SegmentWriter(folder, f"task-{number:08d}")
        self._demand = demand
        self._advance = advance
        self._outcome = Outcome([], [], [])
        self._bytes = 0

    @property
    def is_full(self) -> bool:
        return self._bytes >= _FULL_BYTES or len(self._outcome.rows) >= _FULL_INPUTS

    def read(self, piece: Piece) -> None:
        """Read one input; whatever is wrong with it becomes its status. ``CaseError`` when the case cannot be written."""
        skipped = _Skipped()
        reading = read(piece.source, self._demand.wanted, skipped.add)
        events = done = unusable = 0
        failed: str | None = None
        try:
            for records in _gather(reading):
                if records:
                    normalized = normalize(records, piece.number)
                    unusable += len(normalized.skips)
                    for record, reason in normalized.skips:
                        skipped.add(record, reason)
                    events += normalized.batch.num_rows
                    self._writer.add(normalized.batch)
                done = self._tick(reading, done, piece.source)
        except InputError as error:
            failed = error.reason
        self._bytes += reading.bytes_done
        if unusable:
            reading.refuse(unusable)
        status, explanation = (reading.status, reading.reason) if failed is None else (NOT_UNDERSTOOD, failed)
        row = InputRow(
            number=piece.number,
            file=printable(piece.source.file),
            member=printable(piece.source.member) if piece.source.member is not None else None,
            digest=bytes.fromhex(reading.digest) if reading.digest and failed is None else None,
            format=reading.format if failed is None else None,
            status=status,
            reason=explanation,
            records=reading.records,
            events=events,
            skipped=skipped.count,
            stamp=_settle(piece),
            logs=self._demand.logs,
        )
        self._outcome.rows.append(row)
        if skipped.count:
            self._outcome.skips.append(Skips(piece.number, skipped.kept()))

    def finish(self) -> Outcome:
        self._outcome.segments = self._writer.finish()
        return self._outcome

    def _tick(self, reading: Reading, done: int, source: Input) -> int:
        """Report bytes in the unit of the total: the file's own, which for compressed content is only an estimate."""
        now = reading.bytes_done if source.size is None else min(reading.bytes_done, source.size)
        self._advance(now - done)
        return now


def read_task(task: Task, demand: Demand, folder: Path, advance: Advance) -> Outcome:
    """Read all of a task."""
    reader = TaskReader(folder, task.pieces[0].number, demand, advance)
    for piece in task.pieces:
        reader.read(piece)
    return reader.finish()


def stamp_of(source: Input) -> str | None:
    """Size and modification time of the file of an input; None where reading it again is the only way to know."""
    if source.path is None or source.file == STDIN or source.problem is not None or source.size is None:
        return None
    try:
        status = source.path.stat()
    except OSError:
        return None
    if source.member is None and status.st_size != source.size:
        # It grew since it was found, and what is read is what it was then.
        return _unique()
    return f"{status.st_size}:{status.st_mtime_ns}"


def _settle(piece: Piece) -> str | None:
    """The stamp that vouches for what was read: a file that changed meanwhile has to be read again."""
    return piece.stamp if piece.stamp is None or stamp_of(piece.source) == piece.stamp else _unique()


def _unique() -> str:
    return f"changing:{time.time_ns()}"


def _gather(reading: Reading) -> Iterator[list[Record]]:
    """Larger batches: in most logs a fraction of the records is wanted, and a batch costs by its columns.

    An empty one only moves progress.
    """
    gathered: list[Record] = []
    size = 0
    for batch in reading:
        gathered += batch
        size += sum(len(record.raw) for record in batch)
        if len(gathered) >= _BATCH_RECORDS or size >= _BATCH_BYTES:
            yield gathered
            gathered, size = [], 0
        else:
            yield []
    yield gathered
