"""What is held of the resolved events is what the view of them says, in a table as well as in files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphcorr.case.segments import store_records
from graphcorr.case.writer import open_writer
from graphcorr.engine.database import Database, close, connect
from graphcorr.logs.catalog import log_types
from graphcorr.resolve import events, held
from graphcorr.resolve.events import load_events
from graphcorr.resolve.held import hold_events
from graphcorr.resolve.identity import learn
from tests.findings.logs import TARGET, TOOL, Logs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def told() -> Logs:
    """A file known by its handle alone, accounts that only resolving names, a stream, a monitor's record, and copies of them."""
    logs = Logs().security_5145("10:00:00").sysmon_1("10:00:05", TOOL, pid=4242)
    opened = {"ObjectType": "File", "ObjectName": TOOL, "HandleId": "0x1a4", "AccessMask": "0x10000", "ProcessId": "0x4"}
    logs.add("security-4663", "10:00:01", opened, computer=TARGET)
    logs.add("security-4660", "10:00:02", {"HandleId": "0x1a4", "ProcessId": "0x4", "SubjectUserName": "alice"}, computer=TARGET)
    local = {"NewProcessName": TOOL, "NewProcessId": "0x10", "SubjectUserName": "TARGET$", "SubjectUserSid": "S-1-5-18"}
    logs.add("security-4688", "10:00:03", {**local, "SubjectLogonId": "0x3e7"}, computer=TARGET)
    stream = {"Image": TOOL, "TargetFilename": rf"{TOOL}:Zone.Identifier", "Contents": "[ZoneTransfer] HostUrl=http://a.example/x"}
    logs.add("sysmon-15", "10:00:04", stream, computer=TARGET)
    return logs


@pytest.fixture(params=[0, 10], ids=["files", "table"])
def database(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Of a case that is asked in its files, and of one that is a table from the beginning."""
    monkeypatch.setattr(events, "FEW", request.param)
    monkeypatch.setattr(held, "FEW", 0)
    with open_writer(tmp_path / "case", create=True) as case:
        store_records(case, "case", told().records)
        opened = connect(case.scratch)
        load_events(opened, case.segment_paths(), case.state.inputs())
        learn(opened)
        yield opened
        close(opened)


def rows(database: Database) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    described = [row[:2] for row in database.execute("DESCRIBE events").fetchall()]
    return described, database.execute("SELECT * EXCLUDE (raw) FROM events ORDER BY id").fetchall()


@pytest.mark.parametrize(("most", "few"), [(0, 0), (3, 0), (5, 0), (6, 0), (50_000, 0), (50_000, 6)])
def test_it_says_what_the_view_says(most: int, few: int, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "_IN_MEMORY", most)
    monkeypatch.setattr(held, "FEW", few)
    before = rows(database)
    texts = dict(database.execute("SELECT log, raw FROM events").fetchall())
    hold_events(database, tmp_path / "held")
    assert rows(database) == before
    # Of six logs with an event each so many are written that no more than the bound are in memory.
    written = [path.name for path in (tmp_path / "held").iterdir()] if (tmp_path / "held").exists() else []
    assert len(written) == max(0, 6 - most)
    kept = {log for log, raw in database.execute("SELECT log, raw FROM events").fetchall() if raw is not None}
    assert kept == {"sysmon-15"}
    [(kind,)] = database.execute("SELECT table_type FROM information_schema.tables WHERE table_name = 'events'").fetchall()
    assert kind == ("BASE TABLE" if few else "VIEW")
    assert database.execute("SELECT raw FROM events WHERE log = 'sysmon-15'").fetchall() == [(texts["sysmon-15"],)]


def test_only_files_of_the_log_are_opened(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "_IN_MEMORY", 0)
    hold_events(database, tmp_path / "it's [1]")
    assert {path.stem for path in (tmp_path / "it's [1]").iterdir()} == set(told_logs(database))
    [(_, plan)] = database.execute("EXPLAIN ANALYZE SELECT max(id) FROM events WHERE log = 'sysmon-15'").fetchall()
    assert "Scanning Files: 1/6" in plan


def told_logs(database: Database) -> list[str]:
    return [log for (log,) in database.execute("SELECT DISTINCT log FROM events").fetchall()]


@pytest.mark.parametrize("most", [0, 50_000])
def test_a_log_that_is_not_known_any_more_keeps_its_columns(
    most: int, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "_IN_MEMORY", most)
    before = rows(database)
    known = {name: one for name, one in log_types().items() if name != "sysmon-1"}
    monkeypatch.setattr(held, "log_types", lambda: known)
    hold_events(database, tmp_path / "held")
    assert rows(database) == before
