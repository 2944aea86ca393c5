"""Something guarded a file: its writing or its wiping was stopped before it was done."""

from __future__ import annotations

from graphcorr.engine.tables import INTEGER, TEXT
from graphcorr.facts.base import ACCOUNT, PROCESS, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.BLOCK,
    {**PROCESS, **ACCOUNT, "path": TEXT, "act": TEXT, "hashes": TEXT},
    node(
        "A file whose writing or wiping was stopped",
        {"host": TEXT, "path": TEXT, "act": TEXT, "image": TEXT, "pid": INTEGER},
        edges=("PERFORMED_BY",),
    ),
    is_guard=True,
)
