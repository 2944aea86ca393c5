"""``graphcorr schema``: what the graph is made of, and what a store makes of it."""
# ruff: noqa: TC001, TC002  (Typer reads the annotations when it builds the command)

from __future__ import annotations

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import put_json, put_text, talk
from graphcorr.cli.verb import Verb, settings_of


def schema(context: typer.Context, *, store: options.Store = None, json: options.Json = False) -> None:
    """Print the graph's labels, edges and properties, and the statements that make them.

    The statements are the store's, LadybugDB's without --store; of a server it is said what it holds.
    """
    from graphcorr.outputs.schema import render, render_json
    from graphcorr.service.graphs import describe_graph, list_statements

    settings = settings_of(context, store=store)
    statements = list_statements(settings.store)
    if json:
        put_json(render_json(statements))
    else:
        put_text(render(statements))
    if settings.store is not None:
        engine, held = describe_graph(settings.store, settings)
        talk(f"{engine} holds {held or 'nothing yet'}.")


VERB = Verb("schema", schema, place=8)
