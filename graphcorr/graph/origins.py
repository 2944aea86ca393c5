"""Where a write came from when the record of it does not say: the one client that was connected at that time.

Sysmon 11 by ``System`` names no client. A share access, a network logon or an accepted connection to port 445 close
to it does, if there is exactly one such client; of several, none is chosen.
"""

from __future__ import annotations

from typing import Final

from graphcorr.graph.identity import Identity
from graphcorr.resolve.database import Database
from graphcorr.syntax.accounts import account_name
from graphcorr.syntax.addresses import address_key

import pyarrow as pa

from graphcorr.resolve.database import create_table, insert_rows

_BEFORE: Final = "INTERVAL 60 SECOND"
_AFTER: Final = "INTERVAL 2 SECOND"

_SCHEMA: Final = pa.schema(
    [("version", pa.string()), ("event", pa.string()), ("source", pa.string()), ("account", pa.string()), ("loopback", pa.bool_())]
)


def load_origins(database: Database, identity: Identity) -> None:
    """Create ``origins`` (version, event, source, account, loopback) for linked versions that no network record covers."""
    create_table(database, "origins", _SCHEMA)
    rows = database.execute(
        f"""
        WITH lone AS (
            SELECT v.id, v.host, v.write_time FROM versions v SEMI JOIN links l ON l.version = v.id
            WHERE NOT EXISTS (SELECT 1 FROM write_versions m JOIN writes w ON w.id = m.write WHERE m.version = v.id AND w.network))
        SELECT v.id, v.host, e.id, e.log, e.initiated, e.source_address, e.target_address,
            coalesce(e.target_user_domain, e.user_domain), coalesce(e.target_user, e.user)
        FROM lone v JOIN events e ON e.host = v.host AND e.latest >= v.write_time - {_BEFORE} AND e.earliest <= v.write_time + {_AFTER}
        WHERE e.log = 'security-5140' OR (e.log = 'security-4624' AND e.logon_type = 3)
            OR (e.log = 'sysmon-3' AND e.initiated = FALSE AND 445 IN (e.source_port, e.target_port))
        ORDER BY v.id, abs(epoch_us(e.time) - epoch_us(v.write_time)), e.id
        """
    ).fetchall()
    clients: dict[str, dict[str, dict[str, object]]] = {}
    for version, host, event, log, _, source, target, domain, user in rows:
        # Old Sysmon logs an accepted connection with the local side as source: the client is the side that is not the host.
        sides = [address_key(side) for side in (source, target) if side]
        remote = [side for side in sides if side and not identity.addresses.is_own(host, side)]
        client = remote[0] if log == "sysmon-3" and len(remote) == 1 else address_key(source) if source and log != "sysmon-3" else None
        if client is None:
            continue
        account = account_name(domain, user) if log != "sysmon-3" else None
        known = clients.setdefault(version, {}).setdefault(
            client,
            {"version": version, "event": event, "source": client, "account": account, "loopback": identity.is_self(host, client)},
        )
        known["account"] = known["account"] or account
    insert_rows(database, "origins", _SCHEMA, [next(iter(found.values())) for found in clients.values() if len(found) == 1])
