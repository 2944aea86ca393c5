"""Settings: environment over file over default, every wrong value named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphcorr.errors import ConfigError
from graphcorr.model.findings import Level
from graphcorr.settings import Credentials, Settings, load_settings


def test_defaults(tmp_path: Path) -> None:
    loaded = load_settings({}, tmp_path)
    assert loaded == Settings(state=loaded.state)
    assert loaded.state.name == "graphcorr"


def test_environment_over_file(tmp_path: Path) -> None:
    (tmp_path / "graphcorr.toml").write_text('store = "ladybug:///a"\nworkers = 2\npatterns = ["p"]\n')
    environment = {"GRAPHCORR_WORKERS": "7", "GRAPHCORR_MIN_LEVEL": "low", "GRAPHCORR_STORE": "", "GRAPHCORR_OTHER": "x"}

    assert load_settings(environment | {"GRAPHCORR_STATE": "/x/y"}, tmp_path) == Settings(
        state=Path("/x/y"), store="ladybug:///a", min_level=Level.LOW, workers=7, patterns=(tmp_path / "p",)
    )


def test_flags_over_everything(tmp_path: Path) -> None:
    loaded = Settings(state=tmp_path, store="ladybug:///a", min_level=Level.LOW, workers=7, patterns=(tmp_path,))
    assert loaded.over() == loaded
    flags = loaded.over(store="ladybug:///b", min_level=Level.HIGH, workers=1, patterns=[])
    assert flags == Settings(state=tmp_path, store="ladybug:///b", min_level=Level.HIGH, workers=1)


def test_what_only_the_environment_says(tmp_path: Path) -> None:
    """Nor is a password shown by whoever shows settings."""
    names = ("TIMINGS", "NEO4J_USER", "NEO4J_PASSWORD", "NEO4J_PASSWORD_FILE", "TAXII_PASSWORD")
    loaded = load_settings({f"GRAPHCORR_{name}": f"/{name}" for name in names}, tmp_path)

    assert (loaded.timings, loaded.taxii_password) == (Path("/TIMINGS"), "/TAXII_PASSWORD")
    assert loaded.neo4j == Credentials("/NEO4J_USER", "/NEO4J_PASSWORD", Path("/NEO4J_PASSWORD_FILE"))
    assert "/NEO4J_PASSWORD'" not in repr(loaded)
    assert "TAXII" not in repr(loaded)
    empty = load_settings({f"GRAPHCORR_{name}": "" for name in names}, tmp_path)
    assert (empty.timings, empty.neo4j) == (None, Credentials())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("workers = 0", "workers: 0 is no number of workers, 1 or more"),
        ("workers = true", "workers: True is no number of workers, 1 or more"),
        ('min_level = "severe"', "min_level: 'severe' is no level; there are informational, low, medium, high, critical"),
        ("store = 1", "store: 1 is no text"),
        ("patterns = [1]", "patterns: [1] is no list of folders"),
        ('state = "x"', "state is not a setting; there are store, min_level, workers, patterns"),
        ("workers = ", "Invalid value (at end of document)"),
    ],
)
def test_wrong_values_are_named(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "graphcorr.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_settings({}, tmp_path)
    assert str(caught.value) == f"{file}: {message}"


def test_a_wrong_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^GRAPHCORR_WORKERS: 'many' is no number of workers, 1 or more$"):
        load_settings({"GRAPHCORR_WORKERS": "many"}, tmp_path)
