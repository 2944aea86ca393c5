"""An account was made: ``object_name``, by ``account``."""

from __future__ import annotations

from graphcorr.engine.tables import TEXT
from graphcorr.facts.base import ACTOR, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.ACCOUNT_CHANGE,
    {**ACTOR, "object_name": TEXT, "change": TEXT},
    node("An account made", {"host": TEXT, "object_name": TEXT, "change": TEXT}, edges=("PERFORMED_BY",)),
    is_rare=True,
)
