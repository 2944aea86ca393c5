"""A monitor could not follow what went over the wire: its other logs may lack it."""

from __future__ import annotations

from graphcorr.engine.tables import SMALL, TEXT
from graphcorr.facts.base import CLIENT, SERVER, SESSION, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.BLIND_SPOT,
    {**CLIENT, **SERVER, **SESSION, "analyzer": TEXT, "reason": TEXT, "message": TEXT},
    node(
        "Traffic that a monitor could not follow",
        {"host": TEXT, "target_port": SMALL, "analyzer": TEXT, "reason": TEXT},
        edges=("CAME_FROM", "WENT_TO"),
    ),
    is_guard=True,
)
