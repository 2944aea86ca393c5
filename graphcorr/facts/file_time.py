"""A program set the creation time of a file."""

from __future__ import annotations

from graphcorr.engine.tables import INTEGER, TEXT, TIME
from graphcorr.facts.base import ACCOUNT, PROCESS, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.FILE_TIME,
    {**PROCESS, **ACCOUNT, "path": TEXT, "file_created": TIME, "previous_created": TIME},
    node(
        "A file that was given another creation time",
        {"host": TEXT, "path": TEXT, "file_created": TIME, "previous_created": TIME, "image": TEXT, "pid": INTEGER},
        edges=("PERFORMED_BY",),
    ),
)
