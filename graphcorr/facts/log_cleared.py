"""A log was cleared."""

from __future__ import annotations

from graphcorr.engine.tables import TEXT
from graphcorr.facts.base import Fact
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.LOG_CLEARED,
    {"channel": TEXT, "cleared": TEXT},
)
