"""What every engine has to do alike: the parts of a graph, hostile content, and where they are known to differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import ladybug
import neo4j.exceptions
import neo4j.time
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphcorr.errors import StoreError
from graphcorr.graph.kinds import Part
from graphcorr.store.base import Made, Store
from graphcorr.store.ladybug import LadybugStore
from graphcorr.store.login import read_login
from graphcorr.store.neo4j import Neo4jStore
from tests.conftest import missing_server
from tests.servers import VERSIONS, MissingServerError, use_server
from tests.settings import own_settings
from tests.store.conftest import NOON, write_table

_ENGINES = ("ladybug file", "ladybug memory", *sorted(VERSIONS))


@pytest.fixture(params=_ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An empty store of each engine."""
    if request.param.startswith("ladybug"):
        made = LadybugStore(tmp_path / "graph.lbug" if request.param.endswith("file") else None)
        yield made
        made.close()
        return
    monkeypatch.setenv("GRAPHCORR_NEO4J_PASSWORD", "graphcorr-test")
    try:
        with use_server(request.param) as server:
            served = Neo4jStore(read_login(server.url, own_settings().neo4j), "case-1")
            yield served
            served.close()
    except MissingServerError as error:
        missing_server(error)


def _write_parts(folder: Path) -> None:
    write_table(folder, "nodes/Technique", {"id": pa.array(["T1"]), "name": pa.array(["Lateral movement"])})
    write_table(folder, "nodes/Finding", {"id": pa.array(["f1", "f2"]), "time": pa.array([NOON, None], pa.timestamp("us"))})
    evidence = {"from": ["f1", "f2"], "to": ["w1", "w2"], "role": ["write", "write"]}
    write_table(folder, "edges/EVIDENCE__Finding__Write", {name: pa.array(values) for name, values in evidence.items()})
    write_table(folder, "edges/INDICATES__Finding__Technique", {"from": pa.array(["f1"]), "to": pa.array(["T1"])})


_FOUND = (
    "MATCH (f:Finding)-[e:EVIDENCE]->(w:Write) OPTIONAL MATCH (f)-[:INDICATES]->(t:Technique) "
    "RETURN f.id AS finding, f.time AS time, e.role AS role, w.id AS write, t.name AS technique ORDER BY finding"
)
_ROWS: list[dict[str, object]] = [
    {"finding": "f1", "time": NOON, "role": "write", "write": "w1", "technique": "Lateral movement"},
    {"finding": "f2", "time": None, "role": "write", "write": "w2", "technique": None},
]


def test_parts_are_added_and_replaced_by_themselves(store: Store, tables: Path) -> None:
    _write_parts(tables)
    store.replace(tables)
    assert store.query("MATCH (f:Finding) RETURN f.id AS id") == []
    for _ in range(2):
        store.add(tables, Part.INTELLIGENCE)
        store.add(tables, Part.FINDINGS)
        assert store.query(_FOUND) == _ROWS
    # The same once more, with a write that is gone: its evidence is gone with it, before findings are made anew and after.
    write_table(tables, "nodes/Write", {"id": pa.array(["w1"])})
    write_table(tables, "edges/WROTE__Write__FileVersion", {"to": pa.array(["v1"]), "from": pa.array(["w1"])})
    evidence = {"from": ["f1"], "to": ["w1"], "role": ["changed"]}
    write_table(tables, "edges/EVIDENCE__Finding__Write", {name: pa.array(values) for name, values in evidence.items()})
    store.replace(tables)
    assert {"write": "w2"} not in store.query("MATCH (f:Finding)-[:EVIDENCE]->(w:Write) RETURN w.id AS write")
    store.add(tables, Part.INTELLIGENCE)
    store.add(tables, Part.FINDINGS)
    assert store.query(_FOUND) == [_ROWS[0] | {"role": "changed"}]
    assert store.query("MATCH (f:Finding) RETURN f.id AS id ORDER BY id") == [{"id": "f1"}, {"id": "f2"}]


def test_an_edge_to_nothing_is_refused(store: Store, tables: Path) -> None:
    store.replace(tables)
    write_table(tables, "nodes/Finding", {"id": pa.array(["f1"])})
    write_table(tables, "edges/EVIDENCE__Finding__Write", {"from": pa.array(["f1"]), "to": pa.array(["w9"]), "role": pa.array(["x"])})
    with pytest.raises(StoreError):
        store.add(tables, Part.FINDINGS)


HOSTILE = st.text(
    st.one_of(st.sampled_from("'\"`\\\n\r\t\0$;{}[]()<>&|*?%_:,/# aA\u0130\u2028\ufeff\uffff😀"), st.characters(exclude_categories=["Cs"])),
    max_size=30,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(HOSTILE.filter(bool), min_size=1, max_size=60, unique=True))
def test_what_a_log_holds_comes_out_unchanged(store: Store, tmp_path: Path, texts: list[str]) -> None:
    texts = [*texts, "' OR 1=1 //", "`) DETACH DELETE n //", "$id", "<img src=x onerror=alert(1)>", "a\0b", "x" * 20_000]
    folder = tmp_path / "hostile"
    ids = [f"p{number}" for number in range(len(texts))]
    write_table(folder, "nodes/ProcessStart", {"id": pa.array(ids), "command_line": pa.array(texts)})
    write_table(folder, "nodes/Host", {"id": pa.array(texts), "name": pa.array(texts)})
    write_table(folder, "edges/OCCURRED_ON__ProcessStart__Host", {"from": pa.array(ids), "to": pa.array(texts)})
    store.replace(folder)
    rows = store.query("MATCH (p:ProcessStart) RETURN p.id AS id, p.command_line AS text")
    assert {row["id"]: row["text"] for row in rows} == dict(zip(ids, texts, strict=True))
    rows = store.query("MATCH (p:ProcessStart)-[:OCCURRED_ON]->(h:Host) RETURN p.id AS id, h.id AS host, h.name AS name")
    assert sorted((row["id"], row["name"]) for row in rows) == sorted(zip(ids, texts, strict=True))
    # An id of 20,000 letters is cut where an index has to hold it; every other one is as it was.
    assert [row["name"] for row in rows if row["host"] != row["name"]] in ([], [texts[-1]])
    asked = store.query("MATCH (h:Host) WHERE h.id IN $ids RETURN count(h) AS count", {"ids": texts[:-1]})
    assert asked == [{"count": len(texts) - 1}]


# Where engines differ (the lint refuses all of it). The expectation is LadybugDB's, then Neo4j's; a list is the rows' values.
_REFUSED = "refused"
_DIFFERENCES: dict[str, tuple[object, object]] = {
    "RETURN substring('abc', 1, 1) AS x": (["a"], ["b"]),
    "RETURN ['a', 'b'][1] AS x": (["a"], ["b"]),
    "MATCH (n:Host:Write) RETURN count(n) AS x": ([3], [0]),
    "MATCH (a:Write)-[:WROTE]->(v)<-[:WROTE]-(b:Write) RETURN count(*) AS x": ([4], [2]),
    "MATCH (a:Write)-[:WROTE*2..2]-(b:Write) RETURN count(*) AS x": ([4], [2]),
    "RETURN 'a' =~ '(?!b).' AS x": ([False], [True]),
    "RETURN 'a' =~ '(' AS x": ([False], _REFUSED),
    "RETURN 'aa' =~ '(a)\\\\1' AS x": ([False], [True]),
    "MATCH (w:Write) WHERE NOT w.id IN ['w1', null] RETURN w.id AS x": (["w2"], []),
    "MATCH (h:Host) WHERE h.name CONTAINS '' RETURN h.id AS x": ([], ["h1"]),
    "RETURN '1' = 1 AS x": ([True], [False]),
    "RETURN toLower('ÄİΣ') AS x": (["äiσ"], ["äi̇ς"]),
    "MATCH (w:Write) WHERE w.id = 'none' RETURN sum(w.record) AS x": ([None], [0]),
    "MATCH (a:Write), (b:Write) WHERE a.id = 'w1' AND b.id = 'w2' RETURN b.time - a.time AS x": (
        [dt.timedelta(microseconds=1)],
        _REFUSED,
    ),
    "RETURN split('a,b', ',') AS x": (_REFUSED, [["a", "b"]]),
    "RETURN toInteger('1') AS x": (_REFUSED, [1]),
    "MATCH ()-[r:WROTE]->() RETURN DISTINCT type(r) AS x": (_REFUSED, ["WROTE"]),
    "MATCH (h:Host) RETURN label(h) AS x": (["Host"], _REFUSED),
    "MATCH (h:Host) RETURN labels(h) AS x": (["Host"], [["Host"]]),
    "RETURN [x IN [1, 2] WHERE x > 1 | x] AS x": (_REFUSED, [[2]]),
    "MATCH (w:Write WHERE w.id = 'w1') RETURN w.id AS x": (_REFUSED, ["w1"]),
    "MATCH (w:Write) WITH w.id AS x ORDER BY x RETURN x": (_REFUSED, ["w1", "w2"]),
    "MATCH (w:Write) RETURN w.nope AS x": (_REFUSED, [None, None]),
    "MATCH (w:Write)-[:WROTE*]->(v) RETURN count(*) AS x": ([2], [2]),
    "RETURN duration('PT1S') AS x": (_REFUSED, [dt.timedelta(seconds=1)]),
    "RETURN interval('1 second') AS x": ([dt.timedelta(seconds=1)], _REFUSED),
    "RETURN datetime('2026-01-01T00:00:00Z') AS x": (_REFUSED, [dt.datetime(2026, 1, 1)]),  # noqa: DTZ001
    "MATCH p = SHORTEST 1 (w:Write)-[:WROTE]->+(v:FileVersion) RETURN length(p) AS x": (_REFUSED, [1, 1]),
    "MATCH p = (w:Write)-[:WROTE* SHORTEST 1..3]->(v:FileVersion) RETURN length(p) AS x": ([1, 1], _REFUSED),
}

_AWARE = dt.datetime(2026, 1, 5, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))
_REFUSED_BEFORE: dict[str, tuple[dict[str, object], object, object]] = {
    "CALL { RETURN 1 AS x } RETURN x": ({}, _REFUSED, [1]),
    "RETURN $moment AS x": ({"moment": _AWARE}, [_AWARE.replace(tzinfo=None)], [_AWARE]),
    "RETURN $absent AS x": ({}, [None], _REFUSED),
    "RETURN $nothing AS x": ({"nothing": None}, [None], [None]),
}
"""What a store refuses on every engine, and so is asked of the engines themselves: parameters, LadybugDB's and Neo4j's answer."""


def _ask(store: Store, query: str) -> object:
    try:
        return [row["x"] for row in store.query(query)]
    except StoreError:
        return _REFUSED


def test_where_engines_differ(store: Store, tables: Path) -> None:
    """When this fails, an engine changed: what the lint refuses for it may be allowed, or something else has to be refused."""
    store.replace(tables)
    theirs = isinstance(store, Neo4jStore)
    expected = {query: pair[theirs] for query, pair in _DIFFERENCES.items()}
    assert {query: _ask(store, query) for query in _DIFFERENCES} == expected


def _ask_engine(store: Store, query: str, params: dict[str, object]) -> object:
    try:
        if isinstance(store, Neo4jStore):
            values = [row["x"] for row in store._connection.read(query, params)]
            return [value.to_native() if isinstance(value, neo4j.time.DateTime) else value for value in values]
        assert isinstance(store, LadybugStore)
        connection = ladybug.Connection(store._open())
        result = connection.execute(query, params)
        assert not isinstance(result, list)
        return [value for [value] in result]
    except (RuntimeError, neo4j.exceptions.Neo4jError):
        return _REFUSED


def test_why_a_store_refuses_it_on_every_engine(store: Store, tables: Path) -> None:
    """As above: when this fails, an engine changed."""
    store.replace(tables)
    theirs = isinstance(store, Neo4jStore)
    found = {query: _ask_engine(store, query, params) for query, (params, _, _) in _REFUSED_BEFORE.items()}
    assert found == {query: answers[theirs] for query, (_, *answers) in _REFUSED_BEFORE.items()}
    for query, (params, _, _) in _REFUSED_BEFORE.items():
        with pytest.raises(StoreError):
            store.query(query, params)


def test_a_graph_that_is_being_made_is_no_answer_of_a_generation(store: Store, tables: Path) -> None:
    """Events without findings are what a detection begins with: nobody may take that for the result."""
    _write_parts(tables)
    with store.making(Made("first", full=True)):
        store.replace(tables)
        store.add(tables, Part.INTELLIGENCE, Part.FINDINGS)
    assert store.query(_FOUND, generation="first") == _ROWS
    with pytest.raises(StoreError, match="generation second"):
        store.query(_FOUND, generation="second")
    with store.making(Made("second", full=True)):
        store.replace(tables)
        with pytest.raises(StoreError, match="generation first"):
            store.query(_FOUND, generation="first")
        store.add(tables, Part.INTELLIGENCE, Part.FINDINGS)
    assert store.query(_FOUND, generation="second") == _ROWS
    store.replace(tables)
    with pytest.raises(StoreError, match="generation second"):
        store.query(_FOUND, generation="second")


def test_a_full_graph_does_not_become_a_smaller_one_unsaid(store: Store, tables: Path) -> None:
    store.prepare()
    with store.making(Made(full=True)):
        store.replace(tables)
    store.prepare(full=True)
    if isinstance(store, LadybugStore) and store._path is None:
        return  # nobody else explores in it
    with pytest.raises(StoreError, match=r"holds the full graph of this case, .*: say --full to keep it full, or take it away first "):
        store.prepare()
    with store.making(Made("g", full=True)):
        store.replace(tables)
    with pytest.raises(StoreError, match="say --full"):
        store.prepare()
    store.remove()
    store.prepare()
