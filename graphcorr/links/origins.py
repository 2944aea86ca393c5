"""Where a write came from when the record of it does not say: the one client that was connected at that time.

Sysmon 11 by ``System`` names no client. A client that opened a disk share or connected to port 445 close to it does, if
there is exactly one; where nobody did, a network logon, which may have been for anything else. Of several none is chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from graphcorr.engine.database import fill_table
from graphcorr.engine.plan import arrow_schema
from graphcorr.engine.tables import FLAG, TEXT, Loop, Table
from graphcorr.model.kinds import Kind
from graphcorr.syntax.accounts import account_name
from graphcorr.syntax.addresses import address_key

if TYPE_CHECKING:
    from graphcorr.engine.database import Database
    from graphcorr.resolve.identity import Identity

_BEFORE: Final = 60
_AFTER: Final = 2
"""Seconds before and after a write within which a client counts as connected."""

_CROWD: Final = 8
"""With more clients than this within ten seconds there is no one client, and no need to look at each of them."""

# Times alone would compare all writes of a busy server with all of its logons. So the join is one on equal minutes, it
# leaves out the moments when there was a crowd, and of the same client in the same second one record stands for all.
_NEAR: Final = f"""
    WITH written AS (
        SELECT id AS version, host, write_time, epoch_us(write_time) AS moment FROM versions SEMI JOIN links ON links.version = versions.id
        WHERE id NOT IN (SELECT m.version FROM write_versions m JOIN writes w ON w.id = m.write WHERE w.source IS NOT NULL)),
    records AS (
        SELECT id, host, 'ShareAccess' AS kind, time, earliest, latest, source_address, target_address, account_domain AS domain, account,
            NOT ends_with(lower(coalesce(share, '')), 'ipc$') AS file_service
        FROM ShareAccess WHERE vantage = 'own' AND relative_path IS NULL
        UNION ALL SELECT id, host, 'Logon', time, earliest, latest, source_address, target_address, account_domain, account, FALSE
        FROM Logon WHERE vantage = 'own' AND logon_type = 3
        UNION ALL SELECT id, host, 'Connection', time, earliest, latest, source_address, target_address, NULL, NULL, TRUE
        FROM Connection WHERE vantage = 'own' AND initiated = FALSE AND 445 IN (source_port, target_port)),
    clients AS (
        SELECT min_by(id, (time, id)) AS id, host, kind, min(time) AS time, min(earliest) AS earliest, max(latest) AS latest,
            epoch_us(time) // 1_000_000 AS second, source_address, target_address, domain, account, file_service
        FROM records WHERE host IN (SELECT host FROM written) AND source_address IS NOT NULL
        GROUP BY ALL),
    crowds AS (
        SELECT host, second // 10 AS ten, file_service FROM clients GROUP BY ALL
        HAVING count(DISTINCT concat_ws('|', source_address, target_address)) > {_CROWD}),
    crowded AS (
        SELECT DISTINCT version, file_service
        FROM (SELECT version, host, unnest(range(moment // 10_000_000 - {_BEFORE // 10 - 1}, moment // 10_000_000)) AS ten FROM written) w
        JOIN crowds USING (host, ten)),
    alone AS (
        SELECT *, version IN (SELECT version FROM crowded) AS among_logons,
            unnest([moment // {_BEFORE}_000_000 - 1, moment // {_BEFORE}_000_000, moment // {_BEFORE}_000_000 + 1]) AS minute
        FROM written WHERE version NOT IN (SELECT version FROM crowded WHERE file_service))
    SELECT l.version, l.host, l.moment AS time, c.kind, c.file_service, c.source_address, c.target_address, c.domain, c.account,
        min_by(c.id, (abs(epoch_us(c.time) - l.moment), c.id)) AS event
    FROM alone l JOIN clients c ON c.host = l.host AND c.second // {_BEFORE} = l.minute AND (c.file_service OR NOT l.among_logons)
        AND c.latest >= l.write_time - INTERVAL {_BEFORE} SECOND AND c.earliest <= l.write_time + INTERVAL {_AFTER} SECOND
    GROUP BY ALL
    ORDER BY l.version, min(abs(epoch_us(c.time) - l.moment)), event
"""


def _read_clients(database: Database, identity: Identity) -> None:
    rows: list[dict[str, Any]] = database.sql(_NEAR).to_arrow_table().to_pylist()
    of_files: dict[str, dict[str, dict[str, object]]] = {}
    of_logons: dict[str, dict[str, dict[str, object]]] = {}
    for row in rows:
        client = _client(row, identity)
        if client is None:
            continue
        account = account_name(row["domain"], row["account"]) if row["kind"] != "Connection" else None
        known = (
            (of_files if row["file_service"] else of_logons)
            .setdefault(row["version"], {})
            .setdefault(
                client,
                {
                    "version": row["version"],
                    "event": row["event"],
                    "kind": row["kind"],
                    "source": client,
                    "account": None,
                    "loopback": identity.is_self(row["host"], client, row["time"]),
                },
            )
        )
        known["account"] = known["account"] or account
    chosen: list[dict[str, object]] = []
    for version in sorted(of_files.keys() | of_logons.keys()):
        found = of_files.get(version) or of_logons[version]
        if len(found) == 1:
            client, origin = next(iter(found.items()))
            logon = of_logons.get(version, {}).get(client, {})
            chosen.append(origin | {"account": origin["account"] or logon.get("account")})
    fill_table(database, ORIGINS.name, arrow_schema(ORIGINS), chosen)


def _client(row: dict[str, Any], identity: Identity) -> str | None:
    if row["kind"] != "Connection":
        return address_key(row["source_address"])
    # Old Sysmon logs an accepted connection with the local side as source: the client is the side that is not the host.
    sides = {key for side in (row["source_address"], row["target_address"]) if (key := address_key(side))}
    remote = sides - {side for side in sides if identity.is_self(row["host"], side, row["time"])}
    if len(remote) == 1:
        return remote.pop()
    # Both are the host itself, or nothing tells which one is.
    return min(sides) if sides and not remote else None


ORIGINS: Final = Table(
    "origins",
    "linked versions whose writes name no client, with the one that was connected then",
    {"version": TEXT, "event": TEXT, "kind": TEXT, "source": TEXT, "account": TEXT, "loopback": FLAG},
    ("versions", "links", "write_versions", "writes", "ShareAccess", "Logon", "Connection"),
    Loop(_read_clients),
    empty_without=("links",),
)
TABLES: Final = (ORIGINS,)
RESTS_ON: Final = {
    kind: ("origins", f"SELECT event AS id FROM origins WHERE kind = '{kind}'") for kind in (Kind.SHARE_ACCESS, Kind.LOGON, Kind.CONNECTION)
}
