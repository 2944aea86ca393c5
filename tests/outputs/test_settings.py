"""The settings as people and programs read them: every one, its origin, and no secret."""

from __future__ import annotations

import os
from pathlib import Path

from graphcorr.model.findings import Level
from graphcorr.outputs.settings import render, shown_value, to_document
from graphcorr.settings import NAMES, Credentials, Settings

SET = Settings(
    state=Path("/state"),
    store="neo4j://user:hunter2@server/db",
    min_level=Level.HIGH,
    workers=3,
    patterns=(Path("a"), Path("b")),
    mapping=(Path("m.toml"),),
    neo4j=Credentials("u", "hunter2", Path("/secret")),
    taxii_password="hunter2",  # noqa: S106 - it is what must not be shown
    archive_password="hunter2",  # noqa: S106
    archive_password_file=Path("/locked"),
    baseline_until="2026-01-05",
    origins={"workers": "--workers", "min_level": "GRAPHCORR_MIN_LEVEL", "store": "/config/graphcorr.toml"},
)


def test_every_value_is_shown_and_no_secret() -> None:
    assert {name: shown_value(SET, name) for name in NAMES} == {
        "state": "/state",
        "store": "neo4j://server/db",
        "min_level": "high",
        "workers": "3",
        "patterns": f"a{os.pathsep}b",
        "mapping": "m.toml",
        "neo4j_user": "u",
        "neo4j_password_file": "/secret",
        "neo4j_password": "(not shown)",
        "archive_password": "(not shown)",
        "archive_password_file": "/locked",
        "baseline_until": "2026-01-05",
        "pattern_seconds": "300",
        "taxii_password": "(not shown)",
        "timings": None,
    }
    assert "hunter2" not in render(SET, Path("f")).plain() + repr(to_document(SET, Path("f")))


def test_each_line_says_where_the_value_came_from() -> None:
    text = render(SET, Path("/nowhere/graphcorr.toml")).plain()
    assert "min_level               high  (GRAPHCORR_MIN_LEVEL)\n" in text
    assert "store                   neo4j://server/db  (/config/graphcorr.toml)\n" in text
    assert "timings                 nothing  (default)\n" in text
    assert "/nowhere/graphcorr.toml, which does not exist." in text


def test_the_document_names_the_variable_and_the_file(tmp_path: Path) -> None:
    file = tmp_path / "graphcorr.toml"
    file.touch()
    document = to_document(Settings(state=tmp_path, workers=3, origins={"workers": "--workers"}), file)
    assert document["file"] == {"path": str(file), "exists": True}
    settings = document["settings"]
    assert isinstance(settings, list)
    assert settings[:5:3] == [
        {"name": "state", "variable": "GRAPHCORR_STATE", "value": str(tmp_path), "origin": "default"},
        {"name": "workers", "variable": "GRAPHCORR_WORKERS", "value": "3", "origin": "--workers"},
    ]
    assert [one["name"] for one in settings] == list(NAMES)
