"""``graphcorr serve``: the cases of a state folder over HTTP and in a browser."""
# ruff: noqa: TC003  (Typer reads the annotations when it builds the command)

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import put_text, talk
from graphcorr.cli.progress import watched
from graphcorr.cli.verb import Verb, settings_of


def serve(
    context: typer.Context,
    *,
    listen: Annotated[
        str, typer.Option("--listen", metavar="ADDRESS:PORT", help="Listen there; port 0 takes a free one.")
    ] = "127.0.0.1:8642",
    state: Annotated[
        Path | None,
        typer.Option(
            "--state",
            metavar="DIR",
            parser=options.read_path,
            help="Serve the cases of this state folder.  [default: GRAPHCORR_STATE]",
            show_default=False,
        ),
    ] = None,
    public_url: Annotated[
        str | None,
        typer.Option("--public-url", metavar="URL", help="What callers call it behind a proxy that ends TLS: https://NAME."),
    ] = None,
    limit: Annotated[
        list[str] | None, typer.Option("--limit", metavar="NAME=N", help="Another limit, as body=10GiB; may be given more than once.")
    ] = None,
    allow_cypher: Annotated[bool, typer.Option("--allow-cypher", help="Answer Cypher: to read, with an end to time and rows.")] = False,
    store: options.Store = None,
    neo4j_browser: Annotated[
        str | None,
        typer.Option(
            "--neo4j-browser",
            metavar="URL",
            help="Where the store's Neo4j Browser is, to open what is shown in it: http://HOST:7474/browser/.",
        ),
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Hunt through a small made-up network first.")] = False,
) -> None:
    """Serve cases over HTTP, with a web interface.

    Prints the address, and serves until interrupted. Beyond this machine nobody is answered without a token (graphcorr token).
    """
    from graphcorr_api.server import Wishes
    from graphcorr_api.server import serve as serve_until_ended

    settings = settings_of(context, store=store)
    if state is not None:
        settings = replace(settings, state=state)
    if demo:
        from graphcorr.service.demo import hunt_demo

        with watched() as progress:
            hunt_demo(settings, progress)

    def tell(address: str) -> None:
        put_text(address)
        talk("Stop with Ctrl+C.")

    wishes = Wishes(listen=listen, public_url=public_url, limits=limit or (), allow_cypher=allow_cypher, neo4j_browser=neo4j_browser)
    serve_until_ended(settings, wishes, tell)


VERB = Verb("serve", serve, place=8)
