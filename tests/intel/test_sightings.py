"""Indicators against events: every kind of observable, AND within an event, AND between events, validity."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphcorr.case.reading import read_inputs
from graphcorr.case.writer import open_writer
from graphcorr.engine.database import Database, connect
from graphcorr.graph.project import every_kind, project
from graphcorr.graph.tables import find_nodes
from graphcorr.intel.enrichment import EXAMPLES, summarize_outdated, summarize_sightings, write_sightings
from graphcorr.intel.indicators import read_patterns
from graphcorr.intel.knowledge import read_knowledge
from graphcorr.intel.library import Library
from graphcorr.intel.loading import load
from graphcorr.intel.reading import Document
from graphcorr.intel.sightings import load_terms, match_terms, sight
from graphcorr.logs.catalog import wanted
from graphcorr.simulate.demo import write_demo

NOON = datetime(2025, 1, 1, 12, tzinfo=UTC)
ZONE = (
    b'{"EventID":15,"TargetFilename":"x.exe","Contents":"[ZoneTransfer]  ZoneId=3  ReferrerUrl=https:\\/\\/Page.example\\/a  '
    b'HostUrl=http://Files.example/get?a=1&amp;b=2\\r\\n","Other":"http://other.example/"}'
)
"""As a record of Sysmon 15 stands in a log; its URLs stand in the text of the stream alone."""
COLUMNS = (
    *("id", "source_address", "target_address", "query", "target_host", "path", "relative_path", "previous_path", "image", "command_line"),
    *("parent_command_line", "hashes", "answers", "log", "raw", "source_port", "target_port", "share", "share_path", "service"),
    *("user", "user_domain", "target_user", "target_user_domain"),
)
AA, BB, CC = "a" * 40, "b" * 32, "c" * 64
ROWS: dict[str, dict[str, object]] = {
    "e1": {
        "source_address": "10.0.0.1",
        "target_address": "10.0.0.2",
        "image": "C:\\W\\Evil.exe",
        "command_line": 'cmd /c "C:\\W\\Evil.exe" http://Bad.example:80/x/ ',
        "hashes": f"SHA1={AA.upper()},MD5={BB.upper()},IMPHASH={'D' * 32}",
        "source_port": 51515,
        "target_port": 445,
        "user": "Adm.Koch",
        "user_domain": "CORP",
    },
    "e2": {
        "target_address": "10.0.0.3",
        "query": "www.bad.example",
        "path": "\\??\\C:\\W\\evil.exe",
        "command_line": "reg add HKLM\\Software\\Run /v x",
    },
    "e3": {
        "query": "mail.example.",
        "target_host": "srv.bad.example",
        "relative_path": "tools/evil.exe",
        "hashes": f"SHA256={CC},MD5={BB}",
        "answers": ["10.9.9.9", "cname.example"],
    },
    "e4": {
        "command_line": "powershell -c \"New-Item -Path 'HKCU:\\Software\\A B\\C'; iwr http://user@10.7.7.7:8080/a.ps1, 'x'\"",
        "parent_command_line": 'cmd /c reg query "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion" & rem http://parent.example/p',
    },
    "e5": {
        "log": "system-7045",
        "service": "EvilSvc",
        "path": "cmd.exe /c reg import Registry::HKLM\\System\\Svc & curl http://[2001:db8::1]/svc",
    },
    "e6": {"log": "sysmon-11", "path": "C:\\cmd http://path.example/ HKLM\\Not\\This"},
    "e8": {"share": "\\\\*\\D$", "share_path": "\\??\\D:\\", "relative_path": "Tools\\New\\pipe.exe", "target_user": "svc"},
    "e9": {"share": "\\\\*\\ADMIN$", "relative_path": "Temp\\adm.exe"},
    "e10": {"path": "\\\\10.0.0.9\\C$\\Windows/Temp\\wire.exe", "target_address": "2001:db8::9"},
    "e7": {"log": "sysmon-15", "path": "C:\\x.exe", "raw": ZONE},
}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = connect(tmp_path)
    columns: dict[str, list[object]] = {name: [id_ if name == "id" else row.get(name) for id_, row in ROWS.items()] for name in COLUMNS}
    types = {"answers": pa.list_(pa.string()), "raw": pa.binary(), "source_port": pa.int32(), "target_port": pa.int32()}
    made.register("given", pa.table({name: pa.array(values, types.get(name, pa.string())) for name, values in columns.items()}))
    made.execute("CREATE TABLE events AS SELECT *, TIMESTAMP '2025-01-01 12:00:00' AS time FROM given")
    made.unregister("given")
    yield made
    made.close()


def find(database: Database, *patterns: str, since: datetime | None = None, until: datetime | None = None) -> list[tuple[str, str, str]]:
    terms, refused = read_patterns((f"i{n}", pattern, "stix") for n, pattern in enumerate(patterns))
    assert refused == {}
    first, last = (None if moment is None else int(moment.timestamp()) * 1_000_000 for moment in (since, until))
    load_terms(database, terms, ((f"i{n}", first, last) for n in range(len(patterns))))
    match_terms(database)
    return sorted(database.execute("SELECT indicator, event, value FROM sightings").fetchall())


def outdated(database: Database) -> list[tuple[str, str, str]]:
    return sorted(database.execute("SELECT indicator, event, value FROM outdated").fetchall())


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
        ("[url:value = 'http://bad.example:80/']", ["e1"]),
        ("[url:value = 'http://bad.example/y']", []),
        ("[file:name = 'EVIL.exe']", ["e1", "e2", "e3"]),
        ("[file:name = 'vil.exe']", []),
        (f"[file:hashes.MD5 = '{BB}']", ["e1", "e3"]),
        (f"[file:hashes.'SHA-1' = '{AA}']", ["e1"]),
        (f"[file:hashes.'SHA-256' = '{CC.upper()}']", ["e3"]),
        (f"[file:hashes.'SHA-256' = '{'a' * 64}']", []),
        (f"[file:hashes.IMPHASH = '{'d' * 32}']", ["e1"]),
        (f"[file:hashes.MD5 = '{'d' * 32}']", []),
        (f"[file:hashes.MD5 = '{BB}' AND file:hashes.'SHA-256' = '{CC}' AND file:size = 7]", ["e1", "e3", "e3"]),
        ("[ipv4-addr:value = '10.0.0.0/30']", ["e1", "e2"]),
        ("[ipv4-addr:value ISSUBSET '10.9.0.0/16']", ["e3"]),
        ("[ipv4-addr:value = '10.0.1.0/24']", []),
        ("[ipv6-addr:value = '2001:db8::/32']", ["e10", "e5"]),
        ("[ipv4-addr:value = '10.0.0.1' AND network-traffic:src_port = 51515]", ["e1"]),
        ("[network-traffic:dst_ref.value = '10.0.0.1' AND network-traffic:dst_port = 445]", []),
        ("[network-traffic:dst_ref.value = '10.0.0.2' AND network-traffic:dst_port = 445]", ["e1"]),
        ("[network-traffic:dst_port = 445]", ["e1"]),
        ("[network-traffic:src_port = 445]", []),
        ("[file:name = 'C:\\\\W\\\\evil.exe']", ["e1", "e2"]),
        ("[file:name = 'D:\\\\W\\\\evil.exe']", []),
        ("[file:name = 'D:\\\\tools\\\\new\\\\pipe.exe']", ["e8"]),
        ("[file:name = 'tools\\\\new\\\\pipe.exe']", ["e8"]),
        ("[file:name = 'new\\\\pipe.exe']", ["e8"]),
        ("[file:name = 'ew\\\\pipe.exe']", []),
        ("[file:name = 'C:\\\\Windows\\\\Temp\\\\adm.exe']", ["e9"]),
        ("[file:name = 'C:\\\\Windows\\\\Temp\\\\wire.exe']", ["e10"]),
        ("[directory:path = 'C:\\\\Windows\\\\Temp']", ["e10", "e9"]),
        ("[user-account:account_login = 'adm.koch']", ["e1"]),
        ("[user-account:account_login = 'corp\\\\ADM.Koch']", ["e1"]),
        ("[user-account:account_login = 'svc']", ["e8"]),
        ("[process:extensions.'windows-service-ext'.service_name = 'evilsvc']", ["e5"]),
        ("[url:value = 'http://parent.example']", ["e4"]),
        ("[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\\\Software\\\\Run']", ["e2"]),
        ("[windows-registry-key:key = 'HKCU\\\\Software\\\\Run']", []),
        ("[url:value = 'http://user@10.7.7.7:8080/A.ps1']", ["e4"]),
        ("[ipv4-addr:value = '10.7.7.7']", ["e4"]),
        ("[url:value = 'http://parent.example/p']", ["e4"]),
        ("[domain-name:value = 'parent.example']", ["e4"]),
        ("[ipv6-addr:value = '2001:db8:0::1']", ["e5"]),
        ("[url:value = 'http://path.example/']", []),
        ("[url:value = 'https://page.example/a']", ["e7"]),
        ("[url:value = 'http://files.example/get?a=1&b=2']", ["e7"]),
        ("[domain-name:value = 'files.example']", ["e7"]),
        ("[url:value = 'http://other.example/']", []),
        ("[windows-registry-key:key = 'HKEY_CURRENT_USER\\\\Software\\\\A B\\\\C']", ["e4"]),
        ("[windows-registry-key:key = 'HKLM\\\\software\\\\microsoft\\\\windows nt\\\\currentversion']", ["e4"]),
        ("[windows-registry-key:key = 'HKLM\\\\software\\\\microsoft\\\\windows']", []),
        ("[windows-registry-key:key = 'HKEY_CURRENT_USER\\\\Software\\\\A']", []),
        ("[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\\\System\\\\Svc']", ["e5"]),
        ("[windows-registry-key:key = 'HKLM\\\\Not\\\\This']", []),
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
    seen = [("i0", "e1", "10.0.0.1")]
    assert (find(database, pattern, since=NOON, until=later), outdated(database)) == (seen, [])
    assert (find(database, pattern, since=later), outdated(database)) == ([], seen)
    assert (find(database, pattern, until=NOON), outdated(database)) == ([], seen)
    assert (find(database, "[ipv4-addr:value = '10.0.0.9']", until=NOON), outdated(database)) == ([], [])


def test_what_does_not_hold_is_not_outdated_either(database: Database) -> None:
    """Half of a pattern would not have been a sighting in its time."""
    half = "[ipv4-addr:value = '10.0.0.1'] AND [domain-name:value = 'none.example']"
    assert (find(database, half, until=NOON), outdated(database)) == ([], [])
    database.execute("UPDATE events SET time = TIMESTAMP '2025-01-01 11:00:00' WHERE id = 'e1'")
    both = "[ipv4-addr:value = '10.0.0.1'] AND [domain-name:value = 'mail.example']"
    # One of the two events lies in its time, and without the other one it is no sighting.
    assert (find(database, both, until=NOON), outdated(database)) == ([], [("i0", "e3", "mail.example")])


def test_no_indicators(database: Database) -> None:
    assert find(database) == []


class Silent:
    """Nobody watches."""

    def phase(self, name: str, total: int | None) -> None: ...

    def advance(self, done: int) -> None: ...

    def finish(self) -> None: ...


def read_inputs_of(logs: Path, folder: Path) -> None:
    with open_writer(folder, create=True) as case:
        read_inputs(case, (str(logs),), wanted(), 1, Silent())


def indicator(number: int, pattern: str, **values: object) -> dict[str, object]:
    identity = f"indicator--11111111-1111-4111-8111-{number:012}"
    return {"type": "indicator", "id": identity, "pattern": pattern, "valid_from": "2000-01-01T00:00:00Z"} | values


def test_indicators_meet_a_case(tmp_path: Path) -> None:
    """From STIX to rows of ``SIGHTED`` over a real case, and what cannot be evaluated."""
    logs = tmp_path / "logs"
    write_demo(logs)
    read_inputs_of(logs, tmp_path / "case")
    with open_writer(tmp_path / "case") as case, project(case, whole=every_kind()) as projection:
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
        sought = sight(database, knowledge)
        [sighted] = summarize_sightings(database, knowledge)
        assert (sighted.indicator, sighted.observable, sighted.value) == (objects[0]["id"], "file_name", name)
        assert sighted.count >= count > 0
        assert len(sighted.examples) == min(sighted.count, EXAMPLES)
        [late] = summarize_outdated(database, knowledge)
        assert (late.indicator, late.value, late.valid_until) == (objects[3]["id"], name, "2000-01-02T00:00:00.000000Z")
        assert (late.count, late.first, late.examples) == (sighted.count, sighted.first, sighted.examples)
        assert [(one.indicator, one.reason) for one in sought.unevaluated] == [(objects[2]["id"], "the operator LIKE is not evaluated")]
        assert sought.looked_for == 2
        write_sightings(database, tmp_path / "tables")
        edges = {path.stem: pq.read_table(path).to_pylist() for path in (tmp_path / "tables" / "edges").iterdir()}
        events = [event for (event,) in database.execute("SELECT DISTINCT event FROM sightings").fetchall()]
        nodes = find_nodes(database, events)
        assert {(table, row["to"]) for table, rows in edges.items() for row in rows} == {
            (f"SIGHTED__Indicator__{label}", node) for label, node in nodes.values()
        }
        assert "SIGHTED__Indicator__ProcessStart" in edges
