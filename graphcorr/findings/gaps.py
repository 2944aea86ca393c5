"""Where a host's logs are known to break off: cleared, not audited, or without the records that should be there."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from graphcorr.model import Gap
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.resolve.database import Database

_AUDITED: Final = {
    "0cce9244-69ae-11d9-bed3-505054503030": "files opened over shares (5145)",
    "0cce9224-69ae-11d9-bed3-505054503030": "shares (5140)",
    "0cce922b-69ae-11d9-bed3-505054503030": "process starts (4688)",
    "0cce9215-69ae-11d9-bed3-505054503030": "logons (4624)",
    "0cce9211-69ae-11d9-bed3-505054503030": "installed services (4697)",
}
"""Subcategories of the audit that a finding may rest on."""
_REMOVED: Final = ("%%8448", "success removed")
_ADDED: Final = ("%%8449", "success added")
"""As the event has it, and as an English export spells it."""

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


def find_gaps(database: Database) -> dict[str, list[Gap]]:
    """Every host's gaps in the order of time."""
    found = [*_cleared(database), *_unaudited(database)]
    told = {(host, gap.from_, gap.to) for host, gap in found}
    # Where a log was cleared, that is why its records are missing.
    found += [(host, gap) for host, gap in _holes(database) if (host, gap.from_, gap.to) not in told]
    gaps: defaultdict[str, list[Gap]] = defaultdict(list)
    for host, gap in sorted(found, key=lambda one: (one[0], one[1].from_, one[1].reason)):
        gaps[host].append(gap)
    return dict(gaps)


def _cleared(database: Database) -> Iterator[tuple[str, Gap]]:
    """A cleared log: what it held before is only known as far as it was collected until then."""
    rows = database.execute(
        """
        WITH cleared AS (
            SELECT id, host, time, lower(coalesce(action, channel)) AS channel FROM events
            WHERE log IN ('security-1102', 'system-104') AND host IS NOT NULL)
        SELECT c.host, epoch_us(c.time), c.channel, epoch_us(e.time)
        FROM cleared c ASOF LEFT JOIN events e ON e.host = c.host AND e.channel = c.channel AND e.time < c.time
        """
    ).fetchall()
    for host, cleared, channel, before in rows:
        what = ": nothing before it is known" if before is None else ": records between the last one collected and this moment are lost"
        start = before if before is not None else cleared
        yield host, Gap(from_=format_time(start), to=format_time(cleared), reason=f"the {channel} log was cleared{what}")


def _unaudited(database: Database) -> Iterator[tuple[str, Gap]]:
    """From where an audit was turned off until it was turned on again, or to the end of the host's Security log."""
    rows = database.execute(
        """
        SELECT c.host, epoch_us(c.time), c.action, epoch_us(l.last)
        FROM events c JOIN (SELECT host, max(time) AS last FROM events WHERE channel = 'security' OR log LIKE 'security-%' GROUP BY host) l
            ON l.host = c.host
        WHERE c.log = 'security-4719' AND c.action IS NOT NULL
        ORDER BY c.host, c.time, c.id
        """
    ).fetchall()
    off: dict[tuple[str, str], int] = {}
    ends: dict[str, int] = {}
    for host, time, action, last in rows:
        ends[host] = last
        subcategory, _, changes = action.partition(" ")
        if subcategory not in _AUDITED:
            continue
        if any(word in changes.lower() for word in _REMOVED):
            off.setdefault((host, subcategory), time)
        elif any(word in changes.lower() for word in _ADDED) and (since := off.pop((host, subcategory), None)) is not None and since < time:
            yield host, _silence(subcategory, since, time)
    for (host, subcategory), since in off.items():
        yield host, _silence(subcategory, since, ends[host])


def _is_same_time_of_day(one: int, other: int) -> bool:
    apart = (one - other) % _DAY
    return min(apart, _DAY - apart) <= _EVENING


def _silence(subcategory: str, since: int, until: int) -> Gap:
    return Gap(from_=format_time(since), to=format_time(until), reason=f"the audit of {_AUDITED[subcategory]} was turned off")


def _holes(database: Database) -> Iterator[tuple[str, Gap]]:
    """Stretches of a channel without one of the events that are read here, although many would be expected.

    Record numbers alone tell nothing: a hunt keeps few kinds of events, and filtered exports have holes everywhere. But
    how often the kept ones come in this channel, by number and by time, is known from the rest of it. A quiet night has
    few numbers, a burst of other events takes little time; where both say that dozens are missing, records were deleted,
    overwritten or not collected. Where that is so day after day it is how the machine lives. Forwarded channels mix the
    numbers of many.
    """
    rows = database.execute(
        f"""
        WITH spans AS (
            SELECT host, channel, epoch_us(time) // {_BUCKET} AS bucket, min(record_id) AS low, max(record_id) AS high,
                epoch_us(min(time)) AS first, epoch_us(max(time)) AS last, count(*) AS kept
            FROM events WHERE record_id IS NOT NULL AND host IS NOT NULL AND channel IS NOT NULL AND channel <> 'forwardedevents'
            GROUP BY host, channel, bucket),
        whole AS (
            SELECT host, channel, sum(kept) AS kept, max(high) - min(low) AS numbers, max(last) - min(first) AS length
            FROM spans GROUP BY host, channel HAVING sum(kept) >= {_LEAST_KEPT}),
        steps AS (
            SELECT s.*, lag(high) OVER w AS high_before, lag(last) OVER w AS last_before
            FROM spans s SEMI JOIN whole USING (host, channel) WINDOW w AS (PARTITION BY host, channel ORDER BY bucket))
        SELECT host, channel, last_before, first, high_before, low,
            w.kept * (low - high_before) / greatest(w.numbers - (low - high_before), 1) AS by_number,
            w.kept * (first - last_before) / greatest(w.length - (first - last_before), 1) AS by_time
        FROM steps JOIN whole w USING (host, channel)
        WHERE low > high_before AND by_number >= {_EXPECTED} AND by_time >= {_EXPECTED}
        """
    ).fetchall()
    begins: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for host, channel, since, *_ in rows:
        begins[host, channel].append(since)
    for host, channel, since, until, before, after, by_number, by_time in rows:
        if sum(_is_same_time_of_day(since, other) for other in begins[host, channel]) >= _RHYTHM:
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
