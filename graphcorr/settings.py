"""What a run is told besides its arguments: flags over ``GRAPHCORR_*`` over ``graphcorr.toml`` over defaults.

    name        environment            default
    store       GRAPHCORR_STORE        the case's own graph file
    min_level   GRAPHCORR_MIN_LEVEL    medium
    workers     GRAPHCORR_WORKERS      one per core
    patterns    GRAPHCORR_PATTERNS     none; folders separated as in PATH

Of the environment alone, so that a ``graphcorr.toml`` in a folder of logs can neither redirect what is kept nor log in:
``GRAPHCORR_STATE`` (the user's state folder of the system), ``GRAPHCORR_TIMINGS``, ``GRAPHCORR_NEO4J_USER``,
``GRAPHCORR_NEO4J_PASSWORD``, ``GRAPHCORR_NEO4J_PASSWORD_FILE`` and ``GRAPHCORR_TAXII_PASSWORD``.

Nothing here is read at import, and nothing of it is read anywhere else: who calls a service has made a ``Settings``.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import platformdirs

from graphcorr.errors import ConfigError
from graphcorr.model.findings import Level

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FILE_NAME: Final = "graphcorr.toml"
_PREFIX: Final = "GRAPHCORR_"
_NAMES: Final = ("store", "min_level", "workers", "patterns")


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks a graph server, where its address does not say it."""

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    password_file: Path | None = None
    """Read when the server is asked, and only where there is no password."""


NOBODY: Final = Credentials()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one run, checked."""

    state: Path
    """Where cases without a name, the last case, and intelligence are kept."""
    store: str | None = None
    min_level: Level = Level.MEDIUM
    workers: int | None = None
    patterns: tuple[Path, ...] = ()
    """Folders of patterns besides those that come with the package."""
    timings: Path | None = None
    """File that gets the seconds of each step, as JSON."""
    neo4j: Credentials = NOBODY
    taxii_password: str | None = field(default=None, repr=False)

    def over(
        self,
        *,
        store: str | None = None,
        min_level: Level | None = None,
        workers: int | None = None,
        patterns: Sequence[Path] | None = None,
    ) -> Settings:
        """These settings under the flags of a command; a flag that was not given is None."""
        return replace(
            self,
            store=store or self.store,
            min_level=min_level or self.min_level,
            workers=workers or self.workers,
            patterns=self.patterns if patterns is None else tuple(patterns),
        )


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
    timings, password_file = environment.get(f"{_PREFIX}TIMINGS"), environment.get(f"{_PREFIX}NEO4J_PASSWORD_FILE")
    return Settings(
        state=Path(environment.get(f"{_PREFIX}STATE") or platformdirs.user_state_path("graphcorr")),
        store=_text(values.get("store")),
        min_level=_level(values.get("min_level")),
        workers=_workers(values.get("workers")),
        patterns=_folders(values.get("patterns"), folder),
        timings=Path(timings) if timings else None,
        neo4j=Credentials(
            environment.get(f"{_PREFIX}NEO4J_USER") or None,
            environment.get(f"{_PREFIX}NEO4J_PASSWORD") or None,
            Path(password_file) if password_file else None,
        ),
        taxii_password=environment.get(f"{_PREFIX}TAXII_PASSWORD"),
    )


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
