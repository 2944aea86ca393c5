"""A service was started, stopped or given another way to start, or failed to: ``change`` is started, stopped, start type or failed.

``service`` is the name that people see, ``service_key`` that of its key where the record has it.
"""

from __future__ import annotations

from graphcorr.engine.tables import TEXT
from graphcorr.facts.base import ACCOUNT, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.SERVICE_CHANGE,
    {**ACCOUNT, "service": TEXT, "service_key": TEXT, "change": TEXT, "start_type": TEXT},
    node(
        "A service started, stopped, failed, or given another way to start",
        {"host": TEXT, "service": TEXT, "service_key": TEXT, "change": TEXT, "start_type": TEXT},
        edges=("PERFORMED_BY",),
    ),
)
