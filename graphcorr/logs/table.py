"""The table of log types in the docs, made from their declarations: ``python -m graphcorr.logs.table > docs/log-types.md``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.catalog import log_types
from graphcorr.logs.claims import NEVER
from graphcorr.logs.columns import EVENT_COLUMNS
from graphcorr.logs.moments import created_field
from graphcorr.logs.testimony import Strength
from graphcorr.model.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD: Final = """\
# Log types

What graphcorr understands, and what each log says and does not say. Every log type is one file in
`graphcorr/logs`; this page is made from them by `python -m graphcorr.logs.table`.

A log type *testifies* to kinds of things that happen, and a host is *covered* for a kind when a record there proves that
it would have been logged, whether or not it happened. A record *states* that something happened unless it says less: it
was *asked* for and granted, or it is *implied*, where the record fits other causes as well. Formats and log types are
independent: event 4624 means the same in EVTX, winlogbeat JSON and NXLog JSON.
"""


def table() -> str:
    """The whole page, in Markdown."""
    return "\n".join([_HEAD, *_kinds(), *_types(), *_columns()]) + "\n"


def _kinds() -> Iterator[str]:
    yield "## Event kinds\n"
    yield "| kind | log types |"
    yield "|---|---|"
    for kind in Kind:
        witnesses = [name for name, log_type in log_types().items() if kind in log_type.kinds]
        if witnesses:
            yield f"| {kind} | {', '.join(witnesses)} |"
    yield ""


def _types() -> Iterator[str]:
    for name, log_type in log_types().items():
        yield f"## {name}\n"
        yield f"**{log_type.title}** ({log_type.source}). {log_type.provides}\n"
        yield f"- testifies to: {'; '.join(_told(log_type, kind) for kind in sorted(log_type.kinds))}"
        yield f"- time: {_time(log_type)}"
        yield f"- columns: {', '.join(f'`{column}`' for column in EVENT_COLUMNS if column in log_type.columns)}"
        if log_type.absent:
            yield f"- not in it: {'; '.join(log_type.absent)}"
        yield ""


def _told(log_type: LogType, kind: Kind) -> str:
    """A kind, and what is to be said about the testimony to it."""
    claims = [claim for claim in log_type.testifies if claim.kind is kind]
    notes = sorted({claim.strength.value for claim in claims if claim.when != NEVER} - {Strength.STATED.value})
    if any(claim.strength is Strength.STATED for claim in claims) and notes:
        notes = [f"{Strength.STATED} or {' or '.join(notes)}"]
    notes += ["only beside other records" for claim in claims if claim.when == NEVER]
    notes += sorted({f"by the {claim.vantage}" for claim in claims if claim.vantage is not None})
    if kind not in log_type.covers:
        notes.append("proves no coverage")
    return f"{kind} ({', '.join(notes)})" if notes else str(kind)


def _time(log_type: LogType) -> str:
    fields = [log_type.utc_field, created_field(log_type)]
    if isinstance(log_type.source, WindowsEvent):
        fields.append("EventTime")
    return ", else ".join(f"`{name}`" for name in fields if name is not None)


def _columns() -> Iterator[str]:
    yield "## Columns\n"
    yield "Every event is one row; what a log does not say is null.\n"
    yield "| column | type | meaning |"
    yield "|---|---|---|"
    for name, (type_, meaning) in EVENT_COLUMNS.items():
        spelled = str(type_).removeprefix("extension<arrow.").removesuffix(">").replace("list<item: string>", "list of string")
        written = meaning.replace("``", "`")
        yield f"| `{name}` | {spelled} | {written} |"


if __name__ == "__main__":
    sys.stdout.write(table())
