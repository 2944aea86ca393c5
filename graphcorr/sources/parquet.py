"""Parquet, as security lakes hold events: a row becomes the object that the same record is in JSON, and is read by the same shapes.

The directory of such a file stands at its end, so that the content is put into an unnamed file first. Of it a few hundred rows are
in memory at a time. A row that cannot be decoded costs itself, a damaged group of rows what is left of it, as one region.

Source: the Apache Parquet format, "File Format" (magic number, footer, row groups).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import TYPE_CHECKING, Final, cast

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from graphcorr.errors import RecordError
from graphcorr.sources.rows import all_keys, read_row

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from typing import BinaryIO

    from graphcorr.sources.base import Batch, Context, Stream
    from graphcorr.sources.shapes.base import Row

_MAGIC: Final = b"PAR1"
_LOCKED: Final = b"PARE"
_ROWS: Final = 512
_COPIED: Final = 1 << 20
_SHOWN: Final = 8
_ROWS_PER_BYTE: Final = 8
"""More than any log has, as each of its rows says something: what a damaged directory states above it is not believed."""
_NO_VALUE: Final = (ValueError, OverflowError, KeyError)
"""Text that is none, a time that no calendar has, a zone that nobody knows."""


class ParquetFormat:
    """Record numbers count the rows from 1."""

    name = "parquet"
    is_binary = True

    def recognizes(self, head: bytes) -> bool:
        return head.startswith((_MAGIC, _LOCKED))

    def read(self, stream: Stream, context: Context) -> Iterator[Batch]:
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(cast("BinaryIO", stream), copy, _COPIED)
            copy.seek(0)
            if copy.read(len(_LOCKED)) == _LOCKED:
                context.unread, context.is_short = "a Parquet file that is encrypted", True
                return
            try:
                file = pq.ParquetFile(copy, buffer_size=_COPIED)
                groups = [file.metadata.row_group(place).num_rows for place in range(file.num_row_groups)]
                names = [str(name) for name in file.schema_arrow.names]
            except (pa.ArrowException, OSError) as error:
                context.unread, context.is_short = f"a damaged Parquet file: {_say(error)}", True
                return
            if not context.mappings and not _is_known(names, context):
                more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
                context.unread = f"a table whose columns no log type reads: {', '.join(names[:_SHOWN])}{more}"
                return
            first = 1
            believed = _ROWS_PER_BYTE * copy.seek(0, os.SEEK_END)
            for place, count in enumerate(groups):
                first = yield from _read_group(file, place, range(first, first + count), context, believed)


def _is_known(names: list[str], context: Context) -> bool:
    keys = {name.partition(".")[0] for name in names}
    return not all_keys().isdisjoint(keys) or any(shape.keys <= keys for shape in context.wanted.declared)


def _read_group(file: pq.ParquetFile, place: int, numbers: range, context: Context, believed: int) -> Generator[Batch, None, int]:
    """The records of one group of rows, which have these numbers; the number that the next group begins with.

    What is left of a damaged group is one skip, however many rows it states.
    """
    number = numbers.start
    try:
        for batch in file.iter_batches(_ROWS, row_groups=[place], use_threads=False):
            found: Batch = []
            for row in _rows(batch):
                record = None
                try:
                    if isinstance(row, RecordError):
                        raise row
                    plain, raw = _as_json(row)
                    record = read_row(plain, raw, number, context) if plain else None
                except RecordError as error:
                    context.skip(number, error.reason)
                if record is not None:
                    found.append(record)
                number += 1
                context.records += 1
            yield found
    except (pa.ArrowException, OSError) as error:
        last = numbers.stop - 1
        stated = number <= last <= believed
        if number > last:
            context.cut(f"damaged: {_say(error)}")
        elif stated:
            context.skip(None, f"damaged: rows {number}-{last} could not be read ({_say(error)})")
        else:
            context.skip(None, f"damaged: the rows from {number} on of group {place + 1} could not be read ({_say(error)})")
        yield []
        return numbers.stop if stated else number
    return number


def _rows(batch: pa.RecordBatch) -> Iterator[Row | RecordError]:
    try:
        yield from batch.to_pylist()
    except _NO_VALUE:
        # In one row, perhaps.
        for place in range(batch.num_rows):
            try:
                yield batch.slice(place, 1).to_pylist()[0]
            except KeyError as error:
                yield RecordError(f"a value cannot be decoded: no time zone is named {_say(error)}")
            except _NO_VALUE as error:
                yield RecordError(f"a value cannot be decoded: {_say(error)}")


def _as_json(row: Row) -> tuple[Row, bytes]:
    """The row as JSON holds it, without what is absent, and its text."""
    try:
        raw = orjson.dumps(_present(row), default=_plain)
    except TypeError as error:
        raise RecordError(f"the row is no JSON: {_say(error)}") from None
    return orjson.loads(raw), raw


def _present(value: object) -> object:
    if isinstance(value, dict):
        found = ((key, _present(one)) for key, one in value.items())
        return {key: one for key, one in found if one is not None and one != {}}
    return [_present(one) for one in value] if isinstance(value, list) else value


def _plain(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else str(value)


def _say(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


FORMAT = ParquetFormat()
