"""A pattern file to change one line of."""

from __future__ import annotations

from pathlib import Path

import pytest

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
needs: [Write, ProcessStart]
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
