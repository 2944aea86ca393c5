"""``graphcorr browser``: the guide, style and saved queries for Neo4j Browser, served or written."""
# ruff: noqa: TC003  (Typer reads the annotations when it builds the command)

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import put_text, talk
from graphcorr.cli.verb import Verb
from graphcorr.errors import UsageError

HOW_TO = """\
In Neo4j Browser, type these; each once:
    :style {address}/style.grass
    :guide {address}/guide.html
Saved queries: download {address}/saved-queries.zip and drag it onto Browser's window.
"""


def browser(
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="DIR", parser=options.read_path, help="Write the files into this folder instead of serving them."
        ),
    ] = None,
    listen: Annotated[str, typer.Option("--listen", metavar="ADDRESS", help="Serve on this address.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, metavar="N", help="Serve on this port; 0 takes a free one.")] = 8001,
) -> None:
    """Serve a guide, a style and saved queries to Neo4j Browser.

    Says what to type there, and serves until interrupted. Nothing of a case is in these files.
    """
    if output is not None:
        _write(output)
        return
    from graphcorr.service.browsing import open_guide

    with open_guide(listen, port) as server:
        put_text(HOW_TO.format(address=server.address))
        talk(f"Serving on {listen}:{server.server_address[1]}. Stop with Ctrl+C.")
        server.serve_forever()


def _write(folder: Path) -> None:
    """Write every file; an existing file of ours is replaced, others in the folder stay."""
    from graphcorr.service.browsing import list_files

    if folder.exists() and not folder.is_dir():
        raise UsageError(f"--output {folder}: is no folder")
    try:
        for name, content in list_files().items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            put_text(path.as_posix())
    except OSError as error:
        raise UsageError(f"--output {folder}: {error.strerror or error}") from error
    talk("Drag style.grass and saved-queries.zip onto Neo4j Browser's window, one after the other; open guide.html beside it.")


VERB = Verb("browser", browser, place=10)
