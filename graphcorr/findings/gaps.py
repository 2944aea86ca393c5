"""Where a host's logs are known to break off: cleared, not audited, or without the records that should be there."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from graphcorr.findings.holes import find_holes
from graphcorr.model.report import Gap
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.engine.database import Database

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


def find_gaps(database: Database) -> dict[str, list[Gap]]:
    """Every host's gaps in the order of time."""
    found = [*_cleared(database), *_unaudited(database)]
    told = {(host, gap.from_, gap.to) for host, gap in found}
    # Where a log was cleared, that is why its records are missing.
    found += [(host, gap) for host, gap in find_holes(database) if (host, gap.from_, gap.to) not in told]
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


def _silence(subcategory: str, since: int, until: int) -> Gap:
    return Gap(from_=format_time(since), to=format_time(until), reason=f"the audit of {_AUDITED[subcategory]} was turned off")
