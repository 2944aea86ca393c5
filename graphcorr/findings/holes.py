"""Stretches of a log without the records that should be there, and record numbers that begin again.

Record numbers alone tell nothing: a hunt keeps few kinds of events, and filtered exports have holes everywhere. But how
often the kept ones come in a channel, by number and by time, is known from the rest of it. A quiet night has few numbers, a
burst of other events takes little time; where both say that dozens are missing, records were deleted, overwritten or not
collected. Where that is so day after day it is how the machine lives. Forwarded channels mix the numbers of many.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, TypeAlias

import pyarrow as pa

from graphcorr.engine.database import fill_table, schema_of
from graphcorr.findings.restarts import find_restarts, load_lines
from graphcorr.model.report import Gap
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphcorr.engine.database import Database

_EXPECTED: Final = 50
"""So many events must be missing, by record numbers and by time, for a hole to be told from chance."""
_LEAST_KEPT: Final = 200
"""Of fewer events nobody can say how often they come."""
_RHYTHM: Final = 3
"""So many holes that begin at one time of day are nights."""
_DAY: Final = 86_400_000_000
_EVENING: Final = 2 * 3_600_000_000
_BUCKET: Final = 600_000_000
"""Ten minutes: holes are looked for between spans of so much, so that millions of events need no order."""

_Hole: TypeAlias = tuple[str, str, int, int]
"""Host, channel, and the times of the records on both sides."""
_WIDE: Final = schema_of(host=pa.string(), channel=pa.string(), since=pa.int64(), till=pa.int64())

# Numbers are wide: an absurd one times ten is none of 64 bits.
_SPANS: Final = f"""
    CREATE TABLE spans AS
    SELECT host, channel, 0 AS run, epoch_us(time) // {_BUCKET} AS bucket, count(*) AS kept,
        min(record_id)::HUGEINT AS low, max(record_id)::HUGEINT AS high, epoch_us(min(time)) AS first, epoch_us(max(time)) AS last,
        FALSE AS trimmed, low AS lowest, high AS highest, first AS begin, last AS finish
    FROM events WHERE record_id IS NOT NULL AND host IS NOT NULL AND channel IS NOT NULL AND channel <> 'forwardedevents'
    GROUP BY host, channel, bucket
"""

# Numbers that go back beyond ten minutes, or a step or a span that is most of all numbers or of all time: a hole, or one record
# that is absurd, or several logs in one. Only there the records themselves are looked at. A span with most of the numbers that
# has most of the records as well is a short log.
_DOUBTFUL: Final = f"""
    CREATE TABLE doubtful AS
    WITH steps AS (
        SELECT *, lag(low) OVER w AS low_before, lag(high) OVER w AS high_before, lag(last) OVER w AS last_before FROM spans
        WINDOW w AS (PARTITION BY host, channel ORDER BY bucket)),
    whole AS (
        SELECT host, channel, sum(kept) AS total, max(high) - min(low) AS numbers, max(last) - min(first) AS length FROM spans
        GROUP BY host, channel HAVING sum(kept) >= {_LEAST_KEPT})
    SELECT host, channel, row_number() OVER (ORDER BY host, channel) AS source FROM steps JOIN whole USING (host, channel)
    WHERE low < low_before OR high < high_before OR 2 * (low - high_before) > numbers OR 2 * (first - last_before) > length
        OR (2 * (high - low) > numbers AND (high - low) * total > 2 * kept * numbers)
    GROUP BY host, channel
"""

# The two last values of a span: of what is outermost one may be absurd.
_LINES_AS_SPANS: Final = f"""
    INSERT INTO spans
    SELECT host, channel, run, time // {_BUCKET} AS bucket, count(*), min(number), max(number), min(time), max(time), TRUE,
        min(number, 2)[-1], max(number, 2)[-1], min(time, 2)[-1], max(time, 2)[-1]
    FROM lines JOIN doubtful USING (source) GROUP BY host, channel, run, bucket
"""

# How often the kept events come is told from all but the first and the last hundredth, which an absurd record makes endless.
_HOLES: Final = f"""
    WITH counted AS (
        SELECT *, sum(kept) OVER w AS until, sum(kept) OVER (PARTITION BY host, channel, run) AS total FROM spans
        WINDOW w AS (PARTITION BY host, channel, run ORDER BY bucket ROWS UNBOUNDED PRECEDING)),
    inner_spans AS (
        SELECT *, NOT trimmed OR (until * 100 > total AND (until - kept) * 100 < total * 99) AS inside FROM counted
        WHERE total >= {_LEAST_KEPT}),
    whole AS (
        SELECT host, channel, run, sum(kept) AS kept, max(highest) - min(lowest) AS numbers, max(finish) - min(begin) AS length
        FROM inner_spans WHERE inside GROUP BY host, channel, run),
    steps AS (
        SELECT *, lag(high) OVER w AS high_before, lag(last) OVER w AS last_before, inside AND lag(inside) OVER w AS within
        FROM inner_spans WINDOW w AS (PARTITION BY host, channel, run ORDER BY bucket))
    SELECT host, channel, last_before, first, high_before, low,
        w.kept * (low - high_before) / greatest(w.numbers - CASE WHEN within THEN low - high_before ELSE 0 END, 1) AS by_number,
        w.kept * (first - last_before) / greatest(w.length - CASE WHEN within THEN first - last_before ELSE 0 END, 1) AS by_time, w.length
    FROM steps JOIN whole w USING (host, channel, run)
    WHERE low > high_before AND by_number >= {_EXPECTED} AND by_time >= {_EXPECTED}
"""


def find_holes(database: Database) -> Iterator[tuple[str, Gap]]:
    """Every host's holes, and where its record numbers begin again."""
    database.execute(_SPANS)
    database.execute(_DOUBTFUL)
    if database.execute("SELECT 1 FROM doubtful LIMIT 1").fetchall():
        load_lines(database)
        yield from find_restarts(database)
        database.execute("DELETE FROM spans WHERE (host, channel) IN (SELECT (host, channel) FROM doubtful SEMI JOIN lines USING (source))")
        database.execute(_LINES_AS_SPANS)
        database.execute("DROP TABLE lines")
    rows = database.execute(_HOLES).fetchall()
    database.execute("DROP TABLE doubtful")
    database.execute("DROP TABLE spans")
    begins: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for host, channel, since, *_ in rows:
        begins[host, channel].append(since)
    # Longer than all that was collected: two collections that have nothing to do with each other, unless a file reaches over it.
    wide = [row[:4] for row in rows if 2 * (row[3] - row[2]) > row[-1]]
    apart = set(wide) - _bridged(database, wide)
    for host, channel, since, until, before, after, by_number, by_time, _ in rows:
        if sum(_is_same_time_of_day(since, other) for other in begins[host, channel]) >= _RHYTHM:
            continue
        if (host, channel, since, until) in apart:
            continue
        yield (
            host,
            Gap(
                from_=format_time(since),
                to=format_time(until),
                reason=f"none of the records {before + 1:,} to {after - 1:,} of the {channel} log is among what was read, "
                f"where about {round(min(by_number, by_time)):,} would be expected: deleted, overwritten or not collected",
            ),
        )


def _bridged(database: Database, holes: Sequence[_Hole]) -> set[_Hole]:
    """Of these holes those of which one file has records of the log from before and from behind."""
    if not holes:
        return set()
    fill_table(database, "wide", _WIDE, [dict(zip(_WIDE.names, hole, strict=True)) for hole in holes])
    found = database.execute(
        """
        WITH files AS (
            SELECT host, channel, min(epoch_us(time)) AS first, max(epoch_us(time)) AS last
            FROM events SEMI JOIN wide USING (host, channel) GROUP BY host, channel, file, member)
        SELECT DISTINCT host, channel, since, till FROM wide JOIN files USING (host, channel) WHERE first <= since AND last >= till
        """
    ).fetchall()
    database.execute("DROP TABLE wide")
    return set(found)


def _is_same_time_of_day(one: int, other: int) -> bool:
    apart = (one - other) % _DAY
    return min(apart, _DAY - apart) <= _EVENING
