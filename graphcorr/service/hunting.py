"""Logs in, findings out: a case is read and looked at in one go, and kept unless nothing is to be kept."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from graphcorr.case.naming import remembered
from graphcorr.case.reading import read_inputs
from graphcorr.case.writer import open_writer
from graphcorr.detection import Timer, detect_in, prepare_store
from graphcorr.findings.window import Chosen
from graphcorr.graph.project import linked_kinds
from graphcorr.intel.knowledge import has_indicators
from graphcorr.logs.catalog import wanted
from graphcorr.logs.mapping_files import load_mappings
from graphcorr.patterns.scope import spoken_kinds
from graphcorr.service.detecting import make_task
from graphcorr.service.judged import judge_report
from graphcorr.service.patterns import load_patterns
from graphcorr.service.reading import count_workers, unnamed_case
from graphcorr.service.span import read_baseline
from graphcorr.service.work import NEVER, Stoppable
from graphcorr.store.open import find_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.model.progress import Cancel, Progress
    from graphcorr.model.records import Microseconds
    from graphcorr.model.report import Report
    from graphcorr.settings import Settings


@dataclass(frozen=True, slots=True)
class HuntOptions:
    """What a hunt is asked to do; with what, the settings say."""

    paths: tuple[str, ...]
    case: Path | None = None
    ephemeral: bool = False
    since: Microseconds | None = None
    until: Microseconds | None = None
    """The last moment that is looked at, itself included."""
    full: bool = False
    """Read and project every event, for exploring, and not only what a pattern can touch."""


def hunt(options: HuntOptions, settings: Settings, progress: Progress, cancel: Cancel = NEVER) -> Report:
    """Read logs and find in them. The case is kept and remembered as the last one unless ``ephemeral``."""
    progress = Stoppable(progress, cancel)
    patterns = load_patterns(settings, options.case)
    mappings = load_mappings(settings.mapping)
    if settings.store is not None:
        find_store(settings.store)  # an address that names no store is refused before a case is made
    password = settings.unlocking()
    read_baseline(settings.baseline_until)  # as is one of no time
    timer = Timer(settings.timings)
    with (
        _hunting_ground(options, settings) as folder,
        open_writer(folder, create=True) as case,
        nullcontext(_nothing) if options.ephemeral else remembered(settings.state, folder, named=options.case is not None) as give_up,
    ):
        prepare_store(case, settings, full=options.full)
        chosen = Chosen(options.since, options.until)
        task = make_task(patterns, folder, settings, chosen=chosen, full=options.full, ephemeral=options.ephemeral)
        # What a pattern says that there is none of has to be read as well.
        kinds = spoken_kinds(patterns)
        # An indicator may match an event of any kind, and a full graph has all of them.
        demand = wanted(None if options.full or has_indicators(task.intelligence) else kinds, linked_kinds(), mappings)
        read_inputs(case, options.paths, demand, count_workers(settings), progress, password=password)
        timer.mark("read")
        report = detect_in(case, task, progress, timer)
        if not report.inputs.records:
            give_up()
        report = msgspec.structs.replace(report, case=None) if options.ephemeral else judge_report(report, folder)
    timer.write()
    return report


def _nothing() -> None:
    """Nothing is remembered of an ephemeral hunt, and nothing has to be forgotten."""


@contextmanager
def _hunting_ground(options: HuntOptions, settings: Settings) -> Iterator[Path]:
    if options.ephemeral:
        folder = Path(tempfile.mkdtemp(prefix="graphcorr-"))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    else:
        yield options.case or unnamed_case(options.paths, settings)
