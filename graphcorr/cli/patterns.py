"""``graphcorr patterns``: what is looked for, and the tools to write more of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import page_width, put_json, put_page, put_text, talk
from graphcorr.cli.verb import FOUND, Verb, case_to_name, guard, settings_of
from graphcorr.outputs.hints import Hints
from graphcorr.outputs.wording import count

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="List, show, write and check patterns.")

OwnCase = Annotated[
    Path | None,
    typer.Option(
        "--case", metavar="DIR", parser=options.read_path, help="With the patterns that were added to this case.", show_default=False
    ),
]
Identity = Annotated[str, typer.Argument(metavar="ID", help="The pattern's id, as in smb-write-then-image.")]


@app.command("list")
@guard
def list_patterns(context: typer.Context, *, patterns: options.Patterns = None, case: OwnCase = None, json: options.Json = False) -> None:
    """List the patterns with what each needs; with --case also those that were added to the case."""
    from graphcorr.outputs import json as json_output
    from graphcorr.outputs import patterns as output
    from graphcorr.service import cases, own_patterns
    from graphcorr.service.patterns import load_patterns

    settings = settings_of(context, patterns=patterns)
    folder = cases.find_case(case, settings) if case is not None else None
    found = load_patterns(settings, folder)
    own = {each.id for each in own_patterns.list_own(folder)} if folder is not None else set()
    if json:
        put_json(json_output.encode(output.to_document(found, own)))
    else:
        put_page(output.render(found, page_width(), own))


@app.command("show")
@guard
def show_pattern(context: typer.Context, identity: Identity, *, patterns: options.Patterns = None, case: OwnCase = None) -> None:
    """Print a pattern's file; it can be pasted into Neo4j Browser."""
    from graphcorr.service import cases
    from graphcorr.service.patterns import find_pattern

    settings = settings_of(context, patterns=patterns)
    put_text(find_pattern(identity, settings, cases.find_case(case, settings) if case is not None else None).text)


@app.command("new")
@guard
def new_pattern(
    identity: Annotated[str, typer.Argument(metavar="ID", help="The new pattern's id: lower-case words joined by hyphens.")],
    *,
    folder: Annotated[Path, typer.Option("--folder", metavar="DIR", help="The folder of patterns to write into.")] = Path("cypher"),
    tactic: Annotated[str, typer.Option("--tactic", help="The ATT&CK tactic, which is the folder below it.")] = "lateral_movement",
) -> None:
    """Write the stubs of a pattern: its file, and cases with a hit and a decoy."""
    from graphcorr.service.patterns import begin_pattern

    for path in begin_pattern(folder, identity, tactic):
        put_text(path.as_posix())
    talk(f"Fill both in, then: graphcorr patterns check {identity} --patterns {folder}")


@app.command("add")
@guard
def add_pattern(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The pattern's file.", exists=True, dir_okay=False)],
    *,
    tactic: Annotated[str, typer.Option("--tactic", help="The ATT&CK tactic that it is of.")] = "lateral_movement",
    case: options.Case = None,
) -> None:
    """Keep a pattern in a case: its detections run it from then on, on a server, too."""
    from graphcorr.service import cases, judging, own_patterns

    settings = settings_of(context)
    text = file.read_text(encoding="utf-8", errors="replace")
    asked = judging.ask(own_patterns.PatternText, text=text, tactic=tactic)
    folder = cases.find_case(case, settings)
    put_text(own_patterns.add_pattern(folder, asked, settings).id)
    talk(f"The next detection runs it: {Hints(case_to_name(context, folder, settings)).command('detect')}")


@app.command("remove")
@guard
def remove_pattern(context: typer.Context, identity: Identity, *, case: options.Case = None) -> None:
    """Take a pattern out of the case that it was added to."""
    from graphcorr.service import cases, own_patterns

    own_patterns.remove_pattern(cases.find_case(case, settings_of(context)), identity)
    talk(f"{identity} is removed.")


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
    from graphcorr.service.patterns import check_patterns as check

    done = check(identities or (), settings_of(context, patterns=patterns))
    if json:
        put_json(json_output.encode(output.to_problems(done.patterns, done.problems)))
    else:
        for problem in done.problems:
            put_text(str(problem))
        talk(
            f"{count(done.patterns, 'pattern')} checked, {count(len(done.problems), 'problem')}."
            if done.patterns
            else f"{count(len(done.problems), 'problem')}."
        )
    if done.problems:
        raise typer.Exit(FOUND)


VERB = Verb("patterns", app, place=8)
