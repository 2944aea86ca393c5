"""The events that the graph shows, as one table per kind with a node: properties, and what stands at the ends of its edges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.engine.tables import INTEGER, TEXT, TIME, Table
from graphcorr.facts.catalog import facts
from graphcorr.links.catalog import rests_on

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


def shown_name(label: str) -> str:
    """The table of the events of a label."""
    return f"shown_{label}"


def shown_tables(whole: Collection[Kind]) -> Iterator[Table]:
    """One table per kind with a node. Of a kind in ``whole`` it has every fact, else what links made or rest on."""
    for kind, fact in facts().items():
        if fact.node is None:
            continue
        if fact.node.table is not None or kind in whole:
            yield Table(shown_name(kind.value), f"{kind.value} in the graph", *_shown(kind, fact.node), lazy=True)
        else:
            told = _told(kind)
            columns, needs, query = _shown(kind, fact.node)
            yield told
            yield Table(
                shown_name(kind.value),
                f"{kind.value} in the graph",
                columns,
                (*needs, told.name),
                f"{query} WHERE id IN (SELECT id FROM {told.name})",
                empty_without=(told.name,),
            )


def _told(kind: Kind) -> Table:
    """Records of a kind that links rest on, and what is to be in the graph in any case. Most are empty, and spare a look at all events."""
    sources = [("kept", "SELECT id FROM kept"), *rests_on(kind)]
    query = " UNION ".join(sql for _, sql in sources)
    return Table(f"told_{kind.value}", f"{kind.value} that links rest on", {"id": TEXT}, tuple(table for table, _ in sources), query)


def _shown(kind: Kind, node: Node) -> tuple[dict[str, str], tuple[str, ...], str]:
    """Columns, needs and query of all facts of a kind as the graph shows them."""
    own = {name: type_ for name, (_, type_) in node.properties.items()}
    columns = {"id": TEXT, **EVENT_PROPERTIES, **own, **dict.fromkeys(node.ends, TEXT)}
    made = {name: name for name in ("id", *EVENT_PROPERTIES)}
    made |= {name: sql for name, (sql, _) in node.properties.items()} | dict(node.ends)
    selected = ", ".join(f'CAST({made[name]} AS {type_}) AS "{name}"' for name, type_ in columns.items())
    source = node.table or kind.value
    return columns, (source,), f'SELECT {selected} FROM "{source}"'
