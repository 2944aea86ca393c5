"""Every built-in pattern over every case, on real servers: the text is the same, and so are the rows."""

from __future__ import annotations

from collections import defaultdict
from contextlib import ExitStack, closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphcorr.graph.project import project_records
from graphcorr.patterns.cases import Case, find_case_file, load_cases, make_records
from graphcorr.patterns.load import Pattern, builtin_folder, load
from graphcorr.patterns.run import run
from graphcorr.store.base import Row, Store
from graphcorr.store.ladybug import LadybugStore
from graphcorr.store.login import read_login
from graphcorr.store.neo4j import Neo4jStore
from tests.conftest import missing_server
from tests.servers import PASSWORD, VERSIONS, MissingServerError, use_server

_APART = ("id", "from", "to", "host")
"""Columns by which the cases, which all speak of the same machines, are kept apart in one graph."""


def project_all(patterns: list[Pattern], folder: Path) -> dict[str, dict[int, bool]]:
    """Write all cases into one folder of tables; returns by pattern the numbers of its cases, and whether each is a hit."""
    tables: defaultdict[Path, list[pa.Table]] = defaultdict(list)
    hits: dict[str, dict[int, bool]] = {}
    number = 0
    for pattern in patterns:
        path = find_case_file(pattern)
        assert path is not None
        hits[pattern.id] = {}
        for case in load_cases(path):
            assert isinstance(case, Case)
            number += 1
            hits[pattern.id][number] = bool(case.expect)
            part = folder / str(number)
            project_records(make_records(case), part)
            for file in part.rglob("*.parquet"):
                tables[file.relative_to(part)].append(set_apart(pq.read_table(file), number))
    for name, parts in tables.items():
        (folder / "all" / name).parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.concat_tables(parts), folder / "all" / name)
    return hits


def set_apart(table: pa.Table, number: int) -> pa.Table:
    for column in _APART:
        if column in table.column_names:
            place = table.column_names.index(column)
            values = [None if value is None else f"{number}|{value}" for value in table[column].to_pylist()]
            table = table.set_column(place, column, pa.array(values, pa.string()))
    return table


def case_of(row: Row) -> int:
    [number] = {int(str(id_).split("|")[0]) for value in row.values() if isinstance(value, list) for id_ in value}
    return number


def test_all_patterns_over_all_cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On all versions at once: making the tables takes longer than loading them."""
    monkeypatch.setenv("GRAPHCORR_NEO4J_PASSWORD", PASSWORD)
    patterns = load([builtin_folder()])
    hits = project_all(patterns, tmp_path)
    with ExitStack() as stack:
        try:
            servers = [stack.enter_context(use_server(version)) for version in sorted(VERSIONS)]
        except MissingServerError as error:
            missing_server(error)
        embedded: Store = stack.enter_context(closing(LadybugStore(None)))
        served: list[Store] = [stack.enter_context(closing(Neo4jStore(read_login(server.url), "cases"))) for server in servers]
        for store in (embedded, *served):
            store.replace(tmp_path / "all")
        for pattern in patterns:
            expected = run(pattern, embedded)
            found = {case_of(row) for row in expected}
            assert {number: number in found for number in hits[pattern.id]} == hits[pattern.id]
            for store in served:
                assert run(pattern, store) == expected, f"{store.engine}: {pattern.id}"
