"""A program started a thread in another one."""

from __future__ import annotations

from graphcorr.engine.tables import INTEGER, TEXT
from graphcorr.facts.base import ACCOUNT, PROCESS, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.THREAD_CREATE,
    {
        **PROCESS,
        **ACCOUNT,
        "target_image": TEXT,
        "target_pid": INTEGER,
        "target_process_guid": TEXT,
        "start_address": TEXT,
        "start_module": TEXT,
        "start_function": TEXT,
    },
    node(
        "A thread that a program started in another one",
        {
            "host": TEXT,
            "image": TEXT,
            "pid": INTEGER,
            "target_image": TEXT,
            "target_pid": INTEGER,
            "start_module": TEXT,
            "start_function": TEXT,
        },
        edges=("PERFORMED_BY",),
    ),
)
