"""Observations: how they are gathered from as many rows as a graph has writes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graphcorr.engine.database import Database, connect
from graphcorr.findings import observe
from graphcorr.patterns.load import Pattern, builtin_folder, load
from graphcorr.store.base import Row
from tests.findings.logs import Logs
from tests.work import count_calls


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = connect(tmp_path)
    yield database
    database.close()


def gather(database: Database, rows: list[Row]) -> list[tuple[Pattern, Row]]:
    [pattern] = [one for one in load([builtin_folder()]) if one.id == "smb-write"]
    database.execute("DROP TABLE IF EXISTS observed")
    return observe._load([(pattern, rows)], database)


def make(count: int) -> list[Row]:
    return [{"source": f"s{n}", "target": "t", "account": None, "writes": [f"w{n}", f"w{n + 1}", f"w{n}"]} for n in range(count)]


def test_gathering_takes_as_much_work_for_each_of_many_rows_as_of_few(database: Database) -> None:
    """What is held was once summed up anew at every row: twenty thousand rows were two hundred million additions."""
    few, many = make(500), make(4_000)
    ratio = count_calls(lambda: gather(database, many)) / count_calls(lambda: gather(database, few))
    assert ratio < 1.2 * len(many) / len(few)


@pytest.mark.parametrize("batch", [1, 3, 1_000])
def test_each_event_is_gathered_once_a_row_whatever_the_batch(database: Database, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(observe, "BATCH", batch)
    rows = gather(database, make(5))
    assert [row for _, row in rows] == [{"source": f"s{n}", "target": "t", "account": None} for n in range(5)]
    told = database.execute("SELECT number, id FROM observed WHERE place = 0 ORDER BY ALL").fetchall()
    assert told == [(n, f"w{m}") for n in range(5) for m in (n, n + 1)]


def test_a_record_is_called_what_its_column_holds(tmp_path: Path) -> None:
    """Not every observation is about writes; a record of two columns is of the first that the header names."""
    (tmp_path / "sessions.cypher").write_text(
        """/*---
id: sessions
title: Logons beside what came in
status: experimental
level: low
description: For a test.
attack: [T1021.002]
needs: [Logon]
result: observation
identity: [target]
evidence: [logons, arrivals]
---*/
MATCH (l:Logon) OPTIONAL MATCH (l)-[:CAME_FROM]->(a:Address)
RETURN l.host AS target, collect(DISTINCT l.id) AS arrivals, collect(DISTINCT CASE WHEN a.id = '10.0.0.5' THEN l.id END) AS logons
""",
        encoding="utf-8",
    )
    logs = Logs().security_4624("10:00:00").security_4624("10:00:01", source="10.0.0.77")
    (seen,) = logs.hunt(patterns=(tmp_path,)).observations
    assert [(one.role, one.time[11:19]) for one in seen.examples] == [("logon", "10:00:00"), ("arrival", "10:00:01")]
