"""A program of the machine asked for the address of a name."""

from __future__ import annotations

from graphcorr.engine.tables import INTEGER, TEXT, TEXTS
from graphcorr.facts.base import ACCOUNT, PROCESS, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.NAME_QUERY,
    {**PROCESS, **ACCOUNT, "query": TEXT, "answers": TEXTS},
    node(
        "A name that a program asked for, and what it got",
        {"host": TEXT, "query": TEXT, "image": TEXT, "pid": INTEGER},
        edges=("PERFORMED_BY",),
        made={"answers": ("array_to_string(answers, ' ')", TEXT)},
    ),
)
