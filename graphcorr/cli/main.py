"""``graphcorr``: finds the verbs in this folder and runs one of them."""
# ruff: noqa: TC001  (Typer reads the annotations when it builds the command)

from __future__ import annotations

import gc
import importlib
import io
import os
import pkgutil
import sys
from pathlib import Path
from typing import Annotated

import typer

import graphcorr
import graphcorr.cli
from graphcorr.cli import options
from graphcorr.cli.verb import Verb, guard, keep_config, listen_for_the_end
from graphcorr.model.records import COLLECTOR

EPILOG = (
    "Exit status: 0 nothing found, 1 findings, 2 bad usage, or input that could not be judged. "
    "Completion for your shell: graphcorr --install-completion"
)


def main() -> None:
    """The console script."""
    gc.set_threshold(*COLLECTOR)
    listen_for_the_end()
    _open_missing()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A log may hold what the terminal's encoding lacks; showing it escaped beats failing.
            stream.reconfigure(errors="backslashreplace")
    build_app()(prog_name="graphcorr")


def _open_missing() -> None:
    """Standard streams that the caller closed are nothing to read from and nowhere to write to.

    Otherwise the next file that is opened gets their number, and what is printed by some library lands in it.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w" if number else "r", encoding="utf-8"))  # noqa: SIM115 - for as long as we live


def build_app() -> typer.Typer:
    """The application with every verb of this folder."""
    # Plain help (no rich markup) reads the same in a terminal, a pipe and the README; exceptions that reach the top are bugs.
    app = typer.Typer(
        name="graphcorr", no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, epilog=EPILOG, context_settings=_HELP
    )
    app.callback()(_start)
    for verb in find_verbs():
        if isinstance(verb.run, typer.Typer):
            app.add_typer(verb.run, name=verb.name)
        else:
            app.command(verb.name)(guard(verb.run))
    return app


def find_verbs() -> list[Verb]:
    """The ``VERB`` of each file here that has one, in the order of the help. Two of one name are an error."""
    verbs: dict[str, Verb] = {}
    for module in pkgutil.iter_modules(graphcorr.cli.__path__):
        verb = getattr(importlib.import_module(f"graphcorr.cli.{module.name}"), "VERB", None)
        if not isinstance(verb, Verb):
            continue
        if verb.name in verbs:
            raise ValueError(f"two files define the verb {verb.name}; one is graphcorr/cli/{module.name}.py")
        verbs[verb.name] = verb
    return sorted(verbs.values(), key=lambda verb: (verb.place, verb.name))


_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"graphcorr {graphcorr.__version__}")
        raise typer.Exit


def _start(
    context: typer.Context,
    *,
    config: options.Config = None,
    _version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Find how one machine took over the next, from the logs of both and of the network between them.

    Point it at a folder of logs: graphcorr hunt LOGS
    """
    keep_config(context, config)
