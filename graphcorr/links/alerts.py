"""What guards of machines, monitors of the wire and tools that read the same logs say is wrong; nothing is concluded from it."""

from __future__ import annotations

from typing import Final

from graphcorr.engine.tables import INTEGER, SMALL, TEXT, TEXTS, TIME, Table
from graphcorr.links.names import folded

TABLES: Final = (
    Table(
        "alerts",
        "what somebody says is wrong: of a record, of a file or program, or of what went between two addresses",
        {
            **dict.fromkeys(("id", "log", "host", "name", "severity"), TEXT),
            "time": TIME,
            "techniques": TEXTS,
            "about_event": SMALL,
            "about_record": INTEGER,
            **dict.fromkeys(("path", "image", "source_address", "target_address"), TEXT),
        },
        ("Alert",),
        "SELECT id, log, host, name, severity, time, techniques, about_event, about_record, "
        f"{folded('path')} AS path, {folded('image')} AS image, source_address, target_address FROM Alert WHERE name IS NOT NULL",
        empty_without=("Alert",),
    ),
)
