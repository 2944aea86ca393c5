"""``graphcorr rebuild``: the graph of a case anew."""
# ruff: noqa: TC001, TC002  (Typer reads the annotations when it builds the command)

from __future__ import annotations

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import talk
from graphcorr.cli.progress import watched
from graphcorr.cli.verb import Verb, settings_of


def rebuild(context: typer.Context, *, case: options.Case = None, store: options.Store = None, full: options.Full = False) -> None:
    """Make the graph and the report of a case anew.

    From its events, as the last detection did: after a damage, or an upgrade. Nothing is lost.
    """
    from graphcorr.service import cases, detecting

    settings = settings_of(context, store=store)
    folder = cases.find_case(case, settings)
    with watched() as progress:
        detecting.rebuild(folder, settings, progress, full=full)
    talk(f"The graph of {folder} is new.")


VERB = Verb("rebuild", rebuild, place=7)
