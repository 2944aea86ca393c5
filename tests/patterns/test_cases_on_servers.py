"""Every built-in pattern over every case, on real servers: the text is the same, and so are the rows."""

from __future__ import annotations

from collections import defaultdict
from contextlib import ExitStack, closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphcorr.patterns.cases import read_outcome
from graphcorr.patterns.load import builtin_folder, load
from graphcorr.patterns.run import run
from graphcorr.store.base import Row, Store
from graphcorr.store.ladybug import LadybugStore
from graphcorr.store.login import read_login
from graphcorr.store.neo4j import Neo4jStore
from tests.conftest import missing_server
from tests.patterns.conftest import CORPUS, ProjectCase
from tests.servers import PASSWORD, VERSIONS, MissingServerError, use_server
from tests.settings import own_settings

_APART = ("id", "from", "to", "host")
"""Columns by which the cases, which all speak of the same machines, are kept apart in one graph."""


def join_all(project_case: ProjectCase, folder: Path) -> dict[int, dict[int, str]]:
    """Write all cases into one folder of tables; returns by case the ids of its events."""
    tables: defaultdict[Path, list[pa.Table]] = defaultdict(list)
    ids = {}
    for number in range(len(CORPUS)):
        part, made = project_case(number)
        ids[number] = {event: f"{number}|{id_}" for event, id_ in made.items()}
        for file in part.rglob("*.parquet"):
            tables[file.relative_to(part)].append(set_apart(pq.read_table(file), number))
    for name, parts in tables.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.concat_tables(parts), folder / name)
    return ids


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


def test_all_patterns_over_all_cases(project_case: ProjectCase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On all versions at once: making the tables takes longer than loading them."""
    monkeypatch.setenv("GRAPHCORR_NEO4J_PASSWORD", PASSWORD)
    patterns = load([builtin_folder()])
    ids = join_all(project_case, tmp_path)
    with ExitStack() as stack:
        try:
            servers = [stack.enter_context(use_server(version)) for version in sorted(VERSIONS)]
        except MissingServerError as error:
            missing_server(error)
        embedded: Store = stack.enter_context(closing(LadybugStore(None)))
        served: list[Store] = [
            stack.enter_context(closing(Neo4jStore(read_login(server.url, own_settings().neo4j), "cases"))) for server in servers
        ]
        for store in (embedded, *served):
            store.replace(tmp_path)
        for pattern in patterns:
            rows = run(pattern, embedded)
            for number, (owner, case) in enumerate(CORPUS):
                if owner.id == pattern.id:
                    outcome = read_outcome(pattern, case, [row for row in rows if case_of(row) == number], ids[number])
                    assert outcome.found == outcome.expected, case.name
            for store in served:
                assert run(pattern, store) == rows, f"{store.engine}: {pattern.id}"
