"""``graphcorr detect``: look again at what a case holds."""
# ruff: noqa: TC002  (Typer reads the annotations when it builds the command)

from __future__ import annotations

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import check_output
from graphcorr.cli.progress import watched
from graphcorr.cli.reporting import put_report
from graphcorr.cli.verb import Verb, settings_of


def detect(
    context: typer.Context,
    *,
    case: options.Case = None,
    json: options.Json = False,
    output: options.Output = None,
    since: options.Since = None,
    until: options.Until = None,
    min_level: options.MinLevel = None,
    patterns: options.Patterns = None,
    store: options.Store = None,
    full: options.Full = False,
) -> None:
    """Run the patterns over a case again."""
    from graphcorr import service

    settings = settings_of(context)
    first, last = options.read_span(since, until)
    folder = service.find_case(case)
    check_output(output, folder)
    request = service.HuntOptions(
        paths=(),
        case=folder,
        store=store or settings.store,
        pattern_folders=tuple(patterns) if patterns is not None else settings.patterns,
        since=first,
        until=last,
        full=full,
    )
    with watched() as progress:
        report = service.detect(folder, request, progress)
    put_report(report, min_level or settings.min_level, as_json=json, output=output)


VERB = Verb("detect", detect, place=6)
