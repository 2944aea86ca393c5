"""Every node and edge of the graph, declared once; schemas, loading, lint and the docs' tables follow from it.

Events are nodes, participants are edges, unknown is no edge: an event that was an edge could not be evidence of a
finding, and a write whose writer is unknown would have no start.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from graphcorr.engine.tables import FLAG, INTEGER, SMALL, TEXT, TIME
from graphcorr.facts.base import ENDS
from graphcorr.facts.catalog import facts
from graphcorr.graph.shown import EVENT_PROPERTIES

if TYPE_CHECKING:
    from collections.abc import Iterator


class Type(Enum):
    """Property types that both engines have, by LadybugDB name."""

    TEXT = "STRING"
    INTEGER = "INT64"
    NUMBER = "DOUBLE"
    TIME = "TIMESTAMP"
    FLAG = "BOOL"


class Part(Enum):
    """Which part of the graph something belongs to; each is made, and replaced, by itself."""

    EVENTS = "events"
    """What the logs say: projected from a case's events."""
    INTELLIGENCE = "intelligence"
    """What is known of techniques, software and actors: loaded from STIX."""
    FINDINGS = "findings"
    """What patterns found in the other two."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node label. Every node has ``id``, its key."""

    label: str
    meaning: str
    properties: dict[str, Type]
    event: bool = False
    """Events carry time, earliest, latest and origin as well."""
    part: Part = Part.EVENTS


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge type, drawn ``(source)-[:TYPE]->(target)`` for each of its pairs."""

    type: str
    meaning: str
    pairs: tuple[tuple[str, str], ...]
    properties: dict[str, Type]
    part: Part = Part.EVENTS
    linked: bool = False
    """Whether links make it: an event at its end is in the graph, whatever else is left out."""


SHOWING: Final = ("ProcessStart", "Script", "FileCreate", "FileTime", "Executable", "RegistrySet", "HttpRequest")
"""Kinds of events that show behaviors."""
RESULTING: Final = ("ProcessStart", "Script", "HttpRequest", "Transfer", "Write")
"""Kinds of events that come of them."""
_T, _I, _N, _W, _F = Type.TEXT, Type.INTEGER, Type.NUMBER, Type.TIME, Type.FLAG

_TYPES: Final = {TEXT: Type.TEXT, INTEGER: Type.INTEGER, SMALL: Type.INTEGER, TIME: Type.TIME, FLAG: Type.FLAG}
"""Property types by those of the column engine."""


def _events() -> Iterator[Node]:
    """A node for each kind of fact that has one."""
    common = {name: _TYPES[type_] for name, type_ in EVENT_PROPERTIES.items()}
    for kind, fact in facts().items():
        if fact.node is not None:
            own = {name: _TYPES[type_] for name, (_, type_) in fact.node.properties.items()}
            yield Node(kind.value, fact.node.meaning, common | own, event=True)


_OBSERVED: Final[tuple[Node, ...]] = (
    Node("Host", "A machine; the id is its key", {"name": _T, "former_names": _T}),
    Node("Address", "An IP address", {"address": _T}),
    Node("Account", "A user, group-managed or computer account", {"name": _T, "domain": _T}),
    Node("Share", "A share of a host", {"host": _T, "name": _T, "path": _T, "assumed": _F}),
    Node("File", "A path on a host", {"host": _T, "path": _T, "name": _T}),
    Node(
        "FileVersion",
        "What a file held from one group of network writes to the next write, rename or removal",
        {"host": _T, "path": _T, "name": _T, "earliest": _W, "latest": _W, "ended": _W, "ended_by": _T},
    ),
    Node(
        "Request",
        "What one client had a machine do in one go: service, task, subscription, wmi, winrm or dcom is the mechanism",
        {"host": _T, "mechanism": _T, "time": _W, "earliest": _W, "latest": _W, "ran": _F, "telling": _F, "loopback": _F},
    ),
    Node(
        "Contact",
        "What one machine did with another in one way, as often as it did; way is network logon, remote desktop, explicit credentials …; "
        "machines is how many there are at an end that is not named",
        {"host": _T, "source": _T, "account": _T, "way": _T, "machines": _I, "count": _I, "first": _W, "last": _W},
    ),
    Node(
        "Behavior",
        "What one account did on one machine in one way that a technique of ATT&CK describes, as often as it did; object is the file",
        {"host": _T, "account": _T, "technique": _T, "way": _T, "object": _T, "count": _I, "first": _W, "last": _W},
    ),
    Node(
        "Novelty",
        "What was done on a machine after a moment that a person named, and never or hardly before: "
        "thing is program, account, client or file type; seen is first or rare; history is what that rests on, in words",
        {
            **dict.fromkeys(("host", "source", "account", "thing", "seen", "way", "history"), _T),
            **dict.fromkeys(("machines", "count"), _I),
            **dict.fromkeys(("first", "last"), _W),
        },
    ),
    *_events(),
)


def _known(label: str, meaning: str, **properties: Type) -> Node:
    return Node(label, meaning, {"name": _T, **properties, "stix_id": _T, "modified": _W}, part=Part.INTELLIGENCE)


_INTELLIGENCE: Final[tuple[Node, ...]] = (
    _known("Tactic", "What an adversary is after; the id is ATT&CK's, as TA0008"),
    _known("Technique", "How it is done; the id is ATT&CK's, as T1021.002"),
    _known("Software", "Malware or a tool; the id is ATT&CK's where it has one, else STIX's", kind=_T, aliases=_T),
    _known("Actor", "Who does it: an intrusion set; the id is ATT&CK's where it has one, else STIX's", aliases=_T),
    _known("Campaign", "What was done over a time, by an actor or by nobody known", first_seen=_W, last_seen=_W),
    _known("DetectionStrategy", "How a technique can be detected; the id is ATT&CK's, as DET0530"),
    _known("Indicator", "A pattern of observables that somebody calls a sign", pattern=_T, valid_from=_W, valid_until=_W),
    Node(
        "IntelRecord",
        "A record of intelligence as it came: the provenance of a statement",
        {"file": _T, "record": _I, "status": _T, "reasons": _T, "collection": _T, "version": _T, "modified": _W},
        part=Part.INTELLIGENCE,
    ),
)

_FINDINGS: Final[tuple[Node, ...]] = (
    Node(
        "Finding",
        "One thing found, with its evidence; the id is the report's",
        {
            **dict.fromkeys(("pattern", "title", "level", "confidence", "basis", "why", "movement", "execution", "started_by"), _T),
            **dict.fromkeys(("source", "source_address", "target", "account", "file", "limits"), _T),
            **dict.fromkeys(("time", "write_time", "execution_time"), _W),
        },
        part=Part.FINDINGS,
    ),
    Node(
        "Path",
        "Hops that follow each other in time; the id is the report's",
        {"name": _T, "hosts": _T, "hops": _I, "first": _W, "last": _W, "score": _N, "why": _T, "verdict": _T, "probability": _N},
        part=Part.FINDINGS,
    ),
)

NODES: Final[tuple[Node, ...]] = _OBSERVED + _INTELLIGENCE + _FINDINGS

_EVENTS: Final = tuple(node.label for node in NODES if node.event)
_MEANINGS: Final = {
    "OCCURRED_ON": "event → the host it happened on",
    "CAME_FROM": "event → the address it came from",
    "WENT_TO": "event → the address it went to",
    "PERFORMED_BY": "event → the account it was done as",
}


_CONCLUDED: Final = {"OCCURRED_ON": ("Request", "Contact", "Behavior", "Novelty"), "CAME_FROM": ("Request", "Contact", "Novelty")}
"""What links put together and has an end of its own."""


def _participants() -> Iterator[Edge]:
    """The edges that facts declare."""
    for type_, meaning in _MEANINGS.items():
        label, _ = ENDS[type_]
        concluded = tuple((concluded, label) for concluded in _CONCLUDED.get(type_, ()))
        pairs = tuple((kind.value, label) for kind, fact in facts().items() if fact.node is not None and type_ in fact.node.ends)
        yield Edge(type_, meaning, pairs + concluded, {})


_OBSERVED_EDGES: Final[tuple[Edge, ...]] = (
    *_participants(),
    Edge(
        "ASSIGNED_TO",
        "address → the host that had it, with the span it is known for",
        (("Address", "Host"),),
        {"earliest": _W, "latest": _W, "basis": _T},
    ),
    Edge("WENT_THROUGH", "write → the share it used", (("Write", "Share"),), {}),
    Edge("SHARED_BY", "share → its host", (("Share", "Host"),), {}),
    Edge("WROTE", "write → the version it made", (("Write", "FileVersion"),), {}, linked=True),
    Edge("VERSION_OF", "version → its file", (("FileVersion", "File"),), {}),
    Edge("STORED_ON", "file → its host", (("File", "Host"),), {}),
    Edge("RAN", "process start → the version that was its program", (("ProcessStart", "FileVersion"),), {"basis": _T}, linked=True),
    Edge(
        "NAMED",
        "process start → a version that its command line names; role is argument, program or redirect",
        (("ProcessStart", "FileVersion"),),
        {"role": _T, "basis": _T},
        linked=True,
    ),
    Edge(
        "RAN_FROM",
        "process start of another machine → the version that it ran from its share",
        (("ProcessStart", "FileVersion"),),
        {},
        linked=True,
    ),
    Edge("LOADED", "module load → the version it loaded", (("ModuleLoad", "FileVersion"),), {"basis": _T}, linked=True),
    Edge(
        "POINTS_TO",
        "service → the version that is its program; installed is not yet started",
        (("ServiceInstall", "FileVersion"),),
        {"basis": _T},
        linked=True,
    ),
    Edge(
        "ASKED_FOR",
        "call on the wire → the version that it is about; role is registered or started",
        (("Call", "FileVersion"),),
        {"role": _T, "basis": _T},
        linked=True,
    ),
    Edge(
        "STARTED",
        "request → the program that ran for it, the module that was loaded, or the action that began",
        tuple(("Request", label) for label in ("ProcessStart", "ModuleLoad", "TaskRun")),
        {},
        linked=True,
    ),
    Edge(
        "SET_UP",
        "request → the service, task or subscription that was registered for it",
        tuple(("Request", label) for label in ("ServiceInstall", "TaskChange", "Subscription")),
        {},
        linked=True,
    ),
    Edge("CALLED", "request → the calls that it is made of, where a monitor alone saw it", (("Request", "Call"),), {}, linked=True),
    Edge(
        "ASKED_BY",
        "request → a sign of who asked; of several machines none is chosen. rung: 0 session, 1 interface, 2 program, 3 port",
        tuple(("Request", label) for label in ("Logon", "PipeOpen", "ShareAccess", "Call", "Connection")),
        {"rung": _I, "chosen": _F},
        linked=True,
    ),
    Edge(
        "SEEN_IN",
        "contact or novelty → its first records",
        (
            *(("Contact", label) for label in ("Logon", "Connection", "ProcessStart", "Ticket")),
            *(("Novelty", label) for label in ("Logon", "Connection", "Write")),
        ),
        {},
        linked=True,
    ),
    Edge(
        "SHOWS",
        "event → the behavior that it is a record of",
        tuple((label, "Behavior") for label in SHOWING),
        {},
        linked=True,
    ),
    Edge(
        "LED_TO",
        "behavior → what came of it: what ran of what was fetched, what left of what was packed",
        tuple(("Behavior", label) for label in RESULTING),
        {},
        linked=True,
    ),
    Edge("DOWNLOADED", "request over HTTP → the written file that its server gave", (("HttpRequest", "FileVersion"),), {}, linked=True),
    Edge("ENDED", "removal → the version it ended", (("Removal", "FileVersion"),), {}, linked=True),
)

_STATED: Final[dict[str, Type]] = {"provenance": _T, "since": _W}
"""Of a statement: the id of the ``IntelRecord`` it came from, and the earliest date of a source that it cites."""

_INTELLIGENCE_EDGES: Final[tuple[Edge, ...]] = tuple(
    Edge(type_, meaning, pairs, _STATED, part=Part.INTELLIGENCE)
    for type_, meaning, pairs in (
        (
            "USES",
            "actor, campaign or software → what it is reported to use",
            (
                ("Actor", "Technique"),
                ("Actor", "Software"),
                ("Campaign", "Technique"),
                ("Campaign", "Software"),
                ("Software", "Technique"),
            ),
        ),
        ("MENTIONED_WITH", "actor → software named in one sentence with it, which is less than use", (("Actor", "Software"),)),
        ("ATTRIBUTED_TO", "campaign → the actor it is attributed to", (("Campaign", "Actor"),)),
        ("DETECTS", "detection strategy → the technique it detects", (("DetectionStrategy", "Technique"),)),
        ("SUBTECHNIQUE_OF", "sub-technique → its technique", (("Technique", "Technique"),)),
        ("SERVES", "technique → a tactic that it serves", (("Technique", "Tactic"),)),
        (
            "INDICATED_BY",
            "software, actor, campaign or technique → its indicator",
            tuple((label, "Indicator") for label in ("Software", "Actor", "Campaign", "Technique")),
        ),
    )
)

_FINDING_EDGES: Final[tuple[Edge, ...]] = (
    Edge("EVIDENCE", "finding → a record it rests on", tuple(("Finding", label) for label in _EVENTS), {"role": _T}, part=Part.FINDINGS),
    Edge("STARTED_FROM", "finding → the host that acted", (("Finding", "Host"),), {}, part=Part.FINDINGS),
    Edge("TOOK_PLACE_ON", "finding → the host it happened to", (("Finding", "Host"),), {}, part=Part.FINDINGS),
    Edge(
        "MOVED_TO",
        "host → the host it moved to, as a finding says",
        (("Host", "Host"),),
        {"finding": _T, "time": _W, "how": _T, "confidence": _T},
        part=Part.FINDINGS,
    ),
    Edge(
        "LEADS_TO",
        "host → a host that somebody may have gone on to from a path, or come from to it: no hop, and nothing is seen to run for it",
        (("Host", "Host"),),
        {**dict.fromkeys(("path", "direction", "tier", "account", "ways"), _T), "count": _I, "first": _W, "last": _W, "confirmed": _F},
        part=Part.FINDINGS,
    ),
    Edge("INCLUDES", "path → its hops in order", (("Path", "Finding"),), {"position": _I}, part=Part.FINDINGS),
    Edge("INDICATES", "finding → a technique it is an instance of", (("Finding", "Technique"),), {}, part=Part.FINDINGS),
    Edge("IDENTIFIES", "finding → software whose marks it bears", (("Finding", "Software"),), {"basis": _T}, part=Part.FINDINGS),
    Edge(
        "CONSISTENT_WITH",
        "path → an actor known for what was seen on it; a hypothesis, not an attribution",
        (("Path", "Actor"),),
        {"rank": _I, "score": _N, "reasons": _T},
        part=Part.FINDINGS,
    ),
    Edge(
        "SIGHTED",
        "indicator → an event that it matches",
        tuple(("Indicator", label) for label in _EVENTS),
        {"observable": _T, "value": _T},
        part=Part.FINDINGS,
    ),
)

EDGES: Final[tuple[Edge, ...]] = _OBSERVED_EDGES + _INTELLIGENCE_EDGES + _FINDING_EDGES
