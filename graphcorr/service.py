"""One function for each thing that graphcorr can do; the command line and the API are thin over it."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

import graphcorr
from graphcorr.case.folder import LAYOUT, Case, open_case
from graphcorr.case.naming import case_name, last_case, remembered
from graphcorr.case.reading import Progress, read_inputs
from graphcorr.detection import Task, Timer, build_graph, detect_in, engine_errors, prepare_store
from graphcorr.errors import CaseError, UsageError
from graphcorr.findings.inputs import describe
from graphcorr.findings.window import Chosen
from graphcorr.intel.knowledge import has_indicators, intel_folder
from graphcorr.logs.catalog import wanted
from graphcorr.logs.naming import name_row
from graphcorr.model.kinds import Kind
from graphcorr.model.report import Inputs, Report
from graphcorr.patterns.load import Pattern, builtin_folder, load
from graphcorr.settings import state_folder
from graphcorr.sources.inputs import list_argument
from graphcorr.store.open import find_store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphcorr.model.findings import Evidence, Finding
    from graphcorr.model.records import Microseconds


@dataclass(frozen=True, slots=True)
class HuntOptions:
    """What a hunt is asked to do."""

    paths: tuple[str, ...]
    case: Path | None = None
    ephemeral: bool = False
    store: str | None = None
    """URL of the graph store; None is the case's own graph file."""
    pattern_folders: tuple[Path, ...] = ()
    """Folders of patterns besides those that come with the package."""
    since: Microseconds | None = None
    until: Microseconds | None = None
    """The last moment that is looked at, itself included."""
    full: bool = False
    """Project every event, for exploring, and not only what a pattern can touch."""
    workers: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One record of an explanation, with its text as it stood in the log."""

    evidence: Evidence
    raw: str
    offset_seconds: float
    """What was added to the logged time to align it."""
    names: Sequence[str | None] = ()
    """What the columns of a row of columns are called."""


@dataclass(frozen=True, slots=True)
class Explanation:
    finding: Finding
    steps: list[Step] = field(default_factory=list)


def hunt(options: HuntOptions, progress: Progress) -> Report:
    """Read logs and find in them. The case is kept and remembered as the last one unless ``ephemeral``."""
    patterns = _patterns(options.pattern_folders)
    if options.store is not None:
        find_store(options.store)  # an address that names no store is refused before a case is made
    timer = Timer()
    with (
        _hunting_ground(options) as folder,
        open_case(folder, create=True) as case,
        nullcontext(_nothing)
        if options.ephemeral
        else remembered(state_folder(os.environ), folder, named=options.case is not None) as give_up,
    ):
        prepare_store(case, options.store)
        task = _task(options, patterns, folder)
        kinds = frozenset[Kind]().union(*(pattern.header.needs for pattern in patterns))
        # An indicator may match an event of any kind.
        demand = wanted(None if has_indicators(task.intelligence) else kinds)
        read_inputs(case, options.paths, demand, options.workers or len(os.sched_getaffinity(0)), progress)
        timer.mark("read")
        report = detect_in(case, task, progress, timer)
        if not report.inputs.records:
            give_up()
        if options.ephemeral:
            report = msgspec.structs.replace(report, case=None)
    timer.write()
    return report


def _nothing() -> None:
    """Nothing is remembered of an ephemeral hunt, and nothing has to be forgotten."""


def ingest(paths: Sequence[str], case: Path | None, progress: Progress, workers: int | None = None, *, store: str | None = None) -> Inputs:
    """Read every kind of event that is understood into a case, without looking for anything.

    With a ``store`` the case's whole graph is kept there as well, for exploring.
    """
    state = state_folder(os.environ)
    folder = case or state / "cases" / _name(paths)
    with open_case(folder, create=True) as opened, remembered(state, folder):
        prepare_store(opened, store)
        read_inputs(opened, paths, wanted(), workers or len(os.sched_getaffinity(0)), progress)
        if store is not None:
            build_graph(opened, store, progress, full=True)
        return describe(opened)


def detect(folder: Path, options: HuntOptions, progress: Progress) -> Report:
    """Find in a case's events, with the patterns as they are now; the graph is made anew."""
    patterns = _patterns(options.pattern_folders)
    with open_case(folder) as case:
        return detect_in(case, _task(options, patterns, folder), progress, Timer())


def rebuild(folder: Path, progress: Progress, *, store: str | None = None, full: bool = False) -> None:
    """Make the case's graph anew from its events."""
    with open_case(folder) as case:
        prepare_store(case, store)
        build_graph(case, store, progress, full=full)


def remove_graph(store: str) -> str | None:
    """Take the graph away that a store holds, of whatever case; returns what it held, None for nothing."""
    graph = open_store(store)
    try:
        held = graph.describe()
        graph.remove()
        return held
    finally:
        graph.close()


def describe_graph(store: str) -> tuple[str, str | None]:
    """The engine of a store, and what it holds."""
    graph = open_store(store)
    try:
        return graph.engine, graph.describe()
    finally:
        graph.close()


def find_case(case: Path | None) -> Path:
    """``case``, or the last one. ``UsageError`` where there is none."""
    if case is None:
        return last_case(state_folder(os.environ))
    if not os.path.isfile(case / "case.toml"):  # noqa: PTH113 - Path.is_file() raises for a folder that may not be entered
        raise UsageError(f"there is no case in {case}")
    return case


def load_report(folder: Path) -> Report:
    """The last report of a case."""
    try:
        return msgspec.json.decode((folder / "report.json").read_bytes(), type=Report)
    except FileNotFoundError:
        raise UsageError(f"{folder} has no report yet: run graphcorr detect --case {folder}") from None
    except OSError as error:
        raise CaseError(f"{folder / 'report.json'} cannot be read: {error.strerror or error}") from error
    except msgspec.DecodeError as error:
        raise CaseError(f"{folder / 'report.json'} cannot be read ({error}); run graphcorr detect --case {folder}") from error


def explain(folder: Path, id_: str) -> Explanation:
    """A finding, told by its id or the beginning of it, with the raw record of each step."""
    report = load_report(folder)
    found = [finding for finding in report.findings if finding.id.startswith(id_.lower())]
    if not found:
        raise UsageError(f"no finding of {folder} has an id that starts with {id_}")
    if len(found) > 1:
        raise UsageError(f"{id_} is the beginning of {len(found)} ids: {', '.join(finding.id for finding in found[:5])}")
    with open_case(folder) as case, engine_errors(case):
        return Explanation(found[0], _steps(case, found[0]))


def _steps(case: Case, finding: Finding) -> list[Step]:
    from graphcorr.engine.database import close, connect
    from graphcorr.resolve.events import load_events
    from graphcorr.syntax.times import parse_time

    database = connect(case.scratch)
    try:
        load_events(database, case.segment_paths(), case.state.inputs())
        steps = []
        for evidence in finding.evidence:
            found = database.execute(
                # The time is asked for, too: standard input, and a file that changed, have several records of one number.
                "SELECT *, epoch_us(time) AS moment FROM logged WHERE file = ? AND member IS NOT DISTINCT FROM ? AND record = ? "
                "AND original_time = ? ORDER BY id LIMIT 1",
                [evidence.file, evidence.member, evidence.record, evidence.original_time],
            )
            columns = [name for name, *_ in found.description or ()]
            rows = [dict(zip(columns, values, strict=True)) for values in found.fetchall()]
            if not rows:
                raise UsageError(f"the report of {case.folder} is older than its events: run graphcorr detect --case {case.folder}")
            [row] = rows
            raw = row["raw"].decode("utf-8", "replace")
            aligned = parse_time(evidence.time)
            steps.append(Step(evidence, raw, (aligned[0] - row["moment"]) / 1e6 if aligned else 0.0, name_row(raw, row)))
        return steps
    finally:
        close(database)


def _task(options: HuntOptions, patterns: Sequence[Pattern], case: Path) -> Task:
    return Task(
        patterns=patterns,
        chosen=Chosen(options.since, options.until),
        intelligence=intel_folder(state_folder(os.environ), case),
        store=options.store,
        full=options.full,
        kept=not options.ephemeral or options.store is not None,
    )


def _patterns(folders: Sequence[Path]) -> list[Pattern]:
    return load([builtin_folder(), *folders])


def _name(paths: Sequence[str]) -> str:
    """What an unnamed case is called. Nothing is opened for it: what came through a pipe can be read only once."""
    stamps = set()
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
    # One of another layout could not be gone on with.
    return case_name(stamps, f"{graphcorr.__version__}|{LAYOUT}")


@contextmanager
def _hunting_ground(options: HuntOptions) -> Iterator[Path]:
    if options.ephemeral:
        folder = Path(tempfile.mkdtemp(prefix="graphcorr-"))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    else:
        yield options.case or state_folder(os.environ) / "cases" / _name(options.paths)
