"""An audit was switched on or off."""

from __future__ import annotations

from graphcorr.engine.tables import FLAG, TEXT
from graphcorr.facts.base import ACCOUNT, Fact
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.AUDIT_CHANGED,
    {**ACCOUNT, "audit": TEXT, "audited": FLAG},
    is_rare=True,
)
