"""``graphcorr ingest``: logs into a case, without looking for anything yet."""
# ruff: noqa: TC003  (Typer reads the annotations when it builds the command)

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import page_width, put_json, put_page, talk, tell_of_pipes
from graphcorr.cli.passwords import ask_password
from graphcorr.cli.progress import watched
from graphcorr.cli.verb import REFUSED, Verb, settings_of, status_of
from graphcorr.outputs import inputs as page
from graphcorr.outputs import json as json_output
from graphcorr.outputs.hints import Hints


def ingest(
    context: typer.Context,
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders, globs, archives; - is standard input.")],
    case: Annotated[
        Path, typer.Option("--case", metavar="DIR", parser=options.read_path, help="The case folder, made when it does not exist.")
    ],
    *,
    store: Annotated[
        str | None, typer.Option("--store", metavar="URL", help="Keep the whole graph there as well: neo4j://HOST or ladybug:///FILE.")
    ] = None,
    mapping: options.Mapping = None,
    archive_password: options.ArchivePassword = False,
    json: options.Json = False,
    fail_on_skipped: options.FailOnSkipped = False,
) -> None:
    """Read logs into a case.

    Every kind of event that is understood is kept; the same logs again change nothing.
    """
    from graphcorr.service.reading import ingest as read_into

    settings = ask_password(settings_of(context, store=store, mapping=mapping), asked=archive_password)
    tell_of_pipes(paths)
    try:
        with watched() as progress:
            inputs = read_into(tuple(paths), case, settings, progress)
    except KeyboardInterrupt as interrupt:
        talk(f"Interrupted. What was read is kept in {case}: the same command goes on from there.")
        raise typer.Exit(status_of(interrupt)) from interrupt
    if json:
        put_json(json_output.encode(inputs))
    else:
        put_page(page.render(inputs, page_width(), case))
        talk(f"Next: {Hints(case).command('detect')}")
    if unjudged := [each for each in inputs.files if not each.judged]:
        talk(page.say_unjudged(unjudged))
        raise typer.Exit(REFUSED)
    if fail_on_skipped and inputs.skipped:
        raise typer.Exit(REFUSED)


VERB = Verb("ingest", ingest, place=5)
