"""A session was given the privileges of an administrator when it was opened."""

from __future__ import annotations

from graphcorr.engine.tables import TEXT
from graphcorr.facts.base import ACTOR, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.PRIVILEGE,
    {**ACTOR, "privileges": TEXT},
    node(
        "A session that has the privileges of an administrator",
        {"host": TEXT, "privileges": TEXT},
        edges=("PERFORMED_BY",),
        made={"logon_id": ("session", TEXT)},
    ),
)
