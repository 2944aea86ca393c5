"""Logs into a case, every kind of event that is understood, without looking for anything yet."""

from __future__ import annotations

import os
import stat
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING

import graphcorr
from graphcorr.case.folder import OLDEST
from graphcorr.case.naming import case_name, remembered
from graphcorr.case.reading import read_inputs
from graphcorr.case.writer import open_writer
from graphcorr.detection import build_graph, prepare_store
from graphcorr.findings.inputs import describe
from graphcorr.logs.catalog import wanted
from graphcorr.logs.mapping_files import load_mappings
from graphcorr.machine import count_cores
from graphcorr.service.work import NEVER, Stoppable
from graphcorr.sources.inputs import NO_NAMES, list_argument

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from graphcorr.model.progress import Cancel, Progress
    from graphcorr.model.report import Inputs
    from graphcorr.settings import Settings


def ingest(
    paths: Sequence[str],
    case: Path | None,
    settings: Settings,
    progress: Progress,
    cancel: Cancel = NEVER,
    *,
    names: Mapping[str, str] = NO_NAMES,
    remember: bool = True,
) -> Inputs:
    """Read every kind of event that is understood into a case, without looking for anything.

    Where the settings name a store, the case's whole graph is kept there as well, for exploring. ``names`` are what files
    are called that are kept by another name. The case is the last one afterwards where it is to be remembered.
    """
    progress = Stoppable(progress, cancel)
    folder = case or unnamed_case(paths, settings)
    password = settings.unlocking()
    demand = wanted(mappings=load_mappings(settings.mapping))
    with open_writer(folder, create=True) as opened, remembered(settings.state, folder) if remember else nullcontext():
        prepare_store(opened, settings, full=True)
        read_inputs(opened, paths, demand, count_workers(settings), progress, names=names, password=password)
        if settings.store is not None:
            build_graph(opened, settings.store, settings, progress, full=True)
        return describe(opened)


def count_workers(settings: Settings) -> int:
    """Processes that read: as many as are set, else one per core that this process may use."""
    return settings.workers or count_cores()


def unnamed_case(paths: Sequence[str], settings: Settings) -> Path:
    """Folder of the case that these inputs get without a name of its own.

    Nothing is opened for it: what came through a pipe can be read only once.
    """
    # What a mapping says of the same rows makes other events of them.
    stamps = {f"mapping|{one.digest}" for one in load_mappings(settings.mapping)}
    for argument in paths:
        for name, path, _ in list_argument(argument):
            try:
                status = path.stat() if path is not None else None
            except OSError:
                status = None
            if path is None or (status is not None and stat.S_ISFIFO(status.st_mode)):
                # A pipe gives something else every time, so its case is another one, too.
                stamps.add(f"{name}|{time.time_ns()}")
            else:
                # Path.resolve() raises for links that lead in a circle.
                stamps.add(f"{os.path.realpath(path)}|{(status.st_size, status.st_mtime_ns) if status else None}")
    # One of a layout before that could not be gone on with.
    return settings.state / "cases" / case_name(stamps, f"{graphcorr.__version__}|{OLDEST}")
