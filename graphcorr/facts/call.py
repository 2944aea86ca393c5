"""A remote procedure was called."""

from __future__ import annotations

from graphcorr.engine.tables import TEXT
from graphcorr.facts.base import ACCOUNT, CLIENT, SERVER, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.CALL,
    {**CLIENT, **SERVER, **ACCOUNT, "interface": TEXT, "operation": TEXT, "pipe": TEXT, "uid": TEXT, "service": TEXT, "path": TEXT},
    node(
        "A remote procedure called",
        {"host": TEXT, "interface": TEXT, "operation": TEXT, "service": TEXT, "path": TEXT},
        edges=("CAME_FROM", "PERFORMED_BY"),
    ),
)
