"""PowerShell ran text: an engine that was started, a command with its parameters, or a part of a script."""

from __future__ import annotations

from typing import Final

from graphcorr.engine.tables import INTEGER, TEXT
from graphcorr.facts.base import ACCOUNT, Fact, node
from graphcorr.model.kinds import Kind

_SHOWN: Final = 4000
"""Characters of a text that the graph has; a script may be as long as anybody likes."""

FACT = Fact(
    Kind.SCRIPT,
    {
        **ACCOUNT,
        "text": TEXT,
        "command_line": TEXT,
        "host_name": TEXT,
        "path": TEXT,
        "pid": INTEGER,
        "script_block": TEXT,
        "part": INTEGER,
        "parts": INTEGER,
    },
    node(
        f"Text that PowerShell ran, its first {_SHOWN} characters, or an engine of it that was started",
        {"host": TEXT, "host_name": TEXT, "command_line": TEXT, "path": TEXT, "pid": INTEGER, "part": INTEGER, "parts": INTEGER},
        edges=("PERFORMED_BY",),
        made={"text": (f"left(text, {_SHOWN})", TEXT)},
    ),
)
