"""``graphcorr note``: what is to be remembered beside a finding."""

from __future__ import annotations

from typing import Annotated

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import put_json, put_text, talk
from graphcorr.cli.verb import Verb, guard, settings_of
from graphcorr.outputs import json as json_output
from graphcorr.outputs.escapes import escape

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Write notes beside findings; a new detection keeps them.")


@app.command()
@guard
def add(
    context: typer.Context,
    identity: options.FindingId,
    text: Annotated[str, typer.Argument(help="What is to be remembered.")],
    *,
    author: options.Author = None,
    case: options.Case = None,
) -> None:
    """Write a note beside a finding."""
    from graphcorr.service import cases, judging

    folder = cases.find_case(case, settings_of(context))
    put_text(judging.add_note(folder, judging.ask(judging.NewNote, finding=identity, text=text), options.author(author)).id)


@app.command("list")
@guard
def list_(context: typer.Context, *, json: options.Json = False, case: options.Case = None) -> None:
    """List all notes, those included whose finding is found no longer."""
    from graphcorr.service import cases, judging

    found = judging.all_notes(cases.find_case(case, settings_of(context)))
    if json:
        put_json(json_output.encode(found))
        return
    for each in found:
        gone = "" if each.found else " (found no longer)"
        put_text(
            f"{each.id}  {each.finding}  {escape(each.said.author)}, {each.said.time}: {escape(each.said.text)}\n    {each.about}{gone}"
        )


@app.command()
@guard
def remove(
    context: typer.Context, note: Annotated[str, typer.Argument(metavar="ID", help="Its id, as listed.")], *, case: options.Case = None
) -> None:
    """Take a note away."""
    from graphcorr.service import cases, judging

    judging.remove_note(cases.find_case(case, settings_of(context)), note)
    talk(f"{note} is removed.")


VERB = Verb("note", app, place=5)
