"""Settings: environment over file over default, every wrong value named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphcorr.errors import ConfigError
from graphcorr.model.findings import Level
from graphcorr.settings import Settings, load_settings, state_folder


def test_defaults(tmp_path: Path) -> None:
    assert load_settings({}, tmp_path) == Settings()


def test_environment_over_file(tmp_path: Path) -> None:
    (tmp_path / "graphcorr.toml").write_text('store = "ladybug:///a"\nworkers = 2\npatterns = ["p"]\n')
    environment = {"GRAPHCORR_WORKERS": "7", "GRAPHCORR_MIN_LEVEL": "low", "GRAPHCORR_STORE": "", "GRAPHCORR_OTHER": "x"}

    assert load_settings(environment, tmp_path) == Settings("ladybug:///a", Level.LOW, 7, (tmp_path / "p",))


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


def test_state_folder() -> None:
    assert state_folder({"GRAPHCORR_STATE": "/x/y"}) == Path("/x/y")
    assert state_folder({}).name == "graphcorr"
