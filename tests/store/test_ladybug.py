"""The embedded store, and the facts about its engine that it rests on."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import ladybug
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphcorr.errors import StoreError, UsageError
from graphcorr.graph.kinds import Part
from graphcorr.store.base import Made, Row, Store
from graphcorr.store.ladybug import LadybugStore
from tests.store.conftest import write_table

_NOON = dt.datetime(2026, 1, 5, 12, 0, 0, 1)  # noqa: DTZ001 - the graph's times are naive UTC
_WRITES = "MATCH (w:Write)-[:WROTE]->(v:FileVersion) RETURN w.id AS id, v.path AS path, w.time AS time ORDER BY id"
_ROWS = [
    {"id": "w1", "path": r"c:\x.exe", "time": _NOON},
    {"id": "w2", "path": r"c:\x.exe", "time": _NOON + dt.timedelta(microseconds=1)},
]


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LadybugStore]:
    made = LadybugStore(tmp_path / "graph.lbug" if request.param == "file" else None)
    yield made
    made.close()


def test_is_a_store() -> None:
    made: Store = LadybugStore(None)
    assert isinstance(made, Store)
    assert made.engine == "ladybug 0.22.0"  # facts about the engine hold for this version


def test_rows_are_plain_values_to_the_microsecond(store: LadybugStore, tables: Path) -> None:
    store.replace(tables)
    assert store.query(_WRITES) == _ROWS


def test_replacing_leaves_nothing_of_the_old_graph(store: LadybugStore, tables: Path, tmp_path: Path) -> None:
    store.replace(tables)
    assert len(store.query(_WRITES)) == 2
    store.replace(tmp_path / "nothing")
    assert store.query(_WRITES) == []


def test_absence_is_none(store: LadybugStore, tables: Path) -> None:
    store.replace(tables)
    assert store.query("MATCH (w:Write) RETURN w.network AS network ORDER BY w.id") == [{"network": True}, {"network": None}]


def test_every_pattern_binds_on_an_empty_graph(tmp_path: Path) -> None:
    store = LadybugStore(None)
    store.replace(tmp_path / "nothing")
    store.check(_WRITES)
    with pytest.raises(StoreError) as error:
        store.check("MATCH (w:Write) RETURN w.nope AS nope")
    assert error.value.reason == "Binder exception: Cannot find property nope for w."


def test_a_bad_graph_leaves_the_old_one(store: LadybugStore, tables: Path, tmp_path: Path) -> None:
    store.replace(tables)
    bad = tmp_path / "bad"
    shutil.copytree(tables, bad)
    pq.write_table(pa.table({"from": ["w9"], "to": ["v1"]}), bad / "edges" / "WROTE__Write__FileVersion.parquet")
    with pytest.raises(StoreError) as error:
        store.replace(bad)
    assert error.value.reason == "Copy exception: Unable to find primary key value w9."
    assert store.query(_WRITES) == _ROWS
    assert sorted(path.name for path in tmp_path.iterdir() if "building" in path.name) == []


def test_a_graph_of_an_earlier_run_is_read(tables: Path, tmp_path: Path) -> None:
    path = tmp_path / "graph.lbug"
    first = LadybugStore(path)
    first.replace(tables)
    first.close()
    second = LadybugStore(path)
    assert second.query(_WRITES) == _ROWS
    second.close()
    assert sorted(file.name for file in tmp_path.glob("graph.lbug*")) == ["graph.lbug", "graph.lbug.lock"]


def test_a_folder_whose_name_looks_like_a_glob(tables: Path, tmp_path: Path) -> None:
    folder = tmp_path / "case [1] it's *"
    shutil.copytree(tables, folder)
    store = LadybugStore(None)
    store.replace(folder)
    assert store.query(_WRITES) == _ROWS


def test_strays_of_a_killed_build_are_removed(tables: Path, tmp_path: Path) -> None:
    path = tmp_path / "graph.lbug"
    for stray in ("graph.lbug.building-1", "graph.lbug.building-1.wal", "graph.lbug.wal"):
        (tmp_path / stray).write_bytes(b"half")
    store = LadybugStore(path)
    store.replace(tables)
    assert store.query(_WRITES) == _ROWS
    store.close()
    assert sorted(file.name for file in tmp_path.glob("graph.lbug*")) == ["graph.lbug", "graph.lbug.lock"]


def test_a_file_that_is_no_graph_is_not_overwritten(tables: Path, tmp_path: Path) -> None:
    evidence = tmp_path / "Security.evtx"
    evidence.write_bytes(b"ElfFile\0 and the only copy")
    with pytest.raises(StoreError) as caught:
        LadybugStore(evidence).replace(tables)
    assert str(caught.value) == f"{evidence} exists and is no graph: name another file for the graph"
    assert evidence.read_bytes() == b"ElfFile\0 and the only copy"
    with pytest.raises(StoreError, match="is no file: name another one for the graph"):
        LadybugStore(tmp_path).replace(tables)


def test_one_process_builds_and_any_number_read(tables: Path, tmp_path: Path) -> None:
    path = tmp_path / "graph.lbug"
    store = LadybugStore(path)
    store.replace(tables)
    holder = (
        "import fcntl, os, sys; f = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT); fcntl.flock(f, fcntl.LOCK_EX); "
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", holder, f"{path}.lock"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        other = LadybugStore(path)
        with pytest.raises(StoreError) as error:
            other.replace(tables)
        assert error.value.reason == f"another process is building {path}"
        assert store.query(_WRITES) == other.query(_WRITES) == _ROWS
        other.close()
        process.communicate()
    store.replace(tables)
    store.close()


def test_a_reader_keeps_its_graph_while_another_is_swapped_in(tables: Path, tmp_path: Path) -> None:
    path = tmp_path / "graph.lbug"
    reader, builder = LadybugStore(path), LadybugStore(path)
    builder.replace(tables)
    assert reader.query(_WRITES) == _ROWS
    builder.replace(tmp_path / "nothing")
    assert reader.query(_WRITES) == _ROWS
    reader.close()
    assert reader.query(_WRITES) == []
    reader.close()
    builder.close()


def test_a_missing_file_and_a_broken_one_say_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "graph.lbug"
    store = LadybugStore(path)
    with pytest.raises(StoreError) as error:
        store.query(_WRITES)
    assert error.value.reason == f"{path} does not exist yet: run `graphcorr rebuild`"
    path.write_bytes(b"nonsense" * 1000)
    with pytest.raises(StoreError) as error:
        store.query(_WRITES)
    assert error.value.reason.startswith(f"{path} does not open (")
    assert error.value.reason.endswith("): make it anew with `graphcorr rebuild`")


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({}, "no value for the parameter $a"),
        ({"a": None}, "$a is null, which has no type on one engine: leave the condition out"),
        ({"a": [None]}, "$a is null, which has no type on one engine: leave the condition out"),
        ({"a": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}, "$a has a time zone, which engines drop in silence: pass naive UTC"),
    ],
)
def test_parameters_that_engines_take_in_silence_are_refused(
    store: LadybugStore, tables: Path, params: dict[str, object], reason: str
) -> None:
    store.replace(tables)
    with pytest.raises(StoreError) as error:
        store.query("MATCH (w:Write) WHERE w.time >= $a RETURN w.id AS id", params)
    assert error.value.reason == reason


def test_parameters_are_values_and_never_text(store: LadybugStore, tables: Path) -> None:
    store.replace(tables)
    asked = {"window": dt.timedelta(microseconds=1), "names": ["w1", "w2", "' OR true"]}
    query = "MATCH (a:Write), (b:Write) WHERE a.id IN $names AND b.time = a.time + $window RETURN a.id AS a, b.id AS b"
    assert store.query(query, asked) == [{"a": "w1", "b": "w2"}]


@pytest.mark.parametrize("query", ["CREATE (:Host {id: 'x'})", "MATCH (h:Host) DETACH DELETE h", "LOAD FROM 'x.csv' RETURN *"])
def test_only_reading(store: LadybugStore, tables: Path, query: str) -> None:
    store.replace(tables)
    with pytest.raises(StoreError):
        store.query(query)
    assert store.query("MATCH (h:Host) RETURN h.id AS id") == [{"id": "h1"}]


def test_a_query_ends_at_its_time_limit(tables: Path) -> None:
    store = LadybugStore(None, timeout=0.2)
    store.replace(tables)
    with pytest.raises(StoreError) as error:
        store.query("UNWIND range(1, 100000) AS a WITH a UNWIND range(1, 10000000) AS b RETURN sum(a + b) AS total")
    assert error.value.reason == "stopped after 0.2 s"


def test_a_query_that_does_not_fit_gets_more_memory(tmp_path: Path) -> None:
    ids = pa.array([f"w{number:06}" for number in range(200_000)])
    write_table(tmp_path / "tables", "nodes/Write", {"id": ids, "path": pa.array(["x" * 400] * 200_000)})
    LadybugStore(tmp_path / "graph.lbug").replace(tmp_path / "tables")
    store = LadybugStore(tmp_path / "graph.lbug", buffer_pool=64 << 20)
    [row] = store.query("MATCH (w:Write) RETURN collect(w.path + w.id) AS found")
    assert len(row["found"]) == 200_000  # type: ignore[arg-type]
    assert store._buffer_pool > 64 << 20
    store.close()


def test_two_queries_are_one_too_many(store: LadybugStore, tables: Path) -> None:
    store.replace(tables)
    with pytest.raises(StoreError) as error:
        store.query("MATCH (w:Write) RETURN w.id AS id; MATCH (h:Host) RETURN h.id AS id")
    assert error.value.reason == "one query at a time"


def test_urls() -> None:
    assert LadybugStore.from_url("ladybug:///tmp/a b%20c.lbug")._path == Path("/tmp/a b%20c.lbug")
    assert LadybugStore.from_url("ladybug://")._path is None
    with pytest.raises(UsageError):
        LadybugStore.from_url("ladybug:/x")


# Facts about the engine: when one of these fails, the engine has changed, and what says so in the store can go.


@pytest.fixture
def connection(tables: Path, tmp_path: Path) -> Iterator[ladybug.Connection]:
    path = tmp_path / "fact.lbug"
    store = LadybugStore(path)
    store.replace(tables)
    store.close()
    database = ladybug.Database(path, read_only=True, buffer_pool_size=1 << 28, max_db_size=1 << 36)
    opened = ladybug.Connection(database)
    yield opened
    opened.close()
    database.close()


def _rows(connection: ladybug.Connection, query: str, params: dict[str, object] | None = None) -> list[dict[str, object]]:
    result = connection.execute(query, params)
    assert not isinstance(result, list)
    return [dict(row) for row in result.rows_as_dict()]


def test_fact_a_missing_parameter_can_be_null_in_silence(connection: ladybug.Connection) -> None:
    query = "MATCH (w:Write) WHERE w.time > $t RETURN w.id AS id"
    assert len(_rows(connection, query, {"t": _NOON})) == 1
    assert _rows(connection, query, {}) != [{"id": "w1"}, {"id": "w2"}]


def test_fact_a_time_zone_is_dropped(connection: ladybug.Connection) -> None:
    zone = dt.timezone(dt.timedelta(hours=2))
    kept = _rows(connection, "RETURN $t AS t", {"t": dt.datetime(2026, 1, 1, 2, tzinfo=zone)})
    assert kept == [{"t": dt.datetime(2026, 1, 1, 2)}]  # noqa: DTZ001


def test_fact_a_read_only_database_still_writes_files(connection: ladybug.Connection, tmp_path: Path) -> None:
    _rows(connection, f"COPY (MATCH (h:Host) RETURN h.id) TO '{tmp_path / 'out.csv'}'")
    assert (tmp_path / "out.csv").exists()


def test_fact_a_read_only_database_refuses_writing(connection: ladybug.Connection) -> None:
    with pytest.raises(RuntimeError):
        connection.execute("CREATE (:Host {id: 'x'})")


def test_fact_a_bare_copy_goes_by_position(tables: Path) -> None:
    database = ladybug.Database("", buffer_pool_size=1 << 28, max_db_size=1 << 36)
    connection = ladybug.Connection(database)
    connection.execute("CREATE NODE TABLE Host (id STRING PRIMARY KEY, name STRING)")
    connection.execute(f"COPY Host FROM '{tables / 'nodes' / 'Host.parquet'}'")
    assert _rows(connection, "MATCH (h:Host) RETURN h.id AS id, h.name AS name") == [{"id": "target", "name": "h1"}]
    connection.close()
    database.close()


def test_fact_two_edges_of_one_match_can_be_one(connection: ladybug.Connection) -> None:
    pairs = _rows(connection, "MATCH (a:Write)-[:WROTE]->(v)<-[:WROTE]-(b:Write) RETURN a.id AS a, b.id AS b")
    assert {"a": "w1", "b": "w1"} in pairs


def test_fact_lists_count_from_one(connection: ladybug.Connection) -> None:
    assert _rows(connection, "RETURN ['a', 'b'][1] AS first") == [{"first": "a"}]


def test_fact_an_invalid_regex_is_false(connection: ladybug.Connection) -> None:
    assert _rows(connection, "RETURN 'a' =~ '(' AS matched, 'a' =~ '(?!b).' AS ahead") == [{"matched": False, "ahead": False}]


def test_locks_end_with_their_process(tmp_path: Path, tables: Path) -> None:
    path = tmp_path / "graph.lbug"
    killed = (
        f"import fcntl, os; fcntl.flock(os.open({str(path) + '.lock'!r}, os.O_RDWR | os.O_CREAT), fcntl.LOCK_EX); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", killed], check=False, env=dict(os.environ)).returncode == -9
    store = LadybugStore(path)
    store.replace(tables)
    store.close()


def test_readers_have_the_graph_before_while_one_is_made_in_parts(tables: Path, tmp_path: Path) -> None:
    path = tmp_path / "graph.lbug"
    builder = LadybugStore(path)

    def read() -> list[Row]:
        reader = LadybugStore(path)
        try:
            return reader.query("MATCH (f:Finding) RETURN f.id AS id")
        finally:
            reader.close()

    write_table(tables, "nodes/Finding", {"id": pa.array(["f1"])})
    with builder.making(Made("first")):
        builder.replace(tables)
        assert builder.query("MATCH (f:Finding) RETURN f.id AS id") == []
        assert not path.exists()
        builder.add(tables, Part.FINDINGS)
    assert read() == [{"id": "f1"}]
    with builder.making(Made("second")):
        builder.replace(tables)
        assert read() == [{"id": "f1"}]
        builder.add(tables, Part.FINDINGS)
        assert read() == [{"id": "f1"}]
    write_table(tables, "edges/EVIDENCE__Finding__Write", {"from": pa.array(["f1"]), "to": pa.array(["w9"]), "role": pa.array(["x"])})
    with pytest.raises(StoreError, match="w9"), builder.making(Made("third")):
        builder.add(tables, Part.FINDINGS)
    assert builder.query("MATCH (f:Finding) RETURN f.id AS id", generation="second") == [{"id": "f1"}]
    builder.close()
    assert sorted(each.name for each in tmp_path.glob("graph.lbug*")) == ["graph.lbug", "graph.lbug.lock"]


def test_a_graph_of_before_graphs_said_how_they_were_made(tables: Path, tmp_path: Path) -> None:
    path = tmp_path / "graph.lbug"
    store = LadybugStore(path)
    store.replace(tables)
    store.close()
    database = ladybug.Database(path, max_db_size=1 << 38, buffer_pool_size=64 << 20)
    ladybug.Connection(database).execute("DROP TABLE GraphcorrCase")
    database.close()
    store.prepare()
    with pytest.raises(StoreError, match="is not that of generation first"):
        store.query(_WRITES, generation="first")
    write_table(tables, "nodes/Finding", {"id": pa.array(["f1"])})
    with store.making(Made("first")):
        store.add(tables, Part.FINDINGS)
    assert store.query(_WRITES, generation="first") == _ROWS
    store.close()


def test_the_engine_is_there_before_two_threads_can_ask_for_it_at_once() -> None:
    """Loaded by the first of two threads, it was none for the second: a server's graph did not open, one time in many thousand."""
    said = "import sys, graphcorr.store.ladybug; sys.exit('ladybug._lbug' not in sys.modules)"
    assert subprocess.run([sys.executable, "-c", said], check=False).returncode == 0
