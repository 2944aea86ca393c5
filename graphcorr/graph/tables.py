"""The graph's nodes and edges as Parquet, one file per node label and per edge type and pair.

What events are, and who took part in them, follows from the facts; the queries here are about what links made of them. Columns
are checked against the declared kinds: a property that is declared and not written, or written and not declared, is an error
and not an empty column, and so is an edge that nobody makes.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from graphcorr.engine.database import Database, create_table, insert_rows, schema_of
from graphcorr.facts.base import ENDS
from graphcorr.facts.catalog import facts
from graphcorr.graph.kinds import EDGES, NODES, RESULTING, SHOWING, Part, Type
from graphcorr.graph.shown import EVENT_PROPERTIES, shown_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from graphcorr.resolve.identity import Identity

_ROWS: Final = 20_480
"""Rows that are in memory at one time while a table is written."""
_FIRST_TABLE: Final = re.compile(r"\bFROM (\w+)")
"""What a query reads first; each of the queries below has no rows when this has none."""

_BINDINGS: Final = schema_of(
    address=pa.string(), host=pa.string(), earliest=pa.timestamp("us"), latest=pa.timestamp("us"), basis=pa.string()
)

_FORMER: Final = schema_of(host=pa.string(), former_names=pa.string())

_FILLED: Final = schema_of(label=pa.string())
"""Labels that have nodes."""

_SHARES: Final = schema_of(host=pa.string(), share=pa.string(), folder=pa.string(), assumed=pa.bool_())

_EVENT_NODES: Final = {kind.value: fact.node for kind, fact in facts().items() if fact.node is not None}

_LINKED_LAST: Final = sorted((node for node in NODES if node.event), key=lambda node: _EVENT_NODES[node.label].table is not None)
"""So that of several nodes of one record the one that links were made of is found last."""

_NODE_QUERIES: Final[dict[str, str]] = {
    **{
        label: f"SELECT id, {', '.join((*EVENT_PROPERTIES, *node.properties))} FROM {shown_name(label)}"
        for label, node in _EVENT_NODES.items()
    },
    "FileVersion": "SELECT id, host, path, name, earliest, latest, ended, ended_by FROM versions",
    "Request": "SELECT id, host, mechanism, time, earliest, latest, ran, telling, loopback FROM requests",
    "Contact": "SELECT id, host, source, account, way, machines, count, first, last FROM contacts",
    "Behavior": "SELECT id, host, account, technique, way, object, count, first, last FROM behaviors",
    "Novelty": "SELECT id, host, source, account, thing, seen, way, history, machines, count, first, last FROM novelties",
    "File": "SELECT host || '|' || key AS id, host, min_by(path, id) AS path, any_value(name) AS name FROM versions GROUP BY host, key",
    "Share": "SELECT host || '|' || lower(share) AS id, host, min(share) AS name, bool_or(assumed) AS assumed, any_value(folder) AS path "
    "FROM write_shares GROUP BY host, lower(share)",
    "Account": "SELECT lower(account) AS id, min(split_part(account, '\\', -1)) AS name, "
    "min(CASE WHEN contains(account, '\\') THEN split_part(account, '\\', 1) END) AS domain FROM actors GROUP BY lower(account)",
    "Address": "SELECT DISTINCT address AS id, address FROM seen_addresses",
    "Host": "SELECT s.host AS id, s.host AS name, former_names FROM seen_hosts s LEFT JOIN former_hosts f ON f.host = s.host",
}
_EDGE_QUERIES: Final[dict[str, str]] = {
    "WROTE__Write__FileVersion": 'SELECT write AS "from", version AS "to" FROM write_versions',
    "VERSION_OF__FileVersion__File": """SELECT id AS "from", host || '|' || key AS "to" FROM versions""",
    "STORED_ON__File__Host": """SELECT DISTINCT host || '|' || key AS "from", host AS "to" FROM versions""",
    "RAN__ProcessStart__FileVersion": """SELECT event AS "from", version AS "to", basis FROM links WHERE kind = 'RAN'""",
    "NAMED__ProcessStart__FileVersion": """SELECT event AS "from", version AS "to", role, basis FROM links WHERE kind = 'NAMED'""",
    # Of two records of one start the graph has one.
    "RAN_FROM__ProcessStart__FileVersion": """SELECT DISTINCT coalesce(s.main, l.event) AS "from", l.version AS "to"
        FROM share_links l LEFT JOIN same_process s ON s.other = l.event""",
    "LOADED__ModuleLoad__FileVersion": """SELECT event AS "from", version AS "to", basis FROM links WHERE kind = 'LOADED'""",
    "POINTS_TO__ServiceInstall__FileVersion": """SELECT event AS "from", version AS "to", basis FROM links WHERE kind = 'POINTS_TO'""",
    "ASKED_FOR__Call__FileVersion": """SELECT event AS "from", version AS "to", role, basis FROM links WHERE kind = 'ASKED_FOR'""",
    "ENDED__Removal__FileVersion": """SELECT r.id AS "from", v.id AS "to" FROM shown_Removal r JOIN versions v ON v.ender = r.id""",
    # A write whose record names no client came from the one that was connected then.
    "CAME_FROM__Write__Address": """SELECT id AS "from", CAME_FROM AS "to" FROM shown_Write WHERE CAME_FROM IS NOT NULL UNION
        SELECT m.write, o.source FROM origins o JOIN write_versions m USING (version) JOIN writes w ON w.id = m.write
        WHERE w.source IS NULL AND o.chosen""",
    "WENT_THROUGH__Write__Share": """SELECT id AS "from", host || '|' || lower(share) AS "to" FROM writes WHERE share IS NOT NULL""",
    "SHARED_BY__Share__Host": """SELECT DISTINCT host || '|' || lower(share) AS "from", host AS "to" FROM writes WHERE share IS NOT NULL""",
    "OCCURRED_ON__Request__Host": 'SELECT id AS "from", host AS "to" FROM requests',
    "CAME_FROM__Request__Address": """SELECT request AS "from", source AS "to" FROM request_clients WHERE chosen AND source IS NOT NULL""",
    "STARTED__Request__ProcessStart": """SELECT request AS "from", start AS "to" FROM requested WHERE start IS NOT NULL""",
    "STARTED__Request__ModuleLoad": """SELECT request AS "from", load AS "to" FROM requested WHERE load IS NOT NULL""",
    "STARTED__Request__TaskRun": """SELECT request AS "from", action AS "to" FROM requested WHERE action IS NOT NULL""",
    **{
        f"SET_UP__Request__{kind}": f"""SELECT request AS "from", unnest(registered) AS "to" FROM requested
            WHERE mechanism = '{mechanism}'"""
        for kind, mechanism in (("ServiceInstall", "service"), ("TaskChange", "task"), ("Subscription", "subscription"))
    },
    "CALLED__Request__Call": """SELECT request AS "from", unnest(calls) AS "to" FROM requested WHERE calls IS NOT NULL""",
    **{
        f"ASKED_BY__Request__{kind}": f"""SELECT request AS "from", event AS "to", rung, chosen FROM request_clients
            WHERE kind = '{kind}'"""
        for kind in ("Logon", "PipeOpen", "ShareAccess", "Call", "Connection")
    },
    "OCCURRED_ON__Contact__Host": 'SELECT id AS "from", host AS "to" FROM contacts WHERE host IS NOT NULL',
    "OCCURRED_ON__Behavior__Host": 'SELECT id AS "from", host AS "to" FROM behaviors',
    "CAME_FROM__Contact__Address": """SELECT id AS "from", source AS "to" FROM contacts
        WHERE source IN (SELECT address FROM seen_addresses)""",
    **{
        f"SEEN_IN__Contact__{kind}": f"""SELECT id AS "from", unnest(examples) AS "to" FROM contacts WHERE kind = '{kind}'"""
        for kind in ("Logon", "Connection", "ProcessStart", "Ticket")
    },
    **{
        f"SHOWS__{kind}__Behavior": f"""SELECT DISTINCT id AS "from", behavior AS "to" FROM behavior_records WHERE kind = '{kind}'"""
        for kind in SHOWING
    },
    **{
        f"LED_TO__Behavior__{kind}": f"""SELECT behavior AS "from", event AS "to" FROM behavior_outcomes WHERE kind = '{kind}'"""
        for kind in RESULTING
    },
    "DOWNLOADED__HttpRequest__FileVersion": """SELECT event AS "from", version AS "to" FROM downloads""",
    "OCCURRED_ON__Novelty__Host": 'SELECT id AS "from", host AS "to" FROM novelties WHERE host IS NOT NULL',
    "CAME_FROM__Novelty__Address": """SELECT id AS "from", source AS "to" FROM novelties
        WHERE source IN (SELECT address FROM seen_addresses)""",
    **{
        f"SEEN_IN__Novelty__{kind}": f"""SELECT id AS "from", unnest(examples) AS "to" FROM novelties WHERE kind = '{kind}'"""
        for kind in ("Logon", "Connection", "Write")
    },
    "ASSIGNED_TO__Address__Host": 'SELECT address AS "from", host AS "to", earliest, latest, basis FROM bindings',
}
for _label, _node in _EVENT_NODES.items():
    for _type in _node.ends:
        _end = f"lower({_type})" if _type == "PERFORMED_BY" else _type
        _EDGE_QUERIES.setdefault(
            f"{_type}__{_label}__{ENDS[_type][0]}",
            f'SELECT id AS "from", {_end} AS "to" FROM {shown_name(_label)} WHERE {_type} IS NOT NULL',
        )


def write_tables(database: Database, identity: Identity, folder: Path, empty: Collection[str]) -> None:
    """Write every table of the graph to ``folder`` (see ``Store.replace``); an empty table has no file.

    ``empty`` are tables of phase 2 that have no rows: what is shown of a kind is then not even there.
    """
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "nodes").mkdir(parents=True)
    (folder / "edges").mkdir()
    _prepare(database, identity, empty)
    for node in (node for node in NODES if node.part is Part.EVENTS):
        columns = {"id": Type.TEXT} | node.properties
        _write(database, _NODE_QUERIES[node.label], columns, folder / "nodes" / f"{node.label}.parquet", empty)
    create_table(database, "filled", _FILLED)
    insert_rows(database, "filled", _FILLED, [{"label": label} for label in sorted(filled_labels(folder))])
    for edge in (edge for edge in EDGES if edge.part is Part.EVENTS):
        for source, target in edge.pairs:
            name = f"{edge.type}__{source}__{target}"
            columns = {"from": Type.TEXT, "to": Type.TEXT} | edge.properties
            _write(database, _EDGE_QUERIES[name], columns, folder / "edges" / f"{name}.parquet", empty)


def filled_labels(folder: Path) -> frozenset[str]:
    """The labels of which the tables in ``folder`` have nodes."""
    return frozenset(path.stem for path in (folder / "nodes").iterdir())


def filled_edges(folder: Path) -> list[tuple[str, str, str]]:
    """Type and labels of the edges of which the tables in ``folder`` have any."""
    named = sorted(path.stem.split("__") for path in (folder / "edges").glob("*.parquet"))
    return [(type_, source, target) for type_, source, target in named]


def find_nodes(database: Database, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Event id to label and id of the graph's node that stands for it; what has none is left out. Call after :func:`write_tables`.

    One record may tell of several kinds of things: that which links were made of stands for it.
    """
    filled = {label for (label,) in database.execute("SELECT label FROM filled").fetchall()}
    database.register("sought", pa.table({"id": pa.array(sorted(set(ids)), pa.string())}))
    # Two records of one process are one node.
    queries = ["SELECT other, 'ProcessStart', main FROM same_process SEMI JOIN sought ON sought.id = other"]
    queries += [
        f"SELECT id, '{node.label}' AS label, id AS node FROM {shown_name(node.label)} SEMI JOIN sought USING (id)"
        for node in _LINKED_LAST
        if node.label in filled
    ]
    found: dict[str, tuple[str, str]] = {}
    for query in queries:
        found.update((id_, (label, node)) for id_, label, node in database.execute(query).fetchall())
    database.unregister("sought")
    return found


def _write(database: Database, query: str, columns: dict[str, Type], path: Path, empty: Collection[str]) -> None:
    """Write a query's rows to a file; no rows, no file."""
    [first] = _FIRST_TABLE.findall(query)[:1]
    if first in empty or database.execute(f"SELECT 1 FROM {first} LIMIT 1").fetchall() == []:
        return  # asking costs a tenth of planning the query, and most tables of most hunts are empty
    selected = ", ".join(f'"{name}"::{type_.value} AS "{name}"' for name, type_ in columns.items())
    target = str(path).replace("'", "''")
    [(count,)] = database.execute(
        f"COPY (SELECT {selected} FROM ({query})) TO '{target}' (FORMAT parquet, ROW_GROUP_SIZE {_ROWS})"
    ).fetchall()
    if not count:
        path.unlink()


def _ends(type_: str, column: str, empty: Collection[str]) -> Iterable[str]:
    """What stands at the end of the edges of a type, of every kind that has them."""
    return (
        f"SELECT {type_} AS {column} FROM {shown_name(label)} WHERE {type_} IS NOT NULL"
        for label, node in _EVENT_NODES.items()
        if type_ in node.ends and shown_name(label) not in empty
    )


def _prepare(database: Database, identity: Identity, empty: Collection[str]) -> None:
    """Tables that several queries share: who acted, which hosts, addresses and shares occur."""
    acted = ["SELECT NULL::VARCHAR AS account WHERE FALSE", *_ends("PERFORMED_BY", "account", empty)]
    database.execute(f"CREATE TABLE actors AS SELECT DISTINCT account FROM ({' UNION ALL '.join(acted)})")
    _write_shares(database, identity)
    used = ["SELECT source AS address FROM origins WHERE chosen", "SELECT source FROM request_clients WHERE source IS NOT NULL"]
    used += [*_ends("CAME_FROM", "address", empty), *_ends("WENT_TO", "address", empty)]
    database.execute(f"CREATE TABLE seen_addresses AS SELECT DISTINCT address FROM ({' UNION ALL '.join(used)})")
    _write_bindings(database, identity)
    _write_former_names(database, identity)
    hosts = [
        "SELECT host FROM hosts WHERE host IS NOT NULL",
        "SELECT host FROM requests",
        "SELECT host FROM contacts WHERE host IS NOT NULL",
        "SELECT host FROM behaviors",
        "SELECT host FROM enders",
        "SELECT host FROM bindings",
    ]
    database.execute(
        f"CREATE TABLE seen_hosts AS SELECT DISTINCT host FROM ({' UNION ALL '.join([*hosts, *_ends('OCCURRED_ON', 'host', empty)])})"
    )


def _write_former_names(database: Database, identity: Identity) -> None:
    names: dict[str, list[str]] = {}
    for one in identity.names.former:
        names.setdefault(one.host, []).append(one.name)
    create_table(database, "former_hosts", _FORMER)
    insert_rows(database, "former_hosts", _FORMER, [{"host": host, "former_names": ", ".join(told)} for host, told in names.items()])


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
