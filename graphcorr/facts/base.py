"""How a kind of fact is declared: its columns, and the node and edges that it has in the graph. One file per kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graphcorr.engine.tables import INTEGER, SMALL, TEXT, TIME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphcorr.engine.tables import Table
    from graphcorr.model.kinds import Kind

COMMON: Final[Mapping[str, str]] = {
    "id": TEXT,  # of the event
    "log": TEXT,
    "host": TEXT,  # where it happened; of a monitor's record the owner of the target's address, else the address itself
    "client": TEXT,  # the machine that speaks of what it did to another one (4648)
    "time": TIME,  # aligned, UTC
    "earliest": TIME,  # what precision and clock allow
    "latest": TIME,
    "file": TEXT,  # origin
    "member": TEXT,
    "record": INTEGER,
    "vantage": TEXT,  # own, client, sensor
    "strength": TEXT,  # stated, asked, implied
    "prefer": SMALL,  # whose time and spelling stand where several tell of one event: lower is better
}
"""What every relation has besides its own columns."""

CLIENT: Final[Mapping[str, str]] = {"source_address": TEXT, "source_port": SMALL, "source_host": TEXT}
"""Who was connected, as logged."""
SERVER: Final[Mapping[str, str]] = {"target_address": TEXT, "target_port": SMALL, "target_host": TEXT}
ACCOUNT: Final[Mapping[str, str]] = {"account": TEXT, "account_domain": TEXT}
ACTOR: Final[Mapping[str, str]] = {**ACCOUNT, "session": TEXT}
PROCESS: Final[Mapping[str, str]] = {"image": TEXT, "pid": INTEGER, "process_guid": TEXT}
"""The process that did it."""
SHARED_FILE: Final[Mapping[str, str]] = {"share": TEXT, "share_path": TEXT, "relative_path": TEXT, "path": TEXT}
"""A file of a share; of the machine itself by ``path`` alone."""
SESSION: Final[Mapping[str, str]] = {"uid": TEXT, "fuid": TEXT}
"""Connection and file of a network monitor."""


ENDS: Final[Mapping[str, tuple[str, str]]] = {
    "OCCURRED_ON": ("Host", "host"),
    "CAME_FROM": ("Address", "source_address"),
    "WENT_TO": ("Address", "target_address"),
    "PERFORMED_BY": ("Account", "CASE WHEN account IS NOT NULL THEN concat_ws('\\', account_domain, account) END"),
}
"""Edge type → the label at its end, and SQL over a fact's columns for what stands there: a host's key, an address, an account as
spelled. NULL is no edge."""


@dataclass(frozen=True, slots=True)
class Node:
    """What a fact is in the graph: its label is the kind, and it has what every event has besides its own properties."""

    meaning: str
    properties: Mapping[str, tuple[str, str]]
    """Property → SQL and type."""
    ends: Mapping[str, str]
    """Edge type → SQL, see ``ENDS``. Every event has ``OCCURRED_ON``."""
    table: str | None = None
    """The table that SQL here is over: one of links, where the facts are narrowed, told apart or joined. None: the relation."""


def node(
    meaning: str,
    columns: Mapping[str, str],
    *,
    edges: tuple[str, ...] = (),
    made: Mapping[str, tuple[str, str]] | None = None,
    ends: Mapping[str, str] | None = None,
    table: str | None = None,
) -> Node:
    """A node with ``columns`` (name → type) as properties and ``made`` ones (name → SQL, type), and with ``edges`` of ``ENDS``."""
    return Node(
        meaning,
        {name: (name, type_) for name, type_ in columns.items()} | dict(made or {}),
        {type_: ENDS[type_][1] for type_ in ("OCCURRED_ON", *edges)} | dict(ends or {}),
        table,
    )


@dataclass(frozen=True, slots=True)
class Fact:
    """A kind and its relation. A file in this folder defines exactly one, named ``FACT``."""

    kind: Kind
    columns: Mapping[str, str]
    """Besides ``COMMON``: name → type of the engine. One that a testimony does not fill has the event's value of that name."""
    node: Node | None = None
    """None: it is looked at, and not shown in the graph."""
    is_rare: bool = False
    """It comes so seldom that the last one does not tell how long it was logged: one proves that others would have been, too."""
    is_guard: bool = False
    """It tells what a guard of the machine stopped. Where it tells nothing there was no guard, or nothing to stop: no pattern misses it."""
    infers: tuple[Table, ...] = ()
    """What several records tell of this kind together, over other facts."""
