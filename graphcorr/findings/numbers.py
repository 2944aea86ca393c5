"""Record numbers in the order of time, a page after the other: the absurd ones out, cut into runs where they begin again.

In windows of the column engine the same took time with the 1.6th power of the rows; here each row is looked at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NUMBERED: Final = pa.schema([("source", pa.int64()), ("time", pa.int64()), ("number", pa.int64()), ("origin", pa.uint64())])
"""A record: its channel, microseconds, its number in the channel, and the file that it lay in."""
LINED: Final = pa.schema([*NUMBERED, ("place", pa.int64()), ("run", pa.int64())])
"""… with its place among all, which only grows, and the number of its run, which begins anew in no channel."""
_NONE: Final = pa.scalar(None, pa.int64())

SIDE: Final = 20
"""Records on each side of a new beginning that must agree on it. Fewer are no run."""
_LEAST: Final = pa.scalar(SIDE, pa.int64())
_NEAR: Final = 3
"""Neighbors on each side that say whether a record is out of line: of three the middle is moved by none that is absurd itself."""


def cut_lines(pages: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Pages of :data:`LINED` from those of :data:`NUMBERED`, which are ordered by source, time and number across all pages.

    A record is out of line where its neighbors in time agree on an order that its number is outside of. Where the numbers
    begin again they agree on none. Absurd, too, are the few records of a run that is too short to be judged.
    """
    return _number_runs(_drop_short(_drop_absurd(pages)))


def _drop_absurd(pages: Iterable[pa.Table]) -> Iterator[pa.Table]:
    held = NUMBERED.empty_table()
    decided = 0
    for page in pages:
        held = pa.concat_tables([held, page]).combine_chunks()
        end = max(held.num_rows - _NEAR, decided)
        yield _in_line(held, decided, end)
        start = max(end - _NEAR, 0)
        held, decided = held.slice(start), end - start
    yield _in_line(held.combine_chunks(), decided, held.num_rows)


def _in_line(table: pa.Table, start: int, end: int) -> pa.Table:
    """The rows from ``start`` to ``end`` that are not out of line; the others are neighbors only."""
    before = _middle(*(_neighbor(table, -distance) for distance in range(1, _NEAR + 1)))
    after = _middle(*(_neighbor(table, distance) for distance in range(1, _NEAR + 1)))
    number = _column(table, "number")
    outside = pc.or_(_known(pc.less(number, before), otherwise=False), _known(pc.greater(number, after), otherwise=False))
    absurd = pc.and_(_known(pc.less_equal(before, after), otherwise=True), outside)
    return table.slice(start, end - start).filter(pc.invert(absurd).slice(start, end - start))


def _middle(first: pa.Int64Array, second: pa.Int64Array, third: pa.Int64Array) -> pa.Int64Array:
    """The middle of three; of fewer, where the channel has no more, the nearest that there are."""
    least, greatest = pc.min_element_wise(first, second), pc.max_element_wise(first, second)
    return _numbers(pc.max_element_wise(least, pc.min_element_wise(greatest, third)))


def _neighbor(table: pa.Table, distance: int) -> pa.Int64Array:
    """The number of the row so many after each, or before; null where that is none of the same channel."""
    source, number = _column(table, "source"), _column(table, "number")
    return _numbers(pc.if_else(pc.equal(source, _shifted(source, distance)), _shifted(number, distance), _NONE))


def _column(table: pa.Table, name: str) -> pa.Int64Array:
    return _numbers(table[name].combine_chunks())


def _known(values: pa.BooleanArray, *, otherwise: bool) -> pa.BooleanArray:
    known = values.fill_null(otherwise)
    assert isinstance(known, pa.BooleanArray)
    return known


def _numbers(values: object) -> pa.Int64Array:
    """What the library's stubs know as something else, or as anything."""
    assert isinstance(values, pa.Int64Array)
    return values


def _shifted(values: pa.Int64Array, distance: int) -> pa.Int64Array:
    nothing = pa.nulls(min(abs(distance), len(values)), pa.int64())
    if distance < 0:
        return pa.concat_arrays([nothing, values.slice(0, max(len(values) + distance, 0))])
    return pa.concat_arrays([values.slice(distance), nothing])


def _drop_short(pages: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Without the runs of fewer than :data:`SIDE` records. Held back are the rows of a run that may still be one of those."""
    before = held = NUMBERED.empty_table()
    for page in pages:
        table = pa.concat_tables([held, page]).combine_chunks()
        if not table.num_rows:
            continue
        begins = _begins(table, before)
        # What goes on with the run of the page before is of one that was long enough there.
        goes_on = 0 if begins[0].as_py() else 1
        starts = pa.concat_arrays([pa.array([0] * goes_on, pa.int64()), pc.indices_nonzero(begins).cast(pa.int64())])
        ends = pa.concat_arrays([starts.slice(1), pa.array([table.num_rows], pa.int64())])
        long = pa.concat_arrays(
            [pa.array([True] * goes_on, pa.bool_()), pc.greater_equal(pc.subtract(ends, starts), _LEAST).slice(goes_on)]
        )
        count = table.num_rows if long[-1].as_py() else starts[-1].as_py()
        run = pc.add(pc.cumulative_sum(begins.cast(pa.int64())), goes_on - 1)
        yield table.slice(0, count).filter(long.take(run.slice(0, count)))
        held = table.slice(count)
        before = held.slice(0, 0) if held.num_rows else table.slice(table.num_rows - 1)


def _begins(table: pa.Table, before: pa.Table) -> pa.BooleanArray:
    """Whether each row begins a run, from the row before it: that of the first is in ``before``, if there is one."""
    last = pa.concat_tables([before, table.slice(0, table.num_rows - before.num_rows)])
    source, number = ((_column(last, name) if before.num_rows else _shifted(_column(last, name), -1)) for name in ("source", "number"))
    again = pc.less(_column(table, "number"), pc.subtract(number, pc.divide(number, 2)))
    return _known(pc.or_(pc.not_equal(_column(table, "source"), source), again), otherwise=True)


def _number_runs(pages: Iterable[pa.Table]) -> Iterator[pa.Table]:
    before = NUMBERED.empty_table()
    place = run = 0
    for page in pages:
        if page.num_rows:
            table = page.combine_chunks()
            places = pc.add(pc.cumulative_sum(pa.repeat(pa.scalar(1, pa.int64()), table.num_rows)), place)
            runs = pc.add(pc.cumulative_sum(_begins(table, before).cast(pa.int64())), run)
            yield pa.Table.from_arrays([*table.columns, places, runs], schema=LINED)
            before, place, run = table.slice(table.num_rows - 1), place + table.num_rows, runs[-1].as_py()
