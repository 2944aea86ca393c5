"""A session ended; ``how`` is ended, asked (its user logged off) or disconnected, after which it is still there."""

from __future__ import annotations

from graphcorr.engine.tables import SMALL, TEXT
from graphcorr.facts.base import ACTOR, CLIENT, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.LOGOFF,
    {**CLIENT, **ACTOR, "logon_type": SMALL, "how": TEXT},
    node(
        "A session ended, or left",
        {"host": TEXT, "logon_type": SMALL, "how": TEXT},
        edges=("CAME_FROM", "PERFORMED_BY"),
        made={"logon_id": ("session", TEXT)},
    ),
)
