"""A file made or overwritten by a program of the machine itself."""

from __future__ import annotations

from graphcorr.engine.tables import INTEGER, TEXT
from graphcorr.facts.base import ACCOUNT, PROCESS, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.FILE_CREATE,
    {**PROCESS, **ACCOUNT, "path": TEXT},
    node(
        "A file made or overwritten by a program of its host",
        {"host": TEXT, "path": TEXT, "image": TEXT, "pid": INTEGER},
        edges=("PERFORMED_BY",),
    ),
)
