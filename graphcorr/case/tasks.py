"""Reading one task: a large input or a bundle of small ones, from bytes to segments that are not committed yet."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from graphcorr.case.folder import printable
from graphcorr.case.segments import Segment, SegmentWriter, Skips
from graphcorr.case.view import InputRow
from graphcorr.errors import InputError
from graphcorr.logs.batch import Normalized, normalize
from graphcorr.model.blocks import Block
from graphcorr.sources.base import Batch, Wanted
from graphcorr.sources.files import Part
from graphcorr.sources.inputs import STDIN, Input
from graphcorr.sources.parts import digest_whole
from graphcorr.sources.reading import NOT_UNDERSTOOD, Reading, read

if TYPE_CHECKING:
    from pathlib import Path

    from graphcorr.model.records import Record

_BATCH_RECORDS: Final = 4_000
_BATCH_BYTES: Final = 8 * 1024 * 1024
_FULL_BYTES: Final = 16 * 1024 * 1024
_FULL_INPUTS: Final = 100
KEPT_SKIPS: Final = 10_000
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
    part: Part | None = None
    """What of its one input the task read, None for all of it."""
    plain: bool = True
    """Nothing stood in the way but single records, and each of those is among ``skips``."""
    gone: bool = False
    """The file went away while it was read."""


class _Skipped:
    """The skips of one input: all are counted, so many are kept that memory stays flat."""

    def __init__(self) -> None:
        self.count = 0
        self._first: list[tuple[int | None, str]] = []
        self._next: int | None = None

    def add(self, record: int | None, reason: str) -> None:
        self.count += 1
        if self.count <= KEPT_SKIPS:
            self._first.append((record, reason))
        elif self._next is None:
            self._next = record

    def kept(self) -> list[tuple[int | None, str]]:
        if (more := self.count - len(self._first)) > 0:
            return [*self._first, (self._next, f"this one and {more - 1} others of this file are counted and not listed")]
        return self._first


class _Pass(NamedTuple):
    """One input that was read to its end, some of its records perhaps not normalized yet."""

    piece: Piece
    reading: Reading
    failed: str | None
    """Why nothing of it counts."""
    stamp: str | None


class TaskReader:
    """Reads inputs one after the other into segments in ``folder``.

    Records are normalized in large batches, those of small inputs together: a batch costs by its log types and columns,
    and a collection from one machine is a hundred files with a few records of each type.
    """

    def __init__(self, folder: Path, piece: Piece, demand: Demand, advance: Advance) -> None:
        """``piece`` is the first that will be read."""
        self._part = piece.source.part
        self._writer = SegmentWriter(folder, f"task-{piece.number:08d}" + (f"-part-{self._part.index}" if self._part else ""))
        self._demand = demand
        self._advance = advance
        self._bytes = 0
        self._gathered: list[Record] = []
        self._size = 0
        self._passes: list[_Pass] = []
        self._events: Counter[int] = Counter()
        self._unusable: Counter[int] = Counter()
        self._skipped: dict[int, _Skipped] = {}

    @property
    def is_full(self) -> bool:
        return self._bytes >= _FULL_BYTES or len(self._passes) >= _FULL_INPUTS

    def read(self, piece: Piece) -> None:
        """Read one input; whatever is wrong with it becomes its status. ``CaseError`` when the case cannot be written."""
        skipped = self._skipped[piece.number] = _Skipped()
        reading = read(piece.source, self._demand.wanted, skipped.add)
        done = 0
        failed: str | None = None
        try:
            for batch in reading:
                self._gather(batch, piece.number)
                done = self._tick(reading, done, piece.source)
        except InputError as error:
            failed = error.reason
        self._bytes += reading.bytes_done
        self._passes.append(_Pass(piece, reading, failed, _settle(piece)))

    def finish(self) -> Outcome:
        self._normalize()
        rows = [self._conclude(one) for one in self._passes]
        skips = [Skips(number, skipped.kept()) for number, skipped in self._skipped.items() if skipped.count]
        plain = all(one.failed is None and one.reading.is_plain for one in self._passes)
        plain = plain and all(row.skipped <= KEPT_SKIPS for row in rows)
        gone = any(one.reading.is_gone for one in self._passes)
        return Outcome(rows, self._writer.finish(), skips, self._part, plain, gone)

    def _gather(self, batch: Batch | Block, number: int) -> None:
        self._events[number] += len(batch)
        if isinstance(batch, Block):
            batch.input = number
            self._keep(normalize(batch))
            return
        for record in batch:
            record.input = number
            self._size += len(record.raw)
        self._gathered += batch
        if len(self._gathered) >= _BATCH_RECORDS or self._size >= _BATCH_BYTES:
            self._normalize()

    def _normalize(self) -> None:
        self._keep(normalize(self._gathered))
        self._gathered, self._size = [], 0

    def _keep(self, normalized: Normalized) -> None:
        for batch in normalized.batches:
            self._writer.add(batch)
        for skip in normalized.skips:
            self._skipped[skip.input].add(skip.number, skip.reason)
            self._events[skip.input] -= 1
            self._unusable[skip.input] += 1

    def _conclude(self, one: _Pass) -> InputRow:
        piece, reading, failed, stamp = one
        if unusable := self._unusable[piece.number]:
            reading.refuse(unusable)
        status, explanation = (reading.status, reading.reason) if failed is None else (NOT_UNDERSTOOD, failed)
        return InputRow(
            number=piece.number,
            file=printable(piece.source.file),
            member=printable(piece.source.member) if piece.source.member is not None else None,
            digest=None if failed is not None else _digest(piece.source, reading),
            format=reading.format if failed is None else None,
            status=status,
            reason=explanation,
            records=reading.records,
            events=self._events[piece.number],
            skipped=self._skipped[piece.number].count,
            stamp=stamp,
            logs=self._demand.logs,
            short=failed is not None or reading.is_short,
        )

    def _tick(self, reading: Reading, done: int, source: Input) -> int:
        """Report bytes in the unit of the total: the file's own, which for compressed content is only an estimate."""
        now = reading.bytes_done if source.size is None else min(reading.bytes_done, source.size)
        self._advance(now - done)
        return now


def read_task(task: Task, demand: Demand, folder: Path, advance: Advance) -> Outcome:
    """Read all of a task."""
    reader = TaskReader(folder, task.pieces[0], demand, advance)
    for piece in task.pieces:
        reader.read(piece)
    return reader.finish()


def _digest(source: Input, reading: Reading) -> bytes | None:
    if source.part is None:
        return bytes.fromhex(reading.digest) if reading.digest else None
    return digest_whole(source) if source.part.index == 0 else None


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
        return changing()
    return f"{status.st_size}:{status.st_mtime_ns}"


def _settle(piece: Piece) -> str | None:
    """The stamp that vouches for what was read: a file that changed meanwhile has to be read again."""
    return piece.stamp if piece.stamp is None or stamp_of(piece.source) == piece.stamp else changing()


def changing() -> str:
    """A stamp that no file will ever have."""
    return f"changing:{time.time_ns()}"
