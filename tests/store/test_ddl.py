"""Statements that make and fill tables."""

from __future__ import annotations

from pathlib import Path

import ladybug
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphcorr.errors import StoreError
from graphcorr.graph.kinds import EDGES, NODES, Part
from graphcorr.store.ddl import copy_tables, create_tables, filled_labels


def test_every_kind_has_a_table() -> None:
    statements = create_tables()
    assert len(statements) == len(NODES) + len(EDGES)
    assert "CREATE NODE TABLE `Account` (`id` STRING PRIMARY KEY, `name` STRING, `domain` STRING)" in statements
    assert "CREATE REL TABLE `RAN` (FROM `ProcessStart` TO `FileVersion`, `basis` STRING)" in statements


def test_only_tables_with_rows_are_indexed(tables: Path) -> None:
    """An index takes 3 MiB of memory, and most labels have no events in most cases. Later parts are filled after all."""
    filled = filled_labels(tables)
    database = ladybug.Database("", max_db_size=1 << 34)
    connection = ladybug.Connection(database)
    for statement in ["BEGIN TRANSACTION", *create_tables(filled), "COMMIT", *copy_tables(tables)]:
        connection.execute(statement)
    indexes = connection.execute("CALL show_indexes() RETURN table_name")
    assert isinstance(indexes, ladybug.QueryResult)
    later = {node.label for node in NODES if node.part is not Part.EVENTS}
    assert {row["table_name"] for row in indexes.rows_as_dict() if isinstance(row, dict)} == {"Host", "FileVersion", "Write"} | later
    asked = connection.execute("MATCH (h:Host) OPTIONAL MATCH (r:RegistrySet {id: 'x'})-[:OCCURRED_ON]->(h) RETURN r.id AS id")
    assert isinstance(asked, ladybug.QueryResult)
    assert list(asked.rows_as_dict()) == [{"id": None}]
    connection.close()
    database.close()


def test_columns_are_named_and_nodes_come_first(tables: Path) -> None:
    folder = tables.as_posix()
    on_host, to_version = "(from='Write', to='Host')", "(from='Write', to='FileVersion')"
    assert copy_tables(tables) == [
        f"COPY `Host`(`id`, `name`) FROM (LOAD FROM '{folder}/nodes/Host.parquet' RETURN `id`, `name`)",
        f"COPY `FileVersion`(`id`, `path`) FROM (LOAD FROM '{folder}/nodes/FileVersion.parquet' RETURN `id`, `path`)",
        f"COPY `Write`(`id`, `time`, `network`) FROM (LOAD FROM '{folder}/nodes/Write.parquet' RETURN `id`, `time`, `network`)",
        f"COPY `OCCURRED_ON` FROM (LOAD FROM '{folder}/edges/OCCURRED_ON__Write__Host.parquet' RETURN `from`, `to`) {on_host}",
        f"COPY `WROTE` FROM (LOAD FROM '{folder}/edges/WROTE__Write__FileVersion.parquet' RETURN `from`, `to`) {to_version}",
    ]


def test_an_empty_table_is_not_copied(tmp_path: Path) -> None:
    _write(tmp_path, "nodes/Host", {"id": pa.array([], pa.string())})
    assert copy_tables(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "columns", "reason"),
    [
        ("nodes/Hots", ["id"], "no table of the graph: nodes/Hots.parquet"),
        ("edges/RAN__Host__File", ["from", "to"], "no table of the graph: edges/RAN__Host__File.parquet"),
        ("nodes/Host", ["name"], "Host.parquet lacks the column 'id'"),
        ("nodes/Host", ["id", "size"], "Host.parquet has a column that the graph does not know: 'size'"),
        ("edges/RAN__ProcessStart__FileVersion", ["from", "to"], "RAN__ProcessStart__FileVersion.parquet lacks the column 'basis'"),
    ],
)
def test_what_the_graph_does_not_know_is_refused(tmp_path: Path, name: str, columns: list[str], reason: str) -> None:
    _write(tmp_path, name, {column: pa.array(["x"]) for column in columns})
    with pytest.raises(StoreError) as error:
        copy_tables(tmp_path)
    assert error.value.reason == reason


def _write(folder: Path, name: str, columns: dict[str, pa.Array[pa.Scalar[pa.DataType]]]) -> None:
    path = folder / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)
