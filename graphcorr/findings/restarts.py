"""The numbers of a log's records as a line through time: without the few that are absurd, cut where they begin again.

A log whose file is deleted numbers its records from one again, and no event says so. But two machines of one name, a log
that was exported twice and a machine that was set back look alike at first, so a new beginning counts only where nothing
else explains it: within one file, from all greater to all smaller numbers, at the beginning of the numbers, and for good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.model.report import Gap
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.engine.database import Database

_MOST_ABSURD: Final = 0.02
"""Of what more of the records are out of line is no line, but several."""
_SIDE: Final = 20
"""Records on each side of a new beginning that must agree on it. Fewer are no run."""
_UNSEEN: Final = 50
"""Fewer of the kept events may have been numbered before the first one that is seen: else it is no beginning."""

_MIDDLE: Final = "greatest(least({0}1, {0}2), least(greatest({0}1, {0}2), {0}3))"
"""The middle of three: one or two absurd neighbors do not move it."""

# A record is out of line where its neighbors in time agree on an order that its number is outside of. Where the numbers
# begin again they agree on none. Absurd, too, are the few records of a run that is too short to be judged. No FILTER: in a
# window the engine's takes time with the square of the rows.
_CUT: Final = """
    SELECT * EXCLUDE (previous), count(CASE WHEN number < previous - previous // 2 THEN 1 END) OVER (
        PARTITION BY source ORDER BY place ROWS UNBOUNDED PRECEDING) AS run
    FROM (SELECT *, lag(number) OVER (PARTITION BY source ORDER BY place) AS previous FROM {0})
"""

# All that is ordered is numbers: the names of hosts and files would be carried through each of the windows.
_NUMBERED: Final = """
    CREATE TABLE numbered AS
    SELECT source, epoch_us(time) AS time, record_id AS number, hash(file, member) AS origin, hash(id) AS tie
    FROM events JOIN doubtful USING (host, channel) WHERE record_id IS NOT NULL
"""

_LINES: Final = f"""
    CREATE TABLE lines AS
    WITH seen AS (
        SELECT source, time, number, origin, row_number() OVER w AS place,
            lag(number, 1) OVER w AS before1, lag(number, 2) OVER w AS before2, lag(number, 3) OVER w AS before3,
            lead(number, 1) OVER w AS after1, lead(number, 2) OVER w AS after2, lead(number, 3) OVER w AS after3
        FROM numbered WINDOW w AS (PARTITION BY source ORDER BY time, number, tie)),
    placed AS (SELECT *, {_MIDDLE.format("before")} AS before, {_MIDDLE.format("after")} AS after FROM seen),
    judged AS (
        SELECT *, count(*) OVER (PARTITION BY source) AS total, coalesce(before <= after, TRUE)
            AND (coalesce(number < before, FALSE) OR coalesce(number > after, FALSE)) AS absurd
        FROM placed),
    kept AS (SELECT source, time, number, origin, place, total FROM judged WHERE NOT absurd),
    cut AS ({_CUT.format("kept")}),
    long AS (SELECT * EXCLUDE (run) FROM cut QUALIFY count(*) OVER (PARTITION BY source, run) >= {_SIDE})
    SELECT * EXCLUDE (place, total) FROM ({_CUT.format("long")})
    QUALIFY count(*) OVER (PARTITION BY source) >= total * {1 - _MOST_ABSURD}
"""

_RESTARTS: Final = f"""
    WITH ordered AS (
        SELECT *, row_number() OVER (PARTITION BY source, run ORDER BY time, number) AS place,
            row_number() OVER (PARTITION BY source, run ORDER BY time DESC, number DESC) AS place_from_end
        FROM lines),
    runs AS (
        SELECT source, run, count(*) AS kept, min(number) AS low, max(number) AS high, min(time) AS first, max(time) AS last,
            max(number) FILTER (place <= {_SIDE}) AS first_high, min(number) FILTER (place_from_end <= {_SIDE}) AS last_low,
            min_by(origin, place) AS first_origin, min_by(origin, place_from_end) AS last_origin,
            min_by(number, place_from_end) AS last_number
        FROM ordered GROUP BY source, run)
    SELECT source, d.host, d.channel, before.last, now.first, before.last_number, now.low,
        now.high < before.high AND now.first_high < before.last_low AND now.first_origin = before.last_origin
            AND now.low::HUGEINT * now.kept < {_UNSEEN} * greatest(now.high::HUGEINT - now.low, 1) AS certain,
        EXISTS (SELECT 1 FROM events c WHERE c.log IN ('security-1102', 'system-104') AND c.host = d.host
            AND lower(coalesce(c.action, c.channel)) = d.channel AND epoch_us(c.time) BETWEEN before.last AND now.first) AS cleared
    FROM runs now JOIN runs before USING (source) JOIN doubtful d USING (source) WHERE before.run = now.run - 1
    ORDER BY d.host, d.channel, now.first
"""


def load_lines(database: Database) -> None:
    """Create ``lines`` (source, time, number, origin, run) of the channels in ``doubtful`` that have few absurd records."""
    database.execute(_NUMBERED)
    database.execute(_LINES)
    database.execute("DROP TABLE numbered")


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
            yield host, Gap(from_=format_time(since), to=format_time(until), reason=reason)
