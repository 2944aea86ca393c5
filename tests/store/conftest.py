"""A small graph as Parquet tables."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

NOON = dt.datetime(2026, 1, 5, 12, 0, 0, 1)  # noqa: DTZ001 - the graph's times are naive UTC


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """Two writes ``w1`` and ``w2`` that made version ``v1`` on host ``h1``; columns in another order than declared."""
    folder = tmp_path / "tables"
    times = pa.array([NOON, NOON + dt.timedelta(microseconds=1)], pa.timestamp("us"))
    write_table(folder, "nodes/Host", {"name": pa.array(["target"]), "id": pa.array(["h1"])})
    write_table(folder, "nodes/FileVersion", {"path": pa.array([r"c:\x.exe"]), "id": pa.array(["v1"])})
    write_table(folder, "nodes/Write", {"network": pa.array([True, None]), "id": pa.array(["w1", "w2"]), "time": times})
    write_table(folder, "edges/WROTE__Write__FileVersion", {"to": pa.array(["v1", "v1"]), "from": pa.array(["w1", "w2"])})
    write_table(folder, "edges/OCCURRED_ON__Write__Host", {"from": pa.array(["w1"]), "to": pa.array(["h1"])})
    return folder


def write_table(folder: Path, name: str, columns: dict[str, pa.Array[pa.Scalar[pa.DataType]]]) -> None:
    path = folder / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)
