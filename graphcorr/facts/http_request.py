"""A client asked a server for something over HTTP."""

from __future__ import annotations

from graphcorr.engine.tables import INTEGER, TEXT, TEXTS
from graphcorr.facts.base import CLIENT, SERVER, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.HTTP_REQUEST,
    {
        **CLIENT,
        **SERVER,
        "uid": TEXT,
        "method": TEXT,
        "http_host": TEXT,
        "uri": TEXT,
        "user_agent": TEXT,
        "status_code": INTEGER,
        "sent_bytes": INTEGER,
        "received_bytes": INTEGER,
        "sent_fuids": TEXTS,
        "received_fuids": TEXTS,
        "sent_types": TEXTS,
        "received_types": TEXTS,
    },
    node(
        "A request over HTTP; http_host is what the client asked for, types are those of the files that went either way",
        {
            "host": TEXT,
            "method": TEXT,
            "http_host": TEXT,
            "uri": TEXT,
            "user_agent": TEXT,
            "status_code": INTEGER,
            "sent_bytes": INTEGER,
            "received_bytes": INTEGER,
        },
        edges=("CAME_FROM", "WENT_TO"),
        made={
            "sent_types": ("array_to_string(sent_types, ' ')", TEXT),
            "received_types": ("array_to_string(received_types, ' ')", TEXT),
        },
    ),
)
