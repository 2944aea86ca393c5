"""``graphcorr paths``: each path of a case as a story."""
# ruff: noqa: TC001, TC002  (Typer reads the annotations when it builds the command)

from __future__ import annotations

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import check_output, page_width, put_json, put_page
from graphcorr.cli.verb import Verb, case_to_name, settings_of
from graphcorr.outputs import json as json_output
from graphcorr.outputs import story


def paths(context: typer.Context, *, json: options.Json = False, output: options.Output = None, case: options.Case = None) -> None:
    """Tell who moved from which machine to which."""
    from graphcorr.service import cases

    settings = settings_of(context)
    folder = cases.find_case(case, settings)
    check_output(output, folder)
    report = cases.load_report(folder)
    if json or (output is not None and output.suffix.lower() == ".json"):
        put_json(json_output.render_paths(report), output)
    else:
        put_page(story.render(report, page_width(), case_to_name(context, folder, settings, output)), output)


VERB = Verb("paths", paths, place=3)
