"""Event segments: Parquet files written aside, renamed, then committed with the inputs they hold in one transaction."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from graphcorr.case.folder import Case
from graphcorr.case.state import InputRow
from graphcorr.errors import CaseError
from graphcorr.model import Record
from graphcorr.normalize.batch import normalize
from graphcorr.normalize.columns import EVENT_SCHEMA

_ROWS: Final = 40_000
"""Events that are held in memory before they become a file."""
_BYTES: Final = 48 * 1024 * 1024
"""… or so many bytes of them, raw records included."""


class Segment(msgspec.Struct, frozen=True):
    """A finished file that is not committed yet."""

    path: str
    events: int


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
        if not batch.num_rows:
            return
        self._held.append(batch)
        self._rows += batch.num_rows
        self._bytes += batch.nbytes
        if self._rows >= _ROWS or self._bytes >= _BYTES:
            self._flush()

    def _flush(self) -> None:
        path = self._folder / f"{self._name}-{len(self._segments)}.parquet"
        table = pa.Table.from_batches(self._held, EVENT_SCHEMA)
        try:
            # Dictionaries pay for names and paths; ids and raw records repeat nothing.
            encoded = [field.name for field in EVENT_SCHEMA if field.type == pa.string()]
            pq.write_table(table, path, compression="zstd", compression_level=1, use_dictionary=encoded, write_statistics=["time", "log"])
        except OSError as error:
            raise CaseError(f"{path.parent} cannot be written: {error}") from error
        self._segments.append(Segment(str(path), self._rows))
        self._held, self._rows, self._bytes = [], 0, 0

    def finish(self) -> list[Segment]:
        """Write what is still held and return all segments."""
        if self._held:
            self._flush()
        return self._segments


class Skips(msgspec.Struct, frozen=True):
    """What was skipped of one input: (record number or None, reason)."""

    number: int
    skips: list[tuple[int | None, str]]


def commit(case: Case, inputs: Sequence[InputRow], segments: Sequence[Segment], skips: Iterable[Skips]) -> None:
    """Make inputs and their segments part of the case: all of them, or after a crash none.

    Files are renamed first: a file without a row is swept at the next opening, a row without a file cannot be.
    """
    named = []
    for segment in segments:
        path = Path(segment.path)
        target = case.events / f"{inputs[0].number:08d}-{path.name}"
        os.replace(path, target)
        named.append((target.name, segment.events))
    with case.state.transaction():
        for name, events in named:
            case.state.add_segment(name, events)
        for row in inputs:
            case.state.add_input(row)
        for skipped in skips:
            case.state.add_skips(skipped.number, skipped.skips)


def store_records(case: Case, file: str, records: Sequence[Record]) -> None:
    """Store records that no file holds (pattern cases, a batch that came over a network) as one input."""
    number = case.state.next_number()
    normalized = normalize(records, number)
    writer = SegmentWriter(case.scratch, f"records-{number}")
    writer.add(normalized.batch)
    events, skipped = normalized.batch.num_rows, list(normalized.skips)
    row = InputRow(number, file, None, None, "records", "read", None, len(records), events, len(skipped))
    commit(case, [row], writer.finish(), [Skips(number, [*skipped])])
