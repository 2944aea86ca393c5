"""A value of an attribute of an object of the directory was added or deleted."""

from __future__ import annotations

from graphcorr.engine.tables import TEXT
from graphcorr.facts.base import ACTOR, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.DIRECTORY_CHANGE,
    {**ACTOR, "object_name": TEXT, "object_type": TEXT, "attribute": TEXT, "change": TEXT},
    node(
        "An object of the directory changed",
        {"host": TEXT, "object_name": TEXT, "object_type": TEXT, "attribute": TEXT, "change": TEXT},
        edges=("PERFORMED_BY",),
    ),
    is_rare=True,
)
