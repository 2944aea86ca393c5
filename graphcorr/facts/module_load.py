"""A module was loaded into a process."""

from __future__ import annotations

from graphcorr.engine.tables import FLAG, INTEGER, TEXT
from graphcorr.facts.base import ACCOUNT, PROCESS, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.MODULE_LOAD,
    {**PROCESS, **ACCOUNT, "path": TEXT, "hashes": TEXT, "signed": FLAG, "signer": TEXT},
    node("A module loaded into a process", {"host": TEXT, "path": TEXT, "image": TEXT, "pid": INTEGER, "signed": FLAG}, table="loads"),
)
