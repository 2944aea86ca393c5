"""A program ended."""

from __future__ import annotations

from graphcorr.facts.base import ACCOUNT, PROCESS, Fact
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.PROCESS_END,
    {**PROCESS, **ACCOUNT},
)
