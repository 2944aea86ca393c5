"""Contacts of the machines at the ends of paths, and how far back the logs go that tell of such."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyarrow as pa

from graphcorr.engine.database import roomy
from graphcorr.links.contacts import EXAMPLES, LOGGED_ON, PAIRS, PORT, RECORDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from graphcorr.engine.database import Database
    from graphcorr.model.records import Microseconds

CONFIRMS: Final = 120
"""Seconds around an attempt within which what its target or a monitor tells of the same two machines is that attempt."""

# The owner of an address is asked for each record: it has others at other times.
_BETWEEN: Final = f"""
    SELECT r.id, r.time, r.way, r.account, o.host IS NOT NULL OR r.kind = 'ProcessStart' AS known,
        coalesce(o.host, r.source) AS source, coalesce(h.host, r.host) AS target
    FROM {RECORDS} r LEFT JOIN owners o ON o.address = r.source AND r.time >= o.since AND r.time < o.until
    LEFT JOIN owners h ON h.address = r.host AND r.time >= h.since AND r.time < h.until
"""
_CONTACTED: Final = f"""
    SELECT source, target, account, way, count(*) AS times, epoch_us(min(time)) AS first, epoch_us(max(time)) AS last,
        list_transform(min({{'time': time, 'id': id}}, {EXAMPLES}), one -> one.id) AS examples
    FROM ({_BETWEEN}) WHERE source <> target AND NOT starts_with(way, '{PORT}')
        AND (source IN (SELECT machine FROM led_from) OR target IN (SELECT machine FROM led_to))
    GROUP BY source, target, account, way ORDER BY ALL
"""
_SPAN: Final = "epoch_us(min(time)) AS first, epoch_us(max(time)) AS last"
_LOGGED: Final = f"""
    SELECT host AS machine, 'logons' AS what, {_SPAN} FROM Logon WHERE vantage <> 'client' AND host IS NOT NULL GROUP BY host
    UNION ALL SELECT client, 'tries', {_SPAN} FROM Logon WHERE vantage = 'client' AND client IS NOT NULL GROUP BY client
    UNION ALL SELECT host, 'commands', {_SPAN} FROM ProcessStart WHERE host IS NOT NULL GROUP BY host
    UNION ALL SELECT NULL, 'tickets', {_SPAN} FROM Ticket HAVING count(*) > 0
"""
_USED: Final = f"SELECT host, way, count(DISTINCT source) AS sources FROM {PAIRS} WHERE way IN {LOGGED_ON} GROUP BY host, way"
_LOGGING_ON: Final = f"(way IN {LOGGED_ON} OR starts_with(way, '{PORT}'))"
# A logon from an address that nobody is known to have may be the attempt that is not seen to have come to anything.
_CONFIRMED: Final = f"""
    SELECT t.number, min(c.id) FILTER (c.source = t.source) AS id, bool_or(NOT c.known) AS unknown
    FROM tries t JOIN (SELECT * FROM ({_BETWEEN}) WHERE {_LOGGING_ON} AND target IN (SELECT target FROM tries)) c ON c.target = t.target
        AND c.time >= make_timestamp(t.time) - INTERVAL {CONFIRMS} SECOND AND c.time <= make_timestamp(t.time) + INTERVAL {CONFIRMS} SECOND
    GROUP BY t.number
"""


class Contacted(NamedTuple):
    """What one account of a machine did with another in one way: how often, first and last, and its first records."""

    source: str
    target: str
    account: str | None
    way: str
    times: int
    first: Microseconds
    last: Microseconds
    examples: list[str]


class Span(NamedTuple):
    first: Microseconds
    last: Microseconds


class Logs(NamedTuple):
    """How far the logs go that tell of contacts, by machine and what they tell of: logons, tries, commands, or (by none) tickets."""

    spans: Mapping[tuple[str | None, str], Span]
    users: Mapping[tuple[str, str], int]
    """Addresses that log on to a machine in a way."""


class Confirmation(NamedTuple):
    """The record that tells of an attempt, too; ``unknown`` where somebody whose machine is not known logged on then."""

    id: str | None
    unknown: bool


def read_contacts(database: Database, sources: Collection[str], targets: Collection[str]) -> list[Contacted]:
    """Every contact that leaves one of ``sources`` or reaches one of ``targets``."""
    _register(database, "led_from", sources)
    _register(database, "led_to", targets)
    with roomy(database):
        rows = database.execute(_CONTACTED).fetchall()
    database.unregister("led_from")
    database.unregister("led_to")
    return [Contacted(*row) for row in rows]


def read_logs(database: Database) -> Logs:
    spans = database.execute(_LOGGED).fetchall()
    users = database.execute(_USED).fetchall()
    return Logs({(machine, what): Span(first, last) for machine, what, first, last in spans}, {(host, way): n for host, way, n in users})


def confirm(database: Database, tries: Sequence[Mapping[str, Any]]) -> dict[int, Confirmation]:
    """By the number of a try (``number``, ``source``, ``target``, ``time``) what else tells of it; a number may have several tries."""
    if not tries:
        return {}
    database.register("tries", pa.Table.from_pylist([dict(one) for one in tries]))
    with roomy(database):
        rows = database.execute(_CONFIRMED).fetchall()
    database.unregister("tries")
    return {number: Confirmation(id_, unknown) for number, id_, unknown in rows}


def _register(database: Database, name: str, machines: Iterable[str]) -> None:
    database.register(name, pa.table({"machine": pa.array(sorted(machines), pa.string())}))
