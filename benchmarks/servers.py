"""The measurements of graphs on a Neo4j server beside the bare driver, of detection on both engines, and of what a graph is spared."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Final

from benchmarks.inputs import SHARED
from benchmarks.measure import BenchmarkError, Measurement, measure
from benchmarks.stores import count_rows, write_graph
from tests.servers import PASSWORD, VERSIONS, MissingServerError, Server, use_server

if TYPE_CHECKING:
    from pathlib import Path

SERVER: Final = min(VERSIONS, key=lambda version: VERSIONS[version])
"""The long-term version."""


def run_store(what: str, url: str, folder: Path) -> Measurement:
    """:mod:`benchmarks.stores` in a process of its own; its time is without the start of Python."""
    measured = measure([sys.executable, "-m", "benchmarks.stores", what, url, str(folder)], runs=1, cores=2)
    seconds = float(json.loads(measured.output)["seconds"])
    return Measurement(seconds, (seconds,), measured.cpu_seconds, measured.peak, measured.output)


def load_beside_driver(folder: Path, events: int) -> list[tuple[str, Measurement, Measurement, str]]:
    """What was loaded, our time, the bare driver's, and rows per second: nodes alone, and nodes with edges."""
    lines = []
    try:
        with use_server(SERVER, measured=True) as server:
            os.environ["GRAPHCORR_NEO4J_PASSWORD"] = PASSWORD
            for edges in (False, True):
                tables = write_graph(folder / f"edges-{edges}", events, edges=edges)
                rows = count_rows(tables)
                run_store("bare", server.url, tables)  # a server that was just started is several times slower
                _empty(server)
                theirs = run_store("bare", server.url, tables)
                _empty(server)
                ours = run_store("ours", server.url, tables)
                _empty(server)
                what = f"{rows:,} {'nodes and edges' if edges else 'nodes'} into Neo4j {SERVER}"
                lines.append((what, ours, theirs, f"{rows / ours.seconds:,.0f} rows/s, bare {rows / theirs.seconds:,.0f}"))
    except MissingServerError as error:
        raise BenchmarkError(str(error)) from error
    return lines


def detect_on_engines(folder: Path, events: int) -> list[tuple[str, Measurement, str]]:
    """Every pattern over ``events`` writes and as many executions, on LadybugDB and on Neo4j."""
    tables = write_graph(folder / "detect", events, edges=True)
    lines = []
    try:
        with use_server(SERVER, measured=True) as server:
            os.environ["GRAPHCORR_NEO4J_PASSWORD"] = PASSWORD
            for engine, url in (("LadybugDB", f"ladybug://{folder / 'graph.lbug'}"), (f"Neo4j {SERVER}", server.url)):
                run_store("ours", url, tables)
                found = run_store("patterns", url, tables)
                lines.append(
                    (f"all patterns on {engine}, {events:,} writes and executions", found, f"{json.loads(found.output)['rows']:,} rows")
                )
            _empty(server)
    except MissingServerError as error:
        raise BenchmarkError(str(error)) from error
    return lines


def project_case(folder: Path) -> tuple[str, Measurement, str]:
    """The real telemetry's way from events to the tables of a graph, and what share of the events stays out of it."""
    program = "from graphcorr.cli.main import main; main()"
    command = ["hunt", str(SHARED / "datasets"), "--case", str(folder / "case"), "--json"]
    # 2, with a report: beside the logs lie labels, and the like, that cannot be judged.
    measure([sys.executable, "-c", program, *command], runs=1, cores=2, accept=(1, 2))
    projected = run_store("project", "-", folder / "case")
    counted = json.loads(projected.output)
    share = 1 - counted["rows"] / counted["events"]
    what = f"projection of {counted['events']:,} events that a hunt keeps of the public telemetry"
    return what, projected, f"{counted['rows']:,} events in the graph, {share:.1%} spared"


def _empty(server: Server) -> None:
    server.clear()
    for [name] in server.run("SHOW CONSTRAINTS YIELD name RETURN name"):
        server.run(f"DROP CONSTRAINT `{name}`")
