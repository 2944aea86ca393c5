"""Access was asked for and refused: no write, no source, and no proof that what is granted is logged."""

from __future__ import annotations

from graphcorr.engine.tables import INTEGER, SMALL, TEXT
from graphcorr.facts.base import ACTOR, CLIENT, SERVER, SHARED_FILE, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.ATTEMPT,
    {**CLIENT, **SERVER, **ACTOR, **SHARED_FILE, "sought": TEXT, "access_mask": INTEGER, "pipe": TEXT, "logon_type": SMALL},
    node(
        "Access that was asked for and refused; sought is the kind that it would have been",
        {"host": TEXT, "sought": TEXT, "share": TEXT, "relative_path": TEXT, "pipe": TEXT, "logon_type": SMALL},
        edges=("CAME_FROM", "PERFORMED_BY"),
    ),
    is_guard=True,
)
