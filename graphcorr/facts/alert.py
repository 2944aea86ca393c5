"""Somebody who guards a machine or watches the wire says that something is wrong."""

from __future__ import annotations

from graphcorr.engine.tables import INTEGER, SMALL, TEXT, TEXTS
from graphcorr.facts.base import ACCOUNT, CLIENT, PROCESS, SERVER, SESSION, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.ALERT,
    {
        **CLIENT,
        **SERVER,
        **ACCOUNT,
        **PROCESS,
        **SESSION,
        "name": TEXT,
        "severity": TEXT,
        "category": TEXT,
        "path": TEXT,
        "message": TEXT,
        "action": TEXT,
        "rule": TEXT,
        "techniques": TEXTS,
        "about_event": SMALL,
        "about_record": INTEGER,
    },
    node(
        "Something wrong, by the word of a guard of the machine or a monitor",
        {"host": TEXT, "name": TEXT, "severity": TEXT, "category": TEXT, "path": TEXT, "message": TEXT, "image": TEXT, "action": TEXT},
        edges=("CAME_FROM", "WENT_TO", "PERFORMED_BY"),
    ),
    is_guard=True,
)
