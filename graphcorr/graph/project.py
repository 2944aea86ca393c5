"""Projection: resolve a case's events and write the graph's nodes and edges as Parquet tables.

``relevant`` keeps what can touch a pattern; ``full`` keeps every event that has a kind of node. Both give the same
findings, because what is left out shares no base name with any written file.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graphcorr.case.segments import store_records
from graphcorr.case.writer import CaseWriter, open_writer
from graphcorr.engine.database import Database, close, connect
from graphcorr.graph.tables import write_tables
from graphcorr.links.callers import load_callers
from graphcorr.links.copies import load_copies
from graphcorr.links.executions import load_executions
from graphcorr.links.moves import load_moves
from graphcorr.links.origins import load_origins
from graphcorr.links.references import load_links
from graphcorr.links.versions import load_versions
from graphcorr.links.writes import load_writes
from graphcorr.resolve.events import load_events
from graphcorr.resolve.identity import Identity, learn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from graphcorr.model.records import Record


@dataclass(frozen=True, slots=True)
class Projection:
    """What phase 2 knows: the database with its tables, and the identities. Lives as long as its context."""

    database: Database
    identity: Identity
    tables: Path
    """Folder of Parquet files as ``Store.replace`` takes it."""


@contextmanager
def project(case: CaseWriter, *, relevant: bool = True, keep: Callable[[Database], None] | None = None) -> Iterator[Projection]:
    """Resolve and project a case; ``keep`` may fill the table ``kept`` (id) with events that are to be in the graph in any case.

    The tables in ``Projection.database`` are:

    ``events`` (view), ``writes``, ``versions``, ``write_versions``, ``enders``, ``moves``, ``copies``, ``starts``, ``loads``,
    ``services``, ``same_process``, ``links``, ``run_steps``, ``origins``, ``callers``.
    """
    database = connect(case.scratch)
    try:
        load_events(database, case.segment_paths(), case.state.inputs())
        identity = learn(database)
        database.execute("CREATE TABLE kept (id VARCHAR)")
        if keep is not None:
            keep(database)
        load_writes(database, identity)
        load_versions(database, identity)
        load_moves(database, identity)
        load_copies(database)
        load_executions(database, relevant=relevant)
        load_links(database, identity)
        load_origins(database, identity)
        load_callers(database, identity)
        tables = case.scratch / "graph"
        write_tables(database, identity, tables, relevant=relevant)
        yield Projection(database, identity, tables)
    finally:
        close(database)


def project_records(records: Iterable[Record], folder: Path, *, relevant: bool = True) -> dict[int, str]:
    """Project a handful of records without a case of their own: for pattern cases. Returns event id by record number."""
    with tempfile.TemporaryDirectory() as scratch, open_writer(Path(scratch) / "case", create=True) as case:
        store_records(case, "case", list(records))
        with project(case, relevant=relevant) as projection:
            shutil.copytree(projection.tables, folder, dirs_exist_ok=True)
            return dict(projection.database.execute("SELECT record, id FROM logged").fetchall())
