"""``graphcorr remove``: take a case's graph out of a store."""

from __future__ import annotations

from typing import Annotated

import typer

from graphcorr.cli.delivery import talk
from graphcorr.cli.verb import Verb, settings_of
from graphcorr.errors import UsageError


def remove(
    context: typer.Context,
    *,
    store: Annotated[str, typer.Option("--store", metavar="URL", help="Where the graph is: neo4j://HOST or ladybug:///FILE.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, it is only said what would go.")] = False,
) -> None:
    """Take the graph away that a store holds, of whatever case it is.

    The case folder keeps all events and the report: graphcorr rebuild --store URL makes the graph again.
    """
    from graphcorr.service.graphs import describe_graph, remove_graph

    settings = settings_of(context)
    held = remove_graph(store, settings) if yes else describe_graph(store, settings)[1]
    if held is None:
        talk("There is no graph of graphcorr.")
    elif yes:
        talk(f"Gone: {held}.")
    else:
        raise UsageError(f"--yes would take away {held}")


VERB = Verb("remove", remove, place=8)
