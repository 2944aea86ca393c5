"""Findings of patterns that people bring along: not about a file version, and not always right."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphcorr.errors import PatternError
from graphcorr.model.findings import Level, Movement
from tests.conftest import REPOSITORY
from tests.findings.logs import TARGET, TOOL, Logs

HEADER = """/*---
id: {id}
title: A pattern of one's own
status: experimental
level: low
description: For a test.
attack: [T1021.002]
needs: [Write]
result: finding
{keys}
---*/
{query}
"""


def write_pattern(folder: Path, id_: str, keys: str, query: str) -> tuple[Path, ...]:
    (folder / f"{id_}.cypher").write_text(HEADER.format(id=id_, keys=keys, query=query), encoding="utf-8")
    return (folder,)


def test_a_row_that_is_about_no_version_is_a_finding_with_what_it_says(tmp_path: Path) -> None:
    patterns = write_pattern(
        tmp_path,
        "written-by",
        "identity: [source, target]\nevidence: [writes]",
        "MATCH (w:Write)-[:CAME_FROM]->(a:Address) RETURN a.id AS source, w.host AS target, collect(DISTINCT w.id) AS writes",
    )
    report = Logs().security_5145("10:00:00").security_5145("10:05:00").hunt(patterns=patterns)
    (finding,) = report.findings
    assert (finding.pattern, finding.movement, finding.file, finding.execution) == ("written-by", Movement.REMOTE, None, None)
    assert finding.source is not None
    assert (finding.source.address, finding.target.host) == ("10.0.0.5", TARGET)
    assert [(one.role, one.record) for one in finding.evidence] == [("write", 1), ("write", 2)]


@pytest.mark.parametrize("id_", ["aa", "zz"])
def test_a_pattern_of_ones_own_makes_no_less_of_a_finding(tmp_path: Path, id_: str) -> None:
    ours = (REPOSITORY / "cypher/lateral_movement/smb-write-then-image.cypher").read_text(encoding="utf-8")
    own = ours.replace("id: smb-write-then-image", f"id: {id_}").replace("level: high", "level: low")
    (tmp_path / f"{id_}.cypher").write_text(own, encoding="utf-8")
    (finding,) = Logs().security_5145("10:00:00").sysmon_1("10:00:05").hunt(patterns=(tmp_path,)).findings
    assert (finding.pattern, finding.patterns, finding.level) == (
        "smb-write-then-image",
        sorted([id_, "smb-write-then-image"]),
        Level.HIGH,
    )


def test_runs_that_a_row_names_are_its_executions(tmp_path: Path) -> None:
    patterns = write_pattern(
        tmp_path,
        "started-on",
        "execution: image\nidentity: [target]\nevidence: [executions]",
        "MATCH (p:ProcessStart) RETURN p.host AS target, collect(DISTINCT p.id) AS executions",
    )
    report = Logs().security_5145("10:00:00").sysmon_1("10:00:05").hunt(patterns=patterns)
    (finding,) = (one for one in report.findings if one.pattern == "started-on")
    assert (finding.execution, finding.execution_time) == ("image", "2026-01-05T10:00:05.000000Z")
    assert [run.image for run in finding.executions] == [TOOL]
    assert finding.limits == ["source unknown: the pattern names none"]


@pytest.mark.parametrize(
    ("keys", "query", "reason"),
    [
        (
            "identity: [target]\nevidence: [writes]",
            "MATCH (w:Write) RETURN w.host AS target, collect(DISTINCT w.path) AS writes",
            f"the column 'writes' holds {TOOL!r}, which is the id of no event",
        ),
        (
            "identity: [version]\nevidence: [writes]",
            "MATCH (w:Write) RETURN w.host AS version, collect(DISTINCT w.id) AS writes",
            f"the column 'version' holds '{TARGET}', which is the id of no file version",
        ),
    ],
)
def test_an_id_that_is_none_is_an_error_of_the_pattern(tmp_path: Path, keys: str, query: str, reason: str) -> None:
    patterns = write_pattern(tmp_path, "mistaken", keys, query)
    with pytest.raises(PatternError) as caught:
        Logs().security_5145("10:00:00").hunt(patterns=patterns)
    assert caught.value.reason == reason
    assert caught.value.path.endswith("mistaken.cypher")


def test_a_service_that_names_the_file_is_a_finding_without_an_execution() -> None:
    """Registered is not run: without a process log there is no execution, and the finding says so."""
    logs = Logs().security_5145("10:00:00", "evil.exe")
    logs.add("system-7045", "10:00:02", {"ServiceName": "e", "ImagePath": r"%SystemRoot%\evil.exe"}, computer=TARGET)
    (finding,) = logs.hunt().findings
    assert (finding.pattern, finding.execution, finding.executions) == ("smb-write-then-service", None, [])
    assert (finding.file, finding.write_time) == (r"C:\Windows\evil.exe", "2026-01-05T10:00:00.000000Z")
    assert "no run of it is logged: installed or named is not executed" in finding.limits
    assert [one.role for one in finding.evidence] == ["write", "service"]


def test_a_service_and_its_process_are_one_finding() -> None:
    logs = Logs().security_5145("10:00:00", "evil.exe")
    logs.add("system-7045", "10:00:02", {"ServiceName": "e", "ImagePath": r"%SystemRoot%\evil.exe"}, computer=TARGET)
    logs.sysmon_1("10:00:03", r"C:\Windows\evil.exe", parent=r"C:\Windows\System32\services.exe")
    (finding,) = logs.hunt().findings
    assert (finding.execution, finding.patterns) == ("service", ["smb-write-then-image", "smb-write-then-service"])
    assert finding.pattern == "smb-write-then-image"
