"""Observations: how they are gathered from as many rows as a graph has writes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from graphcorr.engine.database import Database, connect
from graphcorr.errors import StoreLimitError
from graphcorr.findings import observe
from graphcorr.findings.window import Chosen
from graphcorr.links.contacts import MANY
from graphcorr.model.findings import Endpoint
from graphcorr.patterns.load import Pattern, builtin_folder, load
from graphcorr.store.base import Row
from tests.findings.logs import CLIENT, DAY, TARGET, Logs
from tests.work import count_calls


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = connect(tmp_path)
    yield database
    database.close()


def gather(database: Database, rows: list[Row]) -> list[tuple[Pattern, Row]]:
    [pattern] = [one for one in load([builtin_folder()]) if one.id == "smb-write"]
    for table in ("observed", "observed_contact", "observed_novelty"):
        database.execute(f"DROP TABLE IF EXISTS {table}")
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


@pytest.mark.parametrize("batch", [1, 1_000])
def test_what_a_limit_ends_among_its_rows_has_none(database: Database, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(observe, "BATCH", batch)
    [writes] = [one for one in load([builtin_folder()]) if one.id == "smb-write"]
    [contacts] = [one for one in load([builtin_folder()]) if one.header.identity == ["contact"]][:1]

    def ended(rows: list[Row]) -> Iterator[Row]:
        yield from rows
        raise StoreLimitError("stopped after 1 s")

    sums: list[Row] = [{"contact": f"c{number}", "source": "s", "target": "t", "logons": []} for number in range(2)]
    rows = observe._load([(writes, make(1)), (contacts, ended(sums)), (writes, ended(make(3))), (contacts, sums[:1])], database)
    assert [pattern.id for pattern, _ in rows] == ["smb-write", contacts.id]
    assert database.execute("SELECT DISTINCT number FROM observed ORDER BY ALL").fetchall() == [(0,)]
    assert database.execute("SELECT number FROM observed_contact").fetchall() == [(1,)]


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
    (seen,) = [one for one in logs.hunt(patterns=(tmp_path,)).observations if one.pattern == "sessions"]
    assert [(one.role, one.time[11:19]) for one in seen.examples] == [("logon", "10:00:00"), ("arrival", "10:00:01")]


# --- contacts ---


def logons(count: int) -> Logs:
    logs = Logs()
    for number in range(count):
        logs.security_4624(f"10:00:0{number}", user="alice" if number % 2 else "ALICE")
    return logs


def test_a_contact_counts_every_record_and_shows_the_first() -> None:
    """The graph has three of them, whoever looks at it."""
    (seen,) = [one for one in logons(8).hunt().observations if one.pattern == "network-logon"]
    assert (seen.count, seen.first[11:19], seen.last[11:19], seen.way) == (8, "10:00:00", "10:00:07", "network logon")
    assert [(one.role, one.time[11:19]) for one in seen.examples] == [("logon", f"10:00:0{number}") for number in range(3)]
    assert seen.source is not None
    assert (seen.source.address, seen.target.host) == (CLIENT, TARGET)
    assert seen.account in {r"CORP\alice", r"CORP\ALICE"}


@pytest.mark.parametrize(("more", "told"), [(0, MANY), (1, 1)])
def test_what_half_the_network_comes_to_is_told_as_one(more: int, told: int) -> None:
    logs = Logs()
    for number in range(MANY + more):
        logs.security_4624(f"10:00:{number % 60:02}", source=f"10.0.1.{number + 1}")
    seen = [one for one in logs.hunt().observations if one.pattern == "network-logon"]
    assert len(seen) == told
    if more:
        (one,) = seen
        assert (one.source, one.target.host, one.account, one.way, one.machines) == (None, TARGET, None, "network logon", MANY + 1)
        assert (one.count, one.first[11:19], one.last[11:19]) == (MANY + 1, "10:00:00", "10:00:50")
        assert [example.time[17:19] for example in one.examples] == ["00", "01", "02"]


def test_who_goes_to_half_the_network_is_told_as_one() -> None:
    logs = Logs()
    for number in range(MANY + 1):
        logs.security_4624(f"10:00:{number % 60:02}", host=f"ws{number}.corp.example")
    (one,) = (one for one in logs.hunt().observations if one.pattern == "network-logon")
    assert one.source is not None
    assert (one.source.address, one.target, one.machines) == (CLIENT, Endpoint(None, None), MANY + 1)


def test_each_way_and_each_account_is_a_contact_of_its_own() -> None:
    logs = logons(2).security_4624("10:00:05", user="bob").security_4624("10:00:06", logon_type=10)
    seen = [(one.account.lower(), one.way, one.count) for one in logs.hunt().observations if one.account]
    assert sorted(seen) == [(r"corp\alice", "network logon", 2), (r"corp\alice", "remote desktop", 1), (r"corp\bob", "network logon", 1)]


@pytest.mark.parametrize(
    ("since", "until", "count", "examples"),
    [
        (None, None, 8, ["00", "01", "02"]),
        (4, None, 4, ["04", "05", "06"]),
        (None, 1, 2, ["00", "01"]),
        (6, 6, 1, ["06"]),
        (8, None, None, []),
    ],
)
def test_of_a_contact_what_lies_in_the_window_is_counted(
    since: int | None, until: int | None, count: int | None, examples: list[str]
) -> None:
    """Also of the records that the graph does not have."""
    [pattern] = [one for one in load([builtin_folder()]) if one.id == "network-logon"]
    with logons(8).projection() as projection:
        [(contact,)] = projection.database.execute("SELECT id FROM contacts").fetchall()
        begin = 1_000_000 * int(DAY.replace(hour=10, tzinfo=UTC).timestamp())
        chosen = Chosen(*(None if bound is None else begin + bound * 1_000_000 for bound in (since, until)))
        row: Row = {"contact": contact, "source": CLIENT, "target": "target", "account": None, "way": "network logon", "logons": []}
        seen = observe.observe([(pattern, [row])], projection, chosen)
    assert [one.count for one in seen] == ([count] if count else [])
    assert [example.time[17:19] for one in seen for example in one.examples] == examples


# --- novelties ---


def news() -> Logs:
    """Two days on which Alice logs on, then Bob, eight times."""
    logs = Logs().security_4624("2026-01-02T10:00:00.000000Z").security_4624("2026-01-03T10:00:00.000000Z")
    for number in range(8):
        logs.security_4624(f"10:00:0{number}", user="bob")
    return logs


def test_a_novelty_counts_every_record_after_the_moment_and_shows_the_first() -> None:
    (seen,) = [one for one in news().hunt(baseline_until="2026-01-03").observations if one.pattern == "uncommon-account"]
    assert (seen.count, seen.first[11:19], seen.last[11:19], seen.way) == (8, "10:00:00", "10:00:07", "logon")
    assert (seen.source, seen.target.host, seen.account) == (None, TARGET, r"CORP\bob")
    assert seen.history == "not seen here in the 2 days before; 1 of the 1 seen since are new, 0.0 expected"
    assert [(one.role, one.time[11:19], one.kind) for one in seen.examples] == [
        ("logon", f"10:00:0{number}", "Logon") for number in range(3)
    ]


@pytest.mark.parametrize("until", [None, "2026-01-05"])
def test_nothing_is_new_where_nobody_said_it_or_nothing_came_since(until: str | None) -> None:
    report = news().hunt(baseline_until=until)
    assert [one for one in report.observations if one.pattern.startswith("uncommon") or one.history] == []
    assert [one.pattern for one in report.coverage.patterns if one.pattern == "uncommon-account"] == (["uncommon-account"] if until else [])


@pytest.mark.parametrize(("since", "count"), [(0, 8), (4, 4), (8, 0)])
def test_of_a_novelty_what_lies_in_the_window_is_counted(since: int, count: int) -> None:
    [pattern] = [one for one in load([builtin_folder()]) if one.id == "uncommon-account"]
    begin = 1_000_000 * int(DAY.replace(hour=10, tzinfo=UTC).timestamp())
    with news().projection(baseline=begin - 1) as projection:
        [(novelty,)] = projection.database.execute("SELECT id FROM novelties").fetchall()
        row: Row = {"novelty": novelty, "target": TARGET, "account": None, "way": "logon", "history": "new", "logons": []}
        seen = observe.observe([(pattern, [row])], projection, Chosen(begin + since * 1_000_000, None))
    assert [one.count for one in seen] == ([count] if count else [])
    assert {example.kind for one in seen for example in one.examples} <= {None}
