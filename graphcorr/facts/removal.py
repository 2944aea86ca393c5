"""A file was deleted, renamed away over the network, or blocked while it was written."""

from __future__ import annotations

from graphcorr.engine.tables import FLAG, TEXT
from graphcorr.facts.base import ACCOUNT, CLIENT, PROCESS, SERVER, SHARED_FILE, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.REMOVAL,
    {
        **CLIENT,
        **SERVER,
        **SHARED_FILE,
        **PROCESS,
        **ACCOUNT,
        "blocked": FLAG,
        "hashes": TEXT,
        "uid": TEXT,
        "action": TEXT,
    },
    node(
        "A file deleted, renamed over the network, or blocked",
        {"host": TEXT},
        edges=("CAME_FROM",),
        made={"path": ("coalesce(path, relative_path)", TEXT), "blocked": ("coalesce(blocked, FALSE)", FLAG)},
    ),
)
