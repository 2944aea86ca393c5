"""A hunt through a small made-up network with attacks and harmless look-alikes in it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from graphcorr.machine import example_folder
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.service.work import NEVER
from graphcorr.simulate.demo import write_demo

if TYPE_CHECKING:
    from pathlib import Path

    from graphcorr.model.progress import Cancel, Progress
    from graphcorr.model.report import Report
    from graphcorr.settings import Settings


LOGS: Final = example_folder()
"""Where one's own logs may be, as this system writes folders."""


def hunt_demo(settings: Settings, progress: Progress, cancel: Cancel = NEVER) -> tuple[Path, Report]:
    """Write the logs anew into the state folder and hunt in them; returns where they are, and the report."""
    folder = settings.state / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_demo(folder)
    # A team's graph and a user's patterns are not for made-up logs.
    own = replace(settings, store=None, patterns=())
    return folder, hunt(HuntOptions(paths=(str(folder),)), own, progress, cancel)
