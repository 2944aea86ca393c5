"""The numbers of a log's records as a line through time: without the few that are absurd, cut where they begin again.

A log whose file is deleted numbers its records from one again, and no event says so. But two machines of one name, a log
that was exported twice and a machine that was set back look alike at first, so a new beginning counts only where nothing
else explains it: within one file, from all greater to all smaller numbers, at the beginning of the numbers, and for good.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from graphcorr.engine.database import create_table
from graphcorr.findings.numbers import LINED, SIDE, cut_lines
from graphcorr.model.report import Gap
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

    from graphcorr.engine.database import Database

_MOST_ABSURD: Final = 2
"""Percent: of what more of the records are out of line is no line, but several."""
_UNSEEN: Final = 50
"""Fewer of the kept events may have been numbered before the first one that is seen: else it is no beginning."""

_PAGE: Final = 100_000
"""Rows of four numbers that are looked at together."""
_SORTED: Final = 500_000
"""Rows that are sorted together; more where one channel has more of one span."""
_SPAN: Final = 600_000_000
"""Ten minutes of one channel, in microseconds."""

# All that is ordered is numbers: the names of hosts and files would be carried through the sort.
_NUMBERED: Final = """
    CREATE TEMP TABLE numbered AS
    SELECT source, epoch_us(time) AS time, record_id AS number, hash(file, member) AS origin, hash(id) AS last
    FROM events JOIN doubtful USING (host, channel) WHERE record_id IS NOT NULL
"""
# Parts that follow on each other: DuckDB 1.5 has no memory to sort all rows at once, whatever it may spill.
_PARTS: Final = """
    WITH spans AS (SELECT source, time // $2 AS span, count(*) AS rows FROM numbered GROUP BY ALL),
    counted AS (SELECT *, (sum(rows) OVER (ORDER BY source, span) - 1) // $1 AS part FROM spans)
    SELECT min((source, span)), max((source, span)) FROM counted GROUP BY part ORDER BY part
"""
_PART: Final = """
    SELECT source, time, number, origin FROM numbered
    WHERE source BETWEEN $1 AND $3 AND (source > $1 OR time // $5 >= $2) AND (source < $3 OR time // $5 <= $4)
    ORDER BY source, time, number, last
"""

_RESTARTS: Final = f"""
    WITH ends AS (SELECT source, run, count(*) AS kept, min(place) AS head, max(place) AS foot FROM lines GROUP BY source, run),
    runs AS (
        SELECT source, run, any_value(kept) AS kept, min(number) AS low, max(number) AS high, min(time) AS first, max(time) AS last,
            max(number) FILTER (place < head + {SIDE}) AS first_high, min(number) FILTER (place > foot - {SIDE}) AS last_low,
            min_by(origin, place) AS first_origin, max_by(origin, place) AS last_origin, max_by(number, place) AS last_number
        FROM lines JOIN ends USING (source, run) GROUP BY source, run)
    SELECT source, d.host, d.channel, before.last, now.first, before.last_number, now.low,
        now.high < before.high AND now.first_high < before.last_low AND now.first_origin = before.last_origin
            AND now.low::HUGEINT * now.kept < {_UNSEEN} * greatest(now.high::HUGEINT - now.low, 1) AS certain,
        EXISTS (SELECT 1 FROM LogCleared c WHERE c.host = d.host
            AND c.cleared = d.channel AND epoch_us(c.time) BETWEEN before.last AND now.first) AS cleared
    FROM runs now JOIN runs before USING (source) JOIN doubtful d USING (source) WHERE before.run = now.run - 1
    ORDER BY d.host, d.channel, now.first
"""


def load_lines(database: Database) -> None:
    """Create ``lines`` (see :data:`graphcorr.findings.numbers.LINED`) of the channels in ``doubtful`` that have few absurd records."""
    create_table(database, "lines", LINED)
    seen: Counter[int] = Counter()
    kept: Counter[int] = Counter()
    for table in cut_lines(_counted(_in_order(database), seen)):
        _count(table, kept)
        database.register("more_lines", table)
        database.execute("INSERT INTO lines SELECT * FROM more_lines")
        database.unregister("more_lines")
    mixed = sorted(source for source, count in seen.items() if 100 * (count - kept[source]) > _MOST_ABSURD * count)
    database.execute("DELETE FROM lines WHERE source IN (SELECT unnest($1::BIGINT[]))", [mixed])


def _in_order(database: Database) -> Iterator[pa.Table]:
    """Every numbered record by channel, time and number, in pages."""
    database.execute(_NUMBERED)
    try:
        for first, last in database.execute(_PARTS, [_SORTED, _SPAN]).fetchall():
            part = database.execute(_PART, [*first, *last, _SPAN]).to_arrow_table()
            for start in range(0, part.num_rows, _PAGE):
                yield part.slice(start, _PAGE)
    finally:
        database.execute("DROP TABLE numbered")


def _counted(pages: Iterable[pa.Table], counts: Counter[int]) -> Iterator[pa.Table]:
    for page in pages:
        _count(page, counts)
        yield page


def _count(table: pa.Table, counts: Counter[int]) -> None:
    for one in table["source"].value_counts():
        counts[one["values"].as_py()] += one["counts"].as_py()


def find_restarts(database: Database) -> Iterator[tuple[str, Gap]]:
    """Where the numbers of a channel begin again. Where that is not certain each time, it is no line: ``lines`` loses the channel."""
    rows = database.execute(_RESTARTS).fetchall()
    mixed = {source for source, *_, certain, _ in rows if not certain}
    if mixed:
        database.execute("DELETE FROM lines WHERE source IN (SELECT unnest($1))", [sorted(mixed)])
    for source, host, channel, since, until, before, number, _, cleared in rows:
        if source not in mixed and not cleared:
            reason = (
                f"the record numbers of the {channel} log begin again, with {number:,} after {before:,}: the log was deleted and "
                "made anew, or the machine was set up anew; records between the last one collected and this moment are lost"
            )
            yield host, Gap(from_=format_time(since), to=format_time(until), reason=reason, kind="restarted")
