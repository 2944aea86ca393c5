"""What goes on between very many machines in one way is one observation: nobody reads a row for each two of them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa

from graphcorr.engine.database import table_of
from graphcorr.links.contacts import MANY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from graphcorr.engine.database import Database
    from graphcorr.patterns.load import Pattern
    from graphcorr.store.base import Row


class _Ends(NamedTuple):
    source: str | None
    target: str | None


def fold_crowds(rows: Sequence[tuple[Pattern, Row]], database: Database) -> list[tuple[Pattern, Row]]:
    """The rows, and behind them one for each crowd, which the events in ``observed`` of its rows are then of.

    Of a machine that more than :data:`MANY` others come to in one way, or that goes to so many, only that one end is named, and of one
    way between more than so many pairs that are left neither; ``machines`` is how many there are at the ends without a name.
    """
    seen = [number for (number,) in database.execute("SELECT DISTINCT number FROM observed ORDER BY number").fetchall()]
    made = list(rows)
    moved: list[tuple[int, int]] = []
    ways: defaultdict[tuple[str, str], dict[_Ends, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number in seen:
        pattern, row = rows[number]
        if row.get("source") is not None and row.get("target") is not None:
            ways[(pattern.header.id, str(row.get("way")))][_Ends(str(row["source"]), str(row["target"]))].append(number)
    for pairs in ways.values():
        for named, crowd in _crowds(pairs):
            numbers = [number for ends in crowd for number in pairs[ends]]
            moved += [(number, len(made)) for number in numbers]
            machines = {end for ends in crowd for end, name in zip(ends, named, strict=True) if name is None}
            pattern, row = rows[numbers[0]]
            made.append((pattern, {**row, "source": named.source, "target": named.target, "account": None, "machines": len(machines)}))
    if moved:
        database.register("moved", table_of(moved, number=pa.int32(), crowd=pa.int32()))
        database.execute("UPDATE observed SET number = crowd FROM moved WHERE observed.number = moved.number")
        database.unregister("moved")
    return made


_COMMON: Final[tuple[Callable[[_Ends], _Ends], ...]] = (
    lambda ends: _Ends(None, ends.target),
    lambda ends: _Ends(ends.source, None),
    lambda _: _Ends(None, None),
)
"""What the pairs of a crowd have in common, the most telling first."""


def _crowds(pairs: Iterable[_Ends]) -> Iterator[tuple[_Ends, list[_Ends]]]:
    left = list(pairs)
    for common in _COMMON:
        groups: defaultdict[_Ends, list[_Ends]] = defaultdict(list)
        for ends in left:
            groups[common(ends)].append(ends)
        yield from ((named, crowd) for named, crowd in groups.items() if len(crowd) > MANY)
        left = [ends for crowd in groups.values() if len(crowd) <= MANY for ends in crowd]
