"""The events that the graph shows, as one table per kind with a node: properties, and what stands at the ends of its edges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.engine.tables import INTEGER, TEXT, TIME, Table
from graphcorr.facts.catalog import facts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from graphcorr.facts.base import Node
    from graphcorr.model.kinds import Kind

EVENT_PROPERTIES: Final[Mapping[str, str]] = {
    "time": TIME,  # aligned, UTC
    "earliest": TIME,  # what precision and clock allow
    "latest": TIME,
    "log": TEXT,  # log type, as sysmon-11
    "vantage": TEXT,  # own, client or sensor: who tells of it
    "strength": TEXT,  # stated, asked or implied: how surely
    "file": TEXT,  # origin
    "member": TEXT,
    "record": INTEGER,
}
"""What every event node has besides ``id`` and its own properties."""

# What told where a write came from and what ended a version is evidence, and always there.
_TOLD: Final = """
    SELECT event AS id FROM origins UNION SELECT event FROM callers UNION SELECT id FROM enders UNION SELECT id FROM kept
"""


def shown_name(label: str) -> str:
    """The table of the events of a label."""
    return f"shown_{label}"


def shown_tables(whole: Collection[Kind]) -> Iterator[Table]:
    """One table per kind with a node. Of a kind in ``whole`` it has every fact, else what links made or rest on."""
    yield Table("told_events", "records that links rest on", {"id": TEXT}, ("origins", "callers", "enders", "kept"), _TOLD)
    for kind, fact in facts().items():
        if fact.node is not None:
            yield _shown(kind, fact.node, whole=kind in whole)


def _shown(kind: Kind, node: Node, *, whole: bool) -> Table:
    own = {name: type_ for name, (_, type_) in node.properties.items()}
    columns = {"id": TEXT, **EVENT_PROPERTIES, **own, **dict.fromkeys(node.ends, TEXT)}
    made = {name: name for name in ("id", *EVENT_PROPERTIES)}
    made |= {name: sql for name, (sql, _) in node.properties.items()} | dict(node.ends)
    selected = ", ".join(f'CAST({made[name]} AS {type_}) AS "{name}"' for name, type_ in columns.items())
    source = node.table or kind.value
    query = f'SELECT {selected} FROM "{source}"'
    if node.table is not None or whole:
        return Table(shown_name(kind.value), f"{kind.value} in the graph", columns, (source,), query, lazy=True)
    query += " WHERE id IN (SELECT id FROM told_events)"
    needs = (source, "told_events")
    return Table(shown_name(kind.value), f"{kind.value} in the graph", columns, needs, query, empty_without=("told_events",))
