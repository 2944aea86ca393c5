"""A service was registered."""

from __future__ import annotations

from graphcorr.engine.tables import TEXT
from graphcorr.facts.base import ACTOR, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.SERVICE_INSTALL,
    {**ACTOR, "service": TEXT, "path": TEXT, "start_type": TEXT},
    node("A service registered", {"host": TEXT, "service": TEXT, "path": TEXT}, edges=("PERFORMED_BY",), table="services"),
    is_rare=True,
)
