"""One function for each thing that graphcorr can do; the command line and the API are thin over it."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb
import msgspec

import graphcorr
from graphcorr.case.compaction import compact
from graphcorr.case.folder import Case, open_case, printable
from graphcorr.case.naming import case_name, last_case, remember
from graphcorr.case.reading import Progress, read_inputs
from graphcorr.case.state import AGAIN
from graphcorr.errors import CaseError, UsageError
from graphcorr.findings.assemble import assemble
from graphcorr.findings.coverage import measure
from graphcorr.findings.inputs import describe
from graphcorr.findings.observe import observe
from graphcorr.findings.window import Chosen
from graphcorr.graph.project import Projection, project
from graphcorr.model import Evidence, Finding, Inputs, Kind, Microseconds, Report
from graphcorr.normalize.catalog import wanted
from graphcorr.paths.join import join_hops
from graphcorr.patterns.header import Result
from graphcorr.patterns.load import Pattern, builtin_folder, load
from graphcorr.patterns.run import run
from graphcorr.settings import state_folder
from graphcorr.sources.inputs import list_argument
from graphcorr.store.open import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphcorr.store.base import Row, Store

_SMALL_GRAPH: Final = 16 * 1024 * 1024
"""Bytes of Parquet."""


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


@dataclass(frozen=True, slots=True)
class Explanation:
    finding: Finding
    steps: list[Step] = field(default_factory=list)


def hunt(options: HuntOptions, progress: Progress) -> Report:
    """Read logs and find in them. The case is kept and remembered as the last one unless ``ephemeral``."""
    patterns = _patterns(options.pattern_folders)
    if options.store is not None:
        open_store(options.store).close()  # an address that names no store is refused before hours of reading
    timer = _Timer()
    with _hunting_ground(options) as folder, open_case(folder, create=True) as case:
        if not options.ephemeral:
            remember(state_folder(os.environ), folder)
        kinds = frozenset[Kind]().union(*(pattern.header.needs for pattern in patterns))
        workers = options.workers or len(os.sched_getaffinity(0))
        read_inputs(case, options.paths, wanted(kinds), workers, progress)
        timer.mark("read")
        report = _detect(case, options, patterns, progress, timer)
        if options.ephemeral:
            report = msgspec.structs.replace(report, case=None)
    timer.write()
    return report


def ingest(paths: Sequence[str], case: Path | None, progress: Progress, workers: int | None = None) -> Inputs:
    """Read every kind of event that is understood into a case, without looking for anything."""
    state = state_folder(os.environ)
    folder = case or state / "cases" / _name(paths)
    with open_case(folder, create=True) as opened:
        remember(state, folder)
        read_inputs(opened, paths, wanted(), workers or len(os.sched_getaffinity(0)), progress)
        return describe(opened)


def detect(folder: Path, options: HuntOptions, progress: Progress) -> Report:
    """Find in a case's events, with the patterns as they are now; the graph is made anew."""
    patterns = _patterns(options.pattern_folders)
    with open_case(folder) as case:
        return _detect(case, options, patterns, progress, _Timer())


def rebuild(folder: Path, progress: Progress, *, store: str | None = None, full: bool = False) -> None:
    """Make the case's graph anew from its events."""
    with open_case(folder) as case, _engine_errors(case):
        progress.phase("Resolving", None)
        compact(case)
        with project(case, relevant=not full) as projection, _opened(case, store) as graph:
            progress.phase("Building the graph", None)
            graph.replace(projection.tables)
        progress.finish()


def find_case(case: Path | None) -> Path:
    """``case``, or the last one."""
    return case if case is not None else last_case(state_folder(os.environ))


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
    with open_case(folder) as case, _engine_errors(case):
        return Explanation(found[0], _steps(case, found[0]))


def _steps(case: Case, finding: Finding) -> list[Step]:
    from graphcorr.resolve.database import connect
    from graphcorr.resolve.events import load_events
    from graphcorr.syntax.times import parse_time

    database = connect(case.scratch)
    try:
        load_events(database, case.segment_paths(), case.state.inputs())
        steps = []
        for evidence in finding.evidence:
            rows = database.execute(
                # The time is asked for, too: standard input, and a file that changed, have several records of one number.
                "SELECT raw, epoch_us(time) FROM logged WHERE file = ? AND member IS NOT DISTINCT FROM ? AND record = ? "
                "AND original_time = ? ORDER BY id LIMIT 1",
                [evidence.file, evidence.member, evidence.record, evidence.original_time],
            ).fetchall()
            if not rows:
                raise UsageError(f"the report of {case.folder} is older than its events: run graphcorr detect --case {case.folder}")
            [(raw, logged)] = rows
            aligned = parse_time(evidence.time)
            steps.append(Step(evidence, raw.decode("utf-8", "replace"), (aligned[0] - logged) / 1e6 if aligned else 0.0))
        return steps
    finally:
        database.close()


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
    return case_name(stamps, graphcorr.__version__)


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


def _url(options: HuntOptions, projection: Projection) -> str | None:
    """A graph that nobody will look at again is built in memory if it is small: it saves half of a small hunt's time."""
    size = sum(path.stat().st_size for path in projection.tables.rglob("*.parquet"))
    return "ladybug://" if options.ephemeral and options.store is None and size < _SMALL_GRAPH else options.store


@contextmanager
def _opened(case: Case, url: str | None) -> Iterator[Store]:
    store = open_store(url or f"ladybug://{case.graph.resolve()}")
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _engine_errors(case: Case) -> Iterator[None]:
    """What the column engine says about files, disk and memory is about the case; all else it says is a bug."""
    try:
        yield
    except (duckdb.IOException, duckdb.OutOfMemoryException, OSError) as error:
        raise CaseError(f"{case.folder} cannot be worked on: {error}") from error
    except duckdb.InvalidInputException as error:
        raise CaseError(f"the events of {case.folder} are damaged ({error}); {AGAIN}") from error


def _detect(case: Case, options: HuntOptions, patterns: list[Pattern], progress: Progress, timer: _Timer) -> Report:
    progress.phase("Resolving", None)
    with _engine_errors(case):
        return _judge(case, options, patterns, progress, timer)


def _judge(case: Case, options: HuntOptions, patterns: list[Pattern], progress: Progress, timer: _Timer) -> Report:
    compact(case)
    chosen = Chosen(options.since, options.until)
    with project(case, relevant=not options.full) as projection, _opened(case, _url(options, projection)) as store:
        timer.mark("resolve")
        progress.phase("Building the graph", None)
        store.replace(projection.tables)
        timer.mark("build")
        progress.phase("Looking for patterns", None)
        hits = [(pattern, run(pattern, store)) for pattern in patterns]
        timer.mark("patterns")
        report = _report(case, store.engine, hits, projection, chosen)
    aside = case.report.with_suffix(".new")
    aside.write_bytes(msgspec.json.encode(report))
    aside.replace(case.report)
    timer.mark("report")
    progress.finish()
    return report


def _report(case: Case, engine: str, hits: list[tuple[Pattern, list[Row]]], projection: Projection, chosen: Chosen) -> Report:
    findings = [one for one in assemble([hit for hit in hits if hit[0].header.result is Result.FINDING], projection) if chosen.holds(one)]
    return Report(
        version=graphcorr.__version__,
        engine=engine,
        attack=None,
        case=printable(str(case.folder)),
        window=chosen.stated(),
        inputs=describe(case, projection.database),
        coverage=measure(projection.database, [pattern for pattern, _ in hits]),
        clocks=projection.identity.clocks,
        findings=findings,
        observations=observe([hit for hit in hits if hit[0].header.result is Result.OBSERVATION], projection, chosen),
        paths=join_hops(findings),
    )


class _Timer:
    """Seconds by step, written to the file that ``GRAPHCORR_TIMINGS`` names: what the benchmark shows shares from."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._steps: dict[str, float] = {}

    def mark(self, step: str) -> None:
        now = time.perf_counter()
        self._steps[step] = self._steps.get(step, 0.0) + now - self._last
        self._last = now

    def write(self) -> None:
        if target := os.environ.get("GRAPHCORR_TIMINGS"):
            Path(target).write_bytes(msgspec.json.encode(self._steps))
