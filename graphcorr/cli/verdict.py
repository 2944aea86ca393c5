"""``graphcorr verdict``: what somebody who looked into a finding says of it."""
# ruff: noqa: TC001  (Typer reads the annotations when it builds the command)

from __future__ import annotations

from typing import Annotated

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import put_json, put_text, talk
from graphcorr.cli.verb import Verb, guard, settings_of
from graphcorr.model.judgments import Judgment
from graphcorr.outputs import json as json_output
from graphcorr.outputs.escapes import escape

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Say what findings are; a new detection keeps it.")


@app.command("set")
@guard
def set_(
    context: typer.Context,
    identity: options.FindingId,
    verdict: Annotated[Judgment, typer.Argument(help="What it is.")],
    *,
    reason: Annotated[str | None, typer.Option("--reason", help="Why.")] = None,
    author: options.Author = None,
    case: options.Case = None,
) -> None:
    """Say what a finding is; it takes the place of what was said before."""
    from graphcorr.service import cases, judging

    folder = cases.find_case(case, settings_of(context))
    said = judging.set_verdict(
        folder, judging.ask(judging.NewVerdict, finding=identity, verdict=verdict, reason=reason), options.author(author)
    )
    talk(f"{said.finding}: {verdict.value.replace('_', ' ')}.")


@app.command("list")
@guard
def list_(context: typer.Context, *, json: options.Json = False, case: options.Case = None) -> None:
    """List what was said of findings, those included that are found no longer."""
    from graphcorr.service import cases, judging

    found = judging.all_verdicts(cases.find_case(case, settings_of(context)))
    if json:
        put_json(json_output.encode(found))
        return
    for each in found:
        why = f": {escape(each.said.reason)}" if each.said.reason else ""
        gone = "" if each.found else " (found no longer)"
        put_text(f"{each.finding}  {each.said.verdict.value}, by {escape(each.said.author)}, {each.said.time}{why}\n    {each.about}{gone}")


@app.command()
@guard
def remove(
    context: typer.Context,
    identity: Annotated[str, typer.Argument(metavar="FINDING", help="The finding's id, or the beginning of it.")],
    *,
    case: options.Case = None,
) -> None:
    """Take back what was said of a finding."""
    from graphcorr.service import cases, judging

    judging.remove_verdict(cases.find_case(case, settings_of(context)), identity)
    talk(f"Nothing is said of {identity} any more.")


VERB = Verb("verdict", app, place=5)
