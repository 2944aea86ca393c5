"""When a record happened, as it says itself: the best time it states, the next best beside it, and from which fields.

Nothing is aligned here: local time stays local, and the offsets are learned later from the pairs kept here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from graphcorr.logs import vectors
from graphcorr.syntax.times import ImpossibleTime, parse_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphcorr.logs.base import LogType
    from graphcorr.model.blocks import Column
    from graphcorr.model.records import Microseconds, Record

_UNSTATED: Final = ("", "-")
_FINEST: Final = pa.scalar(1, pa.int64())
_NOTHING: Final = pa.scalar(None, pa.int64())


class Skip(NamedTuple):
    """A record that cannot be used."""

    input: int
    number: int
    reason: str


@dataclass(slots=True)
class Moments:
    """Parallel lists, one entry for each record that has a time; ``kept`` are those records."""

    kept: list[Record] = field(default_factory=list)
    time: list[Microseconds] = field(default_factory=list)
    time_field: list[str] = field(default_factory=list)
    precision: list[int] = field(default_factory=list)
    original: list[str] = field(default_factory=list)
    other: list[Microseconds | None] = field(default_factory=list)
    other_field: list[str | None] = field(default_factory=list)
    ingested: list[Microseconds | None] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    """Those without."""


def created_field(log_type: LogType) -> str:
    """The logged name of what :attr:`Record.created` holds."""
    return log_type.source.created


def add_moments(moments: Moments, log_type: LogType, records: Sequence[Record]) -> None:
    """Add the times of ``records``, all of one log type, to ``moments``."""
    if not _add_alike(moments, log_type, records):
        _add_each(moments, log_type, records)


def _add_alike(moments: Moments, log_type: LogType, records: Sequence[Record]) -> bool:
    """Add records which state the same times, all of them possible: nearly all there are. False, and nothing added, for others.

    It is what :func:`_add_each` does, by columns.
    """
    own: list[tuple[str, list[object]]] = [
        (created_field(log_type), [record.created for record in records]),
        ("EventTime", [record.event_time for record in records]),
    ]
    if log_type.utc_field is not None:
        own.insert(0, (log_type.utc_field, [record.fields.get(log_type.utc_field) for record in records]))
    stated: list[tuple[str, list[str]]] = []
    for name, values in own:
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) == len(records):
            stated.append((name, texts))
        elif texts or any(value is not None for value in values):
            return False
    if not stated:
        return False
    count = len(records)
    try:
        parsed = [[time for value in texts if (time := _parse(value)) is not None] for _, texts in stated[:2]]
        ingested = [None if record.ingested is None else _parse(record.ingested) for record in records]
    except ImpossibleTime:
        return False
    if any(len(times) < count for times in parsed):
        return False
    name, original = stated[0]
    moments.kept.extend(records)
    moments.time.extend([time for time, _ in parsed[0]])
    moments.precision.extend([precision for _, precision in parsed[0]])
    moments.time_field.extend([name] * count)
    moments.original.extend(original)
    moments.other.extend([time for time, _ in parsed[1]] if len(parsed) > 1 else [None] * count)
    moments.other_field.extend([stated[1][0] if len(parsed) > 1 else None] * count)
    moments.ingested.extend([None if time is None else time[0] for time in ingested])
    return True


def _add_each(moments: Moments, log_type: LogType, records: Sequence[Record]) -> None:
    utc_field = log_type.utc_field
    header_field = created_field(log_type)
    for record in records:
        ingested = None if record.ingested is None else _read_ingested(record.ingested)
        time: tuple[Microseconds, int] | None = None
        other: tuple[Microseconds, int] | None = None
        time_field, other_field, original = "", None, ""
        refused: str | None = None
        for name, value in (
            (utc_field, None if utc_field is None else record.fields.get(utc_field)),
            (header_field, record.created),
            ("EventTime", record.event_time),
        ):
            if name is None or value is None:
                continue
            try:
                parsed = _parse(value) if type(value) is str else parse_time(value)
            except ImpossibleTime:
                refused = refused or f"{name}: {str(value)[:60]!r} is an impossible time"
                continue
            if parsed is None:
                if value not in _UNSTATED:
                    refused = refused or f"{name}: {str(value)[:60]!r} is no time"
                continue
            if time is None:
                time, time_field, original = parsed, name, str(value)
            else:
                other, other_field = parsed, name
                break
        if time is None and refused is None and ingested is not None:
            # Delivery time is an upper bound at best. It stands in only for a record without any time of its own: where
            # the record's own time is impossible, the record is not to be trusted.
            time, time_field, original = ingested, "@timestamp", str(record.ingested)
        if time is None:
            moments.skips.append(Skip(record.input, record.number, refused or "no time"))
            continue
        moments.kept.append(record)
        moments.time.append(time[0])
        moments.precision.append(time[1])
        moments.time_field.append(time_field)
        moments.original.append(original)
        moments.other.append(None if other is None else other[0])
        moments.other_field.append(other_field)
        moments.ingested.append(None if ingested is None or time is ingested else ingested[0])


_parse: Final = lru_cache(maxsize=16_384)(parse_time)
"""Times of neighboring records are equal more often than not, in whole seconds above all."""


def _read_ingested(value: object) -> tuple[Microseconds, int] | None:
    try:
        return _parse(value) if type(value) is str else parse_time(value)
    except ImpossibleTime:
        return None


def parse_plain(texts: Column) -> tuple[Column, Column]:
    """Times and precisions of a column of texts; both null where the text is none, is no time or an impossible one."""
    if isinstance(texts, pa.DictionaryArray):
        time, precision = parse_plain(texts.dictionary)
        return time.take(texts.indices), precision.take(texts.indices)
    if (epochs := vectors.epochs(texts)) is not None:
        return epochs.cast(pa.timestamp("us")), pc.if_else(epochs.is_valid(), _FINEST, _NOTHING)
    encoded = texts.dictionary_encode()
    parsed = [_parse_possible(text) for text in encoded.dictionary.to_pylist()]
    time = pa.array([one and one[0] for one in parsed], pa.timestamp("us")).take(encoded.indices)
    return time, pa.array([one and one[1] for one in parsed], pa.int64()).take(encoded.indices)


def _parse_possible(text: str) -> tuple[Microseconds, int] | None:
    try:
        return parse_time(text)
    except ImpossibleTime:
        return None
