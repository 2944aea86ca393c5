"""A program started. ``user`` is who is logged as acting, in an audit record the creator; ``account`` is whose process it is."""

from __future__ import annotations

from graphcorr.engine.tables import INTEGER, SMALL, TEXT, TEXTS
from graphcorr.facts.base import ACTOR, PROCESS, Fact, node
from graphcorr.model.kinds import Kind

FACT = Fact(
    Kind.PROCESS_START,
    {
        **PROCESS,
        **ACTOR,
        "user": TEXT,
        "user_domain": TEXT,
        "command_line": TEXT,
        "current_directory": TEXT,
        "original_file_name": TEXT,
        "parent_image": TEXT,
        "parent_command_line": TEXT,
        "parent_pid": INTEGER,
        "parent_process_guid": TEXT,
        "hashes": TEXT,
        "terminal_session": SMALL,
        "names": TEXTS,
    },
    node(
        "A program started",
        {"host": TEXT, "image": TEXT, "command_line": TEXT, "pid": INTEGER, "parent_image": TEXT},
        ends={"PERFORMED_BY": "CASE WHEN user IS NOT NULL THEN concat_ws('\\', user_domain, user) END"},
        table="starts",
    ),
)
