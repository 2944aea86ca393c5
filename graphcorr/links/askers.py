"""Who may have asked for an act: the client whose session it was done in, else whoever was connected to what does such things.

The rungs, the surest first: its own session, or the service's own record that names its client; the interface that does this kind of
thing (the service manager's or the scheduler's pipe, a call of theirs, WinRM's port, a connection that the service manager accepted), or
whoever read the file of a share that a command's output went to; a connection that the provider's program accepted; the port mapper's.
That somebody was logged on over the network at that time says nothing: on a domain controller somebody always is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from graphcorr.engine.tables import FLAG, INTEGER, SMALL, TEXT, TIME, Mapped, Table
from graphcorr.links.names import base_name_of
from graphcorr.links.provided import AFTER, BEFORE, SOON
from graphcorr.links.sessions import far, may_be_one
from graphcorr.model.kinds import Kind
from graphcorr.resolve.ends import OWN_END, other_end
from graphcorr.syntax.accounts import account_name
from graphcorr.syntax.addresses import address_key, is_link_local, is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphcorr.resolve.identity import Identity

SESSION, INTERFACE, PROGRAM, PORT = range(4)
"""Rungs."""
NETWORK: Final = 3
"""The type of a logon over the network."""
_LATE: Final = 5
"""Seconds that Sysmon may write a connection down after it was made."""
_BUCKET: Final = "epoch_us(time) // 30_000_000"
_WINRM: Final = "(5985, 5986)"
_RPC: Final = "('svcctl', 'atsvc', 'itaskschedulerservice', 'iwbemservices', 'wsman')"

_PIPE_OF: Final = "CASE WHEN pipe IN ('svcctl', 'ntsvcs') THEN 'service' WHEN pipe = 'atsvc' THEN 'task' END"
_CALL_OF: Final = (
    "CASE interface WHEN 'svcctl' THEN 'service' WHEN 'atsvc' THEN 'task' WHEN 'itaskschedulerservice' THEN 'task' "
    "WHEN 'iwbemservices' THEN 'wmi' WHEN 'wsman' THEN 'winrm' END"
)
_PORT: Final = f"CASE WHEN {OWN_END} = 'source' THEN source_port ELSE target_port END"

# Each sign names the kinds of acts that it is a sign of: a connection to the port mapper is one of all that RPC does.
_SIGNS: Final = f"""
    SELECT id, host, 'PipeOpen' AS kind, time, earliest, latest, source_address, target_address, NULL AS own_end,
        account_domain AS domain, account, session, [{_PIPE_OF}] AS mechanisms, {INTERFACE} AS rung, NULL::INTEGER AS port, NULL AS program
    FROM PipeOpen WHERE pipe IN ('svcctl', 'ntsvcs', 'atsvc') AND source_address IS NOT NULL
    UNION ALL BY NAME SELECT id, host, 'Call' AS kind, time, earliest, latest, source_address, target_address, 'target' AS own_end,
        by_domain AS domain, by_account AS account,
        CASE interface WHEN 'iwbemservices' THEN ['wmi', 'subscription'] ELSE [{_CALL_OF}] END AS mechanisms, {INTERFACE} AS rung
    FROM (
        SELECT c.*, a.account AS by_account, a.account_domain AS by_domain
        FROM Call c LEFT JOIN connection_accounts a ON c.vantage = 'sensor' AND c.uid = a.uid)
    WHERE interface IN {_RPC} AND source_address IS NOT NULL
    UNION ALL BY NAME SELECT id, host, 'Connection' AS kind, time, earliest, latest, source_address, target_address, own_end, port, program,
        CASE WHEN port IN {_WINRM} THEN ['winrm', 'wmi', 'subscription'] WHEN program = 'services.exe' THEN ['service']
            WHEN program IN ('explorer.exe', 'mmc.exe', 'mshta.exe', 'excel.exe', 'winword.exe', 'iexplore.exe') THEN ['dcom']
            WHEN program = 'wmiprvse.exe' THEN ['wmi'] WHEN port = 135 THEN ['wmi', 'dcom', 'service', 'task', 'subscription']
            ELSE ['wmi', 'task', 'subscription'] END AS mechanisms,
        CASE WHEN port IN {_WINRM} OR program = 'services.exe' THEN {INTERFACE} WHEN port = 135 THEN {PORT} ELSE {PROGRAM} END AS rung
    FROM (
        SELECT id, host, time, earliest, latest, source_address, target_address, {OWN_END} AS own_end, {_PORT} AS port,
            {base_name_of("image")} AS program
        FROM Connection WHERE vantage = 'own' AND initiated = FALSE
        UNION ALL SELECT c.id, o.host, c.time, c.earliest, c.latest, c.source_address, c.target_address, 'target', c.target_port, NULL
        FROM Connection c JOIN owners o ON o.address = c.target_address AND c.time >= o.since AND c.time < o.until
        WHERE c.vantage = 'own' AND c.initiated AND c.target_port IN (135, 5985, 5986) AND o.host <> c.host
        UNION ALL SELECT id, host, time, earliest, latest, source_address, target_address, 'target', target_port, NULL
        FROM Connection WHERE vantage = 'sensor' AND target_port IN (135, 5985, 5986))
    -- What the host of all services accepts from high ports is RPC; from low ones it is anything, the mapper's being told apart.
    WHERE port IN (135, 5985, 5986) OR program IN ('services.exe', 'explorer.exe', 'mmc.exe', 'mshta.exe', 'excel.exe', 'winword.exe',
        'iexplore.exe', 'wmiprvse.exe') OR (program = 'svchost.exe' AND port >= 49152)
"""

# Of what a session did, its opening says most: 4624 with its type; a share or a pipe opened in it has at least the client's address.
_OPENED: Final = f"""
    SELECT a.act, a.host, epoch_us(a.time) AS moment, l.id AS event, l.kind, l.time, l.logon_type, l.source_address, l.target_address,
        NULL::VARCHAR AS own_end, l.domain, l.account, {SESSION} AS rung, NULL::INTEGER AS port, NULL::VARCHAR AS program,
        a.mechanism = 'dcom' AND l.logon_type <> {NETWORK} AS desk
    FROM acts a JOIN (
        SELECT id, host, 'Logon' AS kind, time, earliest, session, logon_type, source_address, target_address,
            account_domain AS domain, account, 0 AS place
        FROM Logon WHERE vantage = 'own' AND {far("session")}
        UNION ALL
        SELECT id, host, 'ShareAccess', time, earliest, session, {NETWORK}, source_address, target_address, account_domain, account, 1
        FROM ShareAccess WHERE vantage = 'own' AND source_address IS NOT NULL AND {far("session")}
        UNION ALL
        SELECT id, host, 'PipeOpen', time, earliest, session, {NETWORK}, source_address, target_address, account_domain, account, 1
        FROM PipeOpen WHERE vantage = 'own' AND source_address IS NOT NULL AND {far("session")}) l
        ON l.host = a.host AND l.session = a.session AND (l.earliest <= a.latest + INTERVAL {AFTER} SECOND OR l.place = 1)
        AND {may_be_one("a.whose", "l.account")}
    -- Ids begin again after a restart: the last one before. Without the logon any sign of the session will do, the nearest.
    QUALIFY row_number() OVER (PARTITION BY a.act ORDER BY l.place, CASE WHEN l.place = 0 THEN -epoch_us(l.time)
        ELSE abs(epoch_us(l.time) - epoch_us(a.time)) END, l.id) = 1
"""
_NEAR: Final = f"""
    WITH asked AS (
        SELECT * REPLACE (coalesce(set_up, time) AS time, coalesce(set_up, earliest) AS earliest, coalesce(set_up, latest) AS latest)
        FROM acts),
    due AS (SELECT *, unnest([{_BUCKET} - 1, {_BUCKET}, {_BUCKET} + 1]) AS bucket FROM asked)
    SELECT a.act, a.host, epoch_us(a.time) AS moment, min_by(s.id, (abs(epoch_us(s.time) - epoch_us(a.time)), s.id)) AS event, s.kind,
        min_by(s.time, (abs(epoch_us(s.time) - epoch_us(a.time)), s.id)) AS time, NULL::INTEGER AS logon_type, s.source_address,
        s.target_address, s.own_end, s.domain, s.account,
        -- A service that itself says for whom it worked leaves nothing to conclude.
        min(CASE WHEN s.id = a.act AND a.mechanism IN ('winrm', 'wmi') THEN {SESSION} ELSE s.rung END) AS rung, s.port, s.program,
        FALSE AS desk
    FROM due a JOIN (SELECT *, {_BUCKET} AS bucket FROM ({_SIGNS})) s ON s.host = a.host AND s.bucket = a.bucket
        AND list_contains(s.mechanisms, a.mechanism) AND s.latest >= a.earliest - INTERVAL {BEFORE} SECOND
        AND s.earliest <= a.latest + CASE s.kind WHEN 'Connection' THEN INTERVAL {_LATE} SECOND ELSE INTERVAL {AFTER} SECOND END
    GROUP BY a.act, a.host, a.time, s.kind, s.source_address, s.target_address, s.own_end, s.domain, s.account, s.rung, s.port, s.program
"""

_READ: Final = rf"""
    WITH told AS (
        SELECT act, host, time, earliest, latest, replace(lower(line), '"', ' ') || ' ' AS line FROM acts WHERE contains(line, '>'))
    SELECT a.act, a.host, epoch_us(a.time) AS moment, min_by(s.id, (s.time, s.id)) AS event, 'ShareAccess' AS kind, min(s.time) AS time,
        NULL::INTEGER AS logon_type, s.source_address, s.target_address, NULL::VARCHAR AS own_end, s.account_domain AS domain, s.account,
        {INTERFACE} AS rung, NULL::INTEGER AS port, NULL::VARCHAR AS program, FALSE AS desk
    FROM told a JOIN ShareAccess s ON s.host = a.host AND s.latest >= a.earliest AND s.earliest <= a.latest + INTERVAL {SOON} SECOND
        -- What the machine writes to its own share is no reading, and what lies on a share for everybody is read by others.
        AND s.share LIKE '%$' AND s.source_address IS NOT NULL AND coalesce(s.access_mask & 6, 0) = 0 AND length(s.relative_path) > 3
        AND contains(a.line, concat('\', regexp_extract(lower(s.share), '[^\\]+$'), '\', lower(s.relative_path), ' '))
    GROUP BY a.act, a.host, a.time, s.source_address, s.target_address, s.account_domain, s.account
"""


def _tell(row: Mapping[str, Any], identity: Identity) -> Iterator[dict[str, object]]:
    """The client of one sign; without an address only a session says something."""
    host, moment = row["host"], row["moment"]

    def is_own(side: str) -> bool:
        # A host that nothing but a monitor tells of goes by its address.
        return side == host or identity.is_self(host, side, moment)

    account = account_name(row["domain"], row["account"])
    if row["desk"]:
        address = None  # who sits at the desktop, here or from afar, is not who called what runs there
    elif row["kind"] == Kind.CONNECTION.value:
        address = other_end(row["source_address"], row["target_address"], row["own_end"], is_own)
    else:
        address = address_key(row["source_address"])
    if address is None and row["rung"] != SESSION:
        return
    # Only the machine has its machine account's key. SYSTEM from elsewhere is no account of the machine but a hole in it.
    own = address is not None and (is_loopback(address) or is_own(address) or _is_machine(host, account, address, moment, identity))
    # A host that speaks to itself by its name comes from an address of its link; of whose nobody knows, of a client's as well.
    if address is not None and not own and is_link_local(address) and identity.host_at(address, moment).host is None:
        return
    told = {"act": row["act"], "event": row["event"], "kind": row["kind"], "time": row["time"], "rung": row["rung"]}
    told |= {"source": address, "account": account, "own": own, "logon_type": row["logon_type"], "port": row["port"]}
    yield told | {
        "program": row["program"],
        "machine": None if address is None else host if own else identity.host_at(address, moment).host or address,
        "apart": abs(int(row["time"].timestamp() * 1_000_000) - moment) if not isinstance(row["time"], int) else abs(row["time"] - moment),
    }


def _is_machine(host: str, account: str | None, address: str, moment: int, identity: Identity) -> bool:
    return account is not None and account.endswith("$") and identity.is_own_account(host, account, address, moment)


ASKERS: Final = Table(
    "askers",
    "acts with every client that may have asked for them",
    {
        **dict.fromkeys(("act", "event", "kind", "source", "account", "machine", "program"), TEXT),
        "time": TIME,
        "rung": SMALL,
        "own": FLAG,
        "logon_type": SMALL,
        "port": SMALL,
        "apart": INTEGER,
    },
    ("acts", "session_signs", "near_signs", "output_signs"),
    Mapped("SELECT * FROM session_signs UNION ALL BY NAME SELECT * FROM near_signs UNION ALL BY NAME SELECT * FROM output_signs", _tell),
    empty_without=("acts",),
)
_SIGN_COLUMNS: Final[Mapping[str, str]] = {
    "act": TEXT,
    "host": TEXT,
    "moment": INTEGER,  # of the act, in microseconds
    "event": TEXT,
    "kind": TEXT,
    "time": TIME,
    "logon_type": SMALL,
    **dict.fromkeys(("source_address", "target_address", "own_end", "domain", "account"), TEXT),
    "rung": SMALL,
    "port": SMALL,
    "program": TEXT,
    "desk": FLAG,  # it opened the desktop that a server of DCOM runs on
}
TABLES: Final = (
    # Apart from each other: of both in one statement the engine makes a plan that takes hundreds of megabytes for a hundred acts.
    Table(
        "session_signs",
        "acts with who opened the session that they were done in",
        _SIGN_COLUMNS,
        ("acts", "Logon", "ShareAccess", "PipeOpen"),
        _OPENED,
        empty_without=("acts",),
    ),
    Table(
        "output_signs",
        "acts whose output went to a file of a share, with who read it there",
        _SIGN_COLUMNS,
        ("acts", "ShareAccess"),
        _READ,
        empty_without=("acts", "ShareAccess"),
    ),
    Table(
        "near_signs",
        "acts with signs of clients near them",
        _SIGN_COLUMNS,
        ("acts", "PipeOpen", "Call", "Connection", "owners", "connection_accounts"),
        _NEAR,
        empty_without=("acts",),
    ),
    ASKERS,
)
