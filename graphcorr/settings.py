"""What a run is told besides its arguments: options over ``GRAPHCORR_*`` over a settings file over defaults.

    name                 environment                    default
    state                GRAPHCORR_STATE                the user's state folder of the system
    store                GRAPHCORR_STORE                the case's own graph file
    min_level            GRAPHCORR_MIN_LEVEL            medium
    workers              GRAPHCORR_WORKERS              one per core
    patterns             GRAPHCORR_PATTERNS             none; folders separated as in PATH
    mapping              GRAPHCORR_MAPPING              none; files separated as in PATH
    neo4j_user           GRAPHCORR_NEO4J_USER           neo4j
    neo4j_password_file  GRAPHCORR_NEO4J_PASSWORD_FILE  none
    archive_password_file  GRAPHCORR_ARCHIVE_PASSWORD_FILE  none
    baseline_until       GRAPHCORR_BASELINE_UNTIL       none: nothing is judged uncommon
    pattern_seconds      GRAPHCORR_PATTERN_SECONDS      300; a pattern that takes longer is not evaluated

The settings file is ``graphcorr.toml`` in the user's configuration folder, or the one that ``--config`` names. One in the current
folder is never obeyed: whoever looks at logs stands among what others left there, and it could send the graph to a server of theirs.

Of the environment alone, because they are secrets or of one run: ``GRAPHCORR_NEO4J_PASSWORD``, ``GRAPHCORR_TAXII_PASSWORD``,
``GRAPHCORR_ARCHIVE_PASSWORD`` and ``GRAPHCORR_TIMINGS``.

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
PREFIX: Final = "GRAPHCORR_"
IN_FILE: Final = (
    *("state", "store", "min_level", "workers", "patterns", "mapping"),
    *("neo4j_user", "neo4j_password_file", "archive_password_file", "baseline_until", "pattern_seconds"),
)
"""What a settings file may say."""
SECRET: Final = ("neo4j_password", "taxii_password", "archive_password")
"""What is never shown, and stands in no file of settings."""
NAMES: Final = (*IN_FILE, *SECRET, "timings")
"""Every setting; the variable of each is its name in capitals behind :data:`PREFIX`."""
DEFAULT: Final = "default"
"""Where a value came from that nobody gave."""

PATTERN_SECONDS: Final = 300


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
    mapping: tuple[Path, ...] = ()
    """Files that describe the rows of products that nobody here knows."""
    timings: Path | None = None
    """File that gets the seconds of each step, as JSON."""
    neo4j: Credentials = NOBODY
    taxii_password: str | None = field(default=None, repr=False)
    archive_password: str | None = field(default=None, repr=False)
    """Of locked archives among what is read."""
    archive_password_file: Path | None = None
    """Read when archives are, and only where there is no password."""
    baseline_until: str | None = None
    """A date or time as a person writes it: what lies before it is history, and what comes after is compared with it. Whoever detects
    reads it."""
    pattern_seconds: int = PATTERN_SECONDS
    """For each pattern: one that takes longer is not evaluated, and said to be so."""
    origins: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """By name, where a value came from: a variable, a file or an option; what is not in it is a default."""

    def over(
        self,
        *,
        store: str | None = None,
        min_level: Level | None = None,
        workers: int | None = None,
        patterns: Sequence[Path] | None = None,
        mapping: Sequence[Path] | None = None,
        baseline_until: str | None = None,
    ) -> Settings:
        """These settings under the options of a command; one that was not given is None."""
        given = {
            "--store": store or None,
            "--min-level": min_level,
            "--workers": workers,
            "--patterns": None if patterns is None else tuple(patterns),
            "--mapping": None if mapping is None else tuple(mapping),
            "--baseline-until": baseline_until,
        }
        options = {option: value for option, value in given.items() if value is not None}
        values = {option.removeprefix("--").replace("-", "_"): value for option, value in options.items()}
        return replace(self, **values, origins={**self.origins, **dict(zip(values, options, strict=True))})  # type: ignore[arg-type]

    def unlocking(self) -> str | None:
        """The password of archives; ``ConfigError`` where its file cannot be read."""
        if self.archive_password is not None or self.archive_password_file is None:
            return self.archive_password
        try:
            return self.archive_password_file.read_text(encoding="utf-8").rstrip("\r\n") or None
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"archive_password_file: {self.archive_password_file}: {error}") from error

    def origin(self, name: str) -> str:
        """Where the value of a setting came from."""
        return self.origins.get(name, DEFAULT)


def user_file() -> Path:
    """Where the user's settings are looked for: ``~/.config/graphcorr/graphcorr.toml`` on Linux.

    For a user without a home, as services and containers have, that is the machine's folder: ``/etc/xdg/graphcorr``.
    """
    try:
        return platformdirs.user_config_path("graphcorr") / FILE_NAME
    except RuntimeError:
        return platformdirs.site_config_path("graphcorr") / FILE_NAME


def load_settings(environment: Mapping[str, str], config: Path | None = None) -> Settings:
    """Settings of a run. ``ConfigError`` names the variable or the file and key that is wrong.

    ``config`` is the file that was named, which has to be there; without one the user's own counts, where there is one. Folders
    in a file are meant from where it lies. An empty variable counts as not set.
    """
    file = config if config is not None else user_file()
    given = {
        name: _Given(value, f"{file}: {name}", str(file), file.parent) for name, value in _read_file(file, needed=bool(config)).items()
    }
    if strange := [name for name in given if name not in IN_FILE]:
        raise ConfigError(f"{file}: {_say_strange(strange[0])}")
    for name in NAMES:
        variable = PREFIX + name.upper()
        if value := environment.get(variable):
            given[name] = _Given(value, variable, variable, Path())
    return Settings(
        state=_path(given.get("state")) or platformdirs.user_state_path("graphcorr"),
        store=_text(given.get("store")),
        min_level=_level(given.get("min_level")),
        workers=_number(given.get("workers"), "workers"),
        patterns=_paths(given.get("patterns"), "folders"),
        mapping=_paths(given.get("mapping"), "files"),
        timings=_path(given.get("timings")),
        neo4j=Credentials(_text(given.get("neo4j_user")), _text(given.get("neo4j_password")), _path(given.get("neo4j_password_file"))),
        taxii_password=_text(given.get("taxii_password")),
        archive_password=_text(given.get("archive_password")),
        archive_password_file=_path(given.get("archive_password_file")),
        baseline_until=_text(given.get("baseline_until")),
        pattern_seconds=_number(given.get("pattern_seconds"), "seconds") or PATTERN_SECONDS,
        origins={name: one.origin for name, one in given.items()},
    )


def _say_strange(name: str) -> str:
    if name in NAMES:
        return f"{name} is not read from a file; set {PREFIX}{name.upper()}"
    return f"{name} is not a setting; there are {', '.join(IN_FILE)}"


def _read_file(file: Path, *, needed: bool) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        if not needed and isinstance(error, (FileNotFoundError, NotADirectoryError)):
            return {}
        raise ConfigError(f"{file}: {error.strerror or error}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file}: {error}") from error


@dataclass(frozen=True, slots=True)
class _Given:
    """A value as given: ``place`` names it in an error, ``origin`` when it is shown, ``folder`` is where its paths begin."""

    value: object
    place: str
    origin: str
    folder: Path


def _text(given: _Given | None) -> str | None:
    if given is None:
        return None
    if not isinstance(given.value, str) or not given.value:
        raise ConfigError(f"{given.place}: {given.value!r} is no text")
    return given.value


def _path(given: _Given | None) -> Path | None:
    text = _text(given)
    return None if text is None or given is None else _from(given, text)


def _from(given: _Given, name: str) -> Path:
    try:
        return given.folder / Path(name).expanduser()
    except RuntimeError as error:  # ``~nobody``
        raise ConfigError(f"{given.place}: {name!r} names no folder of a user of this system") from error


def _level(given: _Given | None) -> Level:
    if given is None:
        return Level.MEDIUM
    try:
        return Level(str(given.value))
    except ValueError as error:
        raise ConfigError(f"{given.place}: {given.value!r} is no level; there are {', '.join(Level)}") from error


def _number(given: _Given | None, what: str) -> int | None:
    if given is None:
        return None
    value = given.value
    number = int(value) if isinstance(value, str) and value.isdecimal() else value
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ConfigError(f"{given.place}: {value!r} is no number of {what}, 1 or more")
    return number


def _paths(given: _Given | None, what: str) -> tuple[Path, ...]:
    if given is None:
        return ()
    value = given.value
    names = value.split(os.pathsep) if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise ConfigError(f"{given.place}: {value!r} is no list of {what}")
    return tuple(_from(given, name) for name in names)
