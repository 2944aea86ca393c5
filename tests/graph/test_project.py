"""The projection as a whole: what it writes, what a window leaves, and how much work busy hosts make."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow.parquet as pq

from graphcorr.graph.kinds import EDGES, NODES
from graphcorr.graph.project import every_kind, project_records
from tests.findings.logs import Logs


def test_every_table_is_of_a_declared_kind_and_has_its_columns() -> None:
    logs = (
        Logs()
        .is_at()
        .security_4624("09:59:00")
        .security_5145("10:00:00")
        .smb_file("10:00:01", share=r"\\10.0.0.9\C$")
        .service("10:00:02", "x.exe")
    )
    logs.sysmon_1("10:00:05").removed("10:00:09", 23).sysmon_7("10:00:06", r"C:\x.dll")
    nodes = {node.label: {"id", *node.properties} for node in NODES}
    edges = {f"{edge.type}__{source}__{target}": {"from", "to", *edge.properties} for edge in EDGES for source, target in edge.pairs}
    with tempfile.TemporaryDirectory() as folder:
        project_records(logs.records, Path(folder), whole=every_kind())
        written = {path.stem: set(pq.read_schema(path).names) for path in Path(folder).rglob("*.parquet")}
    assert {
        "Host",
        "Address",
        "File",
        "FileVersion",
        "Write",
        "ProcessStart",
        "Removal",
        "Logon",
        "WROTE__Write__FileVersion",
    } <= written.keys()
    assert {name: (nodes | edges)[name] for name in written} == written


def test_edges_lead_from_and_to_nodes_that_are_there() -> None:
    logs = Logs().is_at().security_4624("09:59:00").sysmon_11("10:00:00").smb_file("10:00:01", "b.exe").sysmon_1("10:00:05")
    with tempfile.TemporaryDirectory() as folder:
        project_records(logs.records, Path(folder), whole=every_kind())
        ids = {path.stem: set(pq.read_table(path, columns=["id"])["id"].to_pylist()) for path in Path(folder, "nodes").iterdir()}
        dangling = [
            (path.stem, row)
            for path in Path(folder, "edges").iterdir()
            for _, source, target in [path.stem.split("__")]
            for row in pq.read_table(path, columns=["from", "to"]).to_pylist()
            if row["from"] not in ids[source] or row["to"] not in ids[target]
        ]
    assert dangling == []


def test_a_name_written_and_run_in_thousands_of_folders_is_looked_up_not_compared() -> None:
    """Four million pairs share the name; none shares the path."""
    logs = Logs()
    for number in range(2_000):
        logs.security_5145("10:00:00", rf"Temp\{number}\setup.exe").sysmon_1("10:00:05", rf"C:\Apps\{number}\setup.exe", pid=number + 1)
    with logs.projection() as projection:
        assert projection.database.execute("SELECT count(*) FROM links").fetchall() == [(0,)]
