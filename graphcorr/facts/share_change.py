"""A share was made or changed on the machine."""

from __future__ import annotations

from graphcorr.engine.tables import TEXT
from graphcorr.facts.base import ACTOR, Fact
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.SHARE_CHANGE,
    {**ACTOR, "share": TEXT, "share_path": TEXT},
    is_rare=True,
)
