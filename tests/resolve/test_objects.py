"""What a record names by its handle alone is the file that its process had last opened by that number."""

from __future__ import annotations

import pytest

from tests.findings.logs import OTHER, TARGET, TOOL, Logs


def opened(
    logs: Logs,
    time: str,
    path: str = TOOL,
    *,
    handle: str = "0x1A4",
    event: int = 4663,
    kind: str = "File",
    pid: str = "0x4",
    host: str = TARGET,
    outcome: str | None = None,
) -> Logs:
    fields = {"ObjectType": kind, "ObjectName": path, "HandleId": handle, "AccessMask": "0x10000", "ProcessId": pid}
    return logs.add(f"security-{event}", time, fields, computer=host, outcome=outcome)


def deleted(logs: Logs, time: str, *, handle: str = "0x1a4", pid: str = "0x4", host: str = TARGET) -> Logs:
    return logs.add("security-4660", time, {"HandleId": handle, "ProcessId": pid, "SubjectUserName": "alice"}, computer=host)


def removals(logs: Logs) -> list[str | None]:
    with logs.projection() as projection:
        rows = projection.database.execute("SELECT path FROM Removal ORDER BY time, id").fetchall()
    return [path for (path,) in rows]


@pytest.mark.parametrize("event", [4656, 4663])
def test_the_handle_tells_the_file(event: int) -> None:
    assert removals(deleted(opened(Logs(), "10:00:00", event=event), "10:00:01")) == [TOOL]


def test_the_last_that_was_opened_by_the_number_counts() -> None:
    logs = opened(opened(Logs(), "10:00:00", r"C:\old.exe"), "10:00:02")
    logs = opened(deleted(logs, "10:00:03"), "10:00:04", r"C:\later.exe")
    assert removals(logs) == [TOOL]
    # Within what the time tells apart the numbers of the records do.
    same = opened(deleted(opened(Logs(), "10:00:00"), "10:00:00"), "10:00:00", r"C:\later.exe")
    assert removals(same) == [TOOL]


@pytest.mark.parametrize(("handle", "pid", "host"), [("0x1a8", "0x4", TARGET), ("0x1a4", "0x8", TARGET), ("0x1a4", "0x4", OTHER)])
def test_other_handles_processes_and_machines_tell_nothing(handle: str, pid: str, host: str) -> None:
    assert removals(deleted(opened(Logs(), "10:00:00", handle=handle, pid=pid, host=host), "10:00:01")) == [None]


def test_what_is_no_file_has_no_path() -> None:
    logs = opened(opened(Logs(), "10:00:00"), "10:00:01", r"\REGISTRY\MACHINE\own", kind="Key")
    assert removals(deleted(logs, "10:00:02")) == [None]


def test_what_was_refused_opened_nothing() -> None:
    logs = opened(opened(Logs(), "10:00:00"), "10:00:01", r"C:\secret.exe", event=4656, outcome="failure")
    assert removals(deleted(logs, "10:00:02")) == [TOOL]


@pytest.mark.parametrize("named", [True, False])
def test_without_such_records_nothing_is_joined(named: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    # Before the events are held: then nothing is to be seen of how they were resolved.
    monkeypatch.setattr("graphcorr.graph.project.hold_events", lambda *_: None)
    logs = opened(Logs(), "10:00:00")
    with (logs if named else deleted(logs, "10:00:01")).projection() as projection:
        (view,) = projection.database.execute("SELECT sql FROM duckdb_views() WHERE view_name = 'events'").fetchall()
    assert ("objects" in str(view)) is not named


def test_a_written_file_that_was_run_and_deleted_is_told_as_that() -> None:
    logs = Logs().security_5145("10:00:00").sysmon_1("10:00:05")
    logs = deleted(opened(logs, "10:00:30"), "10:00:31")
    (finding,) = logs.hunt().findings
    assert "run-then-removed" in finding.patterns
