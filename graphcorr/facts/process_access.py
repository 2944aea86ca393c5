"""A program opened another one."""

from __future__ import annotations

from graphcorr.engine.tables import INTEGER, TEXT
from graphcorr.facts.base import ACCOUNT, PROCESS, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.PROCESS_ACCESS,
    {
        **PROCESS,
        **ACCOUNT,
        "target_image": TEXT,
        "target_pid": INTEGER,
        "target_process_guid": TEXT,
        "access_mask": INTEGER,
        "call_trace": TEXT,
    },
    node(
        "A program opened by another one, with the rights that it got",
        {"host": TEXT, "image": TEXT, "pid": INTEGER, "target_image": TEXT, "target_pid": INTEGER, "access_mask": INTEGER},
        edges=("PERFORMED_BY",),
    ),
)
