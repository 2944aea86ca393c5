"""``graphcorr settings``: the value of each setting, and where it came from."""
# ruff: noqa: TC001, TC002  (Typer reads the annotations when it builds the command)

from __future__ import annotations

import typer

from graphcorr.cli import options
from graphcorr.cli.delivery import page_width, put_json, put_page
from graphcorr.cli.verb import Verb, settings_of
from graphcorr.outputs import json as json_output
from graphcorr.outputs import settings as output
from graphcorr.settings import user_file


def show_settings(
    context: typer.Context,
    *,
    min_level: options.MinLevel = None,
    patterns: options.Patterns = None,
    store: options.Store = None,
    workers: options.Workers = None,
    json: options.Json = False,
) -> None:
    """Show each setting with its value and where that came from.

    Options come before the environment, that before the settings file, and that before the default.
    """
    settings = settings_of(context, store=store, min_level=min_level, workers=workers, patterns=patterns)
    if json:
        put_json(json_output.encode(output.to_document(settings, user_file())))
    else:
        put_page(output.render(settings, user_file(), page_width()))


VERB = Verb("settings", show_settings, place=8)
