"""A named pipe was created or opened."""

from __future__ import annotations

from graphcorr.engine.tables import TEXT
from graphcorr.facts.base import ACTOR, CLIENT, PROCESS, SERVER, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.PIPE_OPEN,
    {**CLIENT, **SERVER, **ACTOR, **PROCESS, "pipe": TEXT, "uid": TEXT},
    node("A named pipe created or opened", {"host": TEXT, "pipe": TEXT}, edges=("CAME_FROM", "PERFORMED_BY")),
)
