"""Indicators against events: every kind of observable, AND within an event, AND between events, validity."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from graphcorr.case.folder import open_case
from graphcorr.case.reading import read_inputs
from graphcorr.graph.project import project
from graphcorr.graph.tables import find_nodes
from graphcorr.intel.enrichment import EXAMPLES, summarize_sightings, write_sightings
from graphcorr.intel.indicators import read_patterns
from graphcorr.intel.knowledge import read_knowledge
from graphcorr.intel.library import Library
from graphcorr.intel.loading import load
from graphcorr.intel.reading import Document
from graphcorr.intel.sightings import load_terms, match_terms, sight
from graphcorr.normalize.catalog import wanted
from graphcorr.resolve.database import Database, connect
from graphcorr.simulate.demo import write_demo

NOON = datetime(2025, 1, 1, 12, tzinfo=UTC)
EVENTS = """
CREATE TABLE events AS SELECT * FROM (VALUES
    ('e1', '10.0.0.1', '10.0.0.2', NULL, NULL, NULL, NULL, NULL, 'C:\\W\\Evil.exe', 'cmd /c "C:\\W\\Evil.exe" http://Bad.example:80/x/ ',
        'SHA1=AA,MD5=BB', NULL),
    ('e2', NULL, '10.0.0.3', 'www.bad.example', NULL, '\\??\\C:\\W\\evil.exe', NULL, NULL, NULL,
        'reg add HKLM\\Software\\Run /v x', NULL, NULL),
    ('e3', NULL, NULL, 'mail.example.', 'srv.bad.example', NULL, 'tools/evil.exe', NULL, NULL, NULL,
        'SHA256=cc,MD5=bb', ['10.9.9.9', 'cname.example'])
) t(id, source_address, target_address, query, target_host, path, relative_path, previous_path, image, command_line, hashes, answers)
CROSS JOIN (SELECT TIMESTAMP '2025-01-01 12:00:00' AS time)
"""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = connect(tmp_path)
    made.execute(EVENTS)
    yield made
    made.close()


def find(database: Database, *patterns: str, since: datetime | None = None, until: datetime | None = None) -> list[tuple[str, str, str]]:
    terms, refused = read_patterns((f"i{n}", pattern, "stix") for n, pattern in enumerate(patterns))
    assert refused == {}
    first, last = (None if moment is None else int(moment.timestamp()) * 1_000_000 for moment in (since, until))
    load_terms(database, terms, ((f"i{n}", first, last) for n in range(len(patterns))))
    match_terms(database)
    return sorted(database.execute("SELECT indicator, event, value FROM sightings").fetchall())


@pytest.mark.parametrize(
    ("pattern", "events"),
    [
        ("[ipv4-addr:value = '10.0.0.1']", ["e1"]),
        ("[ipv4-addr:value = '10.0.0.3']", ["e2"]),
        ("[ipv4-addr:value = '10.9.9.9']", ["e3"]),
        ("[ipv4-addr:value = '10.0.0.4']", []),
        ("[domain-name:value = 'WWW.bad.example']", ["e2"]),
        ("[domain-name:value = 'bad.example']", ["e1"]),
        ("[domain-name:value = 'mail.example']", ["e3"]),
        ("[domain-name:value = 'cname.example']", ["e3"]),
        ("[domain-name:value = 'srv.bad.example']", ["e3"]),
        ("[url:value = 'http://bad.example:80/x']", ["e1"]),
        ("[url:value = 'http://bad.example:80/']", []),
        ("[file:name = 'EVIL.exe']", ["e1", "e2", "e3"]),
        ("[file:name = 'vil.exe']", []),
        ("[file:hashes.MD5 = 'bb']", ["e1", "e3"]),
        ("[file:hashes.'SHA-1' = 'aa']", ["e1"]),
        ("[file:hashes.'SHA-256' = 'CC']", ["e3"]),
        ("[file:hashes.'SHA-256' = 'aa']", []),
        ("[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\\\Software\\\\Run']", ["e2"]),
        ("[windows-registry-key:key = 'HKCU\\\\Software\\\\Run']", []),
        ("[process:command_line = 'reg add hklm\\\\software\\\\run /v x']", ["e2"]),
    ],
)
def test_each_observable(database: Database, pattern: str, events: list[str]) -> None:
    assert [event for _, event, _ in find(database, pattern)] == events


def test_and_within_an_observation_means_one_event(database: Database) -> None:
    both = "[file:name = 'evil.exe' AND file:hashes.MD5 = '{}']"
    md5 = "d41d8cd98f00b204e9800998ecf8427e"
    database.execute(f"UPDATE events SET hashes = 'MD5={md5}' WHERE id = 'e3'")
    assert find(database, both.format(md5)) == [("i0", "e3", md5), ("i0", "e3", "evil.exe")]
    assert find(database, both.format("0" * 32)) == []


def test_and_between_observations_may_be_two_events(database: Database) -> None:
    assert find(database, "[ipv4-addr:value = '10.0.0.1'] AND [domain-name:value = 'mail.example']") == [
        ("i0", "e1", "10.0.0.1"),
        ("i0", "e3", "mail.example"),
    ]
    assert find(database, "[ipv4-addr:value = '10.0.0.1'] AND [domain-name:value = 'none.example']") == []


def test_or_holds_with_one(database: Database) -> None:
    assert find(database, "[ipv4-addr:value = '9.9.9.9' OR ipv4-addr:value = '10.0.0.3']") == [("i0", "e2", "10.0.0.3")]


def test_validity_begins_at_its_start_and_ends_before_its_end(database: Database) -> None:
    pattern = "[ipv4-addr:value = '10.0.0.1']"
    later = NOON.replace(second=1)
    assert len(find(database, pattern, since=NOON, until=later)) == 1
    assert find(database, pattern, since=later) == []
    assert find(database, pattern, until=NOON) == []


def test_no_indicators(database: Database) -> None:
    assert find(database) == []


class Silent:
    """Nobody watches."""

    def phase(self, name: str, total: int | None) -> None: ...

    def advance(self, done: int) -> None: ...

    def finish(self) -> None: ...


def read_inputs_of(logs: Path, folder: Path) -> None:
    with open_case(folder, create=True) as case:
        read_inputs(case, (str(logs),), wanted(), 1, Silent())


def indicator(number: int, pattern: str, **values: object) -> dict[str, object]:
    identity = f"indicator--11111111-1111-4111-8111-{number:012}"
    return {"type": "indicator", "id": identity, "pattern": pattern, "valid_from": "2000-01-01T00:00:00Z"} | values


def test_indicators_meet_a_case(tmp_path: Path) -> None:
    """From STIX to rows of ``SIGHTED`` over a real case, and what cannot be evaluated."""
    logs = tmp_path / "logs"
    write_demo(logs)
    read_inputs_of(logs, tmp_path / "case")
    with open_case(tmp_path / "case") as case, project(case, relevant=False) as projection:
        database = projection.database
        (name, count), *_ = database.execute(
            "SELECT lower(regexp_extract(image, '[^\\\\]*$')), count(*) FROM events WHERE log = 'sysmon-1' GROUP BY 1 ORDER BY 2, 1"
        ).fetchall()
        library = Library(tmp_path / "intel")
        objects = [
            indicator(1, f"[process:name = '{name}']"),
            indicator(2, f"[process:name = '{name}']", revoked=True),
            indicator(3, f"[file:name LIKE '{name}']"),
            indicator(4, f"[process:name = '{name}']", valid_until="2000-01-02T00:00:00Z"),
        ]
        load(library, [Document("feed", None, json.dumps(objects).encode(), "")])
        knowledge = read_knowledge(library)
        library.close()
        unevaluated = sight(database, knowledge)
        [sighted] = summarize_sightings(database, knowledge)
        assert (sighted.indicator, sighted.observable, sighted.value) == (objects[0]["id"], "file_name", name)
        assert sighted.count >= count > 0
        assert len(sighted.examples) == min(sighted.count, EXAMPLES)
        assert [(one.indicator, one.reason) for one in unevaluated] == [(objects[2]["id"], "the operator LIKE is not evaluated")]
        write_sightings(database, tmp_path / "tables")
        edges = {path.stem: pq.read_table(path).to_pylist() for path in (tmp_path / "tables" / "edges").iterdir()}
        events = [event for (event,) in database.execute("SELECT DISTINCT event FROM sightings").fetchall()]
        nodes = find_nodes(database, events)
        assert {(table, row["to"]) for table, rows in edges.items() for row in rows} == {
            (f"SIGHTED__Indicator__{label}", node) for label, node in nodes.values()
        }
        assert "SIGHTED__Indicator__ProcessStart" in edges
