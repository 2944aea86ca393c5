"""A log was cleared."""

from __future__ import annotations

from graphcorr.engine.tables import TEXT
from graphcorr.facts.base import ACCOUNT, Fact
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.LOG_CLEARED,
    {**ACCOUNT, "channel": TEXT, "cleared": TEXT},
    is_rare=True,
)
