"""The server store on real servers: what it makes of a database, and what it says when the server does not let it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from graphcorr.errors import StoreError, UsageError
from graphcorr.graph.kinds import Part
from graphcorr.settings import NOBODY
from graphcorr.store import bolt, difference
from graphcorr.store.base import Store
from graphcorr.store.login import read_login
from graphcorr.store.neo4j import Neo4jStore
from graphcorr.store.open import open_store
from graphcorr.store.statements import schema_names
from tests.servers import Server, on_all_versions
from tests.settings import own_settings
from tests.store.conftest import NOON, write_table

_WRITES = "MATCH (w:Write)-[:WROTE]->(v:FileVersion) RETURN w.id AS id, v.path AS path, w.time AS time ORDER BY id"
_EVERYTHING = (
    "MATCH (n) WHERE NOT n:GraphcorrCase RETURN labels(n) AS kind, properties(n) AS properties, null AS a, null AS b "
    "UNION ALL MATCH (a)-[r]->(b) RETURN [type(r)] AS kind, properties(r) AS properties, a.id AS a, b.id AS b"
)


def open_case(server: Server, case: str = "case-1", **options: float) -> Neo4jStore:
    return Neo4jStore(read_login(server.url, own_settings().neo4j), case, **options)


def everything(server: Server) -> Counter[str]:
    """All nodes and edges with their properties, and how often each is there."""
    return Counter(repr((kind, sorted(properties.items(), key=repr), a, b)) for kind, properties, a, b in server.run(_EVERYTHING))  # type: ignore[attr-defined]


def test_is_a_store() -> None:
    store: Store = Neo4jStore(read_login("neo4j://localhost", NOBODY))
    # Not isinstance(): it would ask for the engine, and that connects.
    assert {name for name in vars(Store) if not name.startswith("_")} - set(dir(type(store))) == set()


@on_all_versions
def test_what_goes_in_comes_out(server: Server, tables: Path) -> None:
    store = open_case(server)
    assert store.engine == f"neo4j {server.version}"
    assert store.describe() is None
    store.prepare()
    store.replace(tables)
    assert store.query(_WRITES) == [
        {"id": "w1", "path": r"c:\x.exe", "time": NOON},
        {"id": "w2", "path": r"c:\x.exe", "time": NOON.replace(microsecond=2)},
    ]
    assert store.query("MATCH (w:Write) RETURN w.network AS network ORDER BY w.id") == [{"network": True}, {"network": None}]
    assert store.describe() == f"case case-1 (complete, schema 1): 4 nodes, 3 edges in {server.url}/neo4j"
    names = {name for [name] in server.run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name")}
    assert names == schema_names()
    store.remove()
    assert store.describe() is None
    assert server.run("MATCH (n) RETURN count(n)") == [[0]]
    assert server.run("SHOW INDEXES YIELD type WHERE type <> 'LOOKUP' RETURN type") == []
    store.close()


@on_all_versions
def test_only_what_differs_is_written(server: Server, tables: Path) -> None:
    store = open_case(server)
    store.replace(tables)
    before = everything(server)
    numbers = server.run("MATCH (n:Write) RETURN elementId(n) ORDER BY n.id")
    written = store._connection.stored
    store.replace(tables)
    assert store._connection.stored == written
    # Two edges of a pair, equal and unequal ones; a node that is new, one that changed, one that is gone.
    edges = {"from": ["w1", "w1", "w3"], "to": ["v1", "v1", "v1"]}
    write_table(tables, "edges/WROTE__Write__FileVersion", {name: pa.array(values) for name, values in edges.items()})
    times = pa.array([NOON, None], pa.timestamp("us"))
    write_table(tables, "nodes/Write", {"network": pa.array([False, None]), "id": pa.array(["w1", "w3"]), "time": times})
    store.replace(tables)
    # deleted: w2 and its edge, the one edge of w1; created: w3, three edges; changed: w1
    assert store._connection.stored - written == 2 + 1 + 4 + 1
    assert store.query("MATCH (w:Write)-[:WROTE]->() RETURN w.id AS id, w.network AS network, w.time AS time ORDER BY id") == [
        *[{"id": "w1", "network": False, "time": NOON}] * 2,
        {"id": "w3", "network": None, "time": None},
    ]
    after = everything(server)
    assert server.run("MATCH (n:Write {id: 'w1'}) RETURN elementId(n)") == numbers[:1]
    server.clear()
    other = open_case(server)
    other.replace(tables)
    assert everything(server) == after != before
    store.close()
    other.close()


def test_what_was_changed_by_hand_is_mended(server: Server, tables: Path) -> None:
    store = open_case(server)
    store.replace(tables)
    before = everything(server)
    server.run("MATCH (n:Write {id: 'w1'}) SET n.time = 'noon', n.record = 'x' REMOVE n.network")
    server.run("MATCH (n:Write {id: 'w2'}) DETACH DELETE n")
    server.run("MATCH (v:FileVersion) CREATE (:Write {path: 'made by hand'})-[:WROTE]->(v)")
    store.replace(tables)
    assert everything(server) == before
    store.close()


def test_another_case_and_a_foreign_graph_are_refused(server: Server, tables: Path) -> None:
    store = open_case(server)
    server.run("CREATE (:Film {title: 'x'})")
    refusals: list[Callable[[], None]] = [store.prepare, lambda: store.replace(tables)]
    for refused in refusals:
        with pytest.raises(StoreError) as error:
            refused()
        assert error.value.reason == f"{server.url}/neo4j holds a graph that is not graphcorr's: name another database or server"
    store.remove()
    assert server.run("MATCH (n) RETURN labels(n)") == [[["Film"]]]
    server.clear()
    store.replace(tables)
    other = open_case(server, "case-2")
    refusals = [other.prepare, lambda: other.replace(tables)]
    for refused in refusals:
        with pytest.raises(StoreError) as error:
            refused()
        assert error.value.reason.startswith(f"{server.url}/neo4j holds case case-1, and this is case-2: ")
    server.run("MATCH (c:GraphcorrCase) SET c.schema = 99")
    with pytest.raises(StoreError) as error:
        store.prepare()
    assert error.value.reason == f"{server.url}/neo4j was written by a newer graphcorr (schema 99, this one knows 1)"
    store.close()
    other.close()


def test_a_run_that_was_overtaken_stops(server: Server, tables: Path) -> None:
    first, second = open_case(server), open_case(server)
    first.replace(tables)
    writer = first._writer
    second.replace(tables)
    first._writer = writer
    with pytest.raises(StoreError) as error, first._connection.told():
        first._send("UNWIND $rows AS row CREATE (:Host {id: row[0]})", [["late"]])
    assert error.value.reason == f"another graphcorr began to write {server.url}/neo4j; this one stops"
    assert first.query("MATCH (h:Host) RETURN h.id AS id") == [{"id": "h1"}]
    first.close()
    second.close()


def test_an_older_schema_is_brought_up(server: Server, tables: Path) -> None:
    store = open_case(server)
    store.replace(tables)
    server.run("DROP INDEX graphcorr_host_name")
    server.run("CREATE INDEX graphcorr_old FOR (n:Host) ON (n.old)")
    server.run("CREATE INDEX somebody_s FOR (n:Host) ON (n.own)")
    server.run("MATCH (c:GraphcorrCase) SET c.schema = 0")
    store.replace(tables)
    names = {name for [name] in server.run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name")}
    assert names == schema_names() | {"somebody_s"}
    store.close()


def test_edges_without_an_end_are_refused_before_anything_is_written(server: Server, tables: Path) -> None:
    store = open_case(server)
    store.replace(tables)
    before = everything(server)
    write_table(tables, "edges/WROTE__Write__FileVersion", {"from": pa.array(["w9"]), "to": pa.array(["v1"])})
    with pytest.raises(StoreError) as error:
        store.replace(tables)
    assert error.value.reason == "WROTE__Write__FileVersion: there is no Write 'w9'"
    write_table(tables, "nodes/Finding", {"id": pa.array(["f1"])})
    write_table(tables, "edges/EVIDENCE__Finding__Write", {"from": pa.array(["f1"]), "to": pa.array(["w9"]), "role": pa.array(["write"])})
    with pytest.raises(StoreError) as error:
        store.add(tables, Part.FINDINGS)
    assert error.value.reason == "EVIDENCE__Finding__Write: 1 of 1 edges have an end that is not in the graph"
    server.run("MATCH (f:Finding) DELETE f")
    assert everything(server) == before
    store.close()


def test_refusals_in_words(server: Server, tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    host = server.url.removeprefix("neo4j://")
    wrong = open_store(f"neo4j://neo4j:se%2Fcret@{host}")
    with pytest.raises(StoreError) as error:
        wrong.prepare()
    assert error.value.reason == (
        f"{server.url} refuses the user 'neo4j' with this password: set GRAPHCORR_NEO4J_USER and GRAPHCORR_NEO4J_PASSWORD, or "
        "GRAPHCORR_NEO4J_PASSWORD_FILE"
    )
    wrong.close()
    absent = open_store(f"{server.url}/nowhere", credentials=own_settings().neo4j)
    with pytest.raises(StoreError) as error:
        absent.prepare()
    assert error.value.reason == f"{server.url}/nowhere: there is no such database on this server"
    absent.close()
    for scheme, port, told in (
        ("neo4j+s", server.bolt, "it does not speak TLS there: use neo4j://"),
        ("bolt", server.http, "what listens there does not speak Bolt, Neo4j's own protocol (by default on port 7687)"),
    ):
        elsewhere = open_store(f"{scheme}://127.0.0.1:{port}", credentials=own_settings().neo4j)
        with pytest.raises(StoreError) as error:
            elsewhere.prepare()
        assert error.value.reason == f"{scheme}://127.0.0.1:{port} cannot be reached: {told}"
        elsewhere.close()
    monkeypatch.setattr(bolt, "OLDEST", (9999, 1))
    store = open_case(server)
    with pytest.raises(StoreError) as error:
        store.replace(tables)
    assert error.value.reason == f"{server.url}/neo4j runs Neo4j {server.version}; graphcorr needs 9999.1 or later"
    monkeypatch.undo()
    store.close()


@pytest.mark.parametrize(
    ("place", "told"), [("127.0.0.1:1", "nothing listens there"), ("nowhere.invalid:7687", "there is no host 'nowhere.invalid'")]
)
def test_nobody_there(place: str, told: str) -> None:
    store = Neo4jStore(read_login(f"bolt://{place}", NOBODY))
    with pytest.raises(StoreError) as error:
        store.prepare()
    assert error.value.reason == f"bolt://{place} cannot be reached: {told}"


@pytest.mark.parametrize(
    "query", ["CREATE (:Host {id: 'x'})", "MATCH (h:Host) DETACH DELETE h", "CALL db.labels() YIELD label RETURN label"]
)
def test_only_reading(server: Server, query: str) -> None:
    store = open_case(server)
    with pytest.raises(StoreError, match="only reading is allowed"):
        store.query(query)
    with pytest.raises(StoreError, match="only reading is allowed"):
        store.check(query)
    store.close()


@on_all_versions
def test_the_server_refuses_writing_too(server: Server) -> None:
    """What the look at the words would miss."""
    store = open_case(server)
    with pytest.raises(StoreError) as error, store._connection.told():
        store._connection.read("CREATE (:Host {id: 'x'})", {})
    assert "Neo.ClientError.Statement.AccessMode" in error.value.reason
    store.close()


@on_all_versions
def test_questions(server: Server, tables: Path) -> None:
    store = open_case(server, timeout=0.5)
    store.replace(tables)
    store.check(_WRITES)
    with pytest.raises(StoreError, match="SyntaxError"):
        store.check("MATCH (w:Write RETURN w")
    with pytest.raises(StoreError, match="no value for the parameter"):
        store.query("MATCH (w:Write) WHERE w.id = $a RETURN w.id AS id")
    with pytest.raises(StoreError, match="a parameter cannot be sent"):
        store.query("RETURN $a AS a", {"a": 1 << 70})
    with pytest.raises(StoreError, match="the column 'w' is a node, which engines return differently"):
        store.query("MATCH (w:Write) RETURN w")
    with pytest.raises(StoreError) as error:
        store.query("UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a % 7 = b % 11 RETURN count(*) AS total")
    assert error.value.reason == "stopped after 0.5 s"
    store.close()


@on_all_versions
def test_a_batch_that_is_too_large_is_halved(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(difference, "_BYTES", 1 << 30)
    texts = ["x" * 6_000] * 5_000
    write_table(tmp_path, "nodes/Host", {"id": pa.array([f"h{n}" for n in range(5_000)]), "name": pa.array(texts)})
    store = open_case(server)
    with pytest.raises(bolt.TooLargeError):
        store._connection.change(
            "RETURN $writer AS w",
            "",
            "UNWIND $rows AS row CREATE (:Host {id: row[0], name: row[1]})",
            [[str(number), text] for number, text in enumerate(texts)],
            print,
        )
    assert server.run("MATCH (h:Host) RETURN count(h)") == [[0]]
    store.replace(tmp_path)
    assert server.run("MATCH (h:Host) RETURN count(h)") == [[5_000]]
    store.remove()
    assert server.run("MATCH (n) RETURN count(n)") == [[0]]
    store.close()


def test_no_password_in_a_process_title_a_message_or_a_representation() -> None:
    store = open_store("neo4j://someone:secret@localhost:1/db")
    assert isinstance(store, Neo4jStore)
    assert "secret" not in repr(store._connection._login)
    with pytest.raises(StoreError) as error:
        store.prepare()
    assert "secret" not in str(error.value)
    for url in ("neo4j://someone:secret@localhost:x", "neo4js://someone:secret@localhost", "neo4j://someone:sec/ret@localhost"):
        with pytest.raises(UsageError) as refused:
            open_store(url)
        assert "sec" not in str(refused.value)
    assert os.environ.get("GRAPHCORR_NEO4J_PASSWORD") != "secret"
