"""A mapping of the user's, read from its TOML file and checked against what each kind of record may say.

Evidence is not configuration: a file is read because a person named it, and never because it lies beside logs.
"""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from xxhash import xxh3_64_hexdigest

from graphcorr.errors import ConfigError
from graphcorr.logs.base import JsonLog
from graphcorr.logs.catalog import log_types
from graphcorr.logs.mapped_reading import fields_of
from graphcorr.logs.testimony import Vantage
from graphcorr.sources.mapping import COMPUTER, MARK, Clock, RowMapping, Rule, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from graphcorr.logs.base import LogType

NOTHING: Final = "nothing"
"""What rows are that tell nothing."""
_OFFSET: Final = re.compile(r"([+-])(\d\d):(\d\d)\Z", re.ASCII)
_NO_PLACE: Final = frozenset({"localtime", "Factory"})
"""Names of files of the database that are no zone: this machine's own, and none that was set."""
_SOME_TIME: Final = datetime(2026, 3, 2, 9, 14, 3, 250_000, tzinfo=UTC)
_Tree = dict[str, object]


class _Time(msgspec.Struct, forbid_unknown_fields=True):
    column: str
    zone: str | None = None
    unit: Literal["s", "ms", "us", "ns", "filetime"] | None = None
    format: str | None = None


class _Event(msgspec.Struct, forbid_unknown_fields=True):
    target: str = msgspec.field(name="is")
    when: _Tree = {}
    columns: _Tree = {}
    constants: dict[str, str | int | bool] = {}


class _File(msgspec.Struct, forbid_unknown_fields=True):
    time: _Time
    event: list[_Event]
    files: str | list[str] = []
    having: list[str] = []
    columns: _Tree = {}
    constants: dict[str, str | int | bool] = {}


def targets() -> Mapping[str, LogType]:
    """What a row may be, by the word of a mapping."""
    found = {}
    for log_type in log_types().values():
        if isinstance(log_type.source, JsonLog) and isinstance(mark := log_type.source.marks.get(MARK), str):
            found[mark] = log_type
    return found


def load_mappings(files: Sequence[Path]) -> tuple[RowMapping, ...]:
    """The mappings in ``files``. ``ConfigError`` names the file, the key and what is wrong."""
    return tuple(_load(file) for file in dict.fromkeys(files))


def _load(path: Path) -> RowMapping:
    try:
        text = path.read_text(encoding="utf-8")
        file = msgspec.convert(tomllib.loads(text), _File)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {str(error).replace('`$.', '`')}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    return _Checked(path, file).mapping(xxh3_64_hexdigest(text.encode()))


class _Checked:
    """A mapping's file as it was read, and what of it is wrong."""

    def __init__(self, path: Path, file: _File) -> None:
        self._path, self._file = path, file
        self._named: dict[str, str] = {}
        self._known: set[str] = set()

    def mapping(self, digest: str) -> RowMapping:
        file = self._file
        files = [file.files] if isinstance(file.files, str) else file.files
        if not files and not file.having:
            raise self._wrong("files", "say which files it is for, by name, or by the columns that their rows have in `having`")
        if not file.event:
            raise self._wrong("event", "say of at least one kind of row what it is")
        self._name(file.time.column, "time.column")
        for column in file.having:
            self._name(column, "having")
        clock = Clock(file.time.column, self._zone(file.time.zone), file.time.unit, self._format(file.time.format))
        base = self._columns(file.columns, "columns")
        known = {event.target: fields_of(log_type) for event in file.event if (log_type := targets().get(event.target)) is not None}
        self._known.update(*known.values())
        # A field that is misspelled is also missing: the first is what helps. Where no event is known that is told below.
        unknown = next((field for field in (*base, *file.constants) if known and field not in self._known), None)
        if unknown is not None:
            raise self._wrong("columns" if unknown in base else "constants", f"none of these events has {unknown}; {self._offer()}")
        rules = tuple(self._rule(event, f"event[{place}]", base) for place, event in enumerate(file.event, 1))
        for field, column in base.items():
            if any(rule.columns.get(field) == column for rule in rules):
                self._name(column, "columns")
        return RowMapping(
            self._path.name, digest, tuple(name.casefold() for name in files), frozenset(file.having), clock, rules, self._named
        )

    def _rule(self, event: _Event, key: str, base: Mapping[str, str]) -> Rule:
        when = {column: self._values(value, f"{key}.when") for column, value in _flat(event.when)}
        for column in when:
            self._name(column, f"{key}.when")
        if event.target == NOTHING:
            return Rule(when, None, "", {}, {})
        log_type = targets().get(event.target)
        if log_type is None:
            raise self._wrong(f"{key}.is", f"{event.target!r} is no event; there are {', '.join([*targets(), NOTHING])}")
        known = fields_of(log_type)
        own = self._columns(event.columns, f"{key}.columns")
        for place, fields in (("columns", own), ("constants", event.constants)):
            if unknown := next((field for field in fields if field not in known), None):
                raise self._wrong(f"{key}.{place}", f"{event.target} has no {unknown}; it has {', '.join(known)}")
        for column in own.values():
            self._name(column, f"{key}.columns")
        stated = {**self._file.constants, **event.constants}
        constants = {field: value for field, value in stated.items() if field in known and field not in own}
        columns = {field: column for field, column in {**base, **own}.items() if field in known and field not in constants}
        self._check_needs(log_type, event.target, key, {*columns, *constants})
        return Rule(when, event.target, log_type.name, columns, constants, log_type.vantage is Vantage.SENSOR)

    def _check_needs(self, log_type: LogType, target: str, key: str, given: set[str]) -> None:
        needs = log_type.needs if log_type.vantage is Vantage.SENSOR else (COMPUTER, *log_type.needs)
        if missing := next((field for field in needs if field not in given), None):
            raise self._wrong(key, f"{target} needs {missing}, and no column or constant gives it")
        if log_type.essential and given.isdisjoint(log_type.essential):
            raise self._wrong(key, f"{target} needs {' or '.join(log_type.essential)}, and no column or constant gives one")

    def _columns(self, tree: _Tree, key: str) -> dict[str, str]:
        """Field → column, of what is written the other way round."""
        found: dict[str, str] = {}
        for column, value in _flat(tree):
            fields = value if isinstance(value, list) else [value]
            for field in fields:
                if not isinstance(field, str) or not field:
                    raise self._wrong(f"{key}.{column}", f"{field!r} is not the name of a field")
                if field in found:
                    raise self._wrong(f"{key}.{column}", f"{field} stands in {found[field]} already")
                found[field] = column
        return found

    def _values(self, value: object, key: str) -> frozenset[str]:
        values = value if isinstance(value, list) else [value]
        texts = [text for one in values if (text := as_text(one)) is not None]
        if not values or len(texts) < len(values):
            raise self._wrong(key, f"{value!r} is no value of a column, and no list of such")
        return frozenset(texts)

    def _format(self, given: str | None) -> str | None:
        """It is tried, as only the reader of it knows what it may be: each part of a time once."""
        if given is not None:
            try:
                datetime.strptime(_SOME_TIME.strftime(given), given)  # noqa: DTZ007  only whether it can be read
            except (re.error, ValueError, IndexError) as error:
                raise self._wrong("time.format", f"{given!r} is no format that a time can be read by: {error}") from None
        return given

    def _zone(self, name: str | None) -> tzinfo | None:
        if name is None:
            return None
        if name.upper() in ("UTC", "Z"):
            return UTC
        if match := _OFFSET.match(name):
            away = timedelta(hours=int(match[2]), minutes=int(match[3]))
            if away < timedelta(days=1):
                return timezone(-away if match[1] == "-" else away)
        wrong = self._wrong("time.zone", f"{name!r} is no zone that this system knows; write UTC, +02:00 or Europe/Berlin")
        if name in _NO_PLACE:
            raise wrong
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise wrong from None

    def _name(self, column: str, key: str) -> None:
        self._named.setdefault(column, key)

    def _offer(self) -> str:
        return f"they have {', '.join(sorted(self._known))}"

    def _wrong(self, key: str, reason: str) -> ConfigError:
        return ConfigError(f"{self._path}: {key}: {reason}")


def _flat(tree: _Tree, before: str = "") -> Iterator[tuple[str, object]]:
    """Columns with dots in their names are tables in TOML, where nobody put quotation marks around them."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value
