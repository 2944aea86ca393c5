"""A key of the registry was made, or a key or a value renamed or deleted: Windows makes keys all day, and few programs set values."""

from __future__ import annotations

from graphcorr.engine.tables import INTEGER, TEXT
from graphcorr.facts.base import ACCOUNT, PROCESS, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.REGISTRY_CHANGE,
    {**PROCESS, **ACCOUNT, "action": TEXT, "target_object": TEXT, "details": TEXT},
    node(
        "A key of the registry made, or a key or value renamed or deleted",
        {"host": TEXT, "action": TEXT, "target_object": TEXT, "details": TEXT, "image": TEXT, "pid": INTEGER},
        edges=("PERFORMED_BY",),
    ),
)
