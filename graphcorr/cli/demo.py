"""``graphcorr demo``: a hunt through a small made-up network."""
# ruff: noqa: TC001, TC002  (Typer reads the annotations when it builds the command)

from __future__ import annotations

from pathlib import Path

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import page_width, put_json, put_page, talk
from graphcorr.cli.progress import watched
from graphcorr.cli.verb import Verb, case_to_name, settings_of
from graphcorr.outputs import json as json_output
from graphcorr.outputs import text

NEXT = """
These logs are made up; they are in {folder}. On your own:
   graphcorr hunt {logs:<27}a folder: EVTX, JSON, XML, Zeek, archives, mixed
   graphcorr hunt *.evtx zeek/ --json        the same for programs
   graphcorr hunt {since:<27}only from that day on"""


def demo(context: typer.Context, json: options.Json = False) -> None:
    """Hunt through a small made-up network.

    It has attacks and harmless look-alikes in it; nothing has to be prepared.
    """
    from graphcorr.service.demo import LOGS, hunt_demo

    settings = settings_of(context)
    with watched() as progress:
        folder, report = hunt_demo(settings, progress)
    # Findings are what a demonstration is for: the exit status is 0.
    if json:
        put_json(json_output.render(report))
    else:
        kept = case_to_name(context, Path(report.case), settings) if report.case is not None else None
        put_page(text.render(report, settings.min_level, page_width(), kept))
    talk(NEXT.format(folder=folder, logs=LOGS, since=f"{LOGS} --since 2026-03-02"))


VERB = Verb("demo", demo, place=9)
