"""``graphcorr detect``: look again at what a case holds."""
# ruff: noqa: TC001  (Typer reads the annotations when it builds the command)

from __future__ import annotations

from typing import Annotated

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import check_output
from graphcorr.cli.progress import watched
from graphcorr.cli.reporting import put_report
from graphcorr.cli.verb import Verb, case_to_name, settings_of
from graphcorr.service.span import read_span


def detect(
    context: typer.Context,
    *,
    case: options.Case = None,
    json: options.Json = False,
    output: options.Output = None,
    since: options.Since = None,
    until: options.Until = None,
    baseline_until: options.BaselineUntil = None,
    min_level: options.MinLevel = None,
    patterns: options.Patterns = None,
    store: options.Store = None,
    full: options.Full = False,
    as_read: Annotated[
        bool, typer.Option("--as-read", help="Give up what was begun to be read and not read to its end: take the case as it is.")
    ] = False,
) -> None:
    """Run the patterns over a case again."""
    from graphcorr.service import cases, detecting

    settings = settings_of(context, store=store, min_level=min_level, patterns=patterns, baseline_until=baseline_until)
    first, last = read_span(since, until)
    folder = cases.find_case(case, settings)
    check_output(output, folder)
    with watched() as progress:
        report = detecting.detect(folder, settings, progress, since=first, until=last, full=full, as_read=as_read)
    put_report(report, settings.min_level, as_json=json, case=case_to_name(context, folder, settings, output), output=output)


VERB = Verb("detect", detect, place=6)
