"""A case looked at again: with the patterns and the intelligence as they are now, or for its graph alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graphcorr.case.writer import open_writer
from graphcorr.detection import Task, Timer, build_graph, detect_in, prepare_store
from graphcorr.errors import CaseError, NotDetectedError, UsageError
from graphcorr.findings.window import Chosen
from graphcorr.intel.knowledge import intel_folder
from graphcorr.patterns.scope import compares
from graphcorr.service.cases import load_report
from graphcorr.service.judged import judge_report
from graphcorr.service.patterns import load_patterns
from graphcorr.service.span import read_baseline
from graphcorr.service.work import NEVER, Stoppable
from graphcorr.syntax.times import parse_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphcorr.model.progress import Cancel, Progress
    from graphcorr.model.records import Microseconds
    from graphcorr.model.report import Report
    from graphcorr.patterns.load import Pattern
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
    as_read: bool = False,
) -> Report:
    """Find in a case's events, with the patterns as they are now; the graph is made anew.

    ``until`` is the last moment that is looked at, itself included. ``full`` projects every event, for exploring, and not
    only what a pattern can touch. ``as_read`` gives up what was begun to be read and not read to its end.
    """
    patterns = load_patterns(settings, folder)
    timer = Timer(settings.timings)
    with open_writer(folder) as case:
        prepare_store(case, settings, full=full)
        if as_read:
            case.state.give_up_reading()
        task = make_task(patterns, folder, settings, chosen=Chosen(since, until), full=full)
        report = detect_in(case, task, Stoppable(progress, cancel), timer)
    timer.write()
    return judge_report(report, folder)


def rebuild(folder: Path, settings: Settings, progress: Progress, cancel: Cancel = NEVER, *, full: bool = False) -> None:
    """Make the case's generation anew from its events, as its last detection did; a damaged one is told in its default shape.

    A case in which nothing was looked for yet has a graph in a store only: ``NotDetectedError`` where none is named.
    """
    progress = Stoppable(progress, cancel)
    patterns = load_patterns(settings, folder)
    with open_writer(folder) as case:
        prepare_store(case, settings, full=full)
        try:
            last = load_report(folder)
        except NotDetectedError:
            if settings.store is None:
                raise
            build_graph(case, settings.store, settings, progress, full=full)
            return
        except CaseError:
            last = None
        compared = replace(settings, baseline_until=last.baseline.until if last is not None and last.baseline is not None else None)
        task = make_task(patterns, folder, compared, chosen=_chosen(last, patterns), full=full)
        timer = Timer(settings.timings)
        detect_in(case, task, progress, timer)
        timer.write()


def _chosen(last: Report | None, patterns: Sequence[Pattern]) -> Chosen:
    """The window of the last report. ``UsageError`` where it was made with patterns that are not named now."""
    if last is None:
        return Chosen(None, None)
    known = {pattern.header.id for pattern in patterns}
    if missing := sorted({each.pattern for each in last.coverage.patterns} - known):
        raise UsageError(
            f"the last detection also ran {', '.join(missing)}: name the folder of those patterns in GRAPHCORR_PATTERNS, "
            "or run graphcorr detect"
        )
    window = last.window
    return Chosen(*(_moment(text) for text in (window.since, window.until))) if window is not None else Chosen(None, None)


def _moment(text: str | None) -> Microseconds | None:
    parsed = parse_time(text) if text is not None else None
    return parsed[0] if parsed is not None else None


def make_task(
    patterns: Sequence[Pattern], case: Path, settings: Settings, *, chosen: Chosen, full: bool = False, ephemeral: bool = False
) -> Task:
    """What a detection in ``case`` is asked. ``UsageError`` where its history ends at what is no time."""
    baseline = read_baseline(settings.baseline_until)
    return Task(
        # What asks for what is new is not run, and not said to be evaluated, where nobody said what is old.
        patterns=[each for each in patterns if baseline is not None or not compares(each)],
        chosen=chosen,
        baseline=baseline,
        intelligence=intel_folder(settings.state, case),
        settings=settings,
        full=full,
        published=not ephemeral,
    )
