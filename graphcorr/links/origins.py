"""Where a write came from when the record of it does not say: the clients that were connected at that time.

Sysmon 11 by ``System`` names no client. Clients are told by what they did near it, the most telling first: who opened a share in
whose folder the file lies, who connected to port 445 or opened a share that no log gives a folder for, who logged on over the network or
opened another share. The one client at the best of these is the source. Of several none is chosen, and all are named; who is only known
to have opened another share is named and is not the source.
What the host does on its own shares stands aside where a client is there.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graphcorr.engine.database import fill_table
from graphcorr.engine.plan import arrow_schema
from graphcorr.engine.tables import FLAG, SMALL, TEXT, Loop, Table
from graphcorr.links.sessions import may_be_one
from graphcorr.model.kinds import Kind
from graphcorr.resolve.ends import OWN_END, other_end
from graphcorr.syntax.accounts import account_name
from graphcorr.syntax.addresses import address_key, is_link_local, is_loopback
from graphcorr.syntax.paths import path_key

if TYPE_CHECKING:
    from graphcorr.engine.database import Database
    from graphcorr.resolve.identity import Identity

_BEFORE: Final = 60
_AFTER: Final = 2
"""Seconds before and after a write within which a client counts as connected."""
_LATE: Final = 120
"""Seconds after a write in which the record of a connection may still be of one from before it: Sysmon writes it that late."""

_CROWD: Final = 8
"""With more clients than this within ten seconds there is no one client, and no need to look at each of them."""
_CONNECTION: Final = "(connection)"
_LOGON: Final = "(logon)"
"""What a client did, in place of the share that it opened."""
_NOBODY: Final = "anonymous logon"

# Times alone would compare all writes of a busy server with all of its logons. So the join is one on equal minutes, it
# leaves out the moments when there was a crowd, and of the same client in the same second one record stands for all.
_RECORDS: Final = f"""
    SELECT id, host, 'ShareAccess' AS kind, time, earliest, latest, source_address, target_address, NULL AS own_end,
        account_domain AS domain, account, session, lower(split_part(rtrim(coalesce(share, ''), '\\'), '\\', -1)) AS way, share_path
    FROM ShareAccess WHERE vantage = 'own' AND relative_path IS NULL
    UNION ALL SELECT id, host, 'Logon', time, earliest, latest, source_address, target_address, NULL,
        account_domain, account, session, '{_LOGON}', NULL
    FROM Logon WHERE vantage = 'own' AND logon_type = 3
    UNION ALL SELECT id, host, 'Connection', time, earliest, latest, source_address, target_address, {OWN_END},
        NULL, NULL, NULL, '{_CONNECTION}', NULL
    FROM Connection WHERE vantage = 'own' AND initiated = FALSE AND 445 IN (source_port, target_port)
"""
_NEAR: Final = f"""
    CREATE TEMP TABLE near_origins AS
    WITH written AS (
        SELECT id AS version, host, key, write_time, epoch_us(write_time) AS moment
        FROM versions SEMI JOIN links ON links.version = versions.id
        WHERE id NOT IN (SELECT m.version FROM write_versions m JOIN writes w ON w.id = m.write WHERE w.source IS NOT NULL)),
    clients AS (
        SELECT min_by(id, (time, id)) AS id, host, kind, min(time) AS time, min(earliest) AS earliest, max(latest) AS latest,
            epoch_us(time) // 1_000_000 AS second, source_address, target_address, own_end, domain, account, session, way, share_path
        FROM ({_RECORDS}) WHERE host IN (SELECT host FROM written) AND source_address IS NOT NULL AND way <> 'ipc$'
        GROUP BY ALL),
    crowds AS (
        SELECT host, second // 10 AS ten, way, any_value(share_path) AS share_path FROM clients GROUP BY host, ten, way
        HAVING count(DISTINCT concat_ws('|', source_address, target_address)) > {_CROWD}),
    crowded AS (
        SELECT version, way, any_value(share_path) AS share_path FROM (
            SELECT version, host, unnest(range(moment // 10_000_000 - {_BEFORE // 10 - 1}, moment // 10_000_000)) AS ten FROM written)
        JOIN crowds USING (host, ten) GROUP BY version, way),
    minutes AS (
        SELECT *, unnest(range(moment // 60_000_000 - 1, moment // 60_000_000 + {_LATE // 60 + 1})) AS minute FROM written)
    SELECT l.version, l.host, l.key, l.moment, c.kind, c.source_address, c.target_address, c.own_end, c.domain, c.account,
        c.session, c.way, c.share_path, FALSE AS crowd,
        min_by({{'event': c.id, 'time': epoch_us(c.time)}}, (abs(epoch_us(c.time) - l.moment), c.id)) AS near
    FROM minutes l JOIN clients c ON c.host = l.host AND c.second // 60 = l.minute
        AND c.latest >= l.write_time - INTERVAL {_BEFORE} SECOND
        AND c.earliest <= l.write_time + CASE c.kind WHEN 'Connection' THEN INTERVAL {_LATE} SECOND ELSE INTERVAL {_AFTER} SECOND END
    ANTI JOIN crowded d ON d.version = l.version AND d.way = c.way
    GROUP BY ALL
    UNION ALL SELECT version, host, key, moment, NULL, NULL, NULL, NULL, NULL, NULL, NULL, way, share_path, TRUE, NULL
    FROM crowded JOIN written USING (version)
"""
# What a session did long after it was opened is told by its id, and not by the time. Ids begin again after a restart: the last one before.
_SESSIONS: Final = f"""
    SELECT n.near.event AS event, max_by({{'id': l.id, 'address': l.source_address}}, (l.time, l.id)) AS logon
    FROM near_origins n JOIN Logon l ON l.host = n.host AND l.session = n.session AND l.vantage = 'own'
        AND epoch_us(l.earliest) <= n.near.time + {_AFTER}_000_000 AND {may_be_one("n.account", "l.account")}
    WHERE n.kind = 'ShareAccess' GROUP BY ALL
"""


_RUNGS: Final = 4
_HOLDS, _CONNECTED, _OTHER_SHARE, _LOGGED_ON = range(_RUNGS)
"""What a client did, the most telling first. Another share speaks for the client being there, and against its having been in this one."""


class _Client(NamedTuple):
    """One sign of a client near a version: the lower the rung, the more it tells."""

    rung: int
    apart: int
    event: str
    kind: str
    address: str
    machine: str
    account: str | None
    session: str | None
    own: bool


def _read_clients(database: Database, identity: Identity) -> None:
    database.execute(_NEAR)
    logons = {event: logon["id"] for event, logon in database.execute(_SESSIONS).fetchall()}
    rows: list[dict[str, Any]] = database.sql("SELECT * FROM near_origins").to_arrow_table().to_pylist()
    database.execute("DROP TABLE near_origins")
    found: defaultdict[str, list[_Client]] = defaultdict(list)
    crowds: defaultdict[str, int] = defaultdict(lambda: _RUNGS)
    for row in rows:
        if row["crowd"]:
            crowds[row["version"]] = min(crowds[row["version"]], _rung(row, identity))
        elif client := _client(row, identity):
            found[row["version"]].append(client)
    chosen: list[dict[str, object]] = []
    for version, clients in sorted(found.items()):
        # What is less telling than a crowd says nothing against it.
        candidates = _candidates([client for client in clients if client.rung < crowds[version]])
        for place, one in enumerate(candidates):
            told: dict[str, object] = {
                "version": version,
                "event": one.event,
                "kind": one.kind,
                "source": one.address,
                "account": _account(clients, one),
            }
            told |= {"place": place, "holds": one.rung == _HOLDS, "session": one.session, "logon": logons.get(one.event)}
            chosen.append(told | {"loopback": one.own, "chosen": len(candidates) == 1 and (one.own or one.rung != _OTHER_SHARE)})
    fill_table(database, ORIGINS.name, arrow_schema(ORIGINS), chosen)


def _rung(row: dict[str, Any], identity: Identity) -> int:
    if row["way"] == _LOGON:
        return _LOGGED_ON
    if row["way"] == _CONNECTION:
        return _CONNECTED
    known = identity.shares.folder(row["host"], row["way"]) if row["share_path"] is None else None
    path = row["share_path"] or (known.path if known else None)
    folder = path_key(path) if path else None
    if folder is None or row["key"].startswith("\\\\"):
        return _CONNECTED
    return _HOLDS if row["key"].startswith(folder.rstrip("\\") + "\\") else _OTHER_SHARE


def _client(row: dict[str, Any], identity: Identity) -> _Client | None:
    host, moment = row["host"], row["moment"]

    def is_own(side: str) -> bool:
        return identity.is_self(host, side, moment)

    account = account_name(row["domain"], row["account"])
    if row["kind"] != Kind.CONNECTION:
        address = address_key(row["source_address"])
        own = address is not None and (is_own(address) or identity.is_own_account(host, account, address, moment))
    else:
        address = other_end(row["source_address"], row["target_address"], row["own_end"], is_own)
        # Where the record says which end is the host, nothing that is known of addresses makes the other one the host as well.
        same = row["own_end"] is not None and address_key(row["source_address"]) != address_key(row["target_address"])
        own = address is not None and (is_loopback(address) if same else is_own(address))
    if address is None:
        return None
    near = row["near"]
    return _Client(
        rung=_rung(row, identity),
        apart=abs(near["time"] - moment),
        event=near["event"],
        kind=row["kind"],
        address=address,
        machine=host if own else identity.host_at(address, moment).host or address,
        account=account,
        session=row["session"],
        own=own,
    )


def _candidates(clients: list[_Client]) -> list[_Client]:
    """The best sign of each machine that may have written, the nearest first."""
    others = [one for one in clients if not one.own]
    # A host that speaks to itself by its name comes from an address of its link, as whoever it does so for.
    known = {_folded(one.account) for one in others if one.account and not is_link_local(one.address)}
    own = [one for one in clients if one.own or (_is_nameless(one) and _folded(one.account) in known)]
    others = [one for one in others if one not in own]
    best = min((one.rung for one in others), default=_RUNGS)
    told = [one for one in others if one.rung == best or (one.rung > best == _OTHER_SHARE)]
    if own and best >= _LOGGED_ON:
        # Somebody is logged on at any time. Whose account the host itself uses has it do so; of anybody else nobody knows.
        accounts = {_folded(one.account) for one in own}
        if not (told := [one for one in told if one.account and _folded(one.account) in accounts]):
            told = [*own, *(one for one in others if one.rung == best)]
    nearest: dict[str, _Client] = {}
    for one in sorted(told, key=lambda one: (one.rung, one.apart, one.event)):
        nearest.setdefault(one.machine, one)
    return list(nearest.values())


def _is_nameless(client: _Client) -> bool:
    return is_link_local(client.address) and client.machine == client.address


def _folded(account: str | None) -> str | None:
    return account.lower() if account else None


def _account(clients: list[_Client], chosen: _Client) -> str | None:
    """The one account that the machine was seen with, as surely as it was seen at all; of several none."""
    of_machine = [one for one in clients if one.machine == chosen.machine and one.account and not one.account.lower().endswith(_NOBODY)]
    for told in ([one for one in of_machine if one.rung == chosen.rung], of_machine):
        if accounts := sorted({str(one.account) for one in told}):
            return accounts[0] if len({account.lower() for account in accounts}) == 1 else None
    return None


ORIGINS: Final = Table(
    "origins",
    "linked versions whose writes name no client, with those that were connected then",
    {
        **dict.fromkeys(("version", "event", "kind", "source", "account"), TEXT),
        "loopback": FLAG,
        "holds": FLAG,  # it opened the share in whose folder the file lies
        "session": TEXT,
        "logon": TEXT,  # id of the record that opened the session
        "place": SMALL,  # of several, the nearest first
        "chosen": FLAG,  # False: it is one of several, of which none is the source
    },
    ("versions", "links", "write_versions", "writes", "ShareAccess", "Logon", "Connection"),
    Loop(_read_clients),
    empty_without=("links",),
)
TABLES: Final = (ORIGINS,)
RESTS_ON: Final = {
    kind: (
        "origins",
        f"SELECT event AS id FROM origins WHERE kind = '{kind}'"
        + (" UNION SELECT logon FROM origins WHERE logon IS NOT NULL" if kind is Kind.LOGON else ""),
    )
    for kind in (Kind.SHARE_ACCESS, Kind.LOGON, Kind.CONNECTION)
}
