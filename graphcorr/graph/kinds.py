"""Every node and edge of the graph, declared once; schemas, loading, lint and the docs' tables follow from it.

Events are nodes, participants are edges, unknown is no edge: an event that was an edge could not be evidence of a
finding, and a write whose writer is unknown would have no start.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Type(Enum):
    """Property types that both engines have, by LadybugDB name."""

    TEXT = "STRING"
    INTEGER = "INT64"
    TIME = "TIMESTAMP"
    FLAG = "BOOL"


@dataclass(frozen=True, slots=True)
class Node:
    """A node label. Every node has ``id``, its key."""

    label: str
    meaning: str
    properties: dict[str, Type]
    event: bool = False
    """Events carry time, earliest, latest and origin as well."""


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge type, drawn ``(source)-[:TYPE]->(target)`` for each of its pairs."""

    type: str
    meaning: str
    pairs: tuple[tuple[str, str], ...]
    properties: dict[str, Type]


_T, _I, _W, _F = Type.TEXT, Type.INTEGER, Type.TIME, Type.FLAG

EVENT_PROPERTIES: Final[dict[str, Type]] = {
    "time": _W,  # aligned, UTC
    "earliest": _W,  # what precision and clock allow
    "latest": _W,
    "log": _T,  # log type, as sysmon-11
    "file": _T,  # origin
    "member": _T,
    "record": _I,
}
"""What every event node has besides ``id`` and its own properties."""


def _event(label: str, meaning: str, **properties: Type) -> Node:
    return Node(label, meaning, EVENT_PROPERTIES | properties, event=True)


NODES: Final[tuple[Node, ...]] = (
    Node("Host", "A machine; the id is its key", {"name": _T}),
    Node("Address", "An IP address", {"address": _T}),
    Node("Account", "A user, group-managed or computer account", {"name": _T, "domain": _T}),
    Node("Share", "A share of a host", {"host": _T, "name": _T, "path": _T, "assumed": _F}),
    Node("File", "A path on a host", {"host": _T, "path": _T, "name": _T}),
    Node(
        "FileVersion",
        "What a file held from one group of network writes to the next write, rename or removal",
        {"host": _T, "path": _T, "name": _T, "earliest": _W, "latest": _W, "ended": _W, "ended_by": _T},
    ),
    _event("Write", "Bytes put into a file over the network", host=_T, path=_T, network=_F, loopback=_F, inferred=_F),
    _event("ProcessStart", "A program started", host=_T, image=_T, command_line=_T, pid=_I, parent_image=_T),
    _event("ModuleLoad", "A module loaded into a process", host=_T, path=_T, image=_T, pid=_I, signed=_F),
    _event("ServiceInstall", "A service registered", host=_T, service=_T, path=_T),
    _event("Removal", "A file deleted or blocked", host=_T, path=_T, blocked=_F),
    _event("Logon", "A session opened", host=_T, logon_type=_I, logon_id=_T),
    _event("Connection", "A network connection", host=_T, source_port=_I, target_port=_I, protocol=_T),
    _event("PipeOpen", "A named pipe created or opened", host=_T, pipe=_T),
)

_EVENTS: Final = tuple(node.label for node in NODES if node.event)

EDGES: Final[tuple[Edge, ...]] = (
    Edge("OCCURRED_ON", "event → the host it happened on", tuple((label, "Host") for label in _EVENTS), {}),
    Edge(
        "CAME_FROM",
        "event → the address it came from",
        tuple((label, "Address") for label in ("Write", "Logon", "Connection", "PipeOpen")),
        {},
    ),
    Edge("WENT_TO", "connection → the address it went to", (("Connection", "Address"),), {}),
    Edge(
        "ASSIGNED_TO",
        "address → the host that had it, with the span it is known for",
        (("Address", "Host"),),
        {"earliest": _W, "latest": _W, "basis": _T},
    ),
    Edge(
        "PERFORMED_BY",
        "event → the account it ran as",
        tuple((label, "Account") for label in ("Write", "ProcessStart", "Logon", "ServiceInstall")),
        {},
    ),
    Edge("WENT_THROUGH", "write → the share it used", (("Write", "Share"),), {}),
    Edge("SHARED_BY", "share → its host", (("Share", "Host"),), {}),
    Edge("WROTE", "write → the version it made", (("Write", "FileVersion"),), {}),
    Edge("VERSION_OF", "version → its file", (("FileVersion", "File"),), {}),
    Edge("STORED_ON", "file → its host", (("File", "Host"),), {}),
    Edge("RAN", "process start → the version that was its program", (("ProcessStart", "FileVersion"),), {"basis": _T}),
    Edge(
        "NAMED",
        "process start → a version that its command line names; role is argument, program or redirect",
        (("ProcessStart", "FileVersion"),),
        {"role": _T, "basis": _T},
    ),
    Edge("LOADED", "module load → the version it loaded", (("ModuleLoad", "FileVersion"),), {"basis": _T}),
    Edge(
        "POINTS_TO",
        "service → the version that is its program; installed is not yet started",
        (("ServiceInstall", "FileVersion"),),
        {"basis": _T},
    ),
    Edge("ENDED", "removal → the version it ended", (("Removal", "FileVersion"),), {}),
)
