"""Many small segments become one: a case that grows by small batches would otherwise open thousands of files to look once.

Segments are of a tier by their events: fewer than 64, fewer than 4,096, and so on to what reading itself makes in one go,
which is never written again. Those of one tier become a segment of a higher one once there are more of them than 64, so
that an event is written anew at most once a tier, however long the case grows, and small segments stay below two hundred.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xxhash

from graphcorr.case.segments import Segment, open_segment, replace, row_groups
from graphcorr.errors import CaseError
from graphcorr.memory import give_back

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from graphcorr.case.view import SegmentRow
    from graphcorr.case.writer import CaseWriter

_MANY: Final = 64
"""Of more segments of one tier opening them all costs more than writing them once."""
_TIER: Final = 64
"""A tier begins at so many times the events of the one below: what more than ``_MANY`` segments become is in a higher one."""
_WHOLE_EVENTS: Final = 20_000
"""Half of what reading holds before it writes: merging such segments costs three times what one detection saves by it."""
_WHOLE_BYTES: Final = 4 * 1024 * 1024
"""… or so large because of their raw records."""
_MERGED_BYTES: Final = 128 * 1024 * 1024
_HELD_ROWS: Final = 40_000
_HELD_BYTES: Final = 48 * 1024 * 1024


def compact(case: CaseWriter) -> None:
    """Merge the small segments of each tier that has many; events whose input is gone are left behind.

    The events stay the same. A kill at any moment leaves either the small segments or the merged one.
    """
    case.tidy()
    tier = 0
    while _TIER**tier < _WHOLE_EVENTS:
        small = [segment for segment in case.state.segments() if _tier(segment) == tier]
        for group in _alike(case.events, small):
            merge(case, group)
        tier += 1


def merge(case: CaseWriter, group: Sequence[SegmentRow]) -> None:
    """One segment in place of these, which hold the same columns, with the same events but those whose input is gone."""
    inputs = pa.array([row.number for row in case.state.inputs()], pa.int32())
    replace(case, group, _write(case, group, Path(tempfile.mkdtemp(dir=case.scratch)), inputs))
    give_back()


def _tier(segment: SegmentRow) -> int | None:
    """None for a segment that stays as it is."""
    if segment.events >= _WHOLE_EVENTS or segment.bytes >= _WHOLE_BYTES:
        return None
    tier, events = 0, segment.events
    while events >= _TIER:
        tier, events = tier + 1, events // _TIER
    return tier


def _alike(events: Path, segments: Sequence[SegmentRow]) -> Iterator[list[SegmentRow]]:
    """Groups of segments that hold the same columns: of an event that was read without one it stays known that it was."""
    if len(segments) <= _MANY:
        return
    alike: dict[tuple[str, ...], list[SegmentRow]] = {}
    for segment in segments:
        alike.setdefault(tuple(_schema(events / segment.name).names), []).append(segment)
    for same in alike.values():
        yield from _group(same)


def _schema(path: Path) -> pa.Schema:
    try:
        return pq.read_schema(path).remove_metadata()
    except (OSError, pa.ArrowInvalid) as error:
        raise CaseError(f"{path} cannot be read: {error}") from error


def _group(segments: Iterable[SegmentRow]) -> Iterator[list[SegmentRow]]:
    """What becomes one segment. A last group that might stay in its tier is left for later."""
    group: list[SegmentRow] = []
    size = 0
    for segment in segments:
        if group and size + segment.bytes > _MERGED_BYTES:
            yield group
            group, size = [], 0
        group.append(segment)
        size += segment.bytes
    if len(group) > _MANY:
        yield group


def _write(case: CaseWriter, group: Sequence[SegmentRow], folder: Path, inputs: pa.Int32Array) -> Segment | None:
    # Told by what it holds: two runs that merge the same segments write the same file.
    digest = xxhash.xxh3_128_hexdigest("\n".join(segment.name for segment in group).encode())
    path = folder / f"merged-{digest}.parquet"
    events, first, last = 0, None, 0
    with open_segment(path, _schema(case.events / group[0].name)) as file:
        for table in _gather(_read(case.events / segment.name, inputs) for segment in group):
            for part in row_groups(table.take(pc.sort_indices(table["log"]))):
                file.write_table(part)
            events += table.num_rows
            ends = pc.min_max(table["input"])
            first = min(first or ends["min"].as_py(), ends["min"].as_py())
            last = max(last, ends["max"].as_py())
    return None if first is None else Segment(str(path), events, first, last)


def _read(path: Path, inputs: pa.Int32Array) -> pa.Table:
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise CaseError(f"{path} cannot be read: {error}") from error
    return table.filter(pc.is_in(table["input"], value_set=inputs))


def _gather(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Larger tables, which become the row groups of the merged file; not larger than memory allows."""
    held: list[pa.Table] = []
    rows = size = 0
    for table in tables:
        held.append(table)
        rows += table.num_rows
        size += table.get_total_buffer_size()
        if rows >= _HELD_ROWS or size >= _HELD_BYTES:
            yield pa.concat_tables(held)
            held, rows, size = [], 0, 0
    if rows:
        yield pa.concat_tables(held)
