"""A remote procedure was called."""

from __future__ import annotations

from graphcorr.engine.tables import TEXT
from graphcorr.facts.base import ACCOUNT, CLIENT, SERVER, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.CALL,
    {**CLIENT, **SERVER, **ACCOUNT, "interface": TEXT, "operation": TEXT, "pipe": TEXT, "uid": TEXT},
    node("A remote procedure called", {"host": TEXT, "interface": TEXT, "operation": TEXT}, edges=("CAME_FROM", "PERFORMED_BY")),
)
