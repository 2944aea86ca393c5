"""Which records by System alone are no network writes: drivers, shadow copies and trace logs make the same ones."""

from __future__ import annotations

from typing import Final

from graphcorr.engine.tables import INTEGER, TEXT, TIME, Table
from graphcorr.links.names import base_name_of

_MINUTE: Final = 60_000_000
_AUDITED_MINUTES: Final = 10

# Without an audit the write stays, inferred: what nobody audits contradicts nothing.
_AUDITED: Final = """
    SELECT w.* FROM lone_writes w JOIN (
        SELECT host, min(time) AS first, max(time) AS last FROM WriteCovered
        WHERE strength = 'asked' AND host IN (SELECT host FROM lone_writes) GROUP BY host) a ON a.host = w.host
    WHERE w.time BETWEEN a.first AND a.last
"""

# Any sign of a client that may have written: a share, a file or a pipe of it, a network logon, a connection to port 445.
_CLIENTS: Final = """
    SELECT host, time, relative_path IS NULL AS unnamed FROM ShareAccess WHERE vantage = 'own' AND host IN (SELECT host FROM audited_writes)
    UNION ALL SELECT host, time, FALSE FROM PipeOpen
    WHERE vantage = 'own' AND strength = 'asked' AND host IN (SELECT host FROM audited_writes)
    UNION ALL SELECT host, time, TRUE FROM Logon
    WHERE vantage = 'own' AND logon_type = 3 AND host IN (SELECT host FROM audited_writes)
    UNION ALL SELECT host, time, TRUE FROM Connection
    WHERE vantage = 'own' AND 445 IN (source_port, target_port) AND host IN (SELECT host FROM audited_writes)
"""

# With records of an audit before and after, a minute without any client says that the write was local.
_CONTRADICTED: Final = """
    WITH lone AS (SELECT id, host, time + INTERVAL 2 SECOND AS moment FROM audited_writes),
    network AS (SELECT DISTINCT NULL AS id, host, date_trunc('second', time) AS moment FROM near_clients),
    -- A running maximum, where an ASOF join takes twenty times as long.
    marked AS (
        SELECT id, moment, max(CASE WHEN id IS NULL THEN moment END) OVER (PARTITION BY host ORDER BY moment) AS before
        FROM (SELECT * FROM lone UNION ALL SELECT * FROM network))
    SELECT id FROM marked WHERE id IS NOT NULL AND (before IS NULL OR before < moment - INTERVAL 63 SECOND)
"""

# Nor is it one where files that are opened over shares are audited before and after it, and no such record names this one. On
# a busy file server somebody reads some file at any time, and what a driver or a snapshot writes there would be theirs. A
# logon, an opened share or a connection near it may still be the client's: the audit of files is what collectors drop first,
# because it is most of the log.
_UNAUDITED: Final = f"""
    WITH lone AS (
        SELECT id, host, name, minute FROM audited_writes WHERE id NOT IN (SELECT id FROM contradicted)),
    audits AS (
        SELECT DISTINCT host, epoch_us(time) // {_MINUTE} AS minute, {base_name_of("relative_path")} AS name FROM ShareAccess
        WHERE vantage = 'own' AND strength = 'asked' AND relative_path IS NOT NULL
            AND NOT ends_with(lower(coalesce(share, 'ipc$')), 'ipc$') AND host IN (SELECT host FROM lone)),
    clients AS (
        SELECT DISTINCT host, epoch_us(time) // {_MINUTE} AS minute FROM near_clients WHERE unnamed AND host IN (SELECT host FROM lone)),
    around AS (
        SELECT id, host, name, offset_, minute + offset_ AS minute
        FROM lone, (SELECT unnest(range(-{_AUDITED_MINUTES}, {_AUDITED_MINUTES + 1})) AS offset_)),
    surrounded AS (
        SELECT id FROM around JOIN (SELECT DISTINCT host, minute FROM audits) USING (host, minute) WHERE offset_ <> 0
        GROUP BY id HAVING min(offset_) < 0 AND max(offset_) > 0),
    near AS (SELECT * FROM around WHERE offset_ BETWEEN -1 AND 1),
    told AS (
        SELECT host, minute, name FROM audits
        UNION SELECT host, epoch_us(time) // {_MINUTE}, name FROM located_writes WHERE network)
    SELECT id FROM surrounded
    WHERE id NOT IN (SELECT id FROM near SEMI JOIN told USING (host, name, minute))
        AND id NOT IN (SELECT id FROM near SEMI JOIN (SELECT * FROM audits WHERE contains(name, '~')) a USING (host, minute))
        AND id NOT IN (SELECT id FROM near SEMI JOIN clients USING (host, minute) WHERE offset_ <= 0)
"""

_LONE: Final = {"id": TEXT, "host": TEXT, "name": TEXT, "time": TIME, "minute": INTEGER}

TABLES: Final = (
    Table(
        "lone_writes",
        "writes by System alone, which name no client",
        _LONE,
        ("located_writes",),
        f"SELECT id, host, name, time, epoch_us(time) // {_MINUTE} AS minute FROM located_writes WHERE NOT network",
        empty_without=("located_writes",),
    ),
    Table(
        "audited_writes",
        "those within the time of which an audit of the network is known",
        _LONE,
        ("lone_writes", "WriteCovered"),
        _AUDITED,
        empty_without=("lone_writes",),
    ),
    Table(
        "near_clients",
        "signs of clients on the hosts of such writes",
        {"host": TEXT, "time": TIME, "unnamed": "BOOLEAN"},
        ("audited_writes", "ShareAccess", "PipeOpen", "Logon", "Connection"),
        _CLIENTS,
        empty_without=("audited_writes",),
    ),
    Table(
        "contradicted",
        "those that an audit of the network would have seen, and did not",
        {"id": TEXT},
        ("audited_writes", "near_clients"),
        _CONTRADICTED,
        empty_without=("audited_writes",),
    ),
    Table(
        "unaudited",
        "those whose file an audit of files does not name",
        {"id": TEXT},
        ("audited_writes", "contradicted", "ShareAccess", "near_clients", "located_writes"),
        _UNAUDITED,
        empty_without=("audited_writes",),
    ),
)
