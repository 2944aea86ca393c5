"""How far each time source of a host is off, learned from records that carry two times, and applied.

A monitor's clock is told by the connections that machines logged as well, see :mod:`graphcorr.resolve.sensors`.

Sysmon's ``UtcTime`` is right (its log types say where it is not), so a record's own ``EventTime`` or ``TimeCreated``
beside it shows that field's offset: usually a time zone that the log does not state. A host without such records
borrows from the hosts behind the same collector, then from the collector's own clock, and the report says so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

import pyarrow as pa

from graphcorr.case.findings import Shift
from graphcorr.engine.database import fill_table, insert_rows, schema_of
from graphcorr.logs.catalog import logs_by
from graphcorr.logs.testimony import Vantage
from graphcorr.model.report import Clock
from graphcorr.resolve.copies import PAIRS, find_copies, find_exporters
from graphcorr.resolve.events import leave_out_copies
from graphcorr.resolve.objects import name_objects
from graphcorr.resolve.sensors import find_offsets, sensor
from graphcorr.syntax.accounts import SYSTEM, SYSTEM_SESSIONS
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from graphcorr.engine.database import Database
    from graphcorr.model.records import Microseconds

_SECOND: Final = 1_000_000
_ZONE_STEP: Final = 900 * _SECOND
"""Time zones differ by multiples of 15 minutes."""
_HOUR: Final = 3600 * _SECOND
_FARTHEST_ZONE: Final = 14 * _HOUR
_LAG: Final = 120 * _SECOND
"""A record is written, and forwarded, up to so much later than it happened."""
_FOREVER: Final = 2**62

_CLOCKS: Final = schema_of(host=pa.string(), field=pa.string(), since=pa.int64(), until=pa.int64(), shift=pa.int64())
"""The beginning of a :class:`Span`."""


class Span(NamedTuple):
    """One field of one host was off by ``offset`` while it showed times in [since, until)."""

    host: str
    field: str
    since: Microseconds
    until: Microseconds
    offset: Microseconds
    pairs: int
    borrowed_from: str | None


class _Anchor(NamedTuple):
    """So many records of one host, behind one carrier, in one hour, whose own two times were so far apart."""

    host: str
    field: str
    carrier: str
    hour: Microseconds
    difference: Microseconds
    pairs: int


def learn_clocks(database: Database) -> list[Clock]:
    """Create ``clocks`` and the view ``events``: ``logged`` with host, aligned ``time``, ``earliest`` and ``latest``.

    Returns the offsets that are not zero, for the report.
    """
    several = find_exporters(database)
    anchors = _load_anchors(database)
    if several:
        known = {(anchor.host, anchor.field) for anchor in anchors}
        pairs = [_Anchor(*row) for row in database.execute(PAIRS).fetchall()]
        anchors += [anchor for anchor in pairs if (anchor.host, anchor.field) not in known and _is_zone(anchor.difference)]
    spans = [span for (host, field), own in _grouped(anchors, lambda one: (one.host, one.field)) for span in _spans(host, field, own)]
    spans += _borrowed_spans(database, anchors)
    wrong = [span for span in spans if span.offset]
    fill_table(database, "clocks", _CLOCKS, [dict(zip(_CLOCKS.names, span, strict=False)) for span in wrong])
    _create_view(database, aligned=bool(wrong))
    if offsets := find_offsets(database):
        sensors = [Span(one.sensor, one.field, -_FOREVER, _FOREVER, one.offset, one.pairs, None) for one in offsets]
        insert_rows(database, "clocks", _CLOCKS, [dict(zip(_CLOCKS.names, span, strict=False)) for span in sensors])
        _create_view(database, aligned=True)
        wrong += sensors
    shown = _shown_times(database) if wrong else {}
    if several and find_copies(database):
        leave_out_copies(database)
    name_objects(database)
    # What was borrowed from a neighbor may be of days of which the host itself shows nothing.
    return [_clock(span, *shown[span[:3]]) for span in sorted(wrong, key=lambda span: span[:3]) if span[:3] in shown]


OF_CLOCK: Final = "c.field = l.time_field AND epoch_us(l.time) >= c.since AND epoch_us(l.time) < c.until"
"""SQL: the row ``c`` of a clock is about what the record ``l`` shows, where its machine is that of the record."""
ALIGNED: Final = "l.time + to_microseconds(coalesce(c.shift, 0))"
"""SQL: the time of ``l``, put right where a row ``c`` is about it."""


def find_shifts(database: Database) -> list[Shift]:
    """What was added to whose times, by the names that records have: a host may have several."""
    rows = database.execute(
        "SELECT coalesce(h.computer, c.host), c.field, c.since, c.until, c.shift "
        "FROM clocks c LEFT JOIN hosts h ON h.host = c.host ORDER BY ALL"
    ).fetchall()
    return [Shift(*row) for row in rows]


def _create_view(database: Database, *, aligned: bool) -> None:
    columns = f"l.* EXCLUDE (time) REPLACE ({', '.join(_accounts())}), h.host, l.time AS logged_time"
    joins = "LEFT JOIN hosts h ON h.computer = l.computer"
    time = "l.time"
    if aligned:
        joins += f" LEFT JOIN clocks c ON c.host = coalesce({sensor('l')}, h.host) AND {OF_CLOCK}"
        time = ALIGNED
    # `latest` is the last moment that the field's precision does not tell from `time`.
    database.execute(
        f"CREATE OR REPLACE VIEW aligned AS SELECT {columns}, {time} AS time, {time} AS earliest, "
        f"{time} + to_microseconds(l.precision - 1) AS latest FROM logged l {joins}"
    )
    database.execute("CREATE OR REPLACE VIEW events AS SELECT * EXCLUDE (input) FROM aligned")


def _accounts() -> Iterator[str]:
    """Security logs call the accounts of the system by that of the machine; whose session it is says which of them it is."""
    for name, domain, is_of in (
        ("user", "user_domain", "(l.user_sid = '{sid}' OR l.logon_id = '{session}')"),
        ("target_user", "target_user_domain", "l.target_logon_id = '{session}'"),
    ):
        told = [(is_of.format(sid=sid, session=session), meant) for sid, session, meant in SYSTEM_SESSIONS]
        cases = " ".join(f"WHEN {one} THEN '{meant}'" for one, meant in told)
        machine = f"ends_with(l.{name}, '$')"
        yield f"CASE WHEN NOT {machine} THEN l.{name} {cases} ELSE l.{name} END AS {name}"
        yield f"CASE WHEN {machine} AND ({' OR '.join(one for one, _ in told)}) THEN '{SYSTEM[0]}' ELSE l.{domain} END AS {domain}"


# Behind one collector, or in one export where no collector is named, times were written by one program.
_CARRIER: Final = "coalesce(collector, concat_ws('!', file, member))"


def _load_anchors(database: Database) -> list[_Anchor]:
    # Counted by the minute in the engine, so that millions of anchors become a handful of rows.
    rows = database.execute(
        f"""
        SELECT host, other_time_field, {_CARRIER} AS carrier, epoch_us(date_trunc('hour', other_time)) AS hour,
            round((epoch_us(time) - epoch_us(other_time)) / 60e6)::BIGINT * 60000000 AS difference, count(*) AS pairs
        FROM logged JOIN hosts USING (computer)
        WHERE other_time IS NOT NULL AND time_field = 'UtcTime' AND host IS NOT NULL GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    return [_Anchor(*row) for row in rows]


_Key = TypeVar("_Key", bound=tuple[str, ...])


def _grouped(anchors: Iterable[_Anchor], key: Callable[[_Anchor], _Key]) -> list[tuple[_Key, list[_Anchor]]]:
    groups: defaultdict[_Key, list[_Anchor]] = defaultdict(list)
    for anchor in anchors:
        groups[key(anchor)].append(anchor)
    return sorted(groups.items())


def _spans(host: str, field: str, anchors: list[_Anchor]) -> Iterator[Span]:
    """The offset of each hour is the one that most of its anchors show.

    Only zone steps vote: a record that was written minutes late says nothing about the clock. Where none votes, the
    differences themselves are all there is.
    """
    votes: defaultdict[Microseconds, Counter[int]] = defaultdict(Counter)
    for anchor in [one for one in anchors if _is_zone(one.difference)] or anchors:
        votes[anchor.hour][_to_zone(anchor.difference)] += anchor.pairs
    hours = []
    for hour, counted in sorted(votes.items()):
        offset, _ = max(counted.items(), key=lambda vote: (vote[1], -abs(vote[0])))
        hours.append((hour, offset, sum(counted.values())))
    return _merge(host, field, hours)


def _is_zone(difference: Microseconds) -> bool:
    return abs(difference - _nearest_zone(difference)) <= _LAG


def _nearest_zone(difference: Microseconds) -> Microseconds:
    return round(difference / _ZONE_STEP) * _ZONE_STEP


def _to_zone(difference: Microseconds) -> Microseconds:
    """Two clocks of one machine differ by a time zone; what is left beside it is the delay of writing."""
    return _nearest_zone(difference) if _is_zone(difference) else difference


def _merge(host: str, field: str, hours: Iterable[tuple[int, int, int]]) -> Iterator[Span]:
    """Hours with one offset become a span; a change (daylight saving) takes effect halfway between two hours."""
    runs = [(offset, list(run)) for offset, run in groupby(hours, key=lambda hour: hour[1])]
    since = -_FOREVER
    for position, (offset, run) in enumerate(runs):
        last = run[-1][0]
        until = (last + 3600 * _SECOND + runs[position + 1][1][0][0]) // 2 if position + 1 < len(runs) else _FOREVER
        yield Span(host, field, since, until, offset, sum(pairs for _, _, pairs in run), None)
        since = until


def _borrowed_spans(database: Database, anchors: list[_Anchor]) -> list[Span]:
    """Offsets of hosts without anchors, from the hosts behind the same collector, hour by hour.

    ``TimeCreated`` is UTC by contract and only wrong where an export made it so, which shows on its other hosts;
    ``EventTime`` is local by nature, so the delay of delivery is better than nothing for it.
    """
    rows = database.execute(
        f"""
        SELECT host, time_field, {_CARRIER} AS carrier, count(*), quantile_disc(epoch_us(ingested) - epoch_us(time), 0.1)
        FROM logged JOIN hosts USING (computer) WHERE time_field IN ('EventTime', 'TimeCreated') AND host IS NOT NULL
        GROUP BY ALL ORDER BY count(*) DESC, host, time_field, carrier
        """
    ).fetchall()
    known = {(anchor.host, anchor.field) for anchor in anchors}
    shown = {key: list(_spans("", key[1], group)) for key, group in _grouped(anchors, lambda one: (one.carrier, one.field))}
    borrowed: dict[tuple[str, str], list[Span]] = {}
    for host, field, carrier, count, delay in rows:
        if (host, field) in known or (host, field) in borrowed:
            continue
        if spans := shown.get((carrier, field)):
            borrowed[host, field] = [span._replace(host=host, borrowed_from=carrier) for span in spans]
        elif delay is not None and field == "EventTime" and abs(offset := _to_whole_hours(delay)) <= _FARTHEST_ZONE:
            borrowed[host, field] = [Span(host, field, -_FOREVER, _FOREVER, offset, count, "@timestamp")]
    return [span for spans in borrowed.values() for span in spans]


def _to_whole_hours(delay: Microseconds) -> Microseconds:
    # Forwarding only ever delays, so what exceeds a whole hour is delay. The few zones of half hours are not told from
    # a slow collector, and logs that were loaded days later tell nothing.
    return (delay + 5 * _SECOND) // _HOUR * _HOUR


def _shown_times(database: Database) -> dict[tuple[object, ...], tuple[int, int]]:
    """First and last time that each wrong clock showed, by host, field and begin of its span."""
    rows = database.execute(
        f"""
        SELECT host, field, since, min(shown), max(shown) FROM (
            SELECT host, time_field AS field, epoch_us(time) AS shown FROM logged JOIN hosts USING (computer)
            UNION ALL
            SELECT {sensor("l")}, time_field, epoch_us(time) FROM logged l WHERE log IN {logs_by(Vantage.SENSOR)}
            UNION ALL
            SELECT host, other_time_field, epoch_us(other_time) FROM logged JOIN hosts USING (computer) WHERE other_time IS NOT NULL
        ) JOIN clocks USING (host, field) WHERE shown >= since AND shown < until GROUP BY ALL
        """
    ).fetchall()
    return {(host, field, since): (first, last) for host, field, since, first, last in rows}


def _clock(span: Span, first: Microseconds, last: Microseconds) -> Clock:
    return Clock(
        host=span.host,
        source=span.field,
        offset_seconds=span.offset / _SECOND,
        from_=format_time(first + span.offset),
        to=format_time(last + span.offset),
        pairs=span.pairs,
        borrowed_from=span.borrowed_from,
    )
