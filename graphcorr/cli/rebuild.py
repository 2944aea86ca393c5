"""``graphcorr rebuild``: the graph of a case anew."""
# ruff: noqa: TC001  (Typer reads the annotations when it builds the command)

from __future__ import annotations

from graphcorr.cli import options
from graphcorr.cli.delivery import talk
from graphcorr.cli.progress import watched
from graphcorr.cli.verb import Verb


def rebuild(case: options.Case = None) -> None:
    """Build the graph of a case anew.

    From its events, as after a damage or an upgrade of the engine; nothing is lost.
    """
    from graphcorr import service

    folder = service.find_case(case)
    with watched() as progress:
        service.rebuild(folder, progress)
    talk(f"The graph of {folder} is new.")


VERB = Verb("rebuild", rebuild, place=7)
