"""What a user's pattern asks for is in the graph, whatever the built-in ones need: no kind is evaluated on a graph without it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from graphcorr.model.progress import Silent
from graphcorr.model.report import Report
from graphcorr.service.detecting import detect
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.simulate.demo import write_demo
from tests.settings import own_settings

HEADER = """/*---
id: {id}
title: Each of a kind
status: test
level: low
description: Counts what the graph has of a kind.
attack: [T1021]
needs: [{kind}]
result: finding
identity: [event]
evidence: [events]
---*/
MATCH (e:{kind})
RETURN e.id AS event, collect(e.id) AS events
"""


def each(folder: Path, kind: str) -> Path:
    """A pattern that finds every event of a kind."""
    id_ = f"each-{kind.lower()}"
    folder.mkdir(exist_ok=True)
    (folder / f"{id_}.cypher").write_text(HEADER.format(id=id_, kind=kind))
    return folder


def found(report: Report, kind: str) -> int:
    return sum(one.pattern == f"each-{kind.lower()}" for one in report.findings)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder)
    return folder


def run(logs: Path, patterns: Path, *, full: bool = False) -> Report:
    settings = own_settings(workers=1, patterns=(patterns,))
    return hunt(HuntOptions(paths=(str(logs),), ephemeral=True, full=full), settings, Silent())


def test_a_pattern_over_logons_finds_all_of_them_without_a_full_graph(demo: Path, tmp_path: Path) -> None:
    """It found none of the demo's 32, and said that it was evaluated."""
    patterns = each(tmp_path, "Logon")
    reduced, full = run(demo, patterns), run(demo, patterns, full=True)
    assert found(reduced, "Logon") == found(full, "Logon") == 32
    [status] = [one.status for one in reduced.coverage.patterns if one.pattern == "each-logon"]
    assert status in {"evaluated", "partly"}


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (
            "PipeOpen",
            (
                '{"EventID": 5145, "Channel": "Security", "SourceName": "Microsoft-Windows-Security-Auditing", "Hostname": "t.corp", '
                '"EventTime": "2026-01-05 10:00:00", "RecordNumber": 1, "ShareName": "\\\\\\\\*\\\\IPC$", "RelativeTargetName": "svcctl", '
                '"AccessMask": "0x3", "IpAddress": "10.0.0.5", "SubjectUserName": "bob"}'
            ),
        ),
        (
            "Logon",
            (
                '{"EventID": 4648, "Channel": "Security", "SourceName": "Microsoft-Windows-Security-Auditing", "Hostname": "ws.corp", '
                '"EventTime": "2026-01-05 10:00:00", "RecordNumber": 1, "TargetUserName": "bob", "TargetServerName": "srv.corp", '
                '"SubjectUserName": "eve", "SubjectLogonId": "0x7"}'
            ),
        ),
        (
            "Call",
            (
                '{"_path": "dce_rpc", "ts": 1767607200.0, "uid": "C1", '
                '"id.orig_h": "10.0.0.5", "id.orig_p": 4000, "id.resp_h": "10.0.0.9", '
                '"id.resp_p": 445, "rtt": 0.1, "named_pipe": "svcctl", "endpoint": "svcctl", "operation": "CreateServiceW"}'
            ),
        ),
        (
            "Removal",
            (
                '{"_path": "smb_files", "ts": 1767607200.0, "uid": "C1", '
                '"id.orig_h": "10.0.0.5", "id.orig_p": 4000, "id.resp_h": "10.0.0.9", '
                '"id.resp_p": 445, "action": "SMB::FILE_DELETE", "path": "\\\\\\\\10.0.0.9\\\\C$", "name": "x.exe"}'
            ),
        ),
        (
            "PipeOpen",
            (
                '{"_path": "smb_files", "ts": 1767607200.0, "uid": "C1", '
                '"id.orig_h": "10.0.0.5", "id.orig_p": 4000, "id.resp_h": "10.0.0.9", '
                '"id.resp_p": 445, "action": "SMB::PIPE_OPEN", "path": "\\\\\\\\10.0.0.9\\\\IPC$", "name": "svcctl"}'
            ),
        ),
        (
            "FileCreate",
            (
                '{"EventID": 11, "Channel": "Microsoft-Windows-Sysmon/Operational", "SourceName": "Microsoft-Windows-Sysmon", '
                '"Hostname": "t.corp", "UtcTime": "2026-01-05 10:00:00.000", "EventTime": "2026-01-05 10:00:00", "RecordNumber": 1, '
                '"Image": "C:\\\\a.exe", "TargetFilename": "C:\\\\b.exe"}'
            ),
        ),
    ],
    ids=["pipe-5145", "logon-4648", "call", "removal-wire", "pipe-wire", "file-create"],
)
def test_every_kind_that_a_log_testifies_to_can_be_asked_for(kind: str, line: str, tmp_path: Path) -> None:
    """Each of these was carried by its log, projected by nobody, and said to be evaluated."""
    (tmp_path / "log.json").write_text(line + "\n")
    assert found(run(tmp_path / "log.json", each(tmp_path / "patterns", kind)), kind) == 1


def test_what_a_case_was_read_without_is_not_evaluated(demo: Path, tmp_path: Path) -> None:
    """What a monitor cannot follow is read by no built-in pattern: a later one that asks for it sees only a part, and it says so."""
    patterns = each(tmp_path / "patterns", "BlindSpot")
    logs = shutil.copytree(demo, tmp_path / "logs")
    weird = {"_path": "weird", "ts": 1710145800.5, "uid": "CaB1", "id.orig_h": "10.20.0.21", "id.orig_p": 50123, "id.resp_h": "10.20.0.11"}
    (logs / "weird.log").write_text(json.dumps(weird | {"id.resp_p": 445, "name": "bad_TCP_checksum", "notice": False}) + "\n")
    settings = own_settings(state=tmp_path / "state", workers=1)
    hunt(HuntOptions(paths=(str(logs),), case=tmp_path / "case"), settings, Silent())
    asking = own_settings(state=tmp_path / "state", workers=1, patterns=(patterns,))
    [early] = [one for one in detect(tmp_path / "case", asking, Silent()).coverage.patterns if one.pattern == "each-blindspot"]
    assert (early.status, early.not_read) == ("partly", ["BlindSpot"])
    report = hunt(HuntOptions(paths=(str(logs),), case=tmp_path / "case"), asking, Silent())
    [late] = [one for one in report.coverage.patterns if one.pattern == "each-blindspot"]
    assert late.not_read == []
    assert all(one.not_read == [] for one in report.coverage.patterns)
