"""The Cypher that makes and changes a graph on Neo4j, from the declarations in ``graph/kinds.py``.

Rows are lists, not maps: half the bytes. Times travel as text and become times on the server, because the driver takes
70 µs for each ``datetime`` (6.4), which is more than the server takes for the whole node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.graph.kinds import NODES, Type

if TYPE_CHECKING:
    from graphcorr.store.sheets import Sheet

VERSION: Final = 1
"""Number of this schema: a database that a newer graphcorr wrote is refused, an older one is brought up to it."""
MARK: Final = "GraphcorrCase"
"""Label of the one node that says whose graph a database holds."""
PREFIX: Final = "graphcorr_"
"""What names of our constraints and indexes begin with: others are not touched."""

_SEARCHED: Final[dict[str, tuple[str, ...]]] = {
    "Host": ("name",),
    "Account": ("name",),
    "Address": ("address",),
    "File": ("name",),
    "FileVersion": ("name",),
    "Technique": ("name",),
    "Software": ("name",),
    "Actor": ("name",),
    "Finding": ("level", "time"),
}
"""Properties that people begin from, besides the time of every event.

Text indexes, which take values of any length: a range index ends at 8 kB, and a log may hold more.
"""


def schema_statements() -> list[str]:
    """Constraints first, then indexes; each makes what is missing and leaves what is there."""
    constraints = [_constrain(MARK, "key"), *(_constrain(node.label, "id") for node in NODES)]
    indexes = [
        f"CREATE {'TEXT ' if node.properties[name] is Type.TEXT else ''}INDEX {PREFIX}{node.label.lower()}_{name} IF NOT EXISTS "
        f"FOR (n:{node.label}) ON (n.{name})"
        for node in NODES
        for name in (("time",) if node.event else _SEARCHED.get(node.label, ()))
    ]
    return constraints + indexes


def schema_names() -> set[str]:
    """Names of the constraints and indexes that :func:`schema_statements` makes."""
    return {word for statement in schema_statements() for word in statement.split() if word.startswith(PREFIX)}


def read_rows(sheet: Sheet) -> str:
    """Everything that the database has of a sheet: its keys, then its properties, times as text."""
    if sheet.ends is None:
        return f"MATCH (n:{sheet.kind}) RETURN {', '.join(['n.id', *_returned('n', sheet)])}"
    source, target = sheet.ends
    return f"MATCH (a:{source})-[r:{sheet.kind}]->(b:{target}) RETURN {', '.join(['a.id', 'b.id', *_returned('r', sheet)])}"


def create_rows(sheet: Sheet) -> str:
    """Rows are keys and all declared properties, in this order."""
    if sheet.ends is None:
        return f"UNWIND $rows AS row CREATE (n:{sheet.kind} {_assigned(('id', *sheet.declared), sheet, 0)})"
    source, target = sheet.ends
    properties = f" {_assigned(tuple(sheet.declared), sheet, 2)}" if sheet.declared else ""
    return (
        f"UNWIND $rows AS row MATCH (a:{source} {{id: row[0]}}) MATCH (b:{target} {{id: row[1]}}) "
        f"CREATE (a)-[:{sheet.kind}{properties}]->(b)"
    )


def change_rows(sheet: Sheet) -> str:
    """Rows as of :func:`create_rows`, for nodes only: edges have no key."""
    changes = ", ".join(f"n.{name} = {_value(name, sheet, place)}" for place, name in enumerate(sheet.declared, 1))
    return f"UNWIND $rows AS row MATCH (n:{sheet.kind} {{id: row[0]}}) SET {changes}"


def delete_rows(sheet: Sheet) -> str:
    """Rows are the keys: nodes go with whatever edges they still have; of edges all go that a pair of nodes has."""
    if sheet.ends is None:
        return f"UNWIND $rows AS row MATCH (n:{sheet.kind} {{id: row[0]}}) DETACH DELETE n"
    source, target = sheet.ends
    return f"UNWIND $rows AS row MATCH (a:{source} {{id: row[0]}})-[r:{sheet.kind}]->(b:{target} {{id: row[1]}}) DELETE r"


def delete_strangers(sheet: Sheet) -> str:
    """Nodes of a label that somebody made by hand, without an id; to be run in pieces."""
    return f"MATCH (n:{sheet.kind}) WHERE n.id IS NULL CALL (n) {{ DETACH DELETE n }}"


def delete_everything() -> list[str]:
    """Edges before nodes: a host with a million events would not fit into one transaction with them. The mark goes last.

    Each is to be run in pieces.
    """
    labels = "|".join(node.label for node in NODES)
    return [
        f"MATCH (:{labels})-[r]->() CALL (r) {{ DELETE r }}",
        f"MATCH (n:{labels}) CALL (n) {{ DETACH DELETE n }}",
        f"MATCH (n:{MARK}) CALL (n) {{ DETACH DELETE n }}",
    ]


def _constrain(label: str, name: str) -> str:
    return f"CREATE CONSTRAINT {PREFIX}{label.lower()}_{name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{name} IS UNIQUE"


def _returned(variable: str, sheet: Sheet) -> list[str]:
    return [f"toString({variable}.{name})" if type_ is Type.TIME else f"{variable}.{name}" for name, type_ in sheet.declared.items()]


def _assigned(names: tuple[str, ...], sheet: Sheet, first: int) -> str:
    return "{" + ", ".join(f"{name}: {_value(name, sheet, place)}" for place, name in enumerate(names, first)) + "}"


def _value(name: str, sheet: Sheet, place: int) -> str:
    return f"localdatetime(row[{place}])" if sheet.declared.get(name) is Type.TIME else f"row[{place}]"
