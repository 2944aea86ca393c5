"""Behaviors beside findings: what was asked, packed, fetched and deleted on a machine by whoever a finding says had come to it.

A behavior is joined to a finding by the process that ran there and all that it started, by the session of it, or, within the hour, by
its account; of several the surest counts, then the one that came last before it. What nobody came for stays an observation.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pyarrow as pa

from graphcorr.engine.database import table_of
from graphcorr.findings.evidence import SHOWN, Records
from graphcorr.links.names import whole_account_key
from graphcorr.links.sessions import far
from graphcorr.model.findings import Finding, Movement, ToldBehavior
from graphcorr.syntax.accounts import is_machine_account, is_service_account
from graphcorr.syntax.times import format_time, read_moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphcorr.engine.database import Database

GENERATIONS: Final = 12
"""Processes between what ran for a finding and what shows a behavior: a shell in a shell in a shell is not deeper."""
_NEAR: Final = "INTERVAL 1 HOUR"
"""What an account does on the machine later is its own business, where neither process nor session tie it to the finding."""
_SESSION: Final = "INTERVAL 1 DAY"
"""Numbers of sessions begin again when a machine starts, and nobody works in one for longer."""
_REUSED: Final = "INTERVAL 1 HOUR"
"""A process id, where no log gives a GUID, is believed to be the same process for so long."""
_CLOCKS: Final = "INTERVAL 1 SECOND"
_TWICE: Final = "INTERVAL 10 SECOND"
"""Two logs tell of one start within a few seconds; what starts with its number later is another process."""
_LIVES: Final = (
    f"{{0}}.time >= {{1}}.time - {_CLOCKS} AND {{0}}.time <= {{1}}.time + {_REUSED} AND ({{1}}.until IS NULL OR {{0}}.time < {{1}}.until)"
)
"""SQL: the first is within the time for which the number of the second, a process, is believed."""
_RAN: Final = "execution"
"""The role of evidence whose processes are the finding's; what they started is found from there."""

_CAME: Final = f"""
    CREATE TEMP TABLE came AS
    SELECT * REPLACE (make_timestamp(time) AS time, {whole_account_key("account")} AS account) FROM came_rows
"""
_PROCESSES: Final = f"""
    CREATE TEMP TABLE near_processes AS
    SELECT id, host, process_guid AS guid, parent_process_guid AS parent_guid, pid, parent_pid, session, lower(image) AS image, time,
        min(time) OVER (PARTITION BY host, pid ORDER BY time RANGE BETWEEN {_TWICE} FOLLOWING AND UNBOUNDED FOLLOWING) AS until
    FROM ProcessStart WHERE host IN (SELECT host FROM came) AND host IN (SELECT host FROM behavior_records)
"""
_ROOTS: Final = """
    CREATE TEMP TABLE tree AS
    SELECT DISTINCT c.finding, p.id, p.host, p.guid, p.pid, p.session, p.image, p.time, p.until, 0 AS depth
    FROM came_records c JOIN events e ON e.file = c.file AND e.member IS NOT DISTINCT FROM c.member AND e.record = c.record
    JOIN near_processes p ON p.id = e.id
"""
# Two joins instead of one with OR, which would compare every pair.
_CHILDREN: Final = f"""
    INSERT INTO tree
    SELECT DISTINCT finding, id, host, guid, pid, session, image, time, until, $1 FROM (
        SELECT t.finding, p.* FROM (SELECT DISTINCT finding, host, guid FROM tree WHERE depth = $1 - 1) t
            JOIN near_processes p ON p.host = t.host AND p.parent_guid = t.guid
        UNION SELECT t.finding, p.* FROM tree t JOIN near_processes p ON p.host = t.host AND p.parent_pid = t.pid
            WHERE t.depth = $1 - 1 AND (p.parent_guid IS NULL OR t.guid IS NULL) AND {_LIVES.format("p", "t")}) n
    WHERE NOT EXISTS (SELECT 1 FROM tree o WHERE o.finding = n.finding AND o.id = n.id)
"""
_JOINED: Final = f"""
    WITH shown AS (
        SELECT r.*, e.process_guid AS guid, e.pid, p.session, lower(e.image) AS image, {whole_account_key("r.account")} AS known
        FROM behavior_records r JOIN events e ON e.id = r.id
        LEFT JOIN near_processes p ON p.id = r.id WHERE r.host IN (SELECT host FROM came)),
    tied AS (
        SELECT s.id, s.behavior, t.finding, 0 AS rank FROM shown s JOIN tree t ON t.id = s.id
        UNION SELECT s.id, s.behavior, t.finding, 0 FROM shown s
            JOIN (SELECT DISTINCT finding, host, guid FROM tree) t ON t.host = s.host AND t.guid = s.guid
        -- A start has the number of the process that it makes, which is another one than had it before.
        UNION SELECT s.id, s.behavior, t.finding, 0 FROM shown s JOIN tree t ON t.host = s.host AND t.pid = s.pid
            WHERE s.kind <> 'ProcessStart' AND (s.guid IS NULL OR t.guid IS NULL) AND coalesce(s.image = t.image, TRUE)
                AND {_LIVES.format("s", "t")}
        UNION SELECT s.id, s.behavior, t.finding, 1 FROM shown s
            JOIN (SELECT DISTINCT finding, host, session FROM tree WHERE {far("session")}) t ON t.host = s.host AND t.session = s.session
            JOIN came c ON c.finding = t.finding WHERE s.time <= c.time + {_SESSION}
        -- The last that came before it: of a thousand others of its account no row is made.
        UNION SELECT s.id, s.behavior, c.finding, 2 FROM shown s
            ASOF JOIN (SELECT host, account, time, min(finding) AS finding FROM came GROUP BY ALL) c
                ON c.host = s.host AND c.account = s.known AND s.time >= c.time - {_CLOCKS}
            WHERE s.time <= c.time + {_NEAR}),
    due AS (
        SELECT s.*, d.finding, d.rank FROM tied d JOIN shown s USING (id, behavior) JOIN came c USING (finding)
        WHERE s.time >= c.time - {_CLOCKS}
        QUALIFY row_number() OVER (PARTITION BY s.id, s.behavior ORDER BY d.rank, c.time DESC, d.finding) = 1),
    -- One record may be of two behaviors that are told as one.
    once AS (SELECT DISTINCT ON (finding, technique, way, id) * FROM due ORDER BY finding, technique, way, id, rank, behavior)
    SELECT finding, technique, way, min(rank) AS rank, first(coalesce(spelled, account) ORDER BY time, id) AS account,
        count(DISTINCT act) AS count,
        epoch_us(min(time)) AS first, epoch_us(max(time)) AS last, list(id ORDER BY time, id) AS ids
    FROM once LEFT JOIN (SELECT lower(account) AS account, min(account) AS spelled FROM actors GROUP BY ALL) USING (account)
    GROUP BY finding, technique, way ORDER BY finding, first, technique, way
"""
_HOW: Final = ("process", "session", "account")


def add_behaviors(findings: Sequence[Finding], database: Database) -> list[Finding]:
    """The findings with the behaviors that belong to them; one about a behavior that another finding's records show is told there."""
    found = list(findings)
    came = [one for one in found if one.target.host is not None and one.movement is not Movement.LOCAL]
    if not came or database.execute("SELECT 1 FROM behavior_records LIMIT 1").fetchone() is None:
        return found
    told: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in _join(came, database):
        told[row["finding"]].append(row)
    records = Records(database, (id_ for rows in told.values() for row in rows for id_ in row["ids"][:SHOWN]))
    return list(_kept([_with(one, told[one.id], records) if one.id in told else one for one in found]))


def _join(came: Sequence[Finding], database: Database) -> list[dict[str, Any]]:
    """Rows of ``_JOINED``."""
    moments = [(one.id, one.target.host, _own_account(one), read_moment(one.time)) for one in came]
    database.register("came_rows", table_of(moments, finding=pa.string(), host=pa.string(), account=pa.string(), time=pa.int64()))
    database.execute(_CAME)
    rows = [(one.id, each.file, each.member, each.record) for one in came for each in one.evidence if each.role == _RAN]
    database.register("came_records", table_of(rows, finding=pa.string(), file=pa.string(), member=pa.string(), record=pa.int64()))
    try:
        database.execute(_PROCESSES)
        database.execute(_ROOTS)
        for depth in range(1, GENERATIONS + 1):
            if database.execute("SELECT 1 FROM tree WHERE depth = $1 LIMIT 1", [depth - 1]).fetchone() is None:
                break
            database.execute(_CHILDREN, [depth])
        joined: list[dict[str, Any]] = database.sql(_JOINED).to_arrow_table().to_pylist()
        return joined
    finally:
        for name in ("came", "near_processes", "tree"):
            database.execute(f"DROP TABLE IF EXISTS {name}")
        database.unregister("came_rows")
        database.unregister("came_records")


def _own_account(finding: Finding) -> str | None:
    """None for those that every machine has: they do all that services do, whoever came."""
    if finding.account is None or is_service_account(None, finding.account) or is_machine_account(finding.account):
        return None
    return finding.account


def _kept(findings: Sequence[Finding]) -> Iterator[Finding]:
    """All but those about a machine's own behavior whose every record is evidence of findings that say who came.

    Those that join several things, as an archive and how it left, say more than their records do beside another finding.
    """
    held = {place for one in findings if one.movement is not Movement.LOCAL for place in _places(one)}
    for one in findings:
        joins = len({each.role for each in one.evidence}) > 1
        if one.movement is not Movement.LOCAL or joins or not _places(one) <= held:
            yield one


def _places(finding: Finding) -> set[tuple[str, str | None, int]]:
    return {(each.file, each.member, each.record) for each in finding.evidence}


def _with(finding: Finding, told: Sequence[Mapping[str, Any]], records: Records) -> Finding:
    evidence, behaviors = list(finding.evidence), list(finding.behaviors)
    places = {(each.file, each.member, each.record): place for place, each in enumerate(evidence)}
    for row in told:
        shown = []
        for id_ in row["ids"][:SHOWN]:
            one = records.evidence("behavior", id_)
            place = places.setdefault((one.file, one.member, one.record), len(evidence))
            if place == len(evidence):
                evidence.append(one)
            shown.append(place)
        first, last = format_time(row["first"]), format_time(row["last"])
        behaviors.append(
            ToldBehavior(row["technique"], row["way"], _HOW[row["rank"]], row["account"], row["count"], first, last, sorted(shown))
        )
    return msgspec.structs.replace(finding, evidence=evidence, behaviors=sorted(behaviors, key=lambda one: (one.first, one.way)))
