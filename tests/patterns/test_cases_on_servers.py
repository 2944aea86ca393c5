"""Every built-in pattern's cases on real servers: the text is the same, and so are the rows."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from graphcorr.graph.project import project_records
from graphcorr.patterns.cases import Case, find_case_file, load_cases, make_records
from graphcorr.patterns.load import builtin_folder, load
from graphcorr.patterns.run import run
from graphcorr.store.ladybug import LadybugStore
from graphcorr.store.login import read_login
from graphcorr.store.neo4j import Neo4jStore
from tests.conftest import missing_server
from tests.servers import PASSWORD, VERSIONS, MissingServerError, use_server


def test_the_cases_of_all_patterns(monkeypatch: pytest.MonkeyPatch) -> None:
    """On all versions at once, because making the tables of a case takes longer than loading them."""
    monkeypatch.setenv("GRAPHCORR_NEO4J_PASSWORD", PASSWORD)
    with ExitStack() as stack:
        try:
            servers = [stack.enter_context(use_server(version)) for version in sorted(VERSIONS)]
        except MissingServerError as error:
            missing_server(error)
        served = [stack.enter_context(closing(Neo4jStore(read_login(server.url), "cases"))) for server in servers]
        embedded = stack.enter_context(closing(LadybugStore(None)))
        for pattern in load([builtin_folder()]):
            path = find_case_file(pattern)
            assert path is not None
            for case in load_cases(path):
                assert isinstance(case, Case)
                with tempfile.TemporaryDirectory() as folder:
                    project_records(make_records(case), Path(folder))
                    embedded.replace(Path(folder))
                    expected = run(pattern, embedded)
                    for store in served:
                        # Emptied by hand: comparing one small graph with the one before takes longer than writing it.
                        store._connection.run("MATCH (n) WHERE NOT n:GraphcorrCase DETACH DELETE n")
                        store._connection.run("MATCH (c:GraphcorrCase) SET c.parts = []")
                        store.replace(Path(folder))
                        assert run(pattern, store) == expected, f"{store.engine}: {pattern.id}: {case.name}"
                assert bool(expected) == bool(case.expect)
