"""Settings: options over environment over file over default, every wrong value named with its place, every value with its origin."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphcorr.errors import ConfigError
from graphcorr.model.findings import Level
from graphcorr.settings import DEFAULT, IN_FILE, NAMES, Credentials, Settings, load_settings, user_file


def test_defaults() -> None:
    loaded = load_settings({})
    assert loaded == Settings(state=loaded.state)
    assert loaded.state.name == "graphcorr"
    assert {loaded.origin(name) for name in NAMES} == {DEFAULT}


@pytest.fixture
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's settings file, whose folder is there."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    user_file().parent.mkdir(parents=True)
    assert user_file().is_relative_to(tmp_path)
    return user_file()


def test_environment_over_the_users_file(own_file: Path, tmp_path: Path) -> None:
    own_file.write_text(
        'store = "ladybug:///a"\nworkers = 2\npatterns = ["p"]\nmapping = ["m.toml"]\nneo4j_user = "u"\nneo4j_password_file = "secret"\n'
    )
    environment = {"GRAPHCORR_WORKERS": "7", "GRAPHCORR_MIN_LEVEL": "low", "GRAPHCORR_STORE": "", "GRAPHCORR_OTHER": "x"}
    environment["GRAPHCORR_BASELINE_UNTIL"] = "2026-01-05"
    environment["GRAPHCORR_PATTERN_SECONDS"] = "20"

    loaded = load_settings(environment | {"GRAPHCORR_STATE": "/x/y"})
    beside = own_file.parent
    assert loaded == Settings(
        state=Path("/x/y"),
        store="ladybug:///a",
        min_level=Level.LOW,
        workers=7,
        patterns=(beside / "p",),
        mapping=(beside / "m.toml",),
        neo4j=Credentials("u", None, beside / "secret"),
        baseline_until="2026-01-05",
        pattern_seconds=20,
    )
    assert {name: loaded.origin(name) for name in NAMES} == {
        "state": "GRAPHCORR_STATE",
        "store": str(own_file),
        "min_level": "GRAPHCORR_MIN_LEVEL",
        "workers": "GRAPHCORR_WORKERS",
        "patterns": str(own_file),
        "mapping": str(own_file),
        "neo4j_user": str(own_file),
        "neo4j_password_file": str(own_file),
        "neo4j_password": DEFAULT,
        "taxii_password": DEFAULT,
        "archive_password": DEFAULT,
        "archive_password_file": DEFAULT,
        "baseline_until": "GRAPHCORR_BASELINE_UNTIL",
        "pattern_seconds": "GRAPHCORR_PATTERN_SECONDS",
        "timings": DEFAULT,
    }


def test_a_named_file_takes_the_place_of_the_users_own(own_file: Path, tmp_path: Path) -> None:
    own_file.write_text('store = "ladybug:///a"\nworkers = 2\n')
    named = tmp_path / "other.toml"
    named.write_text("workers = 3\n")

    loaded = load_settings({}, named)
    assert (loaded.workers, loaded.store, loaded.origin("workers")) == (3, None, str(named))
    with pytest.raises(ConfigError, match=r"nowhere\.toml: No such file or directory$"):
        load_settings({}, tmp_path / "nowhere.toml")


def test_a_file_in_the_current_folder_is_no_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "graphcorr.toml").write_text('store = "neo4j://elsewhere"\n')
    monkeypatch.chdir(tmp_path)
    assert load_settings({}).store is None


def test_options_over_everything(tmp_path: Path) -> None:
    loaded = Settings(
        state=tmp_path, store="ladybug:///a", min_level=Level.LOW, workers=7, patterns=(tmp_path,), origins={"store": "x", "workers": "y"}
    )
    assert loaded.over() == loaded
    options = loaded.over(store="ladybug:///b", min_level=Level.HIGH, patterns=[], mapping=[Path("m")])
    assert (options.mapping, options.origin("mapping")) == ((Path("m"),), "--mapping")
    assert options == Settings(state=tmp_path, store="ladybug:///b", min_level=Level.HIGH, workers=7, mapping=(Path("m"),))
    origins = [options.origin(name) for name in ("store", "min_level", "patterns", "workers", "state")]
    assert origins == ["--store", "--min-level", "--patterns", "y", DEFAULT]
    assert loaded.over(workers=1) == Settings(state=tmp_path, store="ladybug:///a", min_level=Level.LOW, workers=1, patterns=(tmp_path,))


def test_what_only_the_environment_says() -> None:
    """Nor is a password part of what an object shows of itself."""
    names = ("TIMINGS", "NEO4J_USER", "NEO4J_PASSWORD", "NEO4J_PASSWORD_FILE", "TAXII_PASSWORD", "ARCHIVE_PASSWORD")
    loaded = load_settings({f"GRAPHCORR_{name}": f"/{name}" for name in names})

    assert (loaded.timings, loaded.taxii_password) == (Path("/TIMINGS"), "/TAXII_PASSWORD")
    assert (loaded.archive_password, loaded.unlocking()) == ("/ARCHIVE_PASSWORD", "/ARCHIVE_PASSWORD")
    assert loaded.neo4j == Credentials("/NEO4J_USER", "/NEO4J_PASSWORD", Path("/NEO4J_PASSWORD_FILE"))
    assert "/NEO4J_PASSWORD'" not in repr(loaded)
    assert "TAXII" not in repr(loaded)
    assert "/ARCHIVE" not in repr(loaded)
    empty = load_settings({f"GRAPHCORR_{name}": "" for name in names})
    assert (empty.timings, empty.neo4j, empty.taxii_password) == (None, Credentials(), None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("workers = 0", "workers: 0 is no number of workers, 1 or more"),
        ("workers = true", "workers: True is no number of workers, 1 or more"),
        ('min_level = "severe"', "min_level: 'severe' is no level; there are informational, low, medium, high, critical"),
        ("store = 1", "store: 1 is no text"),
        ("patterns = [1]", "patterns: [1] is no list of folders"),
        ("mapping = 1", "mapping: 1 is no list of files"),
        ('state = "~nobody-of-that-name/x"', "state: '~nobody-of-that-name/x' names no folder of a user of this system"),
        ('stores = "x"', f"stores is not a setting; there are {', '.join(IN_FILE)}"),
        ('neo4j_password = "x"', "neo4j_password is not read from a file; set GRAPHCORR_NEO4J_PASSWORD"),
        ("workers = ", "Invalid value (at end of document)"),
    ],
)
def test_wrong_values_are_named(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "graphcorr.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_settings({}, file)
    assert str(caught.value) == f"{file}: {message}"


def test_a_wrong_variable_is_named() -> None:
    with pytest.raises(ConfigError, match=r"^GRAPHCORR_WORKERS: 'many' is no number of workers, 1 or more$"):
        load_settings({"GRAPHCORR_WORKERS": "many"})


def test_the_password_of_archives_may_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("in fected\n")
    assert load_settings({"GRAPHCORR_ARCHIVE_PASSWORD_FILE": str(file)}).unlocking() == "in fected"
    with pytest.raises(ConfigError, match=r"archive_password_file: .*nowhere: .*No such file"):
        load_settings({"GRAPHCORR_ARCHIVE_PASSWORD_FILE": str(tmp_path / "nowhere")}).unlocking()
    assert load_settings({}).unlocking() is None
