"""A case looked at again: with the patterns and the intelligence as they are now, or for its graph alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.case.folder import open_case
from graphcorr.detection import Task, Timer, build_graph, detect_in, prepare_store
from graphcorr.findings.window import Chosen
from graphcorr.intel.knowledge import intel_folder
from graphcorr.patterns.load import Pattern, builtin_folder, load
from graphcorr.service.work import NEVER, Stoppable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphcorr.model.progress import Cancel, Progress
    from graphcorr.model.records import Microseconds
    from graphcorr.model.report import Report
    from graphcorr.settings import Settings


def detect(
    folder: Path,
    settings: Settings,
    progress: Progress,
    cancel: Cancel = NEVER,
    *,
    since: Microseconds | None = None,
    until: Microseconds | None = None,
    full: bool = False,
) -> Report:
    """Find in a case's events, with the patterns as they are now; the graph is made anew.

    ``until`` is the last moment that is looked at, itself included. ``full`` projects every event, for exploring, and not
    only what a pattern can touch.
    """
    patterns = load([builtin_folder(), *settings.patterns])
    timer = Timer(settings.timings)
    with open_case(folder) as case:
        task = make_task(patterns, folder, settings, chosen=Chosen(since, until), full=full)
        report = detect_in(case, task, Stoppable(progress, cancel), timer)
    timer.write()
    return report


def rebuild(folder: Path, settings: Settings, progress: Progress, cancel: Cancel = NEVER, *, full: bool = False) -> None:
    """Make the case's graph anew from its events."""
    with open_case(folder) as case:
        prepare_store(case, settings)
        build_graph(case, settings, Stoppable(progress, cancel), full=full)


def make_task(
    patterns: Sequence[Pattern], case: Path, settings: Settings, *, chosen: Chosen, full: bool = False, ephemeral: bool = False
) -> Task:
    """What a detection in ``case`` is asked."""
    return Task(
        patterns=patterns,
        chosen=chosen,
        intelligence=intel_folder(settings.state, case),
        settings=settings,
        full=full,
        kept=not ephemeral or settings.store is not None,
    )
