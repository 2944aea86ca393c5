"""Graphs loaded and searched, each in a process of its own: ``python -m benchmarks.stores {ours,bare,patterns,project} URL FOLDER``.

``ours`` is the store as a hunt uses it. ``bare`` sends the same rows of the same Parquet with the driver alone, as its manual
says: maps in batches of 10,000, ``UNWIND … CREATE``, unique constraints on the ids; but with times as text, because the driver
alone would be measured by what it takes for a ``datetime``. ``patterns`` runs every built-in pattern.
``project`` makes the tables of a case, which is the folder, and counts its events and those that are in the tables.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphcorr.case.writer import open_writer
from graphcorr.graph.kinds import NODES
from graphcorr.graph.project import project
from graphcorr.patterns.load import builtin_folder, load
from graphcorr.patterns.run import run
from graphcorr.settings import load_settings
from graphcorr.store.login import read_login
from graphcorr.store.open import open_store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import neo4j

    Columns = Mapping[str, Sequence[str] | Sequence[int] | pa.Array[pa.Scalar[pa.DataType]]]

_BATCH: Final = 10_000
_VERSIONS: Final = 1_000


def write_graph(folder: Path, events: int, *, edges: bool) -> Path:
    """``events`` writes and as many executions of :data:`_VERSIONS` files on ten hosts; two edges for each event."""
    start = 1_767_225_600_000_000
    numbers = range(events)
    texts: dict[str, list[str]] = {
        "host": [f"h{n % 10}" for n in numbers],
        "path": [f"c:\\programdata\\tool{n % _VERSIONS}.exe" for n in numbers],
    }
    times = pa.array([start + n * 1000 for n in numbers], pa.timestamp("us"))
    common: Columns = {"time": times, "earliest": times, "latest": times, "log": ["sysmon-11"] * events, "record": list(numbers)}
    _table(folder, "nodes/Host", {"id": [f"h{n}" for n in range(10)], "name": [f"host-{n}" for n in range(10)]})
    _table(folder, "nodes/FileVersion", {"id": [f"v{n}" for n in range(_VERSIONS)], "name": [f"tool{n}.exe" for n in range(_VERSIONS)]})
    for label, prefix, own in (("Write", "w", texts), ("ProcessStart", "p", {"host": texts["host"], "image": texts["path"]})):
        _table(folder, f"nodes/{label}", {"id": [f"{prefix}{n:031x}" for n in numbers], **common, **own})
        if edges:
            events_ids = [f"{prefix}{n:031x}" for n in numbers]
            _table(folder, f"edges/OCCURRED_ON__{label}__Host", {"from": events_ids, "to": texts["host"]})
            kind = "WROTE" if label == "Write" else "RAN"
            basis: Columns = {} if label == "Write" else {"basis": ["observed"] * events}
            versions = [f"v{n % _VERSIONS}" for n in numbers]
            _table(folder, f"edges/{kind}__{label}__FileVersion", {"from": events_ids, "to": versions, **basis})
    return folder


def _table(folder: Path, name: str, columns: Columns) -> None:
    path = folder / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(dict(columns)), path)


def count_rows(folder: Path) -> int:
    return sum(pq.read_metadata(path).num_rows for path in folder.glob("*/*.parquet"))


def load_bare(url: str, folder: Path) -> None:
    """What one writes who knows the driver and nothing of graphs of logs."""
    import neo4j

    login = read_login(url, load_settings(os.environ).neo4j)
    with neo4j.GraphDatabase.driver(login.address, auth=(login.user, login.password or "")) as driver, driver.session() as session:
        for path in sorted((folder / "nodes").iterdir()):
            session.run(f"CREATE CONSTRAINT bare_{path.stem} FOR (n:{path.stem}) REQUIRE n.id IS UNIQUE").consume()
        for path in sorted((folder / "nodes").iterdir()):
            times = "".join(f", n.{name} = localdatetime(row.{name})" for name in _times(pq.read_schema(path)))
            _send(session, path, f"UNWIND $rows AS row CREATE (n:{path.stem}) SET n = row{times}")
        for path in sorted((folder / "edges").glob("*.parquet")):
            kind, source, target = path.stem.split("__")
            own = " SET r.basis = row.basis" if kind == "RAN" else ""
            match = f"MATCH (a:{source} {{id: row.from}}) MATCH (b:{target} {{id: row.to}})"
            _send(session, path, f"UNWIND $rows AS row {match} CREATE (a)-[r:{kind}]->(b){own}")


def _times(schema: pa.Schema) -> list[str]:
    return [field.name for field in schema if pa.types.is_timestamp(field.type)]


def _send(session: neo4j.Session, path: Path, statement: str) -> None:
    def work(transaction: neo4j.ManagedTransaction) -> None:
        transaction.run(statement, rows=rows).consume()

    for batch in pq.ParquetFile(path).iter_batches(_BATCH):
        columns = {name: batch[name] for name in batch.schema.names}
        columns |= {name: pc.strftime(batch[name], "%Y-%m-%dT%H:%M:%S") for name in _times(batch.schema)}
        rows = pa.table(columns).to_pylist()
        session.execute_write(work)


def count_spared(folder: Path) -> tuple[int, int]:
    """Events of a case, and how many of them are in the graph that a hunt makes."""
    labels = [node.label for node in NODES if node.event]
    with open_writer(folder) as case, project(case) as projection:
        [(events,)] = projection.database.execute("SELECT count(*) FROM events").fetchall()
        tables = [projection.tables / "nodes" / f"{label}.parquet" for label in labels]
        return events, sum(pq.read_metadata(table).num_rows for table in tables if table.exists())


def main(what: str, url: str, folder: Path) -> None:
    began = time.perf_counter()
    rows = events = 0
    if what == "project":
        events, rows = count_spared(folder)
    elif what == "bare":
        load_bare(url, folder)
    else:
        store = open_store(url, "benchmark", load_settings(os.environ).neo4j)
        if what == "ours":
            store.replace(folder)
        else:
            rows = sum(len(run(pattern, store)) for pattern in load([builtin_folder()]))
        store.close()
    print(json.dumps({"seconds": time.perf_counter() - began, "rows": rows, "events": events}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
