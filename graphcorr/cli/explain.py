"""``graphcorr explain``: a finding with the records behind it."""
# ruff: noqa: TC001  (Typer reads the annotations when it builds the command)

from __future__ import annotations

from typing import Annotated

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import page_width, put_json, put_page
from graphcorr.cli.verb import Verb, settings_of
from graphcorr.outputs import explanation as output
from graphcorr.outputs import json as json_output


def explain(
    context: typer.Context,
    identity: Annotated[str, typer.Argument(metavar="ID", help="The finding's id, or as much of its start as makes it unique.")],
    *,
    json: options.Json = False,
    full: Annotated[bool, typer.Option("--full", help="Show every record uncut.")] = False,
    case: options.Case = None,
) -> None:
    """Show the log records behind a finding.

    Each step with its record as it was logged, and the logged time beside the aligned one.
    """
    from graphcorr.service import cases, explaining

    explanation = explaining.explain(cases.find_case(case, settings_of(context)), identity)
    if json:
        put_json(json_output.render_explanation(explanation))
    else:
        put_page(output.render(explanation, full=full, width=page_width()))


VERB = Verb("explain", explain, place=4)
