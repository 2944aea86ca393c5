"""``graphcorr hunt``: logs in, findings out."""
# ruff: noqa: TC001  (Typer reads the annotations when it builds the command)

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import check_output, talk, tell_of_pipes
from graphcorr.cli.passwords import ask_password
from graphcorr.cli.progress import watched
from graphcorr.cli.reporting import put_report
from graphcorr.cli.verb import Verb, case_to_name, settings_of, status_of
from graphcorr.errors import GraphcorrError, UsageError
from graphcorr.outputs.hints import Hints
from graphcorr.service.span import read_span

if TYPE_CHECKING:
    from graphcorr.service.hunting import HuntOptions
    from graphcorr.settings import Settings


def hunt(
    context: typer.Context,
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders, globs, archives; - is standard input.")],
    *,
    json: options.Json = False,
    output: options.Output = None,
    since: options.Since = None,
    until: options.Until = None,
    baseline_until: options.BaselineUntil = None,
    min_level: options.MinLevel = None,
    patterns: options.Patterns = None,
    mapping: options.Mapping = None,
    store: options.Store = None,
    case: options.NewCase = None,
    ephemeral: Annotated[bool, typer.Option("--ephemeral", help="Keep nothing: no case, no last report.")] = False,
    fail_on_skipped: options.FailOnSkipped = False,
    workers: options.Workers = None,
    archive_password: options.ArchivePassword = False,
    full: options.Full = False,
) -> None:
    """Find how one machine took over the next.

    Looked for are files written over the network and then run, and what was run or set up from another machine without a file. Formats
    are told by content: EVTX, JSON, XML, CSV, Parquet, Zeek, Suricata, packet captures, archives of them, in any mixture.
    """
    from graphcorr.service.cases import can_remember
    from graphcorr.service.hunting import HuntOptions
    from graphcorr.service.hunting import hunt as hunt_in

    settings = settings_of(
        context, store=store, min_level=min_level, workers=workers, patterns=patterns, mapping=mapping, baseline_until=baseline_until
    )
    settings = ask_password(settings, asked=archive_password)
    check_output(output, case, paths)
    if ephemeral and case is not None:
        raise UsageError("--ephemeral keeps nothing and --case keeps it: give one of the two")
    first, last = read_span(since, until)
    request = HuntOptions(paths=tuple(paths), case=case, ephemeral=ephemeral, since=first, until=last, full=full)
    before = _last_case(settings)
    tell_of_pipes(paths)
    try:
        with watched() as progress:
            report = hunt_in(request, settings, progress)
    except KeyboardInterrupt as interrupt:
        talk(_interrupted(request, settings, before))
        raise typer.Exit(status_of(interrupt)) from interrupt
    if case is not None and not can_remember(settings):
        talk(f"{settings.state} cannot be written, so this is not remembered as the last case: name it with --case {case}")
    kept = case_to_name(context, case or Path(report.case), settings, output) if report.case is not None else None
    put_report(report, settings.min_level, as_json=json, case=kept, output=output, fail_on_skipped=fail_on_skipped)


def _interrupted(request: HuntOptions, settings: Settings, last: Path | None) -> str:
    """What is left and how to go on; ``last`` is the last case before this hunt, which is not to be taken for its own."""
    if request.ephemeral:
        return "Interrupted; nothing is kept of an ephemeral run."
    case = request.case if request.case is not None else _last_case(settings)
    if case is None or not case.is_dir():
        return "Interrupted before a case was made; nothing is kept."
    if request.case is None and case == last:
        # The same logs as the last time, or stopped before the case had its name: both is possible.
        return "Interrupted. Whatever was read is kept: the same command goes on from there."
    if "-" in request.paths:
        return f"Interrupted. What was read is kept in {case}: {Hints(case).command('detect')} looks into it."
    return f"Interrupted. What was read is kept in {case}: the same command goes on from there."


def _last_case(settings: Settings) -> Path | None:
    from graphcorr.service.cases import find_case

    try:
        return find_case(None, settings)
    except GraphcorrError:
        return None


VERB = Verb("hunt", hunt, place=1)
