"""The graph's nodes and edges as Parquet, one file per node label and per edge type and pair.

The queries are written by hand, the columns are checked against the declared kinds: a property that is declared and
not written, or written and not declared, is an error and not an empty column.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from graphcorr.engine.database import Database, create_table, insert_rows, pages, schema_of
from graphcorr.graph.kinds import EDGES, NODES, Part, Type

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from graphcorr.resolve.identity import Identity

_ROWS: Final = 100_000
"""Rows that are in memory at one time while a table is written."""
_FIRST_TABLE: Final = re.compile(r"\bFROM (\w+)")
"""What a query reads first; each of the queries below has no rows when this has none."""
_EVENT: Final = "id, time, earliest, latest, log, file, member, record"

_BINDINGS: Final = schema_of(
    address=pa.string(), host=pa.string(), earliest=pa.timestamp("us"), latest=pa.timestamp("us"), basis=pa.string()
)

_SHARES: Final = schema_of(host=pa.string(), share=pa.string(), folder=pa.string(), assumed=pa.bool_())

_ACTORS: Final = """
    SELECT id, 'Write' AS label, account FROM writes WHERE account IS NOT NULL
    UNION ALL SELECT id, 'ProcessStart', concat_ws('\\', user_domain, user) FROM starts WHERE user IS NOT NULL
    UNION ALL SELECT id, 'ServiceInstall', concat_ws('\\', user_domain, user) FROM services WHERE user IS NOT NULL
"""

_LOGON: Final = "FROM full_events WHERE log = 'security-4624'"
_CONNECTION: Final = "FROM full_events WHERE log IN ('sysmon-3', 'zeek-conn')"
_PIPE: Final = "FROM full_events WHERE log IN ('sysmon-17', 'sysmon-18')"
_REMOVAL: Final = "FROM enders WHERE log IN ('sysmon-23', 'sysmon-26', 'sysmon-27')"

_NODE_QUERIES: Final[dict[str, str]] = {
    "Write": f"SELECT {_EVENT}, host, path, network, loopback, inferred FROM writes",
    "ProcessStart": f"SELECT {_EVENT}, host, image, command_line, pid, parent_image FROM starts",
    "ModuleLoad": f"SELECT {_EVENT}, host, path, image, pid, signed FROM loads",
    "ServiceInstall": f"SELECT {_EVENT}, host, service, path FROM services",
    "Removal": f"SELECT {_EVENT}, host, path, log = 'sysmon-27' AS blocked {_REMOVAL}",
    "Logon": f"SELECT {_EVENT}, host, logon_type, target_logon_id AS logon_id {_LOGON}",
    "Connection": f"SELECT {_EVENT}, host, source_port, target_port, protocol {_CONNECTION}",
    "PipeOpen": f"SELECT {_EVENT}, host, pipe {_PIPE}",
    "FileVersion": "SELECT id, host, path, name, earliest, latest, ended, ended_by FROM versions",
    "File": "SELECT host || '|' || key AS id, host, min_by(path, id) AS path, any_value(name) AS name FROM versions GROUP BY host, key",
    "Share": "SELECT host || '|' || lower(share) AS id, host, min(share) AS name, bool_or(assumed) AS assumed, any_value(folder) AS path "
    "FROM write_shares GROUP BY host, lower(share)",
    "Account": "SELECT lower(account) AS id, min(split_part(account, '\\', -1)) AS name, "
    "min(CASE WHEN contains(account, '\\') THEN split_part(account, '\\', 1) END) AS domain FROM actors GROUP BY lower(account)",
    "Address": "SELECT DISTINCT address AS id, address FROM seen_addresses",
    "Host": "SELECT DISTINCT host AS id, host AS name FROM seen_hosts",
}

_EDGE_QUERIES: Final[dict[str, str]] = {
    "WROTE__Write__FileVersion": 'SELECT write AS "from", version AS "to" FROM write_versions',
    "VERSION_OF__FileVersion__File": """SELECT id AS "from", host || '|' || key AS "to" FROM versions""",
    "STORED_ON__File__Host": """SELECT DISTINCT host || '|' || key AS "from", host AS "to" FROM versions""",
    "RAN__ProcessStart__FileVersion": """SELECT event AS "from", version AS "to", basis FROM links WHERE kind = 'RAN'""",
    "NAMED__ProcessStart__FileVersion": """SELECT event AS "from", version AS "to", role, basis FROM links WHERE kind = 'NAMED'""",
    "LOADED__ModuleLoad__FileVersion": """SELECT event AS "from", version AS "to", basis FROM links WHERE kind = 'LOADED'""",
    "POINTS_TO__ServiceInstall__FileVersion": """SELECT event AS "from", version AS "to", basis FROM links WHERE kind = 'POINTS_TO'""",
    "ENDED__Removal__FileVersion": """SELECT v.ender AS "from", v.id AS "to" FROM versions v SEMI JOIN removals r ON r.id = v.ender""",
    "CAME_FROM__Write__Address": """SELECT id AS "from", source AS "to" FROM writes WHERE source IS NOT NULL UNION
        SELECT m.write, o.source FROM origins o JOIN write_versions m USING (version) JOIN writes w ON w.id = m.write
        WHERE w.source IS NULL""",
    "CAME_FROM__Logon__Address": f'SELECT id AS "from", source_address AS "to" {_LOGON} AND source_address IS NOT NULL',
    "CAME_FROM__Connection__Address": f'SELECT id AS "from", source_address AS "to" {_CONNECTION} AND source_address IS NOT NULL',
    "WENT_TO__Connection__Address": f'SELECT id AS "from", target_address AS "to" {_CONNECTION} AND target_address IS NOT NULL',
    "WENT_THROUGH__Write__Share": """SELECT id AS "from", host || '|' || lower(share) AS "to" FROM writes WHERE share IS NOT NULL""",
    "SHARED_BY__Share__Host": """SELECT DISTINCT host || '|' || lower(share) AS "from", host AS "to" FROM writes WHERE share IS NOT NULL""",
    "ASSIGNED_TO__Address__Host": 'SELECT address AS "from", host AS "to", earliest, latest, basis FROM bindings',
}


def write_tables(database: Database, identity: Identity, folder: Path, *, relevant: bool) -> None:
    """Write every table of the graph to ``folder`` (see ``Store.replace``); an empty table has no file."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "nodes").mkdir(parents=True)
    (folder / "edges").mkdir()
    _prepare(database, identity, relevant=relevant)
    for node in (node for node in NODES if node.part is Part.EVENTS):
        _write(database, _NODE_QUERIES[node.label], {"id": Type.TEXT} | node.properties, folder / "nodes" / f"{node.label}.parquet")
    for edge in (edge for edge in EDGES if edge.part is Part.EVENTS):
        for source, target in edge.pairs:
            name = f"{edge.type}__{source}__{target}"
            query = _EDGE_QUERIES.get(name) or _common_query(edge.type, source)
            _write(database, query, {"from": Type.TEXT, "to": Type.TEXT} | edge.properties, folder / "edges" / f"{name}.parquet")


def find_nodes(database: Database, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Event id to label and id of the graph's node that stands for it; what has none is left out. Call after :func:`write_tables`."""
    database.register("sought", pa.table({"id": pa.array(sorted(set(ids)), pa.string())}))
    queries = [
        f"SELECT id, '{node.label}' AS label, id AS node FROM ({_NODE_QUERIES[node.label]}) SEMI JOIN sought USING (id)"
        for node in NODES
        if node.event
    ]
    # Two records of one process are one node.
    queries.append("SELECT other, 'ProcessStart', main FROM same_process SEMI JOIN sought ON sought.id = other")
    rows = database.execute(" UNION ALL ".join(queries)).fetchall()
    database.unregister("sought")
    return {id_: (label, node) for id_, label, node in rows}


def _common_query(edge: str, label: str) -> str:
    """Edges that every event label has."""
    if edge == "OCCURRED_ON":
        return f'SELECT id AS "from", host AS "to" FROM ({_NODE_QUERIES[label]}) WHERE host IS NOT NULL'
    if edge == "PERFORMED_BY":
        return f"""SELECT id AS "from", lower(account) AS "to" FROM actors WHERE label = '{label}'"""
    # CAME_FROM of a pipe: its log names no client
    return 'SELECT NULL::VARCHAR AS "from", NULL::VARCHAR AS "to" FROM full_events WHERE FALSE'


def _write(database: Database, query: str, columns: dict[str, Type], path: Path) -> None:
    """Write a query's rows to a file; no rows, no file."""
    [first] = _FIRST_TABLE.findall(query)[:1]
    if database.execute(f"SELECT 1 FROM {first} LIMIT 1").fetchall() == []:
        return  # asking costs a tenth of planning the query, and most tables of most hunts are empty
    selected = ", ".join(f'"{name}"::{type_.value} AS "{name}"' for name, type_ in columns.items())
    writer: pq.ParquetWriter | None = None
    try:
        for page in pages(database, f"SELECT {selected} FROM ({query})", _ROWS):
            writer = writer or pq.ParquetWriter(path, page.schema)
            writer.write_table(page)
    finally:
        if writer is not None:
            writer.close()


def _prepare(database: Database, identity: Identity, *, relevant: bool) -> None:
    """Tables that several queries share: who acted, which hosts, addresses and shares occur."""
    # What told where a write came from is evidence, and always there.
    told = "SELECT event FROM origins UNION SELECT event FROM callers UNION SELECT id FROM kept"
    only = f"AND id IN ({told})" if relevant else ""
    database.execute(
        f"CREATE {'TABLE' if relevant else 'VIEW'} full_events AS SELECT * FROM events "
        f"WHERE log IN ('security-4624', 'sysmon-3', 'zeek-conn', 'sysmon-17', 'sysmon-18') {only}"
    )
    database.execute(f"CREATE VIEW removals AS SELECT id {_REMOVAL}")
    database.execute(f"CREATE TABLE actors AS {_ACTORS}")
    _write_shares(database, identity)
    used = "SELECT source AS address FROM writes WHERE source IS NOT NULL UNION SELECT source FROM origins"
    used += " UNION SELECT source_address FROM full_events WHERE source_address IS NOT NULL"
    used += " UNION SELECT target_address FROM full_events WHERE target_address IS NOT NULL"
    database.execute(f"CREATE TABLE seen_addresses AS {used}")
    _write_bindings(database, identity)
    database.execute(
        """
        CREATE TABLE seen_hosts AS
        SELECT host FROM hosts WHERE host IS NOT NULL UNION SELECT host FROM writes UNION SELECT host FROM enders
        UNION SELECT host FROM bindings
        """
    )


def _write_shares(database: Database, identity: Identity) -> None:
    pairs = database.execute("SELECT DISTINCT host, share FROM writes WHERE share IS NOT NULL ORDER BY ALL").fetchall()
    create_table(database, "write_shares", _SHARES)
    rows: list[dict[str, object]] = []
    for host, share in pairs:
        folder = identity.shares.folder(host, share)
        rows.append(
            {"host": host, "share": share, "folder": folder.path if folder else None, "assumed": folder.assumed if folder else None}
        )
    insert_rows(database, "write_shares", _SHARES, rows)


def _write_bindings(database: Database, identity: Identity) -> None:
    create_table(database, "bindings", _BINDINGS)
    seen = [address for (address,) in database.execute("SELECT address FROM seen_addresses ORDER BY address").fetchall()]
    named = identity.addresses.bindings
    rows: list[dict[str, object]] = [
        {"address": address, "host": one.host, "earliest": one.earliest, "latest": one.latest, "basis": one.basis}
        for address in seen
        for one in named.get(address, ())
    ]
    # A machine that only its address is known of is a host, too: something came from it, or happened to it.
    rows += [{"address": address, "host": address, "basis": "no name known"} for address in seen if not named.get(address)]
    insert_rows(database, "bindings", _BINDINGS, rows)
