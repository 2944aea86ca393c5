"""A value of the registry was set."""

from __future__ import annotations

from graphcorr.engine.tables import INTEGER, TEXT
from graphcorr.facts.base import ACCOUNT, PROCESS, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.REGISTRY_SET,
    {**PROCESS, **ACCOUNT, "action": TEXT, "target_object": TEXT, "details": TEXT},
    node(
        "A value of the registry set",
        {"host": TEXT, "action": TEXT, "target_object": TEXT, "details": TEXT, "image": TEXT, "pid": INTEGER},
        edges=("PERFORMED_BY",),
    ),
)
