"""What a run is told besides its arguments: flags over ``GRAPHCORR_*`` over ``graphcorr.toml`` over defaults.

    name        environment            default
    store       GRAPHCORR_STORE        the case's own graph file
    min_level   GRAPHCORR_MIN_LEVEL    medium
    workers     GRAPHCORR_WORKERS      one per core
    patterns    GRAPHCORR_PATTERNS     none; folders separated as in PATH

Flags are laid over a ``Settings`` by the verb that has them. Nothing here is read at import. Where cases are kept
(``GRAPHCORR_STATE``) is no setting of a folder of logs, so that a ``graphcorr.toml`` among them cannot redirect it.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import platformdirs

from graphcorr.errors import ConfigError
from graphcorr.model.findings import Level

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_NAME: Final = "graphcorr.toml"
_PREFIX: Final = "GRAPHCORR_"
_NAMES: Final = ("store", "min_level", "workers", "patterns")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run, checked."""

    store: str | None = None
    min_level: Level = Level.MEDIUM
    workers: int | None = None
    patterns: tuple[Path, ...] = ()


def load_settings(environment: Mapping[str, str], folder: Path) -> Settings:
    """Settings of a run started in ``folder``. ``ConfigError`` names the variable or the file and key that is wrong.

    An empty variable counts as not set.
    """
    values: dict[str, tuple[object, str]] = {}
    file = folder / FILE_NAME
    for key, value in _read_file(file).items():
        if key not in _NAMES:
            raise ConfigError(f"{file}: {key} is not a setting; there are {', '.join(_NAMES)}")
        values[key] = (value, f"{file}: {key}")
    for name in _NAMES:
        variable = _PREFIX + name.upper()
        if environment.get(variable):
            values[name] = (environment[variable], variable)
    return Settings(
        store=_text(values.get("store")),
        min_level=_level(values.get("min_level")),
        workers=_workers(values.get("workers")),
        patterns=_folders(values.get("patterns"), folder),
    )


def state_folder(environment: Mapping[str, str]) -> Path:
    """Where cases without ``--case`` are kept: ``GRAPHCORR_STATE``, or the user's state folder of the system."""
    return Path(environment.get(f"{_PREFIX}STATE") or platformdirs.user_state_path("graphcorr"))


def _read_file(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file}: {error}") from error


_Value = tuple[object, str] | None
"""A value as given and where it was given."""


def _text(given: _Value) -> str | None:
    if given is None:
        return None
    value, place = given
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{place}: {value!r} is no text")
    return value


def _level(given: _Value) -> Level:
    if given is None:
        return Level.MEDIUM
    value, place = given
    try:
        return Level(str(value))
    except ValueError as error:
        raise ConfigError(f"{place}: {value!r} is no level; there are {', '.join(Level)}") from error


def _workers(given: _Value) -> int | None:
    if given is None:
        return None
    value, place = given
    number = int(value) if isinstance(value, str) and value.isdecimal() else value
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ConfigError(f"{place}: {value!r} is no number of workers, 1 or more")
    return number


def _folders(given: _Value, folder: Path) -> tuple[Path, ...]:
    if given is None:
        return ()
    value, place = given
    names = value.split(os.pathsep) if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise ConfigError(f"{place}: {value!r} is no list of folders")
    return tuple(folder / Path(name).expanduser() for name in names)
