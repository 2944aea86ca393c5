"""From a case's events to its report and its graph: what can be done as often as patterns and knowledge change."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import duckdb
import msgspec

import graphcorr
from graphcorr.attribution.knowledge import Knowledge
from graphcorr.attribution.paths import attribute_paths
from graphcorr.case.compaction import compact
from graphcorr.case.findings import write_findings
from graphcorr.case.folder import printable
from graphcorr.case.generations import building
from graphcorr.case.view import AGAIN
from graphcorr.engine.database import shed
from graphcorr.errors import CaseError
from graphcorr.findings.alerts import add_alerts
from graphcorr.findings.assemble import assemble
from graphcorr.findings.behaviors import add_behaviors
from graphcorr.findings.coverage import measure
from graphcorr.findings.history import summarize, weigh
from graphcorr.findings.inputs import describe
from graphcorr.findings.observe import observe
from graphcorr.findings.places import locate
from graphcorr.graph.kinds import Part
from graphcorr.graph.project import every_kind, project
from graphcorr.graph.tables import filled_edges, filled_labels
from graphcorr.intel.enrichment import link_findings, summarize_outdated, summarize_sightings, write_sightings
from graphcorr.intel.knowledge import load_knowledge
from graphcorr.intel.sightings import Sought, sight
from graphcorr.intel.tables import write_intelligence
from graphcorr.logs.catalog import log_types
from graphcorr.logs.witnesses import types_of
from graphcorr.memory import give_back
from graphcorr.model.kinds import Kind
from graphcorr.model.report import Coverage, Report, Unevaluated
from graphcorr.outputs.graph import write_tables
from graphcorr.paths.join import join_hops
from graphcorr.paths.leads import add_leads
from graphcorr.patterns.header import Result
from graphcorr.patterns.run import Runs
from graphcorr.patterns.scope import can_match, spoken_kinds, whole_kinds
from graphcorr.resolve.clocks import find_shifts
from graphcorr.store.base import Made
from graphcorr.store.open import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from graphcorr.case.generations import Generation
    from graphcorr.case.writer import CaseWriter
    from graphcorr.engine.database import Database
    from graphcorr.findings.window import Chosen
    from graphcorr.graph.project import Projection
    from graphcorr.intel.knowledge import Knowledge as Intelligence
    from graphcorr.intel.linking import Identified
    from graphcorr.model.progress import Progress
    from graphcorr.model.records import Microseconds
    from graphcorr.patterns.load import Pattern
    from graphcorr.settings import Settings
    from graphcorr.store.base import Store

_LACKING: Final = "in some logs only what the patterns need was read: hunt in them again, and all events are matched"
EPHEMERAL: Final = "ephemeral"
"""In place of a generation in a graph whose case was not kept."""
_SMALL_GRAPH: Final = 16 * 1024 * 1024
"""Bytes of Parquet."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to look for in a case, and where its graph is to be."""

    patterns: Sequence[Pattern]
    chosen: Chosen
    intelligence: Path
    """The folder of what is known; without a library in it the package's own facts are."""
    settings: Settings
    """Say in which store the graph is to be, by default the case's own graph file."""
    full: bool = False
    """Put every event into the graph, for exploring, and not only what a pattern can touch."""
    baseline: Microseconds | None = None
    """The last moment of the history that what comes after is compared with; None compares nothing."""
    published: bool = True
    """Whether the case gets a generation of what is found; an ephemeral one gets none."""

    @property
    def made(self) -> Made:
        """What the graph says of itself, where no generation does."""
        return Made(None if self.published else EPHEMERAL, self.full)

    @property
    def kept(self) -> bool:
        """Whether anybody can look into the graph afterwards."""
        return self.published or self.settings.store is not None


class Spent(msgspec.Struct):
    """Seconds that a step took."""

    wall: float = 0.0
    cpu: float = 0.0
    """Of all threads, and of the processes that it started and waited for."""


class Timer:
    """Seconds by step, written to a file where one is given: what the benchmark shows shares and growth from."""

    def __init__(self, target: Path | None) -> None:
        self._target = target
        self._last = _now()
        self._steps: dict[str, Spent] = {}

    def mark(self, step: str) -> None:
        now, last = _now(), self._last
        spent = self._steps.setdefault(step, Spent())
        spent.wall += now.wall - last.wall
        spent.cpu += now.cpu - last.cpu
        self._last = now

    def write(self) -> None:
        if self._target is not None:
            self._target.write_bytes(msgspec.json.encode(self._steps))


def _now() -> Spent:
    return Spent(time.perf_counter(), sum(os.times()[:4]))


def prepare_store(case: CaseWriter, settings: Settings, *, full: bool) -> None:
    """What the store will refuse it refuses now, before hours of reading."""
    if settings.store is not None:
        with _opened(settings.store, case, settings) as store:
            store.prepare(full=full)


def build_graph(case: CaseWriter, url: str, settings: Settings, progress: Progress, *, full: bool) -> None:
    """Keep the graph of a case's events in a store, without looking for anything in it."""
    with engine_errors(case.folder):
        progress.phase("Resolving", None)
        compact(case)
        with project(case, whole=every_kind() if full else ()) as projection, _opened(url, case, settings) as graph:
            progress.phase("Building the graph", None)
            with graph.making(Made(full=full)):
                graph.replace(projection.tables)
        progress.finish()


def detect_in(case: CaseWriter, task: Task, progress: Progress, timer: Timer) -> Report:
    """Resolve, project, match, judge; report, findings and graph are published as the case's generation, all or none of it."""
    progress.phase("Resolving", None)
    with engine_errors(case.folder), building(case.places) if task.published else nullcontext() as built:
        compact(case)
        intelligence = load_knowledge(task.intelligence)
        sought = Sought()

        def keep_sighted(database: Database) -> None:
            nonlocal sought
            sought = sight(database, intelligence)
            database.execute("INSERT INTO kept SELECT DISTINCT event FROM sightings")

        with (
            project(
                case,
                whole=every_kind() if task.full else whole_kinds(task.patterns),
                keep=keep_sighted,
                baseline=task.baseline,
            ) as projection,
            _opened(_url(case, task, built, projection), case, task.settings) as store,
            store.making(task.made if built is None else Made(built.name, task.full)),
        ):
            timer.mark("resolve")
            progress.phase("Building the graph", None)
            shed(projection.database)
            filled = filled_labels(projection.tables)
            asked = [pattern for pattern in task.patterns if can_match(pattern, filled)]
            if asked or task.kept:  # else nobody looks into it
                store.replace(projection.tables)
                give_back()
            timer.mark("build")
            progress.phase("Looking for patterns", None)
            report = _judge(_Ground(case, task, projection, store, intelligence), asked, timer)
            report.indicators_looked_for, report.indicators_not_evaluated = sought.looked_for, list(sought.unevaluated)
            if intelligence.has_indicators and case.state.lacks(log_types()):
                report.indicators_not_evaluated.insert(0, Unevaluated("all", _LACKING))
            if built is not None:
                built.report.write_bytes(msgspec.json.encode(report))
                places = locate(projection.database, report.findings)
                write_findings(built.findings, report, places, find_shifts(projection.database), filled_edges(projection.tables))
        if built is not None:
            case.publish(built)
    timer.mark("report")
    progress.finish()
    return report


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a detection stands on once everything is resolved and projected."""

    case: CaseWriter
    task: Task
    projection: Projection
    store: Store
    intelligence: Intelligence


def _judge(ground: _Ground, patterns: Sequence[Pattern], timer: Timer) -> Report:
    """The report of what ``patterns`` find, those of the task that can have rows at all."""
    task, projection, facts = ground.task, ground.projection, ground.intelligence.facts
    runs = Runs(ground.store, task.settings.pattern_seconds)
    hits = [(pattern, runs.run(pattern)) for pattern in patterns if pattern.header.result is Result.FINDING]
    timer.mark("patterns")
    observed = ((pattern, runs.scan(pattern)) for pattern in patterns if pattern.header.result is Result.OBSERVATION)
    alerted = add_alerts(weigh(assemble(hits, projection), projection.database), projection.database)
    # Which finding a behavior belongs to does not depend on what somebody wants to see.
    told = [one for one in add_behaviors(alerted.findings, projection.database) if task.chosen.holds(one)]
    findings, identified = link_findings(told, projection.database, facts)
    paths = add_leads(join_hops(findings), findings, projection, task.chosen)
    observations = observe(observed, projection, task.chosen, beside=alerted.beside(findings))
    give_back()  # what is asked of all events now takes as much as findings and observations took before
    coverage = measure(projection.database, task.patterns, projection.identity.names, runs.stopped)
    report = Report(
        version=graphcorr.__version__,
        engine=ground.store.engine,
        attack=facts.version,
        case=printable(ground.case.folder.as_posix()),
        window=task.chosen.stated(),
        baseline=summarize(projection.database),
        inputs=describe(ground.case, projection.database),
        coverage=_with_unread(ground.case, task.patterns, coverage),
        clocks=projection.identity.clocks,
        findings=findings,
        observations=observations,
        sightings=summarize_sightings(projection.database, ground.intelligence),
        indicators_outdated=summarize_outdated(projection.database, ground.intelligence),
        paths=attribute_paths(paths, findings, Knowledge.of(ground.intelligence)),
    )
    timer.mark("report")
    if task.kept:
        _add_parts(ground, report, identified)
        timer.mark("build")
    return report


def _with_unread(case: CaseWriter, patterns: Sequence[Pattern], coverage: Coverage) -> Coverage:
    """Coverage that says which patterns speak of kinds that some log was read without: they are not evaluated on all there is."""
    spoken = {pattern.id: spoken_kinds([pattern]) for pattern in patterns}
    # Once for each kind and not for each pattern: every answer looks at all inputs of the case.
    lacking = {kind for kind in frozenset[Kind]().union(*spoken.values()) if case.state.lacks([one.name for one in types_of(kind)])}
    unread = {id_: [kind.value for kind in sorted(kinds & lacking)] for id_, kinds in spoken.items()}
    told = [
        msgspec.structs.replace(one, status="partly" if one.status == "evaluated" else one.status, not_read=unread[one.pattern])
        if unread[one.pattern]
        else one
        for one in coverage.patterns
    ]
    return msgspec.structs.replace(coverage, patterns=told)


def _add_parts(ground: _Ground, report: Report, identified: Mapping[str, Sequence[Identified]]) -> None:
    """What was found and what is known, beside the events it rests on."""
    database, tables = ground.projection.database, ground.projection.tables
    known = write_intelligence(tables, ground.intelligence)
    hosts = {host for (host,) in database.execute("SELECT host FROM seen_hosts").fetchall()}
    write_tables(report, identified, tables, known | hosts)
    write_sightings(database, tables)
    ground.store.add(tables, Part.INTELLIGENCE, Part.FINDINGS)


def _url(case: CaseWriter, task: Task, built: Generation | None, projection: Projection) -> str:
    """A graph that nobody will look at again is built in memory if it is small: it saves half of a small hunt's time."""
    if task.settings.store is not None:
        return task.settings.store
    if built is not None:
        return f"ladybug://{built.graph.resolve()}"
    size = sum(path.stat().st_size for path in projection.tables.rglob("*.parquet"))
    return "ladybug://" if size < _SMALL_GRAPH else f"ladybug://{case.scratch.resolve() / 'graph.lbug'}"


@contextmanager
def _opened(url: str, case: CaseWriter, settings: Settings) -> Iterator[Store]:
    store = open_store(url, case.id, settings.neo4j)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def engine_errors(folder: Path) -> Iterator[None]:
    """What the column engine says about files, disk and memory is about the case; Ctrl-C is one again; all else it says is a bug."""
    try:
        yield
    except (duckdb.IOException, duckdb.OutOfMemoryException, OSError) as error:
        # Behind an empty line it shows the statement, which is ours and no help.
        raise CaseError(f"{folder} cannot be worked on: {str(error).partition(chr(10) * 2)[0]}") from error
    except duckdb.Error as error:
        if not isinstance(error, duckdb.InvalidInputException) and type(error) is not duckdb.Error:
            raise
        # Of a damaged footer, whose reader knows no classes of errors, it says no more than that it is one.
        raise CaseError(f"the events of {folder} are damaged ({error}); {AGAIN}") from error
    except RuntimeError as error:
        # DuckDB looks for signals itself and tells of Ctrl-C as "Query interrupted". LadybugDB leaves them to Python.
        if isinstance(error.__cause__, KeyboardInterrupt):
            raise error.__cause__ from None
        raise
