"""The options that several verbs have, declared once."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from graphcorr.model.findings import Level


def read_path(text: str) -> Path:
    """A path that an option names. An empty one would be the current folder, which nobody means who wrote "$REPORT"."""
    if not text:
        raise typer.BadParameter("an empty path names nothing")
    return Path(text)


Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", parser=read_path, help="Write there instead of to stdout; FILE.json is written as JSON."
    ),
]
MinLevel = Annotated[
    Level | None,
    typer.Option("--min-level", help="The least level that is listed and makes the exit status 1.  [default: medium]", show_default=False),
]
Since = Annotated[str | None, typer.Option("--since", metavar="TIME", help="Only findings from then on: a date or RFC 3339 time, UTC.")]
Until = Annotated[str | None, typer.Option("--until", metavar="TIME", help="Only findings up to then; a date includes its day.")]
BaselineUntil = Annotated[
    str | None,
    typer.Option(
        "--baseline-until",
        metavar="TIME",
        help="All was usual until then: what comes after is compared with it, and what is new is told.  [default: nothing is]",
        show_default=False,
    ),
]
Patterns = Annotated[
    list[Path] | None, typer.Option("--patterns", metavar="DIR", help="Also run the patterns of this folder; may be given more than once.")
]
Mapping = Annotated[
    list[Path] | None,
    typer.Option(
        "--mapping",
        metavar="FILE",
        parser=read_path,
        help="Read the rows of another product as this file describes them; may be given more than once.",
    ),
]
Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="URL",
        help="Keep the graph there: neo4j://HOST or ladybug:///FILE.  [default: in the case]",
        show_default=False,
    ),
]
Case = Annotated[
    Path | None,
    typer.Option("--case", metavar="DIR", parser=read_path, help="The case folder.  [default: the last case]", show_default=False),
]
FindingId = Annotated[str, typer.Argument(metavar="FINDING", help="The finding's id, or as much of its start as makes it unique.")]
Author = Annotated[
    str | None, typer.Option("--author", metavar="NAME", help="Who says it.  [default: the user of this machine]", show_default=False)
]
NewCase = Annotated[
    Path | None,
    typer.Option(
        "--case", metavar="DIR", parser=read_path, help="Keep the case in this folder.  [default: in the state folder]", show_default=False
    ),
]
ArchivePassword = Annotated[
    bool,
    typer.Option("--archive-password", help="Ask for the password of locked archives.  [default: GRAPHCORR_ARCHIVE_PASSWORD]"),
]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, metavar="N", help="Processes that read.  [default: one per core]", show_default=False)
]
Full = Annotated[bool, typer.Option("--full", help="Put every event into the graph, not only those that can touch a pattern.")]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        parser=read_path,
        help="The settings file.  [default: graphcorr.toml in the user's configuration folder]",
        show_default=False,
    ),
]
FailOnSkipped = Annotated[bool, typer.Option("--fail-on-skipped", help="Exit with 2 when a record had to be skipped.")]


def author(given: str | None) -> str:
    """Who says something: as named, else the user of this machine."""
    if given:
        return given
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name
        return "local"
