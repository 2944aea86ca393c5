"""What one machine did with another in one way, seen as often as it was: logged on, connected to a port of administration, tried to.

Nobody reads ten thousand logons. A contact stands for all of them that one client, one account and one target have in common, and of a
machine that half the network comes to, or that goes to half of it, for all of one way; the graph has its first records, and the
records of all are found again by :data:`RECORDS` and :data:`PAIRS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.engine.tables import INTEGER, TEXT, TEXTS, TIME, Mapped, Table
from graphcorr.model.kinds import Kind
from graphcorr.resolve.ends import OWN_END

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphcorr.resolve.identity import Identity

EXAMPLES: Final = 3
"""Records of each contact that are in the graph, and of each observation that are shown: its first ones."""
MANY: Final = 50
"""Machines that one other meets in one way and that are then told by their number alone: what so many come to is a server, and who goes
to so many looks at all of them."""
DESKTOP_RUN: Final = "shell in remote desktop"
"""The way of programs that were started in a session which a remote desktop had opened."""
LOGGED_ON: Final = (DESKTOP_RUN, "remote desktop", "network logon", "cleartext logon")
"""Ways that the target or a monitor of the network tells of as a session that was opened, the most telling first."""
PORT: Final = "port "
"""What ways begin with that are a connection alone."""
_PORTS: Final = "(135, 445, 3389, 5985, 5986)"
"""Of the port mapper, SMB, remote desktop and WinRM."""
_NOBODY: Final = "('anonymous logon')"

_ACCOUNT: Final = "CASE WHEN account IS NOT NULL THEN lower(concat_ws('\\', account_domain, account)) END"

# Computer accounts log on all day for the machine itself.
_LOGONS: Final = f"""
    SELECT id, 'Logon' AS kind, l.host, source_address AS source, {_ACCOUNT} AS account, time,
        CASE logon_type WHEN 10 THEN 'remote desktop' WHEN 8 THEN 'cleartext logon' ELSE 'network logon' END AS way
    FROM Logon l LEFT JOIN owners o ON o.address = l.source_address AND l.time >= o.since AND l.time < o.until
    WHERE vantage <> 'client' AND l.host IS NOT NULL AND logon_type IN (3, 8, 10) AND source_address IS NOT NULL
        AND NOT starts_with(source_address, '127.') AND source_address <> '::1' AND coalesce(o.host, source_address) <> l.host
        AND NOT ends_with(coalesce(account, ''), '$') AND lower(coalesce(account, '')) NOT IN {_NOBODY}
    UNION ALL SELECT id, 'Logon', host, client, {_ACCOUNT}, time,
        CASE logon_type WHEN 10 THEN 'remote desktop opened' WHEN 3 THEN 'remote management opened' ELSE 'explicit credentials' END
    FROM Logon WHERE vantage = 'client' AND host IS NOT NULL AND client IS NOT NULL AND host <> client
"""
_CONNECTIONS: Final = f"""
    WITH near AS (
        SELECT id, host, source_address, target_address, time, {OWN_END} AS own_end,
            CASE WHEN target_port IN {_PORTS} THEN target_port ELSE source_port END AS port
        FROM Connection WHERE vantage = 'own' AND initiated = FALSE AND host IS NOT NULL
            AND (target_port IN {_PORTS} OR source_port IN {_PORTS})),
    told AS (
        SELECT n.id, n.host, n.port, n.time, CASE WHEN own_end = 'source' THEN target_address WHEN own_end = 'target' THEN source_address
            WHEN s.host = n.host THEN target_address WHEN t.host = n.host THEN source_address END AS source
        FROM near n LEFT JOIN owners s ON s.address = n.source_address AND n.time >= s.since AND n.time < s.until
        LEFT JOIN owners t ON t.address = n.target_address AND n.time >= t.since AND n.time < t.until
        UNION ALL SELECT id, host, target_port, time, source_address FROM Connection
        WHERE vantage = 'sensor' AND host IS NOT NULL AND target_port IN {_PORTS})
    SELECT c.id, 'Connection' AS kind, c.host, c.source, NULL::VARCHAR AS account, c.time, '{PORT}' || c.port AS way
    FROM told c LEFT JOIN owners o ON o.address = c.source AND c.time >= o.since AND c.time < o.until
    WHERE c.source IS NOT NULL AND NOT starts_with(c.source, '127.') AND c.source <> '::1' AND coalesce(o.host, c.source) <> c.host
"""
# One start of two logs is one command.
_COMMANDS: Final = """
    SELECT c.id, 'ProcessStart' AS kind, c.target AS host, c.host AS source, lower(c.account) AS account, c.time,
        'command for ' || c.way AS way
    FROM commanded c ANTI JOIN same_process s ON s.other = c.id
"""
_DESKTOP_RUNS: Final = f"""
    SELECT r.id, 'ProcessStart' AS kind, r.host, r.source, lower(r.account) AS account, r.time, '{DESKTOP_RUN}' AS way
    FROM desktop_runs r ANTI JOIN same_process s ON s.other = r.id
    LEFT JOIN owners o ON o.address = r.source AND r.time >= o.since AND r.time < o.until
    WHERE NOT starts_with(r.source, '127.') AND r.source <> '::1' AND coalesce(o.host, r.source) <> r.host
"""
TICKET: Final = "service ticket"
"""The way that a domain controller tells of: an account was about to reach a machine, and whether it did is not known from that."""
# A controller's own services are asked for all day.
_TICKETS: Final = f"""
    SELECT t.id, 'Ticket' AS kind, m.machine AS host, t.source_address AS source, {_ACCOUNT} AS account, t.time, '{TICKET}' AS way
    FROM Ticket t JOIN ticketed m ON m.service = t.service AND m.realm IS NOT DISTINCT FROM t.account_domain
    LEFT JOIN owners o ON o.address = t.source_address AND t.time >= o.since AND t.time < o.until
    WHERE m.machine IS DISTINCT FROM t.host AND NOT starts_with(t.source_address, '127.') AND t.source_address <> '::1'
        AND coalesce(o.host, t.source_address) <> m.machine
"""
RECORDS: Final = "contact_records"
"""The view of every record with the pair that it is of."""
PAIRS: Final = "contact_pairs"
"""What each source, account and target have in common, with the contact that it is of."""

_SUMMED: Final[Mapping[str, str]] = {"count": INTEGER, "first": TIME, "last": TIME, "examples": TEXTS}
_OF_PAIR: Final[Mapping[str, str]] = dict.fromkeys(("kind", "host", "source", "account", "way"), TEXT)
_PAIR_COLUMNS: Final[Mapping[str, str]] = {
    "pair": TEXT,
    **_OF_PAIR,
    **_SUMMED,
    "folded": TEXT,  # the end at which there are too many machines to be told one by one
    "contact": TEXT,
}
_COLUMNS: Final[Mapping[str, str]] = {"id": TEXT, **_OF_PAIR, "machines": INTEGER, **_SUMMED}

_PAIRS: Final = f"""
    WITH told AS (
        SELECT pair, kind, host, source, account, way, count(*) AS count, min(time) AS first, max(time) AS last,
            list_transform(min({{'time': time, 'id': id}}, {EXAMPLES}), one -> one.id) AS examples
        FROM {RECORDS} GROUP BY pair, kind, host, source, account, way),
    sources AS (SELECT host, way FROM told GROUP BY host, way HAVING count(DISTINCT source) > {MANY}),
    targets AS (SELECT source, way FROM told GROUP BY source, way HAVING count(DISTINCT host) > {MANY}),
    ends AS (
        SELECT t.*, CASE WHEN s.host IS NOT NULL THEN 'source' WHEN g.source IS NOT NULL THEN 'host' END AS folded
        FROM told t LEFT JOIN sources s ON s.host = t.host AND s.way = t.way LEFT JOIN targets g ON g.source = t.source AND g.way = t.way)
    SELECT *, CASE folded WHEN 'source' THEN md5(concat_ws('|', '*', host, way)) WHEN 'host' THEN md5(concat_ws('|', source, '*', way))
        ELSE pair END AS contact
    FROM ends
"""
_CONTACTS: Final = f"""
    SELECT contact AS id, any_value(kind) AS kind, CASE WHEN folded = 'host' THEN NULL ELSE any_value(host) END AS host,
        CASE WHEN folded = 'source' THEN NULL ELSE any_value(source) END AS source,
        CASE WHEN folded IS NULL THEN any_value(account) END AS account, way,
        CASE folded WHEN 'source' THEN count(DISTINCT source) WHEN 'host' THEN count(DISTINCT host) END AS machines,
        sum(count)::BIGINT AS count, min(first) AS first, max(last) AS last,
        CASE WHEN folded IS NULL THEN any_value(examples)
            ELSE list_transform(min({{'time': first, 'id': examples[1]}}, {EXAMPLES}), one -> one.id) END AS examples
    FROM {PAIRS} GROUP BY contact, folded, way
"""


def _name_machine(row: Mapping[str, str], identity: Identity) -> Iterator[dict[str, object]]:
    """Only a machine that is known otherwise: group-managed accounts of services end in ``$`` as well."""
    machine = identity.names.key_of_account(row["realm"], row["service"])
    if machine is not None and (machine in identity.names.own or identity.addresses.knows(machine)):
        yield {"service": row["service"], "realm": row["realm"], "machine": machine}


TABLES: Final = (
    Table(
        "ticketed",
        "which machine a ticket is for",
        {"service": TEXT, "realm": TEXT, "machine": TEXT},
        ("Ticket",),
        Mapped("SELECT DISTINCT service, account_domain AS realm FROM Ticket WHERE service IS NOT NULL", _name_machine),
        empty_without=("Ticket",),
    ),
    Table(
        RECORDS,
        "what one machine did with another, with the pair that it is of",
        {**dict.fromkeys(("id", "kind", "host", "source", "account"), TEXT), "time": TIME, "way": TEXT, "pair": TEXT},
        ("Logon", "Connection", "Ticket", "owners", "commanded", "ticketed", "desktop_runs", "same_process"),
        "SELECT *, md5(concat_ws('|', host, source, account, way)) AS pair "
        f"FROM ({_LOGONS} UNION ALL ({_CONNECTIONS}) UNION ALL ({_COMMANDS}) "
        f"UNION ALL ({_TICKETS}) UNION ALL ({_DESKTOP_RUNS}))",
        lazy=True,
    ),
    Table(PAIRS, "what one account of one machine did with another in one way", _PAIR_COLUMNS, (RECORDS,), _PAIRS),
    Table(
        "contacts",
        "what one machine did with another, or with very many, in one way, as often as it did",
        _COLUMNS,
        (PAIRS,),
        _CONTACTS,
        empty_without=(PAIRS,),
    ),
)
RESTS_ON: Final = {
    kind: ("contacts", f"SELECT unnest(examples) AS id FROM contacts WHERE kind = '{kind}'")
    for kind in (Kind.LOGON, Kind.CONNECTION, Kind.TICKET)
}
