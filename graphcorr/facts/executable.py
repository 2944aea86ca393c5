"""A program was seen on the wire, by its header; whose it was is told by the transfer with the same ``fuid``."""

from __future__ import annotations

from graphcorr.engine.tables import TEXT, TIME
from graphcorr.facts.base import Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.EXECUTABLE,
    {"fuid": TEXT, "machine": TEXT, "compiled": TIME},
    node("A program seen on the wire; compiled is what its maker says", {"fuid": TEXT, "machine": TEXT, "compiled": TIME}),
)
