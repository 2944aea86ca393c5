"""Records to events: a pure function of a batch, the same for a file, an HTTP request, a queue and a partition.

It works by columns: the records of one log type are read together, one list for each column that the type fills, and
columns that it does not fill cost nothing. Nothing is resolved here and no record depends on another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from graphcorr.logs.arrays import to_array
from graphcorr.logs.base import LogType, Read, WindowsEvent
from graphcorr.logs.catalog import log_types
from graphcorr.logs.columns import EVENT_SCHEMA
from graphcorr.logs.fields import Field, Joint, misfit_of, say_misfit
from graphcorr.logs.keys import keys_of
from graphcorr.logs.memos import Memo, memo_of
from graphcorr.logs.moments import Moments, Skip, add_moments
from graphcorr.logs.readers import TIME
from graphcorr.model.blocks import Block
from graphcorr.syntax.values import fold, present

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphcorr.model.records import Record

_BLOCK: Final = 128
"""Records that are read column by column at a time: few enough for the processor's cache, which a whole batch is not."""


class Normalized(NamedTuple):
    """What became of a batch of records."""

    batches: list[pa.RecordBatch]
    """The events, one batch with ``EVENT_SCHEMA`` for each log type that has any, in the order of the records given."""
    skips: list[Skip]
    """The records that cannot be used, in order."""


def normalize(records: Sequence[Record] | Block) -> Normalized:
    """The events of ``records``, which may be of any inputs and log types in any order.

    Those of a block are the ones that its records have one by one: what is not plain comes in a batch behind the others.
    """
    if isinstance(records, Block):
        return _normalize_block(records)
    groups: dict[str, list[Record]] = {}
    for record in records:
        group = groups.get(record.log)
        if group is None:
            groups[record.log] = [record]
        else:
            group.append(record)
    known = log_types()
    batches: list[pa.RecordBatch] = []
    skips: list[Skip] = []
    for name, group in groups.items():
        log_type = known.get(name)
        if log_type is None:
            skips.extend(Skip(record.input, record.number, f"no log type {name}") for record in group)
            continue
        batch = _read_group(log_type, group, skips)
        if batch.num_rows:
            batches.append(batch)
    skips.sort()
    return Normalized(batches, skips)


def _normalize_block(block: Block) -> Normalized:
    # Imported here, with numpy: most inputs are no columns.
    from graphcorr.logs.block_reading import read_block

    log_type = log_types().get(block.log)
    if log_type is None:
        return normalize(list(block))
    batch, odd = read_block(log_type, block)
    skips: list[Skip] = []
    batch = _keep_told(batch, log_type, skips)
    rest = normalize(list(block.at(odd))) if len(odd) else Normalized([], [])
    return Normalized([*([batch] if batch.num_rows else []), *rest.batches], sorted([*skips, *rest.skips]))


def _read_group(log_type: LogType, records: list[Record], skips: list[Skip]) -> pa.RecordBatch:
    """The events of records of one log type."""
    event = log_type.source if isinstance(log_type.source, WindowsEvent) else None
    moments = Moments()
    reads = [(read, memo_of(read), list[object]()) for read in log_type.columns.values()]
    misfits: dict[int, str] = {}
    for start in range(0, len(records), _BLOCK):
        done = len(moments.kept)
        add_moments(moments, log_type, records[start : start + _BLOCK])
        kept = moments.kept[done:]
        fields = [record.fields for record in kept]
        for read, memo, values in reads:
            values.extend(_read_column(read, memo, fields))
            if memo is not None and memo.has_misfit:
                misfits.update((done + place, said) for place, logged in enumerate(fields) if (said := misfit_of(read, logged)) is not None)
        if log_type.utc_field is not None:
            misfits.update(_find_wrong_times(log_type.utc_field, moments, done))
    skips.extend(moments.skips)
    kept = moments.kept
    count = len(kept)
    raws = [record.raw for record in kept]
    computers, channels = [record.computer for record in kept], [record.channel for record in kept]
    record_ids = [record.record_id for record in kept]
    columns: dict[str, Sequence[object]] = {
        "id": keys_of(
            raws,
            moments.time,
            computers=computers,
            channels=channels,
            record_ids=record_ids,
            event=None if event is None else (event.event_id, event.channel),
        ),
        "input": [record.input for record in kept],
        "record": [record.number for record in kept],
        "raw": raws,
        "computer": _convert(computers, present),
        "channel": _convert(channels, fold),
        "record_id": record_ids,
        "collector": _convert([record.collector for record in kept], present),
        "time": moments.time,
        "time_field": moments.time_field,
        "precision": moments.precision,
        "original_time": moments.original,
        "other_time": moments.other,
        "other_time_field": moments.other_field,
        "ingested": moments.ingested,
        "outcome": [record.outcome for record in kept],
    }
    told = dict(zip(log_type.columns, (values for _, _, values in reads), strict=True))
    if (own := told.get("outcome")) is not None:  # what the format has in the record's header stands before what its fields let know
        told["outcome"] = [record.outcome or value for record, value in zip(kept, own, strict=True)]
    columns.update(told)
    arrays = {name: to_array(name, values) for name, values in columns.items()}
    arrays["log"] = pa.repeat(pa.scalar(log_type.name, pa.string()), count)
    if event is not None:
        arrays["event_id"] = pa.repeat(pa.scalar(event.event_id, pa.int32()), count)
    filled = [arrays[field.name] if field.name in arrays else pa.nulls(count, field.type) for field in EVENT_SCHEMA]
    batch = pa.RecordBatch.from_arrays(filled, schema=EVENT_SCHEMA)
    if misfits:
        skips.extend(Skip(kept[place].input, kept[place].number, said) for place, said in misfits.items())
        batch = batch.filter(pa.array([place not in misfits for place in range(count)]))
    return _keep_told(batch, log_type, skips)


def _find_wrong_times(name: str, moments: Moments, start: int) -> dict[int, str]:
    """The records from ``start`` on whose own time is none, though their header has one."""
    return {
        place: say_misfit(name, moments.kept[place].fields[name], TIME)
        for place in range(start, len(moments.kept))
        if moments.time_field[place] != name and not TIME.may_be(moments.kept[place].fields.get(name))
    }


def _keep_told(batch: pa.RecordBatch, log_type: LogType, skips: list[Skip]) -> pa.RecordBatch:
    """The events that say what they are about; the others become skips."""
    for names in (*((name,) for name in log_type.needs), log_type.essential):
        if names:
            batch = _keep_stated(batch, names, skips)
    return batch


def _keep_stated(batch: pa.RecordBatch, names: tuple[str, ...], skips: list[Skip]) -> pa.RecordBatch:
    """The events that fill one of these columns."""
    untold = batch.column(names[0]).is_null()
    for name in names[1:]:
        untold = pc.and_(untold, batch.column(name).is_null())
    if not untold.true_count:
        return batch
    missing = " or ".join(name.replace("_", " ") for name in names)
    refused = batch.filter(untold)
    reason = f"no {missing}: the record's fields are missing or renamed"
    skips.extend(Skip(place["input"], place["record"], reason) for place in refused.select(["input", "record"]).to_pylist())
    return batch.filter(pc.invert(untold))


def _read_column(read: Read, memo: Memo | None, fields: list[dict[str, object]]) -> list[object]:
    try:
        if memo is not None and isinstance(read, Field):
            return _read_field(read.names, memo, fields)
        if memo is not None and isinstance(read, Joint) and read.names:
            logged = ([record.get(name) for record in fields] for name in read.names)
            return [memo[key] for key in zip(*logged, strict=True)]
    except TypeError:  # a list or an object where text is expected has no hash
        if memo is not None:
            memo.has_misfit = True  # or not: each record is looked at
    return [read(logged) for logged in fields]


def _read_field(names: tuple[str, ...], memo: Memo, fields: list[dict[str, object]]) -> list[object]:
    name, *others = names
    values = [memo[logged.get(name)] for logged in fields]
    for other in others:
        if None in values:
            values = [memo[logged.get(other)] if value is None else value for logged, value in zip(fields, values, strict=True)]
    return values


def _convert(values: list[str | None], convert: Callable[[str | None], str | None]) -> list[str | None]:
    """Header values repeat through a batch: each distinct one is converted once."""
    converted = {value: convert(value) for value in set(values)}
    return [converted[value] for value in values]
