"""Findings of patterns that people bring along: of no family, not always right, and weighed by what can be weighed without one."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from graphcorr.errors import PatternError
from graphcorr.findings import weighed
from graphcorr.findings.confidence import Doubt, rate
from graphcorr.findings.judging import role_of, say_address_only
from graphcorr.findings.window import Chosen
from graphcorr.model.findings import Basis, Confidence, Endpoint, Finding, Level, Movement
from graphcorr.outputs.graph import write_tables
from graphcorr.paths.hops import Tier, hop_tier
from graphcorr.resolve.addresses import Owner
from graphcorr.syntax.times import parse_time
from tests.conftest import REPOSITORY
from tests.findings.logs import CLIENT, OTHER, TARGET, TOOL, Logs, later

HEADER = """/*---
id: {id}
title: A pattern of one's own
status: experimental
level: low
description: For a test.
attack: [T1021.002]
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
        "needs: [Write]\nidentity: [source, target]\nevidence: [writes]",
        "MATCH (w:Write)-[:CAME_FROM]->(a:Address) RETURN a.id AS source, w.host AS target, collect(DISTINCT w.id) AS writes",
    )
    report = Logs().security_5145("10:00:00").security_5145("10:05:00").hunt(patterns=patterns)
    (finding,) = report.findings
    assert (finding.pattern, finding.movement, finding.file, finding.execution) == ("written-by", Movement.REMOTE, None, None)
    assert finding.source is not None
    assert (finding.source.address, finding.target.host) == ("10.0.0.5", TARGET)
    assert [(one.role, one.record) for one in finding.evidence] == [("write", 1), ("write", 2)]
    assert (finding.time, finding.account) == ("2026-01-05T10:00:00.000000Z", r"CORP\alice")


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
        "needs: [ProcessStart]\nexecution: image\nidentity: [target]\nevidence: [executions]",
        STARTED,
    )
    report = Logs().security_5145("10:00:00").sysmon_1("10:00:05").hunt(patterns=patterns)
    (finding,) = (one for one in report.findings if one.pattern == "started-on")
    assert (finding.execution, finding.execution_time) == ("image", "2026-01-05T10:00:05.000000Z")
    assert [run.image for run in finding.executions] == [TOOL]
    assert finding.limits == ["source unknown: neither the pattern nor its records name one", "account unknown: no record names it"]
    assert [(step.role, step.object, step.evidence) for step in finding.steps] == [("ran", TOOL, [0])]


@pytest.mark.parametrize(
    ("keys", "query", "reason"),
    [
        (
            "needs: [Write]\nidentity: [target]\nevidence: [writes]",
            "MATCH (w:Write) RETURN w.host AS target, collect(DISTINCT w.path) AS writes",
            f"the column 'writes' holds {TOOL!r}, which is the id of no event",
        ),
        (
            "needs: [Write]\nidentity: [version]\nevidence: [writes]",
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


STARTED = "MATCH (p:ProcessStart) RETURN p.host AS target, collect(DISTINCT p.id) AS executions"
LOGONS = (
    "logons",
    "needs: [Logon]\nidentity: [source, target]\nevidence: [logons]",
    "MATCH (l:Logon)-[:CAME_FROM]->(a:Address) RETURN a.id AS source, l.host AS target, collect(DISTINCT l.id) AS logons",
)
ON_THE_HOST = (
    "on-the-host",
    "needs: [Logon]\nidentity: [target]\nevidence: [logons]",
    "MATCH (l:Logon) RETURN l.host AS target, collect(DISTINCT l.id) AS logons",
)
SERVICES = (
    "logon-and-service",
    "needs: [Logon, ServiceInstall]\nidentity: [source, target]\nevidence: [logons, services]",
    (
        "MATCH (l:Logon)-[:CAME_FROM]->(a:Address), (l)-[:OCCURRED_ON]->(h:Host) MATCH (s:ServiceInstall)-[:OCCURRED_ON]->(h) "
        "RETURN a.id AS source, h.id AS target, collect(DISTINCT l.id) AS logons, collect(DISTINCT s.id) AS services"
    ),
)
ASSIGNED = (
    "assigned",
    "needs: [ServiceInstall]\nidentity: [source, target]\nevidence: [services]",
    f"MATCH (s:ServiceInstall)-[:OCCURRED_ON]->(h:Host) RETURN '{OTHER}' AS source, h.id AS target, collect(DISTINCT s.id) AS services",
)
SEEN_TWICE = (
    "seen-twice",
    "needs: [Logon, Connection]\nidentity: [source, target]\nevidence: [logons, connections]",
    (
        "MATCH (l:Logon)-[:CAME_FROM]->(a:Address) MATCH (c:Connection)-[:CAME_FROM]->(a) "
        "RETURN a.id AS source, l.host AS target, collect(DISTINCT l.id) AS logons, collect(DISTINCT c.id) AS connections"
    ),
)
WRITES = (
    "writes",
    "needs: [Write]\nidentity: [target]\nevidence: [writes]",
    "MATCH (w:Write) RETURN w.host AS target, collect(DISTINCT w.id) AS writes",
)
OUT = r"C:\Windows\x.exe"


def seen() -> Logs:
    """A logon that both its target and the machine it came from tell of."""
    return Logs().sysmon_3("09:59:59", CLIENT, "10.0.0.9", host=OTHER, initiated=True).security_4624("10:00:00")


CASES: dict[Doubt | None, tuple[tuple[str, str, str], Logs]] = {
    None: (SEEN_TWICE, seen()),
    Doubt.ONE_SIDE: (LOGONS, Logs().security_4624("10:00:00")),
    Doubt.ASKED: (WRITES, Logs().security_5145("10:00:00")),
    Doubt.IMPLIED: (WRITES, Logs().security_5140("09:59:59").sysmon_11("10:00:00")),
    Doubt.SOURCE_UNKNOWN: (ON_THE_HOST, Logs().security_4624("10:00:00", source=None)),
    Doubt.RIVALS: (ON_THE_HOST, Logs().security_4624("10:00:00").security_4624("10:00:09", source="10.0.0.77")),
    Doubt.SOURCE_UNSTATED: (ASSIGNED, Logs().service("10:00:00", OUT)),
    Doubt.ORDER_UNCERTAIN: (SERVICES, Logs().security_4624("10:00:00").service("10:00:00", OUT)),
    Doubt.APART: (SERVICES, Logs().security_4624("10:00:00").service("10:10:00.000001", OUT)),
    Doubt.FAR_APART: (SERVICES, Logs().security_4624("10:00:00").service(later("10:00:00", hours=24.1), OUT)),
}
"""Where a doubt stands, alone but for what one log alone cannot show."""


def hunt_with(folder: Path, logs: Logs, pattern: tuple[str, str, str], *, full: bool = False) -> list[Finding]:
    """What one pattern of one's own finds."""
    return [one for one in logs.hunt(full=full, patterns=write_pattern(folder, *pattern)).findings if one.pattern == pattern[0]]


BESIDE = {Doubt.IMPLIED: {Doubt.SOURCE_UNKNOWN}, Doubt.RIVALS: set(), Doubt.SOURCE_UNKNOWN: set()}
"""What the logs of a case cannot but leave open as well: one log alone shows one side."""


@pytest.mark.parametrize("doubt", CASES, ids=lambda doubt: doubt.name if doubt else "none")
def test_each_doubt_is_raised_and_named(doubt: Doubt | None, tmp_path: Path) -> None:
    pattern, logs = CASES[doubt]
    (finding,) = hunt_with(tmp_path, logs, pattern)
    raised = {one for one in Doubt if one.sentence in finding.why}
    assert raised == ({doubt} | BESIDE.get(doubt, {Doubt.ONE_SIDE}) if doubt else set())
    assert finding.confidence is rate(list(raised))
    assert finding.basis is (Basis.INFERRED if doubt is Doubt.IMPLIED else Basis.OBSERVED)


def test_what_was_asked_for_and_what_came_of_it_are_a_write(tmp_path: Path) -> None:
    """The share's audit tells of the one and Sysmon of the other: neither is left open."""
    (finding,) = hunt_with(tmp_path, Logs().security_5145("10:00:00").sysmon_11("10:00:00.01"), WRITES)
    assert not {Doubt.ASKED.sentence, Doubt.IMPLIED.sentence} & set(finding.why)


def test_a_logon_says_who_came_from_where_and_when(tmp_path: Path) -> None:
    (finding,) = hunt_with(tmp_path, seen(), SEEN_TWICE)
    assert (finding.source, finding.target.host, finding.account) == (Endpoint(OTHER, CLIENT), TARGET, r"CORP\alice")
    assert (finding.confidence, finding.movement, finding.time) == (Confidence.HIGH, Movement.REMOTE, "2026-01-05T09:59:59.000000Z")
    assert finding.why == [
        f"{CLIENT} was {OTHER} by its own log",
        f"both sides tell of it: {OTHER}, {TARGET}",
        "its steps lie 1.0 s apart",
    ]
    assert [(step.role, step.actor, step.account) for step in finding.steps] == [
        ("connected", Endpoint(OTHER, CLIENT), None),
        ("connected", Endpoint(OTHER, CLIENT), r"CORP\alice"),
    ]
    assert (finding.execution, finding.started_by, finding.limits) == (None, None, [])


def test_a_source_that_no_row_names_is_the_one_that_the_records_agree_on(tmp_path: Path) -> None:
    (one,) = hunt_with(tmp_path, Logs().security_4624("10:00:00").security_4624("10:05:00"), ON_THE_HOST)
    assert (one.source, one.movement, one.limits) == (
        Endpoint(None, CLIENT),
        Movement.REMOTE,
        [say_address_only(CLIENT, Owner(None, None, ()))],
    )
    (several,) = hunt_with(tmp_path, CASES[Doubt.RIVALS][1], ON_THE_HOST)
    assert (several.source, several.movement) == (None, Movement.UNKNOWN_SOURCE)
    assert several.limits == ["source unknown: it could be any of 10.0.0.5, 10.0.0.77"]


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.9"])
def test_a_host_that_logs_on_to_itself_is_no_hop(address: str, tmp_path: Path) -> None:
    report = Logs().is_at().security_4624("10:00:00", source=address).hunt(patterns=write_pattern(tmp_path, *LOGONS))
    (finding,) = report.findings
    assert (finding.movement, finding.source, report.paths) == (Movement.LOOPBACK, Endpoint(TARGET, address), [])


def test_a_registered_service_is_no_execution(tmp_path: Path) -> None:
    """It inherits the tier of the logon that it came over."""
    (finding,) = hunt_with(tmp_path, Logs().security_4624("10:00:00").service("10:00:02", OUT), SERVICES)
    assert (finding.execution, finding.started_by) == (None, "service")
    assert [(step.role, step.object) for step in finding.steps] == [("connected", None), ("registered", "svc")]
    assert hop_tier(finding) is Tier.CONNECTION


def test_a_borrowed_clock_is_a_doubt_of_the_records_that_it_dates(tmp_path: Path) -> None:
    fields = {"TargetUserName": "bob", "LogonType": "3", "IpAddress": CLIENT}
    seen = {"event_time": "2026-01-05 06:00:00", "ingested": "2026-01-05T10:00:07.000Z"}
    logs = Logs().add("security-4624", None, fields, computer=TARGET, event_time=seen["event_time"], ingested=seen["ingested"])
    (borrowed,) = hunt_with(tmp_path, logs, LOGONS)
    (own,) = hunt_with(tmp_path, Logs().security_4624("10:00:00"), LOGONS)
    assert set(borrowed.why) - set(own.why) == {Doubt.CLOCK_BORROWED.sentence}


def test_a_finding_without_a_file_can_be_a_hop_of_a_path(tmp_path: Path) -> None:
    """OTHER logs on to TARGET, and from there a file is written to THIRD and run: one path of two hops."""
    third = "third.corp.example"
    logs = Logs().is_at(CLIENT, host=OTHER).is_at("10.0.0.9").security_4624("10:00:00")
    logs.security_5145("10:05:00", host=third, source="10.0.0.9").sysmon_1("10:05:05", host=third)
    report = logs.hunt(patterns=write_pattern(tmp_path, *LOGONS))
    logon, file = report.findings
    assert (logon.file, logon.time, file.file) == (None, "2026-01-05T10:00:00.000000Z", TOOL)
    (path,) = report.paths
    assert (path.hosts, path.hops, path.first, path.last) == ([OTHER, TARGET, third], [logon.id, file.id], logon.time, file.time)
    with logs.projection() as projection:
        write_tables(report, {}, projection.tables, {OTHER, TARGET, third})
        moves = pq.read_table(projection.tables / "edges/MOVED_TO__Host__Host.parquet").to_pylist()
        (node,) = (row for row in pq.read_table(projection.tables / "nodes/Finding.parquet").to_pylist() if row["id"] == logon.id)
    assert sorted((row["from"], row["to"], row["how"], str(row["time"])) for row in moves) == [
        (OTHER, TARGET, "connection", "2026-01-05 10:00:00"),
        (TARGET, third, "image", "2026-01-05 10:05:05"),
    ]
    assert (str(node["time"]), node["execution_time"]) == ("2026-01-05 10:00:00", None)


def test_a_finding_without_a_run_or_a_file_has_a_time_and_lies_in_a_window(tmp_path: Path) -> None:
    (finding,) = hunt_with(tmp_path, Logs().security_4624("10:00:00"), LOGONS)
    moment = parse_time(finding.time)
    assert moment is not None
    assert [Chosen(since=moment[0] + more).holds(finding) for more in (0, 1)] == [True, False]
    assert [Chosen(until=moment[0] - less).holds(finding) for less in (0, 1)] == [True, False]


@pytest.mark.parametrize(("column", "role"), [("writes", "write"), ("accesses", "access"), ("processes", "process"), ("proof", "proof")])
def test_one_record_of_a_column_is_called_in_the_singular(column: str, role: str) -> None:
    assert role_of(column) == role


def test_what_was_blocked_is_no_removal(tmp_path: Path) -> None:
    removals = (
        "removals",
        "needs: [Removal]\nidentity: [target]\nevidence: [removals]",
        "MATCH (r:Removal) RETURN r.host AS target, collect(DISTINCT r.id) AS removals",
    )
    logs = Logs().security_5145("10:00:00").removed("10:00:01", 27).removed("10:00:09", 23)
    (finding,) = hunt_with(tmp_path, logs, removals)
    assert [step.role for step in finding.steps] == ["blocked", "removed"]


@pytest.mark.parametrize(("logon_type", "started_by"), [(10, "rdp"), (3, None)])
def test_what_ran_in_a_remote_desktop_session_was_started_through_it(logon_type: int, started_by: str | None, tmp_path: Path) -> None:
    desktop = (
        "desktop",
        "needs: [Logon, ProcessStart]\nexecution: image\nidentity: [target]\nevidence: [logons, executions]",
        (
            "MATCH (l:Logon)-[:OCCURRED_ON]->(h:Host) MATCH (p:ProcessStart)-[:OCCURRED_ON]->(h) "
            "RETURN h.id AS target, collect(DISTINCT l.id) AS logons, collect(DISTINCT p.id) AS executions"
        ),
    )
    logs = Logs().security_4624("10:00:00", logon_type=logon_type).sysmon_1("10:00:05")
    (finding,) = hunt_with(tmp_path, logs, desktop)
    assert (finding.started_by, finding.execution, finding.time) == (started_by, "image", "2026-01-05T10:00:05.000000Z")
    assert hop_tier(finding) is Tier.EXECUTION


def test_a_header_that_says_how_it_was_run_says_what_had_it_run(tmp_path: Path) -> None:
    through = ("through", "needs: [ProcessStart]\nexecution: winrm\nidentity: [target]\nevidence: [executions]", STARTED)
    (finding,) = hunt_with(tmp_path, Logs().sysmon_1("10:00:05"), through)
    assert (finding.execution, finding.started_by) == ("winrm", "winrm")


def test_steps_lie_as_far_apart_as_the_nearest_records_of_them(tmp_path: Path) -> None:
    """A client that comes every hour is not an hour away from what it did at once."""
    logs = Logs().security_4624("08:00:00").service("10:00:02", OUT).security_4624("10:00:00").security_4624("11:30:00")
    (finding,) = hunt_with(tmp_path, logs, SERVICES)
    assert "its steps lie 2.0 s apart" in finding.why
    assert Doubt.APART.sentence not in finding.why


def test_of_very_many_records_the_first_are_weighed_and_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weighed, "WEIGHED", 3)
    logs = Logs().security_4624("10:09:00", user="late")
    for minute in range(5):
        logs.security_4624(f"10:0{minute}:00")
    (finding,) = hunt_with(tmp_path, logs, LOGONS)
    assert [one.time[14:16] for one in finding.evidence] == ["00", "01", "02"]
    assert (finding.account, finding.limits[-1]) == (r"CORP\alice", "weighed are the first 3 of 6 records of logons")
    monkeypatch.setattr(weighed, "WEIGHED", 6)
    (whole,) = hunt_with(tmp_path, logs, LOGONS)
    assert (len(whole.evidence), whole.limits[-1]) == (6, r"more than one account: CORP\alice, CORP\late")


def test_of_very_many_records_an_id_that_is_none_is_an_error_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weighed, "WEIGHED", 1)
    mistaken = (
        "mistaken",
        "needs: [Write]\nidentity: [target]\nevidence: [writes]",
        "MATCH (w:Write)-[:WROTE]->(v:FileVersion) RETURN w.host AS target, collect(DISTINCT v.id) AS writes",
    )
    with pytest.raises(PatternError, match=r"the column 'writes' holds '.*', which is the id of no event"):
        hunt_with(tmp_path, Logs().security_5145("10:00:00").security_5145("11:00:00"), mistaken)


def test_a_thousand_records_of_a_column_are_weighed() -> None:
    """A thousand rows of sixty columns are a few megabytes; what a thousand records leave open the next ones hardly tell."""
    assert weighed.WEIGHED == 1_000
