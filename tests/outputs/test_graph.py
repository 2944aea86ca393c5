"""Findings as a part of the graph: tied to what they rest on, and to nothing that is not there."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest

from graphcorr.graph.rows import write_edges, write_nodes
from graphcorr.intel.linking import Identified
from graphcorr.model.findings import Movement
from graphcorr.model.report import Attribution
from graphcorr.outputs.graph import write_tables
from tests.findings.logs import CLIENT, OTHER, TARGET, TOOL, Logs, only
from tests.outputs.conftest import FILE01, build_report


def rows(folder: Path, name: str) -> list[dict[str, object]]:
    return pq.read_table(folder / f"{name}.parquet").to_pylist() if (folder / f"{name}.parquet").exists() else []


def ids(folder: Path) -> dict[str, set[object]]:
    return {path.stem: {row["id"] for row in rows(folder, f"nodes/{path.stem}")} for path in (folder / "nodes").iterdir()}


def test_every_edge_of_a_hunt_leads_to_a_node_that_the_graph_has(tmp_path: Path) -> None:
    logs = Logs().is_at(CLIENT, host=OTHER).is_at().security_4624("09:59:55").sysmon_11("10:00:00")
    logs.sysmon_1("10:00:05").security_4688("10:00:05").service("10:00:04", TOOL).removed("10:00:30", 23)
    report = logs.hunt()
    with logs.projection() as projection:
        hosts = {row["id"] for row in rows(projection.tables, "nodes/Host")}
        write_tables(report, {}, projection.tables, {"T1021.002", *map(str, hosts)})
        nodes = ids(projection.tables) | {"Technique": {"T1021.002"}, "Software": set()}
        edges = {path.stem: rows(projection.tables, f"edges/{path.stem}") for path in (projection.tables / "edges").iterdir()}
        supported = {path.stem for path in (projection.tables / "edges").glob("EVIDENCE__*")}
        moves = rows(projection.tables, "edges/MOVED_TO__Host__Host")
    dangling = [
        (name, row)
        for name, found in edges.items()
        for row in found
        if row["from"] not in nodes[name.split("__")[1]] or row["to"] not in nodes[name.split("__")[2]]
    ]
    assert dangling == []
    # The logon that told who wrote is in the graph because it is evidence; the two records of the process are one node.
    assert supported == {f"EVIDENCE__Finding__{label}" for label in ("Write", "ProcessStart", "ServiceInstall", "Logon", "Removal")}
    finding = only(report)
    assert {(one.role, one.kind) for one in finding.evidence} == {
        ("write", "Write"),
        ("execution", "ProcessStart"),
        ("service", "ServiceInstall"),
        ("origin", "Logon"),
        ("end", "Removal"),
    }
    assert len({one.event for one in finding.evidence if one.kind == "ProcessStart"}) == 1
    assert moves == [
        {
            "from": OTHER,
            "to": TARGET,
            "finding": finding.id,
            "time": dt.datetime(2026, 1, 5, 10, 0, 5),  # noqa: DTZ001 - the graph's times are naive UTC
            "how": finding.execution,
            "confidence": finding.confidence.value,
        }
    ]


def test_a_machine_without_a_name_is_a_host_by_its_address() -> None:
    logs = Logs().security_5145("10:00:00").sysmon_1("10:00:05")
    with logs.projection() as projection:
        assert {row["id"] for row in rows(projection.tables, "nodes/Host")} == {TARGET, CLIENT}
        assert rows(projection.tables, "edges/ASSIGNED_TO__Address__Host") == [
            {"from": CLIENT, "to": CLIENT, "earliest": None, "latest": None, "basis": "no name known"}
        ]


def test_only_hops_between_known_hosts_that_ran_are_moves(tmp_path: Path) -> None:
    report = build_report()
    told = [Identified("S0029", "service", "PSEXESVC"), Identified("S0029", "file_name", "psexesvc.exe"), Identified("S9999", "hash", "aa")]
    known = {"ws01.corp.example", "file01.corp.example", "T1570", "S0029"}
    write_tables(report, {report.findings[0].id: told}, tmp_path, known)
    assert rows(tmp_path, "edges/IDENTIFIES__Finding__Software") == [
        {"from": report.findings[0].id, "to": "S0029", "basis": "service: PSEXESVC; file_name: psexesvc.exe"}
    ]
    moved = {row["finding"] for row in rows(tmp_path, "edges/MOVED_TO__Host__Host")}
    assert moved == {one.id for one in report.findings if one.movement is Movement.REMOTE and one.target == FILE01 and one.execution}
    assert moved < {one.id for one in report.findings if one.movement is Movement.REMOTE}
    assert {(row["from"], row["to"]) for row in rows(tmp_path, "edges/INDICATES__Finding__Technique")} == {
        (one.id, "T1570") for one in report.findings if "T1570" in one.techniques
    }
    [path] = [path for path in report.paths if len(path.hops) == 2]
    assert [(row["from"], row["to"]) for row in rows(tmp_path, "edges/INCLUDES__Path__Finding") if row["from"] == path.id] == [
        (path.id, hop) for hop in path.hops
    ]
    assert len(rows(tmp_path, "nodes/Finding")) == len(report.findings)


def test_a_path_is_tied_to_an_actor_only_when_one_is_named(tmp_path: Path) -> None:
    report = build_report()
    actors: list[dict[str, object]] = [
        {"id": "G0091", "name": "Silence", "score": 0.75, "reasons": [{"item": "S0363", "name": "Empire"}], "mentions": []},
        {"id": "G0102", "name": "Wizard Spider", "score": 0.5, "reasons": [], "mentions": []},
    ]
    for verdict, expected in (("none", []), ("likely", [("G0091", 1, 0.75, "Empire")])):
        path = msgspec.structs.replace(report.paths[0], attribution=Attribution(verdict, 0.8, [], actors))
        write_tables(msgspec.structs.replace(report, paths=[path]), {}, tmp_path / verdict, {"G0091", "G0102"})
        edges = rows(tmp_path / verdict, "edges/CONSISTENT_WITH__Path__Actor")
        assert [(row["to"], row["rank"], row["score"], row["reasons"]) for row in edges] == expected


def test_rows_that_no_kind_declares_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"Host\.parquet has no column 'nmae'"):
        write_nodes(tmp_path, "Host", [{"id": "a", "nmae": "b"}])
    with pytest.raises(ValueError, match="MOVED_TO is not declared from Host to Write"):
        write_edges(tmp_path, "MOVED_TO", "Host", "Write", [{"from": "a", "to": "b"}])
    write_nodes(tmp_path, "Host", [])
    assert list(tmp_path.iterdir()) == []


def test_times_with_a_zone_become_utc(tmp_path: Path) -> None:
    zone = dt.timezone(dt.timedelta(hours=2))
    write_nodes(tmp_path, "Path", [{"id": "p", "first": dt.datetime(2026, 1, 5, 12, 0, 0, 1, zone)}])
    assert rows(tmp_path, "nodes/Path")[0]["first"] == dt.datetime(2026, 1, 5, 10, 0, 0, 1)  # noqa: DTZ001


def test_where_a_path_may_have_led_is_an_edge_between_hosts(tmp_path: Path) -> None:
    logs = Logs().is_at().security_4624("09:59:59").security_5145("10:00:00").sysmon_1("10:00:05")
    logs.security_4624("10:05:00", host=OTHER, source="10.0.0.9", logon_type=10)
    report = logs.hunt()
    write_tables(report, {}, tmp_path, {OTHER, TARGET})
    (row,) = rows(tmp_path, "edges/LEADS_TO__Host__Host")
    assert (row["from"], row["to"], row["path"], row["ways"]) == (TARGET, OTHER, report.paths[0].id, "remote desktop")
    assert (row["tier"], row["direction"], row["confirmed"], row["count"]) == ("logon", "onward", None, 1)
    # A machine that the graph does not have is at no end of an edge.
    write_tables(report, {}, tmp_path / "less", {TARGET})
    assert rows(tmp_path / "less", "edges/LEADS_TO__Host__Host") == []
