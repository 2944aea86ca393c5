"""Rows of a product that nobody here knows, read as a mapping of the user's says: which happening a row is, and what its columns are.

A mapping names the columns; what a named row means is known by its log type, as of any other log. Of a product's rows those
count that the mapping is for: by the name of their file, by the columns that they have, or both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from graphcorr.errors import RecordError
from graphcorr.model.records import Record
from graphcorr.sources.declared import value_of
from graphcorr.syntax.times import SECOND, ImpossibleTime, format_time, parse_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from graphcorr.sources.base import Context

    Row = dict[str, object]

MARK: Final = "graphcorr"
"""The field that says what a mapped row is."""
TIME: Final = "time"
COMPUTER: Final = "computer"
ANY: Final = "*"
"""In place of a value: any will do."""
UNITS: Final[Mapping[str, int]] = {"s": 0, "ms": 3, "us": 6, "ns": 9, "filetime": 7}
"""Digits behind the second; ``filetime`` counts from 1601."""

_SHOWN: Final = 8
_NUMBER: Final = re.compile(r"[+-]?(\d{1,19})(\.\d+)?\Z", re.ASCII)
_ZONED: Final = re.compile(r":\d\d(?:[.,]\d+)?\s*(?:Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)\Z", re.IGNORECASE | re.ASCII)
_FILETIME_EPOCH: Final = 11_644_473_600
"""Seconds from 1601 to 1970."""
_SECONDS: Final = len("2026-01-01T00:00:00")


@dataclass(frozen=True, slots=True)
class Clock:
    """How a product writes its times: one that states no zone is refused where none is given here."""

    column: str
    zone: tzinfo | None = None
    unit: str | None = None
    """Of :data:`UNITS`, where it is a number."""
    format: str | None = None
    """As of :meth:`datetime.datetime.strptime`, where it is neither a number nor written in one of the usual ways."""

    def read(self, row: Row) -> str:
        """The time as text that needs no more knowledge; ``RecordError`` where it cannot be told."""
        value = value_of(row, self.column)
        if value is None or isinstance(value, bool) or not isinstance(value, str | int | float):
            raise RecordError(f"{self.column} is missing or no time")
        text = str(value).strip()
        number = _NUMBER.match(text) if self.format is None else None
        if number is not None:
            return self._read_number(text, number)
        if self.format is not None:
            return self._read_formatted(text)
        return text if _ZONED.search(text) else self._read_local(text, _parse(text, self.column))

    def _read_number(self, text: str, number: re.Match[str]) -> str:
        if self.unit is None:
            raise RecordError(f"{self.column} {text!r} is a number, and the mapping states no unit")
        digits = UNITS[self.unit]
        if digits == 0:
            return text
        if text.startswith("-"):
            raise RecordError(f"{self.column} {text!r} is before 1970")
        whole, fraction = divmod(int(number[1]), 10**digits)
        return f"{whole - (_FILETIME_EPOCH if self.unit == 'filetime' else 0)}.{fraction:0{digits}d}"

    def _read_formatted(self, text: str) -> str:
        given = self.format or ""
        try:
            moment = datetime.strptime(text, given)  # noqa: DTZ007  the zone is the text's, or the mapping's
        except ValueError:
            raise RecordError(f"{self.column} {text[:60]!r} is not written as {given}") from None
        precise = "microseconds" if "%f" in given else "seconds"
        if moment.tzinfo is not None:
            return moment.isoformat(timespec=precise)
        return self._read_local(text, _parse(moment.isoformat(timespec=precise), self.column))

    def _read_local(self, text: str, found: tuple[int, int]) -> str:
        if self.zone is None:
            raise RecordError(f"{self.column} {text[:60]!r} states no zone, and the mapping gives none")
        moment, precision = found
        wall = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment)
        first, second = (self.zone.utcoffset(wall.replace(tzinfo=None, fold=fold)) for fold in (0, 1))
        if first is None or first != second:
            raise RecordError(f"{self.column} {text[:60]!r}: the clocks of {self.zone} showed it twice or never")
        digits = len(str(SECOND // precision)) - 1
        written = format_time(moment - first // timedelta(microseconds=1))
        return f"{written[: _SECONDS + bool(digits) + digits]}Z"


@dataclass(frozen=True, slots=True)
class Rule:
    """What rows with these values are. ``event`` is None for those that tell nothing."""

    when: Mapping[str, frozenset[str]]
    """Column → the values of which a row has one."""
    event: str | None
    log: str
    columns: Mapping[str, str]
    """Field → the column that it stands in."""
    constants: Mapping[str, object]
    """Field → what it is in every row."""
    seen_by_sensor: bool = False
    """A monitor tells of others: ``computer`` is the monitor, and no machine that speaks of itself."""

    def fits(self, row: Row) -> bool:
        return all(_has(value_of(row, column), values) for column, values in self.when.items())


@dataclass(frozen=True, slots=True)
class RowMapping:
    """A mapping: of which rows it is, and what each of them says."""

    name: str
    """Its file, as it was named."""
    digest: str
    """Of its text: another one reads otherwise."""
    files: tuple[str, ...]
    """Patterns of file names, case-folded; none for files of any name."""
    having: frozenset[str]
    """Columns that each of its rows has."""
    clock: Clock
    rules: tuple[Rule, ...]
    named: Mapping[str, str]
    """Each column that it names → the key that does."""

    def is_for(self, name: str) -> bool:
        """Whether a file of that name may have rows of it."""
        return not self.files or any(fnmatchcase(name.casefold(), pattern) for pattern in self.files)

    def lacks(self, columns: Sequence[str]) -> str | None:
        """What of a table's columns it names and is not there, in words; None where all are."""
        missing = next((column for column in self.named if column not in columns), None)
        if missing is None:
            return None
        there = [column for column in columns if column]
        more = f" and {len(there) - _SHOWN} more" if len(there) > _SHOWN else ""
        return f"{self.name}: {self.named[missing]}: the table has no column {missing}; it has {', '.join(there[:_SHOWN])}{more}"

    def read(self, row: Row, raw: bytes, number: int, context: Context) -> Record | None:
        """The record of a row, None when nobody wants it; ``RecordError`` where no rule or more than one says what it is."""
        fitting = [place for place, rule in enumerate(self.rules, 1) if rule.fits(row)]
        if len(fitting) != 1:
            raise RecordError(self._say_unclear(row, fitting))
        rule = self.rules[fitting[0] - 1]
        if rule.event is None or rule.log not in context.wanted.asked:
            return None
        fields = {field: value for field, column in rule.columns.items() if (value := value_of(row, column)) is not None}
        fields.update(rule.constants)
        computer = as_text(fields.pop(COMPUTER, None))
        if computer is None and not rule.seen_by_sensor:
            raise RecordError(f"{self.name}: {COMPUTER} is missing: {rule.columns.get(COMPUTER)} is empty")
        return Record(
            log=rule.log,
            number=number,
            raw=raw,
            fields=fields,
            computer=None if rule.seen_by_sensor else computer,
            collector=computer if rule.seen_by_sensor else None,
            created=self.clock.read(row),
        )

    def _say_unclear(self, row: Row, fitting: Sequence[int]) -> str:
        if fitting:
            return f"{self.name}: the events {' and '.join(map(str, fitting))} both fit"
        columns = dict.fromkeys(column for rule in self.rules for column in rule.when)
        said = ", ".join(f"{column} {(as_text(value_of(row, column)) or 'missing')[:60]}" for column in columns)
        return f"{self.name}: no event fits: {said}"


def choose_mapping(row: Row | AbstractSet[str], mappings: Iterable[RowMapping]) -> RowMapping | None:
    """The mapping of a row or of a table with such columns, None where none is for it; ``RecordError`` where several are."""
    found = [one for one in mappings if all(_names(row, name) for name in one.having)]
    if len(found) > 1:
        raise RecordError(f"the mappings {' and '.join(one.name for one in found)} are both for it")
    return found[0] if found else None


def _names(row: Row | AbstractSet[str], column: str) -> bool:
    return column in row or (isinstance(row, dict) and value_of(row, column) is not None)


def _parse(text: str, column: str) -> tuple[int, int]:
    try:
        found = parse_time(text)
    except ImpossibleTime as error:
        raise RecordError(f"{column}: {error}") from None
    if found is None:
        raise RecordError(f"{column} {text[:60]!r} is no time that is known; state its format")
    return found


def _has(value: object, values: frozenset[str]) -> bool:
    text = as_text(value)
    return text is not None and (text in values or ANY in values)


def as_text(value: object) -> str | None:
    """A value as it is compared: text, a number in digits, ``true`` or ``false``."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) and value != "" else None
