"""How far each time source of a host is off, learned from records that carry two times, and applied.

Sysmon's ``UtcTime`` is right (its log types say where it is not), so a record's own ``EventTime`` or ``TimeCreated``
beside it shows that field's offset: usually a time zone that the log does not state. A host without such records
borrows from the hosts behind the same collector, then from the collector's own clock, and the report says so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, NamedTuple

from graphcorr.model import Clock, Microseconds
from graphcorr.resolve.database import Database
from graphcorr.syntax.times import format_time

_SECOND: Final = 1_000_000
_ZONE_STEP: Final = 900 * _SECOND
"""Time zones differ by multiples of 15 minutes."""
_LAG: Final = 120 * _SECOND
"""A record is written, and forwarded, up to so much later than it happened."""
_FOREVER: Final = 2**62


class Span(NamedTuple):
    """One field of one host was off by ``offset`` while it showed times in [since, until)."""

    host: str
    field: str
    since: Microseconds
    until: Microseconds
    offset: Microseconds
    pairs: int
    borrowed_from: str | None


def learn_clocks(database: Database) -> list[Clock]:
    """Create ``clocks`` and the view ``events``: ``logged`` with host, aligned ``time``, ``earliest`` and ``latest``.

    Returns the offsets that are not zero, for the report.
    """
    spans = list(_own_spans(database))
    spans += _borrowed_spans(database, spans)
    wrong = [span for span in spans if span.offset]
    database.execute("CREATE TABLE clocks (host VARCHAR, field VARCHAR, since BIGINT, until BIGINT, shift BIGINT)")
    if wrong:
        database.executemany("INSERT INTO clocks VALUES (?, ?, ?, ?, ?)", [span[:5] for span in wrong])
    _create_view(database, aligned=bool(wrong))
    return [_clock(database, span) for span in sorted(wrong)]


def _create_view(database: Database, *, aligned: bool) -> None:
    columns = "l.* EXCLUDE (time), coalesce(h.host, NULL) AS host, l.time AS logged_time"
    joins = "LEFT JOIN hosts h ON h.computer = l.computer"
    time = "l.time"
    if aligned:
        joins += " LEFT JOIN clocks c ON c.host = h.host AND c.field = l.time_field AND epoch_us(l.time) >= c.since AND epoch_us(l.time) < c.until"
        time = "l.time + to_microseconds(coalesce(c.shift, 0))"
    # `latest` is the last moment that the field's precision does not tell from `time`.
    database.execute(
        f"CREATE VIEW events AS SELECT {columns}, {time} AS time, {time} AS earliest, "
        f"{time} + to_microseconds(l.precision - 1) AS latest FROM logged l {joins}"
    )


def _own_spans(database: Database) -> Iterator[Span]:
    # Counted by the minute in the engine, so that millions of anchors become a handful of rows.
    rows = database.execute(
        """
        SELECT host, other_time_field, epoch_us(date_trunc('hour', other_time)) AS hour,
            round((epoch_us(time) - epoch_us(other_time)) / 60e6)::BIGINT AS minutes, count(*) AS pairs
        FROM logged JOIN hosts USING (computer)
        WHERE other_time IS NOT NULL AND time_field = 'UtcTime' GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    for (host, field), of_source in groupby(rows, key=lambda row: (row[0], row[1])):
        hours = []
        for hour, of_hour in groupby(of_source, key=lambda row: row[2]):
            votes: Counter[int] = Counter()
            for _, _, _, minutes, pairs in of_hour:
                votes[_to_zone(minutes * 60 * _SECOND)] += pairs
            offset, _ = max(votes.items(), key=lambda vote: (vote[1], -abs(vote[0])))
            hours.append((hour, offset, sum(votes.values())))
        yield from _merge(host, field, hours)


def _to_zone(difference: Microseconds) -> Microseconds:
    """Two clocks of one machine differ by a time zone; what is left beside it is the delay of writing."""
    zone = round(difference / _ZONE_STEP) * _ZONE_STEP
    return zone if abs(difference - zone) <= _LAG else difference


def _merge(host: str, field: str, hours: Iterable[tuple[int, int, int]]) -> Iterator[Span]:
    """Hours with one offset become a span; a change (daylight saving) takes effect halfway between two hours."""
    runs = [(offset, list(run)) for offset, run in groupby(hours, key=lambda hour: hour[1])]
    since = -_FOREVER
    for position, (offset, run) in enumerate(runs):
        last = run[-1][0]
        until = (last + 3600 * _SECOND + runs[position + 1][1][0][0]) // 2 if position + 1 < len(runs) else _FOREVER
        yield Span(host, field, since, until, offset, sum(pairs for _, _, pairs in run), None)
        since = until


def _borrowed_spans(database: Database, own: list[Span]) -> list[Span]:
    """Offsets of hosts whose only time is a local ``EventTime``."""
    rows = database.execute(
        """
        SELECT host, time_field, collector, count(*),
            quantile_disc(epoch_us(ingested) - epoch_us(time), 0.1)
        FROM logged JOIN hosts USING (computer) WHERE time_field = 'EventTime' GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    known = {(span.host, span.field) for span in own}
    collectors: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for host, field, collector, _, _ in rows:
        for span in own:
            if (span.host, span.field) == (host, field) and collector:
                collectors[collector, field][span.offset] += span.pairs
    borrowed: dict[str, Span] = {}
    for host, field, collector, count, delay in rows:
        if (host, field) in known or host in borrowed:
            continue
        if votes := collectors.get((collector, field)):
            offset, pairs = max(votes.items(), key=lambda vote: (vote[1], -vote[0]))
            borrowed[host] = Span(host, field, -_FOREVER, _FOREVER, offset, pairs, collector)
        elif delay is not None:
            borrowed[host] = Span(host, field, -_FOREVER, _FOREVER, _to_zone_floor(delay), count, "@timestamp")
    return list(borrowed.values())


def _to_zone_floor(delay: Microseconds) -> Microseconds:
    # Forwarding only ever delays, so what exceeds a whole zone step is delay, up to almost a whole step of it.
    return (delay + 5 * _SECOND) // _ZONE_STEP * _ZONE_STEP


def _clock(database: Database, span: Span) -> Clock:
    first, last = database.execute(
        """
        SELECT epoch_us(min(time)), epoch_us(max(time)) FROM logged JOIN hosts USING (computer)
        WHERE host = $host AND ((time_field = $field AND epoch_us(time) >= $since AND epoch_us(time) < $until)
            OR (other_time_field = $field AND epoch_us(other_time) >= $since AND epoch_us(other_time) < $until))
        """,
        {"host": span.host, "field": span.field, "since": span.since, "until": span.until},
    ).fetchall()[0]
    return Clock(
        host=span.host,
        source=span.field,
        offset_seconds=span.offset / _SECOND,
        from_=format_time(first),
        to=format_time(last),
        pairs=span.pairs,
        borrowed_from=span.borrowed_from,
    )
