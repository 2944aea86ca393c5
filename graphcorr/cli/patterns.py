"""``graphcorr patterns``: what is looked for, and the tools to write more of it."""
# ruff: noqa: TC001  (Typer reads the annotations when it builds the command)

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import page_width, put_json, put_page, put_text, talk
from graphcorr.cli.verb import FOUND, Verb, guard, settings_of
from graphcorr.errors import UsageError
from graphcorr.outputs.wording import count

if TYPE_CHECKING:
    from graphcorr.errors import PatternError
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


@app.command("new")
@guard
def new_pattern(
    identity: Annotated[str, typer.Argument(metavar="ID", help="The new pattern's id: lower-case words joined by hyphens.")],
    *,
    folder: Annotated[Path, typer.Option("--folder", metavar="DIR", help="The folder of patterns to write into.")] = Path("cypher"),
    tactic: Annotated[str, typer.Option("--tactic", help="The ATT&CK tactic, which is the folder below it.")] = "lateral_movement",
) -> None:
    """Write the stubs of a pattern: its file, and cases with a hit and a decoy."""
    from graphcorr.patterns.scaffold import scaffold

    for path in scaffold(folder, identity, tactic):
        put_text(path.as_posix())
    talk(f"Fill both in, then: graphcorr patterns check {identity} --patterns {folder}")


@app.command("check")
@guard
def check_patterns(
    context: typer.Context,
    identities: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Only these patterns.")] = None,
    *,
    patterns: options.Patterns = None,
    json: options.Json = False,
) -> None:
    """Lint patterns, bind them on the engine and run their cases.

    Without --patterns the package's own. Exit status 1 when something is wrong.
    """
    from graphcorr.outputs import json as json_output
    from graphcorr.outputs import patterns as output
    from graphcorr.patterns.check import check
    from graphcorr.patterns.load import PatternErrors, builtin_folder
    from graphcorr.store.open import open_store

    problems: list[PatternError]
    checked: list[Pattern] = []
    try:
        own = builtin_folder().resolve()
        found = _load(context, patterns)
        # The package's own patterns are there to refuse a repeated id; a user's folder is what is to be checked.
        theirs = [pattern for pattern in found if not pattern.path.resolve().is_relative_to(own)]
        checked = [pattern for pattern in theirs or found if not identities or pattern.id in identities]
        if missing := sorted(set(identities or ()) - {pattern.id for pattern in checked}):
            raise UsageError(f"there is no pattern {missing[0]}; graphcorr patterns list names them")
        problems = check(checked, lambda: open_store("ladybug://"))
    except PatternErrors as errors:
        problems = list(errors.errors)
    if json:
        put_json(json_output.encode(output.to_problems(len(checked), problems)))
    else:
        for problem in problems:
            put_text(str(problem))
        talk(
            f"{count(len(checked), 'pattern')} checked, {count(len(problems), 'problem')}."
            if checked
            else f"{count(len(problems), 'problem')}."
        )
    if problems:
        raise typer.Exit(FOUND)


def _load(context: typer.Context, folders: list[Path] | None) -> list[Pattern]:
    """The package's own patterns and those of the folders given or set."""
    from graphcorr.patterns.load import builtin_folder, load

    return load([builtin_folder(), *(folders if folders is not None else settings_of(context).patterns)])


VERB = Verb("patterns", app, place=8)
