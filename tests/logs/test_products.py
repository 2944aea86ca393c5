"""A log type of a product that nobody here knows is one file in a folder, and everything reads it from there."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import orjson
import pytest

import graphcorr.logs
from graphcorr.case.writer import open_writer
from graphcorr.findings.evidence import summarize
from graphcorr.graph.project import project
from graphcorr.logs.catalog import log_types, wanted
from graphcorr.logs.table import table
from graphcorr.logs.witnesses import told
from graphcorr.model.kinds import Kind
from graphcorr.model.progress import Silent
from graphcorr.model.report import NETWORK
from graphcorr.patterns.cases import load_cases, make_records
from graphcorr.service.detecting import detect
from graphcorr.service.hunting import HuntOptions, hunt
from tests.case.logs import ingest
from tests.conftest import REPOSITORY
from tests.settings import own_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

STARTED = {
    "kind": "started",
    "agent": {"version": "3.1", "id": 7},
    "at": "2024-03-05T09:14:02.123456+0000",
    "device": {"name": "ws1.corp.example"},
    "relay": "relay1",
    "process": {"path": r"C:\x.exe", "line": "x.exe -q", "id": 42},
    "who": r"CORP\alice",
}
FLOW = {
    "timestamp": "2024-03-05T09:20:00.000001+0000",
    "event_type": "flow",
    "flow_id": 15,
    "src_ip": "10.0.0.5",
    "src_port": 51515,
    "dest_ip": "10.0.0.9",
    "dest_port": 445,
    "proto": "TCP",
    "app_proto": "smb",
    "host": "sensor1",
    "flow": {
        "start": "2024-03-05T09:14:02.123456+0000",
        "end": "2024-03-05T09:14:10.000000+0000",
        "bytes_toserver": 400,
        "state": "closed",
    },
}


def forget() -> None:
    log_types.cache_clear()
    for name in [name for name in sys.modules if name.startswith("graphcorr.logs.acme")]:
        del sys.modules[name]


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The example's one file in the folder of a product: nothing else."""
    folder = tmp_path / "products" / "acme"
    folder.mkdir(parents=True)
    shutil.copy(REPOSITORY / "examples" / "logs" / "acme" / "started.py", folder)
    monkeypatch.setattr(graphcorr.logs, "__path__", [*graphcorr.logs.__path__, str(tmp_path / "products")])
    forget()
    yield
    monkeypatch.undo()
    forget()


def write(path: Path, *rows: Mapping[str, object]) -> Path:
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return path


@pytest.mark.usefixtures("acme")
def test_its_records_become_events(tmp_path: Path) -> None:
    log = write(tmp_path / "acme.log", STARTED, {**STARTED, "process": {"path": r"C:\y.exe"}, "at": 1709630042.5})
    ingest(tmp_path / "case", log)
    columns = "log, host, collector, epoch_us(time), time_field, image, command_line, pid, names"
    with open_writer(tmp_path / "case") as case, project(case) as projection:
        rows = projection.database.execute(f"SELECT {columns} FROM events ORDER BY time").fetchall()
        started = projection.database.execute(told(Kind.PROCESS_START, columns=("image", "account", "account_domain"))).fetchall()
    head = ("acme-started", "ws1.corp.example", "relay1")
    assert rows == [
        (*head, 1709630042123456, "at", r"C:\x.exe", "x.exe -q", 42, ["x.exe"]),
        (*head, 1709630042500000, "at", r"C:\y.exe", None, None, ["y.exe"]),
    ]
    assert sorted(started) == [(r"C:\x.exe", "alice", "CORP"), (r"C:\y.exe", "alice", "CORP")]


@pytest.mark.usefixtures("acme")
def test_what_it_cannot_use_is_told_and_what_nobody_asks_for_is_known(tmp_path: Path) -> None:
    others: list[Mapping[str, object]] = [
        {**STARTED, "at": None},
        {**STARTED, "process": {}},
        {**STARTED, "kind": "ended"},
        {"other": 1},
    ]
    log = write(tmp_path / "acme.log", STARTED, *others)
    report = hunt(HuntOptions(paths=(str(log),), ephemeral=True), own_settings(workers=1), Silent())
    assert [(skip.record, skip.reason) for skip in report.inputs.skips] == [
        (2, "at is missing or no time"),
        (3, "no image: the record's fields are missing or renamed"),
        (4, "no known shape: no log type reads kind ended"),
        (5, "no known shape"),
    ]
    assert report.inputs.events == 1
    (host,) = report.coverage.hosts
    assert (host.host, [kind.kind for kind in host.kinds]) == ("ws1.corp.example", ["ProcessStart"])


@pytest.mark.usefixtures("acme")
def test_it_is_in_the_catalog_the_docs_and_pattern_cases(tmp_path: Path) -> None:
    assert "## acme-started" in table()
    assert "JSON with `kind` started, `agent.version`" in table()
    assert {"acme-started", "suricata-flow"} <= {shape.name for shape in wanted().declared}
    assert wanted({Kind.PROCESS_START}).asked - wanted({Kind.WRITE}).asked >= {"acme-started"}
    assert wanted({Kind.WRITE}).asked - wanted({Kind.PROCESS_START}).asked >= {"suricata-fileinfo"}
    text = "- name: a\n  events: [{as: p, log: acme-started, computer: %s, time: 2024-03-05T09:14:02Z, fields: {a: x}}]\n  expect: []"
    path = tmp_path / "cases.yaml"
    path.write_text(text % "ws1.corp.example", encoding="utf-8")
    (case,) = load_cases(path)
    (record,) = make_records(case)  # type: ignore[arg-type]
    assert (record.log, record.computer, record.channel, record.record_id) == ("acme-started", "ws1.corp.example", None, None)
    path.write_text(text % "null", encoding="utf-8")
    (error,) = load_cases(path)
    assert "a machine's record names its computer" in str(error)


def test_without_its_file_nobody_knows_it(tmp_path: Path) -> None:
    log = write(tmp_path / "acme.log", STARTED)
    report = hunt(HuntOptions(paths=(str(log),), ephemeral=True), own_settings(workers=1), Silent())
    assert [file.status for file in report.inputs.files] == ["not_understood"]


def test_suricatas_flows_are_connections_that_a_monitor_saw(tmp_path: Path) -> None:
    log = write(tmp_path / "eve.json", FLOW)
    ingest(tmp_path / "case", log)
    columns = (
        "log, host, collector, epoch_us(time), uid, source_address, source_port, target_address, target_port, protocol, service, action"
    )
    with open_writer(tmp_path / "case") as case, project(case) as projection:
        rows = projection.database.execute(f"SELECT {columns} FROM events").fetchall()
    ends = ("15", "10.0.0.5", 51515, "10.0.0.9", 445)
    assert rows == [("suricata-flow", None, "sensor1", 1709630042123456, *ends, "TCP", "smb", "closed")]


def test_suricatas_other_events_are_skips_with_their_reason(tmp_path: Path) -> None:
    """Its rfb events show desktops that are shared, which nothing here reads: silence would make the wire look quiet."""
    log = write(tmp_path / "eve.json", FLOW, {**FLOW, "event_type": "rfb", "flow": None, "rfb": {"screen_shared": True}})
    report = hunt(HuntOptions(paths=(str(log),), ephemeral=True, full=True), own_settings(workers=1), Silent())
    assert [(skip.record, skip.reason) for skip in report.inputs.skips] == [(2, "no known shape: no log type reads event_type rfb")]
    assert report.inputs.hostless == 0
    assert [(host.host, [kind.kind for kind in host.kinds]) for host in report.coverage.hosts] == [(NETWORK, ["Connection"])]


@pytest.mark.usefixtures("acme")
def test_a_case_outlives_the_log_type_that_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody here can read any more proves nothing, and the rest of the case is judged as ever."""
    ingest(tmp_path / "case", write(tmp_path / "acme.log", STARTED), write(tmp_path / "eve.json", FLOW))
    monkeypatch.setattr(graphcorr.logs, "__path__", graphcorr.logs.__path__[:-1])
    forget()
    report = detect(tmp_path / "case", own_settings(), Silent())
    assert [(host.host, [kind.kind for kind in host.kinds]) for host in report.coverage.hosts] == [(NETWORK, ["Connection"])]
    assert summarize({"log": "acme-started"}) == "acme-started"


@pytest.mark.usefixtures("acme")
def test_what_it_tells_is_found_like_what_any_other_log_tells(tmp_path: Path) -> None:
    """A file that 5145 saw written, run as only the new log says: every room has it from the testimony."""
    written = {
        "EventID": 5145,
        "SourceName": "Microsoft-Windows-Security-Auditing",
        "Hostname": "ws1.corp.example",
        "EventTime": "2024-03-05T09:13:52Z",
        "Keywords": "0x8020000000000000",
        "SubjectUserName": "alice",
        "SubjectDomainName": "CORP",
        "IpAddress": "10.0.0.5",
        "ShareName": r"\\*\C$",
        "ShareLocalPath": r"\??\C:" "\\",
        "RelativeTargetName": "x.exe",
        "AccessMask": "0x2",
    }
    log = write(tmp_path / "both.log", written, STARTED)
    report = hunt(HuntOptions(paths=(str(log),), ephemeral=True), own_settings(workers=1), Silent())
    (finding,) = report.findings
    assert (finding.file, finding.execution, finding.source and finding.source.address) == (r"C:\x.exe", "image", "10.0.0.5")
    assert [one.summary for one in finding.evidence if one.role == "execution"] == [r"C:\x.exe was started by CORP\alice"]
