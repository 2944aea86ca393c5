"""Content that a monitor saw on the wire."""

from __future__ import annotations

from graphcorr.engine.tables import FLAG, INTEGER, TEXT
from graphcorr.facts.base import CLIENT, SERVER, SESSION, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.TRANSFER,
    {
        **CLIENT,
        **SERVER,
        **SESSION,
        "relative_path": TEXT,
        "protocol": TEXT,
        "size": INTEGER,
        "mime_type": TEXT,
        "hashes": TEXT,
        "from_originator": FLAG,
    },
    node(
        "Content seen on the wire",
        {"host": TEXT, "protocol": TEXT, "size": INTEGER, "mime_type": TEXT, "from_originator": FLAG},
        edges=("CAME_FROM", "WENT_TO"),
        made={"name": ("relative_path", TEXT)},
    ),
)
