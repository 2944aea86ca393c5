"""A pattern file to change one line of, and the cases of the built-in patterns as tables."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from graphcorr.graph.project import project_records
from graphcorr.patterns.cases import Case, find_case_file, load_cases, make_records
from graphcorr.patterns.load import Pattern, builtin_folder, load
from graphcorr.patterns.scope import whole_kinds

ProjectCase = Callable[[int], tuple[Path, dict[int, str]]]

GOOD = """\
/*---
id: my-pattern
title: Something
status: test
level: low
description: What happened
attack: [T1021.002]
detection_strategy: [DET0530]
software: [S0029]
car: [CAR-2013-05-003]
needs: [Write]
result: finding
execution: image
identity: [version]
evidence: [writes]
false_positives: [Software deployment]
references: [https://attack.mitre.org]
---*/
MATCH (w:Write)-[:WROTE]->(v:FileVersion)
RETURN v.id AS version, collect(w.id) AS writes
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lateral_movement").mkdir()
    write_pattern(tmp_path)
    return tmp_path


def write_pattern(folder: Path, old: str = "", new: str = "", name: str = "my-pattern") -> Path:
    """The good pattern with ``old`` replaced."""
    assert old in GOOD
    path = folder / "lateral_movement" / f"{name}.cypher"
    path.write_text(GOOD.replace(old, new, 1) if old else GOOD, encoding="utf-8")
    return path


@pytest.fixture
def change(folder: Path) -> object:
    return lambda old, new, name="my-pattern": write_pattern(folder, old, new, name)


def _load_corpus() -> list[tuple[Pattern, Case]]:
    corpus: list[tuple[Pattern, Case]] = []
    for pattern in load([builtin_folder()]):
        path = find_case_file(pattern)
        assert path is not None, f"{pattern.id} has no cases"
        for case in load_cases(path):
            assert isinstance(case, Case), str(case)
            corpus.append((pattern, case))
    return corpus


CORPUS = _load_corpus()
"""Every built-in pattern with each of its cases."""


@pytest.fixture(scope="session")
def project_case(tmp_path_factory: pytest.TempPathFactory) -> ProjectCase:
    """The tables of one of :data:`CORPUS` and the ids of its events by number; made once for all tests and test processes."""
    place = tmp_path_factory.getbasetemp()
    place = place.parent if os.environ.get("PYTEST_XDIST_WORKER") else place

    def project(number: int) -> tuple[Path, dict[int, str]]:
        folder = place / f"case-{number}"
        folder.mkdir(exist_ok=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / "ids.json").exists():
                pattern, case = CORPUS[number]
                made = project_records(make_records(case), folder / "tables", whole=whole_kinds([pattern]), baseline=case.baseline_until)
                (folder / "ids.json").write_text(json.dumps(made))
        return folder / "tables", {int(event): id_ for event, id_ in json.loads((folder / "ids.json").read_text()).items()}

    return project
