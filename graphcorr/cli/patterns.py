"""``graphcorr patterns``: what is looked for, and the tools to write more of it."""
# ruff: noqa: TC001, TC003  (Typer reads the annotations when it builds the command)

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import page_width, put_json, put_page, put_text
from graphcorr.cli.verb import Verb, guard, settings_of
from graphcorr.errors import UsageError

if TYPE_CHECKING:
    from graphcorr.patterns.load import Pattern

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="List, show, write and check patterns.")

Identity = Annotated[str, typer.Argument(metavar="ID", help="The pattern's id, as in smb-write-then-image.")]


@app.command("list")
@guard
def list_patterns(context: typer.Context, *, patterns: options.Patterns = None, json: options.Json = False) -> None:
    """List the patterns with what each needs."""
    from graphcorr.outputs import json as json_output
    from graphcorr.outputs import patterns as output

    found = _load(context, patterns)
    if json:
        put_json(json_output.encode(output.to_document(found)))
    else:
        put_page(output.render(found, page_width()))


@app.command("show")
@guard
def show_pattern(context: typer.Context, identity: Identity, *, patterns: options.Patterns = None) -> None:
    """Print a pattern's file; it can be pasted into Neo4j Browser."""
    found = {pattern.id: pattern for pattern in _load(context, patterns)}
    if identity not in found:
        raise UsageError(f"there is no pattern {identity}; graphcorr patterns list names them")
    put_text(found[identity].text)


def _load(context: typer.Context, folders: list[Path] | None) -> list[Pattern]:
    """The package's own patterns and those of the folders given or set."""
    from graphcorr.patterns.load import builtin_folder, load

    return load([builtin_folder(), *(folders if folders is not None else settings_of(context).patterns)])


VERB = Verb("patterns", app, place=8)
