"""A share was opened, or access to a file of it was asked for; seen on the wire, also each operation on the file."""

from __future__ import annotations

from graphcorr.engine.tables import INTEGER, TEXT
from graphcorr.facts.base import ACTOR, CLIENT, SERVER, SESSION, SHARED_FILE, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.SHARE_ACCESS,
    {
        **CLIENT,
        **SERVER,
        **ACTOR,
        **SHARED_FILE,
        **SESSION,
        "access_mask": INTEGER,
        "action": TEXT,
        "size": INTEGER,
    },
    node(
        "A share opened, or a file of it asked for",
        {"host": TEXT, "share": TEXT, "relative_path": TEXT, "action": TEXT},
        edges=("CAME_FROM", "PERFORMED_BY"),
    ),
)
