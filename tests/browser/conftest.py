"""The samples of ``graphcorr demo`` as a whole graph: what logs say, what is known, and what was found."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest

from graphcorr.case.writer import open_writer
from graphcorr.graph.kinds import Part
from graphcorr.graph.project import every_kind, project
from graphcorr.graph.rows import write_edges, write_nodes
from graphcorr.intel.linking import Identified
from graphcorr.model.findings import Movement
from graphcorr.model.progress import Silent
from graphcorr.model.report import Report
from graphcorr.outputs.graph import write_tables
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.simulate.demo import write_demo
from graphcorr.store.base import Store
from tests.settings import own_settings

TECHNIQUES = ("T1021.002", "T1059", "T1105", "T1543.003", "T1569.002", "T1570", "T1574.001")
"""Of the demo's findings, as ATT&CK has them."""


def add_parts(store: Store, tables: Path) -> None:
    """Make the graph of ``store`` equal to ``tables``, all parts of it."""
    store.replace(tables)
    store.add(tables, Part.INTELLIGENCE, Part.FINDINGS)


@pytest.fixture(scope="session")
def hunted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """Tables of what the logs say, and the report on them."""
    folder = tmp_path_factory.mktemp("browser")
    (folder / "logs").mkdir()
    write_demo(folder / "logs")
    options = HuntOptions(paths=(str(folder / "logs"),), case=folder / "case")
    report = hunt(options, own_settings(state=folder / "state"), Silent())
    with open_writer(folder / "case") as case, project(case, whole=every_kind()) as projection:
        shutil.copytree(projection.tables, folder / "events")
    return folder / "events", report


@pytest.fixture(scope="session")
def graph(hunted: tuple[Path, Report], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables as a store takes them. One actor and one software are enough to see a query reach the end of its way."""
    events, report = hunted
    return _write(tmp_path_factory.mktemp("graph") / "tables", events, report)


@pytest.fixture(scope="session")
def without_source(hunted: tuple[Path, Report], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, as if nobody knew where the first finding came from: it is a hop no longer, and in no path."""
    events, report = hunted
    first, *others = report.findings
    first = msgspec.structs.replace(first, source=None, movement=Movement.UNKNOWN_SOURCE)
    changed = msgspec.structs.replace(report, findings=[first, *others], paths=[])
    return _write(tmp_path_factory.mktemp("unknown") / "tables", events, changed)


def _write(tables: Path, events: Path, report: Report) -> Path:
    shutil.copytree(events, tables)
    hosts = {str(host) for host in pq.read_table(tables / "nodes" / "Host.parquet")["id"].to_pylist()}
    service_program = next(one for one in report.findings if one.execution == "service")
    told = {service_program.id: (Identified("S0029", "file_name", "PSEXESVC.exe"),)}
    write_tables(report, told, tables, {"S0029", *hosts, *TECHNIQUES})
    write_nodes(tables, "Technique", [{"id": id_, "name": id_} for id_ in TECHNIQUES])
    write_nodes(tables, "Tactic", [{"id": "TA0008", "name": "Lateral Movement"}])
    write_nodes(tables, "Software", [{"id": "S0029", "name": "PsExec", "kind": "tool"}])
    write_nodes(tables, "Actor", [{"id": "G0102", "name": "Wizard Spider"}])
    write_edges(tables, "USES", "Actor", "Software", [{"from": "G0102", "to": "S0029"}])
    write_edges(tables, "USES", "Actor", "Technique", [{"from": "G0102", "to": id_} for id_ in TECHNIQUES])
    write_edges(tables, "SERVES", "Technique", "Tactic", [{"from": "T1021.002", "to": "TA0008"}])
    fits: list[dict[str, str | int | float]] = [
        {"from": path.id, "to": "G0102", "rank": 1, "score": 0.5, "reasons": "S0029"} for path in report.paths[:1]
    ]
    write_edges(tables, "CONSISTENT_WITH", "Path", "Actor", fits)
    return tables
