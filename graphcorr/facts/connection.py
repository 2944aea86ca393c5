"""A network connection."""

from __future__ import annotations

from graphcorr.engine.tables import FLAG, SMALL, TEXT
from graphcorr.facts.base import ACCOUNT, CLIENT, PROCESS, SERVER, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.CONNECTION,
    {**CLIENT, **SERVER, **PROCESS, **ACCOUNT, "protocol": TEXT, "initiated": FLAG, "uid": TEXT, "service": TEXT},
    node(
        "A network connection", {"host": TEXT, "source_port": SMALL, "target_port": SMALL, "protocol": TEXT}, edges=("CAME_FROM", "WENT_TO")
    ),
)
