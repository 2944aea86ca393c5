"""What the columns of a Zeek text row are called, told by what the row's event has: the row itself does not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.logs.base import ZeekLog
from graphcorr.logs.catalog import log_types
from graphcorr.logs.fields import Field
from graphcorr.sources.zeek_text import unescape

if TYPE_CHECKING:
    from collections.abc import Mapping


def name_row(raw: str, event: Mapping[str, object]) -> list[str | None]:
    """The logged name of each value of a row of tabs; None for a value that the log type does not read.

    ``event`` has the event's columns. Of equal values the first name goes to the first. Anything but a Zeek row has none.
    """
    log_type = log_types().get(str(event["log"]))
    if log_type is None or not isinstance(log_type.source, ZeekLog) or "\t" not in raw or raw.lstrip().startswith("{"):
        return []
    left = [
        (name, read.convert, event[column])
        for column, read in log_type.columns.items()
        if isinstance(read, Field) and event.get(column) is not None
        for name in read.names
    ]
    names: list[str | None] = []
    for value in raw.rstrip("\r\n").split("\t"):
        if value == event["original_time"] and "ts" not in names:
            names.append("ts")
            continue
        found = next((known for known in left if known[1](unescape(value)) == known[2]), None)
        if found is not None:
            left.remove(found)
        names.append(found[0] if found else None)
    return names
