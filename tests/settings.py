"""The settings of a test, as the command line would make them from the environment that ``conftest.py`` prepares."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from graphcorr.settings import Settings, load_settings


def own_settings(
    *,
    state: Path | None = None,
    workers: int = 1,
    store: str | None = None,
    patterns: tuple[Path, ...] = (),
    baseline_until: str | None = None,
) -> Settings:
    """One process that reads, the case's own graph, our own patterns.

    A fixture that lives longer than a test has to name a ``state`` folder of its own.
    """
    loaded = load_settings(os.environ)
    own = state or loaded.state
    return replace(loaded, state=own, workers=workers, store=store, patterns=patterns, baseline_until=baseline_until)
