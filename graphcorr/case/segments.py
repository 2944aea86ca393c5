"""Event segments: Parquet files written aside, renamed, then committed with the inputs they hold in one transaction."""

from __future__ import annotations

import os
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphcorr.case.view import InputRow, SegmentRow
from graphcorr.errors import CaseError
from graphcorr.logs.batch import normalize
from graphcorr.logs.columns import EVENT_SCHEMA
from graphcorr.machine import flush

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from graphcorr.case.writer import CaseWriter
    from graphcorr.model.records import Record

_ROWS: Final = 40_000
"""Events that are held in memory before they become a file."""
_BYTES: Final = 48 * 1024 * 1024
"""… or so many bytes of them, raw records included."""


_OWN_GROUP: Final = 5_000
"""Events of one log type that are a row group of their own."""


class Segment(msgspec.Struct, frozen=True):
    """A finished file that is not committed yet; its events are of inputs ``first`` to ``last``."""

    path: str
    events: int
    first: int
    last: int


class SegmentWriter:
    """Gathers batches of events into segments in ``folder``; the files count for nothing until they are committed."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._held: list[pa.RecordBatch] = []
        self._rows = 0
        self._bytes = 0
        self._segments: list[Segment] = []

    def add(self, batch: pa.RecordBatch) -> None:
        self._held.append(batch)
        self._rows += batch.num_rows
        # Not `nbytes`, which looks at every offset and takes forty times as long.
        self._bytes += batch.get_total_buffer_size()
        if self._rows >= _ROWS or self._bytes >= _BYTES:
            self._flush()

    def _flush(self) -> None:
        path = self._folder / f"{self._name}-{len(self._segments)}.parquet"
        # Each batch is of one log type.
        table = pa.Table.from_batches(sorted(self._held, key=_log_of), EVENT_SCHEMA)
        with open_segment(path) as file:
            for group in row_groups(table):
                file.write_table(group)
        ends = pc.min_max(table["input"])
        self._segments.append(Segment(str(path), self._rows, ends["min"].as_py(), ends["max"].as_py()))
        self._held, self._rows, self._bytes = [], 0, 0

    def finish(self) -> list[Segment]:
        """Write what is still held and return all segments."""
        if self._held:
            self._flush()
        return self._segments


def _log_of(batch: pa.RecordBatch) -> str:
    return str(batch.column("log")[0]) if batch.num_rows else ""


def row_groups(table: pa.Table) -> Iterator[pa.Table]:
    """What of a segment becomes one row group, from a table in the order of log types: a log type with many events has its own.

    What asks for another log type need not open it; of few events a group costs more than it saves.
    """
    counts = cast("list[int]", pc.value_counts(table["log"]).field("counts").to_pylist())
    start = last = 0
    for end in accumulate(counts):
        if end - last >= _OWN_GROUP:
            if last > start:
                yield table.slice(start, last - start)
            yield table.slice(last, end - last)
            start = end
        last = end
    if last > start:
        yield table.slice(start)


@contextmanager
def open_segment(path: Path, schema: pa.Schema = EVENT_SCHEMA) -> Iterator[pq.ParquetWriter]:
    """A Parquet file to write events to, on the disk when this ends. ``CaseError`` when it cannot be written.

    Another ``schema`` than this version's is that of segments which are merged: what was not read stays so.
    """
    # Dictionaries pay for names and paths; ids and raw records repeat nothing.
    encoded = [field.name for field in schema if field.type == pa.string() and field.name != "id"]
    try:
        with path.open("wb") as file:
            with pq.ParquetWriter(
                file,
                schema,
                compression="zstd",
                compression_level=1,
                use_dictionary=encoded,  # type: ignore[arg-type]  # the stub knows of True and False only
                write_statistics=["time", "log"],
            ) as writer:
                yield writer
            # The state must not name a file that a power failure then empties.
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise CaseError(f"{path.parent.parent} cannot be written: {error.strerror or error}") from error


class Skips(msgspec.Struct, frozen=True):
    """What was skipped of one input: (record number or None, reason)."""

    number: int
    skips: list[tuple[int | None, str]]


def commit(case: CaseWriter, inputs: Sequence[InputRow], segments: Sequence[Segment], skips: Iterable[Skips]) -> None:
    """Make inputs and their segments part of the case: all of them, or after a crash none.

    Files are moved first: a file without a row is swept at the next opening, a row without a file would be a loss.
    """
    rows = [_adopt(case, Path(segment.path), segment) for segment in segments]
    with case.state.transaction():
        for row in rows:
            case.state.add_segment(row)
        for one in inputs:
            case.state.add_input(one)
        for skipped in skips:
            case.state.add_skips(skipped.number, skipped.skips)


def replace(case: CaseWriter, old: Sequence[SegmentRow], new: Segment | None) -> None:
    """Commit ``new`` in place of ``old``: after a crash one or the other counts, never both.

    The files of ``old`` are removed unless a generation names them; then they go with it.
    """
    case.state.replace_segments(old, None if new is None else _adopt(case, Path(new.path), new))
    named = case.state.segments_of_generations()
    for segment in old:
        if segment.name not in named:
            # A file that stays is swept at the next opening.
            (case.events / segment.name).unlink(missing_ok=True)


def _adopt(case: CaseWriter, path: Path, segment: Segment) -> SegmentRow:
    """Move a finished file to the events; it counts for nothing until its row is committed."""
    target = case.events / path.name
    try:
        size = path.stat().st_size
        path.replace(target)
        flush(case.events)
    except OSError as error:
        raise CaseError(f"{case.events} cannot be written: {error.strerror or error}") from error
    return SegmentRow(target.name, segment.events, size, segment.first, segment.last)


def store_records(case: CaseWriter, file: str, records: Sequence[Record]) -> None:
    """Store records that no file holds (pattern cases, a batch that came over a network) as one input."""
    number = case.state.next_number()
    for record in records:
        record.input = number
    normalized = normalize(records)
    writer = SegmentWriter(case.scratch, f"records-{number:08d}")
    for batch in normalized.batches:
        writer.add(batch)
    events = sum(batch.num_rows for batch in normalized.batches)
    skipped: list[tuple[int | None, str]] = [(skip.number, skip.reason) for skip in normalized.skips]
    row = InputRow(number, file, None, None, "records", "read", None, len(records), events, len(skipped))
    commit(case, [row], writer.finish(), [Skips(number, skipped)])
