"""Projection: resolve a case's events, link them, and write the graph's nodes and edges as Parquet tables.

Of the kinds in ``whole`` every event is in the graph, of others what links made or rest on. Findings are the same either way:
what is left out shares no base name with any written file.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from graphcorr.case.segments import store_records
from graphcorr.case.writer import CaseWriter, open_writer
from graphcorr.engine.database import Database, close, connect
from graphcorr.engine.plan import Made, collect, make, order
from graphcorr.facts.catalog import facts
from graphcorr.facts.relation import fact_tables
from graphcorr.graph.shown import shown_name, shown_tables
from graphcorr.graph.tables import write_tables
from graphcorr.links.catalog import link_tables
from graphcorr.links.contacts import PAIRS as CONTACT_PAIRS
from graphcorr.links.contacts import RECORDS as CONTACT_RECORDS
from graphcorr.links.habits import HABITS, HISTORIES
from graphcorr.links.habits import RECORDS as HABIT_RECORDS
from graphcorr.links.novelties import COUNTS, KNOWN_HABITS, NOVEL, NOVELTIES
from graphcorr.resolve.events import load_events, logs_here
from graphcorr.resolve.given import GIVEN
from graphcorr.resolve.held import hold_events
from graphcorr.resolve.identity import Identity, learn
from graphcorr.resolve.owners import NAMED_HOSTS, OWNERS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from graphcorr.engine.tables import Table
    from graphcorr.model.kinds import Kind
    from graphcorr.model.records import Microseconds, Record

WANTED: Final = frozenset(
    {"writes", "versions", "write_versions", "enders", "moves", "starts", "loads", "services", "same_process", "links", "run_steps"}
    | {"origins", "callers", "requested", "requests", "request_clients", "runs", "contacts", "share_links", CONTACT_RECORDS, CONTACT_PAIRS}
    | {"visitors", "connection_accounts", "write_proofs", "alerts", "behaviors", "behavior_records", "behavior_outcomes", "downloads"}
)
"""Tables of links that findings and the graph are made of."""
COMPARED: Final = frozenset({HABIT_RECORDS, HABITS, HISTORIES, KNOWN_HABITS, COUNTS, NOVEL, NOVELTIES})
"""The same, of what is there only where a person said until when all was usual."""


@dataclass(frozen=True, slots=True)
class Projection:
    """What phase 2 knows: the database with its tables, and the identities. Lives as long as its context."""

    database: Database
    identity: Identity
    tables: Path
    """Folder of Parquet files as ``Store.replace`` takes it."""
    made: list[Made]
    """How the tables came about."""


def every_kind() -> frozenset[Kind]:
    """All kinds with a node: a graph that is whole."""
    return frozenset(kind for kind, fact in facts().items() if fact.node is not None)


@cache
def linked_kinds() -> frozenset[Kind]:
    """Kinds that links look at, whatever the patterns speak of: a hunt that did not read them would say less than the logs do."""
    looked_at = set(order(declared(()), WANTED | COMPARED))
    return frozenset(kind for kind in facts() if kind.value in looked_at)


def declared(whole: Collection[Kind], logs: Collection[str] | None = None) -> dict[str, Table]:
    """Every table of phase 2, by name. ``logs`` are the log types that occur; None is every one there is."""
    return collect((*GIVEN, OWNERS, NAMED_HOSTS, *fact_tables(logs), *link_tables(whole), *shown_tables(whole)))


@contextmanager
def project(
    case: CaseWriter,
    *,
    whole: Collection[Kind] = (),
    keep: Callable[[Database], None] | None = None,
    baseline: Microseconds | None = None,
) -> Iterator[Projection]:
    """Resolve and project a case; ``keep`` may fill the table ``kept`` (id) with events that are to be in the graph in any case.

    ``baseline`` is the last moment of the history that what comes after is compared with; None compares nothing.

    ``Projection.database`` has the view ``events``, a view for each kind of fact, the tables in ``WANTED`` and what the graph
    shows of each kind.
    """
    database = connect(case.scratch, sum(segment.events for segment in case.state.segments()))
    try:
        load_events(database, case.segment_paths(), case.state.inputs())
        identity = learn(database)
        hold_events(database, case.scratch / "events")
        database.execute("CREATE TABLE kept (id VARCHAR)")
        database.execute("CREATE TABLE baseline AS SELECT make_timestamp($1) AS until WHERE $1 IS NOT NULL", [baseline])
        if keep is not None:
            keep(database)
        tables = declared(whole, logs_here(database))
        shown = {shown_name(kind.value) for kind in every_kind()}
        wanted = WANTED | COMPARED | shown | {kind.value for kind in facts()}
        made = make(
            database, tables, wanted, {table.name for table in GIVEN}, identity, spared=shown if baseline is not None else shown | COMPARED
        )
        folder = case.scratch / "graph"
        write_tables(database, identity, folder, {one.name for one in made if one.rows == 0})
        yield Projection(database, identity, folder, made)
    finally:
        close(database)


@contextmanager
def projected(records: Iterable[Record], *, whole: Collection[Kind] = (), baseline: Microseconds | None = None) -> Iterator[Projection]:
    """The projection of a handful of records without a case of their own: for pattern cases."""
    with tempfile.TemporaryDirectory() as scratch, open_writer(Path(scratch) / "case", create=True) as case:
        store_records(case, "case", list(records))
        with project(case, whole=whole, baseline=baseline) as projection:
            yield projection


def number_events(projection: Projection) -> dict[int, str]:
    """Event id by record number, of records that are all of one input."""
    return dict(projection.database.execute("SELECT record, id FROM logged").fetchall())


def project_records(
    records: Iterable[Record], folder: Path, *, whole: Collection[Kind] = (), baseline: Microseconds | None = None
) -> dict[int, str]:
    """The tables of :func:`projected` in ``folder``. Returns event id by record number."""
    with projected(records, whole=whole, baseline=baseline) as projection:
        shutil.copytree(projection.tables, folder, dirs_exist_ok=True)
        return number_events(projection)
