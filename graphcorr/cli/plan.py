"""``graphcorr plan``: what the second phase runs over a case, on how many rows, and how long."""
# ruff: noqa: TC001, TC002  (Typer reads the annotations when it builds the command)

from __future__ import annotations

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import put_json, put_text, talk
from graphcorr.cli.progress import watched
from graphcorr.cli.verb import Verb, settings_of


def plan(
    context: typer.Context,
    *,
    case: options.Case = None,
    json: options.Json = False,
    patterns: options.Patterns = None,
    full: options.Full = False,
    baseline_until: options.BaselineUntil = None,
) -> None:
    """Show what a detection runs: tables, rows, time.

    Each table of the second phase in the order in which it is made, with what it is made of. The case stays as it is.
    """
    from graphcorr.outputs.inputs import incomplete
    from graphcorr.outputs.plan import render, render_json
    from graphcorr.service import cases, planning

    settings = settings_of(context, patterns=patterns, baseline_until=baseline_until)
    folder = cases.find_case(case, settings)
    with watched() as progress:
        planned = planning.plan(folder, settings, progress, full=full)
    if json:
        put_json(render_json(planned.made))
    else:
        put_text(render(planned.made))
    if said := incomplete(planned.unfinished):
        talk(f"{said} Rows and times are those of what was read.")


VERB = Verb("plan", plan, place=8)
