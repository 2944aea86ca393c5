"""A domain controller made out a ticket for a machine's services: somebody at an address was about to reach that machine.

``service`` is that machine's account.
"""

from __future__ import annotations

from graphcorr.engine.tables import TEXT
from graphcorr.facts.base import ACCOUNT, CLIENT, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.TICKET,
    {**CLIENT, **ACCOUNT, "service": TEXT},
    node(
        "A ticket that a domain controller made out; service is the account of the machine that it is for",
        {"host": TEXT, "service": TEXT},
        edges=("CAME_FROM", "PERFORMED_BY"),
    ),
    # Domain controllers alone tell of it: no other machine lacks it.
    is_guard=True,
)
