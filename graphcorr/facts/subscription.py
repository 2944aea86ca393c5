"""Something was registered with WMI that is to run when an event comes."""

from __future__ import annotations

from graphcorr.engine.tables import TEXT
from graphcorr.facts.base import ACCOUNT, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.SUBSCRIPTION,
    {**ACCOUNT, "name": TEXT, "what": TEXT, "query": TEXT, "path": TEXT, "filter": TEXT, "action": TEXT},
    node(
        "A filter, a consumer or a binding of WMI, by what; path is the command or script that is to run",
        {"host": TEXT, "name": TEXT, "what": TEXT, "query": TEXT, "path": TEXT, "filter": TEXT, "action": TEXT},
        edges=("PERFORMED_BY",),
    ),
    is_rare=True,
)
