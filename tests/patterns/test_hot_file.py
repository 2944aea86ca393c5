"""A file that was written thousands of times and run thousands of times, in a store with little memory."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphcorr.patterns.load import builtin_folder, load
from graphcorr.patterns.run import run
from graphcorr.store.ladybug import LadybugStore

_COUNT = 4000


@pytest.mark.parametrize(
    ("pattern_id", "label", "edge", "properties"),
    [
        ("smb-write-then-image", "ProcessStart", "RAN", {"basis": "exact"}),
        ("smb-write-then-command-line", "ProcessStart", "NAMED", {"role": "argument", "basis": "exact"}),
        ("smb-write-then-module-load", "ModuleLoad", "LOADED", {"basis": "exact"}),
        ("smb-write-then-image-load", "ModuleLoad", "LOADED", {"basis": "program"}),
    ],
)
def test_a_hot_file_takes_no_square(tmp_path: Path, pattern_id: str, label: str, edge: str, properties: dict[str, str]) -> None:
    writes = [f"write-{number:032d}" for number in range(_COUNT)]
    executions = [f"execution-{number:032d}" for number in range(_COUNT)]
    linked = {name: pa.array([value] * _COUNT) for name, value in properties.items()}
    versions = pa.array(["version"] * _COUNT)
    _write(tmp_path / "nodes" / "FileVersion.parquet", {"id": pa.array(["version"])})
    _write(tmp_path / "nodes" / "Write.parquet", {"id": pa.array(writes)})
    _write(tmp_path / "nodes" / f"{label}.parquet", {"id": pa.array(executions)})
    _write(tmp_path / "edges" / "WROTE__Write__FileVersion.parquet", {"from": pa.array(writes), "to": versions})
    _write(tmp_path / "edges" / f"{edge}__{label}__FileVersion.parquet", {"from": pa.array(executions), "to": versions, **linked})
    store = LadybugStore(None, buffer_pool=1 << 28)
    store.replace(tmp_path)
    (pattern,) = (pattern for pattern in load([builtin_folder()]) if pattern.id == pattern_id)
    assert run(pattern, store) == [{"version": "version", "writes": writes, "executions": executions}]
    store.close()


def _write(path: Path, columns: dict[str, pa.Array[pa.Scalar[pa.DataType]]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)
