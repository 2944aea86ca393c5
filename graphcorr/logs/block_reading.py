"""A block of records to events, by columns: each distinct value is converted once, and no record is looked at alone.

It is for the plain ones. What states no time that can be one, or has a value that its field cannot have, is left to whoever looks
at each record and says what is wrong with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphcorr.logs.arrays import to_array
from graphcorr.logs.base import WindowsEvent
from graphcorr.logs.columns import EVENT_SCHEMA
from graphcorr.logs.fields import Field, Joint, Whole
from graphcorr.logs.keys import keys_of
from graphcorr.logs.memos import memo_of
from graphcorr.logs.moments import created_field, parse_plain
from graphcorr.syntax.values import fold, present

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphcorr.logs.base import LogType, Read
    from graphcorr.logs.fields import Fit
    from graphcorr.model.blocks import Block, Column

_TEXT: Final = pa.string()
_NO: Final = pa.scalar(False)


def read_block(log_type: LogType, block: Block) -> tuple[pa.RecordBatch, Column]:
    """The events of the plain records of ``block``, and the places of the others."""
    count = len(block)
    event = log_type.source if isinstance(log_type.source, WindowsEvent) else None
    times = _read_times(log_type, block)
    odd = times.odd
    arrays: dict[str, Column] = {
        "input": pa.repeat(pa.scalar(block.input, pa.int32()), count),
        "record": block.number,
        "raw": block.raw,
        "log": pa.repeat(pa.scalar(log_type.name, _TEXT), count),
        **times.columns,
    }
    for name, column, convert in (("computer", block.computer, present), ("channel", block.channel, fold)):
        if column is not None:
            arrays[name] = _by_value(name, column, convert)
    arrays |= {name: column for name, column in (("record_id", block.record_id), ("outcome", block.outcome)) if column is not None}
    if event is not None:
        arrays["event_id"] = pa.repeat(pa.scalar(event.event_id, pa.int32()), count)
    reading = _Reading(block)
    for name, read in log_type.columns.items():
        arrays[name], wrong = reading.read(name, read)
        if wrong is not None:
            odd |= wrong
    if block.outcome is not None and "outcome" in log_type.columns:
        arrays["outcome"] = pc.coalesce(block.outcome.cast(_TEXT), arrays["outcome"].cast(_TEXT))
    moments = times.columns["time"].cast(pa.int64()).fill_null(0).to_pylist()
    computers, channels, record_ids = (None if one is None else one.to_pylist() for one in (block.computer, block.channel, block.record_id))
    keys = keys_of(
        block.raw.to_pylist(),
        moments,
        computers=computers,
        channels=channels,
        record_ids=record_ids,
        event=None if event is None else (event.event_id, event.channel),
    )
    arrays["id"] = pa.array(keys, _TEXT)
    filled = [arrays[field.name] if field.name in arrays else pa.nulls(count, field.type) for field in EVENT_SCHEMA]
    batch = pa.RecordBatch.from_arrays(filled, schema=EVENT_SCHEMA)
    if odd.any():
        batch = batch.filter(pa.array(~odd))
    return batch, pa.array(np.flatnonzero(odd))


class _Times(NamedTuple):
    columns: dict[str, Column]
    odd: np.ndarray
    """Which records have no time, or state one that cannot be."""


def _read_times(log_type: LogType, block: Block) -> _Times:
    """What :mod:`graphcorr.logs.moments` does for records, for those that state plain times and nothing else."""
    count = len(block)
    stated = [(created_field(log_type), block.created)]
    if log_type.utc_field is not None and log_type.utc_field in block.fields:
        stated.insert(0, (log_type.utc_field, block.fields[log_type.utc_field]))
    odd = np.zeros(count, bool)
    nothing = pa.nulls(count, pa.timestamp("us"))
    columns: dict[str, Column] = {"time": nothing, "precision": pa.nulls(count, pa.int64()), "other_time": nothing}
    columns |= {name: pa.nulls(count, _TEXT) for name in ("time_field", "original_time", "other_time_field")}
    for name, logged in stated:
        time, precision = parse_plain(logged)
        texts: Column = logged.dictionary_decode() if isinstance(logged, pa.DictionaryArray) else logged
        odd |= pc.and_(texts.is_valid(), time.is_null()).to_numpy(zero_copy_only=False)
        # The second that a record states is its other time.
        is_second = columns["time"].is_valid()
        own = pc.if_else(texts.is_valid(), pa.scalar(name, _TEXT), pa.scalar(None, _TEXT))
        columns["other_time"] = pc.if_else(is_second, time, columns["other_time"])
        columns["other_time_field"] = pc.if_else(is_second, own, columns["other_time_field"])
        for column, value in (("time", time), ("precision", precision), ("time_field", own), ("original_time", texts)):
            columns[column] = pc.coalesce(columns[column], value)
    odd |= columns["time"].is_null().to_numpy(zero_copy_only=False)
    return _Times(columns, odd)


class _Reading:
    """The columns of one block as readers ask for them; what several of them read is encoded once."""

    def __init__(self, block: Block) -> None:
        self._block = block
        self._encoded: dict[str, Column] = {}
        self._rows: list[dict[str, object]] | None = None

    def read(self, name: str, read: Read) -> tuple[Column, np.ndarray | None]:
        """The values of an event's column, and which records do not fit, None where all do."""
        if isinstance(read, Field):
            return self._read_field(name, read)
        if isinstance(read, Joint):
            return self._read_joint(name, read)
        names = read.names if isinstance(read, Whole) else tuple(self._block.fields)
        return to_array(name, [read(row) for row in self._dicts(names)]), None

    def _read_field(self, name: str, read: Field) -> tuple[Column, np.ndarray | None]:
        found: Column | None = None
        wrong: np.ndarray | None = None
        for logged in read.names:
            column = self._block.fields.get(logged)
            if column is None or column.null_count == len(column):
                continue
            values, misfits = self._convert(name, logged, column, read)
            found = values if found is None else pc.coalesce(found, values)
            if misfits is not None:
                wrong = misfits if wrong is None else wrong | misfits
        return found if found is not None else pa.nulls(len(self._block), EVENT_SCHEMA.field(name).type), wrong

    def _convert(self, name: str, logged: str, column: Column, read: Field) -> tuple[Column, np.ndarray | None]:
        if pa.types.is_list(column.type):
            values = column.to_pylist()
            misfits = _misfits(read.fit, [(value,) for value in values])
            return to_array(name, [read.convert(value) for value in values]), None if misfits is None else np.array(misfits)
        if read.by_column is not None and not pa.types.is_dictionary(column.type) and (made := read.by_column(column)) is not None:
            return made.cast(EVENT_SCHEMA.field(name).type), None
        encoded = self._encode(logged)
        texts = encoded.dictionary.to_pylist()
        values, misfits = _remember(read, texts)
        wrong = (
            None if misfits is None else pa.array(misfits).take(encoded.indices).fill_null(fill_value=False).to_numpy(zero_copy_only=False)
        )
        return to_array(name, values).take(encoded.indices), wrong

    def _read_joint(self, name: str, read: Joint) -> tuple[Column, np.ndarray | None]:
        count = len(self._block)
        if not read.names:
            return pa.repeat(pa.scalar(read.combine(), EVENT_SCHEMA.field(name).type), count), None
        columns = [self._block.fields.get(one) for one in read.names]
        types = {column.type for column in columns if column is not None}
        if read.by_column is not None and types <= {_TEXT}:
            return read.by_column(*(pa.nulls(count, _TEXT) if column is None else column for column in columns)), None
        if any(map(pa.types.is_list, types)):
            rows = [tuple(map(row.get, read.names)) for row in self._dicts(read.names)]
            misfits = _misfits(read.fit, rows)
            return to_array(name, [read.combine(*row) for row in rows]), None if misfits is None else np.array(misfits)
        # The places of each record's values among the distinct ones make one number; 0 is for none.
        numbers = np.zeros(count, np.int64)
        places: list[tuple[Column | None, int]] = []
        for logged in read.names:
            if logged not in self._block.fields:
                places.append((None, 1))
                continue
            encoded = self._encode(logged)
            size = len(encoded.dictionary) + 1
            numbers = numbers * size + encoded.indices.fill_null(size - 1).to_numpy(zero_copy_only=False)
            places.append((encoded.dictionary, size))
        combined = pa.array(numbers).dictionary_encode()
        left = combined.dictionary.to_numpy(zero_copy_only=False)
        values: list[list[object]] = []
        for dictionary, size in reversed(places):
            left, own = np.divmod(left, size)
            values.append([None] * len(own) if dictionary is None else dictionary.take(pa.array(own, mask=own == size - 1)).to_pylist())
        made, misfits = _remember(read, list(zip(*reversed(values), strict=True)))
        wrong = None if misfits is None else np.array(misfits)[combined.indices.to_numpy(zero_copy_only=False)]
        return to_array(name, made).take(combined.indices), wrong

    def _encode(self, logged: str) -> Column:
        encoded = self._encoded.get(logged)
        if encoded is None:
            column = self._block.fields[logged]
            encoded = self._encoded[logged] = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
        return encoded

    def _dicts(self, names: Sequence[str]) -> list[dict[str, object]]:
        known = [name for name in names if name in self._block.fields]
        columns = [self._block.fields[name].to_pylist() for name in known]
        if not columns:
            return [{} for _ in range(len(self._block))]
        return [{name: value for name, value in zip(known, row, strict=True) if value is not None} for row in zip(*columns, strict=True)]


def _to_mask(flags: Column) -> np.ndarray:
    mask: np.ndarray = pc.coalesce(flags, _NO).to_numpy(zero_copy_only=False)
    return mask


def _remember(read: Field | Joint, keys: Sequence[object]) -> tuple[list[object], list[bool] | None]:
    """What a reader makes of distinct texts, or of combinations of them, and which of them cannot be, None where all can."""
    memo = memo_of(read)
    assert memo is not None
    made = [memo[key] for key in keys]
    rows = [(key,) for key in keys] if isinstance(read, Field) else keys
    return made, _misfits(read.fit, rows) if memo.has_misfit else None  # type: ignore[arg-type]  # keys of a joint are rows


def _misfits(fit: Fit | None, rows: Sequence[tuple[object, ...]]) -> list[bool] | None:
    """Which rows of values cannot be, None where all can."""
    if fit is None:
        return None
    wrong = [not fit.may_be(*row) for row in rows]
    return wrong if any(wrong) else None


def _by_value(name: str, column: Column, convert: Callable[[str | None], object]) -> Column:
    encoded = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
    return to_array(name, [convert(value) for value in encoded.dictionary.to_pylist()]).take(encoded.indices)
