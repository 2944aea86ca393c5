"""A named stream hung on a file; its record has the hash of the file."""

from __future__ import annotations

from graphcorr.engine.tables import TEXT
from graphcorr.facts.base import ACCOUNT, PROCESS, Fact
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.STREAM,
    {**PROCESS, **ACCOUNT, "path": TEXT, "hashes": TEXT},
)
