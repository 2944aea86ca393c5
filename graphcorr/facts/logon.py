"""A session was opened; of the vantage client it was tried from there, with ``client_session`` as its own session."""

from __future__ import annotations

from graphcorr.engine.tables import SMALL, TEXT
from graphcorr.facts.base import ACTOR, CLIENT, PROCESS, SERVER, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.LOGON,
    {
        **CLIENT,
        **SERVER,
        **ACTOR,
        **PROCESS,
        "client_session": TEXT,
        "terminal_session": SMALL,
        "logon_type": SMALL,
        "auth_package": TEXT,
        "logon_guid": TEXT,
    },
    node(
        "A session opened; of the vantage client, one that was tried from there",
        {"host": TEXT, "logon_type": SMALL, "client": TEXT},
        edges=("CAME_FROM", "PERFORMED_BY"),
        made={"logon_id": ("session", TEXT)},
    ),
)
