"""``graphcorr show``: the last report again."""
# ruff: noqa: TC001, TC002  (Typer reads the annotations when it builds the command)

from __future__ import annotations

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import check_output
from graphcorr.cli.reporting import put_report
from graphcorr.cli.verb import Verb, case_to_name, settings_of


def show(
    context: typer.Context,
    *,
    json: options.Json = False,
    output: options.Output = None,
    min_level: options.MinLevel = None,
    case: options.Case = None,
) -> None:
    """Print the last report again."""
    from graphcorr.service import cases

    settings = settings_of(context, min_level=min_level)
    folder = cases.find_case(case, settings)
    check_output(output, folder)
    report = cases.load_report(folder)
    put_report(report, settings.min_level, as_json=json, case=case_to_name(context, folder, settings, output), output=output)


VERB = Verb("show", show, place=2)
