"""Where a host's logs are known to break off: cleared, not audited, or without the records that should be there."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from graphcorr.findings.holes import find_holes
from graphcorr.logs.base import WindowsEvent
from graphcorr.logs.catalog import as_list, log_types
from graphcorr.logs.witnesses import types_of
from graphcorr.model.kinds import Kind
from graphcorr.model.report import Gap
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.engine.database import Database


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
            SELECT host, time, cleared AS channel, CASE WHEN account IS NOT NULL THEN concat_ws('\\', account_domain, account) END AS whom
            FROM LogCleared WHERE host IS NOT NULL),
        others AS (SELECT host, channel, time FROM events SEMI JOIN cleared USING (host, channel))
        SELECT c.host, epoch_us(c.time), c.channel, c.whom, epoch_us(e.time)
        FROM cleared c ASOF LEFT JOIN others e ON e.host = c.host AND e.channel = c.channel AND e.time < c.time
        """
    ).fetchall()
    for host, cleared, channel, whom, before in rows:
        what = ": nothing before it is known" if before is None else ": records between the last one collected and this moment are lost"
        start = before if before is not None else cleared
        by = f" by {whom}" if whom else ""
        yield (
            host,
            Gap(from_=format_time(start), to=format_time(cleared), reason=f"the {channel} log was cleared{by}{what}", kind="cleared"),
        )


def _unaudited(database: Database) -> Iterator[tuple[str, Gap]]:
    """From where an audit was turned off until it was turned on again, or to the end of the host's log that says so."""
    channels = {log_type.source.channel for log_type in types_of(Kind.AUDIT_CHANGED) if isinstance(log_type.source, WindowsEvent)}
    beside = [name for name, log_type in log_types().items() if getattr(log_type.source, "channel", None) in channels]
    rows = database.execute(
        f"""
        SELECT c.host, epoch_us(c.time), c.audit, c.audited, epoch_us(l.last),
            CASE WHEN c.account IS NOT NULL THEN concat_ws('\\', c.account_domain, c.account) END
        FROM AuditChanged c
        JOIN (
            SELECT host, max(time) AS last FROM events
            WHERE host IN (SELECT host FROM AuditChanged) AND (channel IN {as_list(sorted(channels))} OR log IN {as_list(beside)})
            GROUP BY host) l ON l.host = c.host
        WHERE c.audit IS NOT NULL AND c.audited IS NOT NULL
        ORDER BY c.host, c.time, c.id
        """
    ).fetchall()
    off: dict[tuple[str, str], tuple[int, str | None]] = {}
    ends: dict[str, int] = {}
    for host, time, audit, audited, last, whom in rows:
        ends[host] = last
        if not audited:
            off.setdefault((host, audit), (time, whom))
        elif (begun := off.pop((host, audit), None)) is not None and begun[0] < time:
            yield host, _silence(audit, begun[0], time, begun[1])
    for (host, audit), (since, whom) in off.items():
        yield host, _silence(audit, since, ends[host], whom)


def _silence(audit: str, since: int, until: int, whom: str | None) -> Gap:
    by = f" by {whom}" if whom else ""
    return Gap(from_=format_time(since), to=format_time(until), reason=f"the audit of {audit} was turned off{by}", kind="audit_off")
