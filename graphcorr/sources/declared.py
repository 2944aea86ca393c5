"""JSON records of any product, told and read as their log type declares it: such a log needs no code here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graphcorr.errors import RecordError
from graphcorr.model.records import Record
from graphcorr.sources.nesting import find, flat
from graphcorr.sources.windows import to_integer, to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphcorr.sources.base import Context

    Row = dict[str, object]
    Told = Callable[[Row], bool]

Mark = str | frozenset[str] | None
"""The text or whole number of a field in every record of a log, texts of which each has one, or None where any value will do."""

_OTHERS: Final = ("EventID", "winlog", "Event", "_raw", "_path", "@stream")
"""Keys that settle what a row is before anybody asks further: no declared record has one of them, unless it is a mark of it."""


@dataclass(frozen=True, slots=True)
class DeclaredShape:
    """Records of one log type; fulfills ``Shape``. Fields of nested objects have dots in their names, as ``flow.start``."""

    name: str
    """Of the log type."""
    marks: Mapping[str, Mark]
    """Field → what every such record has there."""
    time: str
    """The field of the event's own time, in UTC or with its offset."""
    computer: str | None
    """The field that names the machine that speaks; None for a monitor, which has none."""
    collector: str | None
    holds: Told | None = None
    """What else tells its records from others of the same marks."""

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(mark.partition(".")[0] for mark in self.marks)

    def claims(self, row: Row) -> bool:
        # Every row is shown to every shape, and the first mark tells most of them that it is not theirs.
        for field, mark in self.marks.items():
            if not _is_marked(value_of(row, field), mark):
                return False
        others = (key for key in _OTHERS if key not in self.marks)
        return all(row.get(key) is None for key in others) and (self.holds is None or self.holds(row))

    def read(self, row: Row, raw: bytes, number: int, context: Context) -> Record | None:
        if self.name not in context.wanted.asked:
            return None
        created = value_of(row, self.time)
        if isinstance(created, bool) or not isinstance(created, int | float | str):
            raise RecordError(f"{self.time} is missing or no time")
        return Record(
            log=self.name,
            number=number,
            raw=raw,
            fields=dict(flat(row)),
            computer=None if self.computer is None else to_text(value_of(row, self.computer)),
            collector=None if self.collector is None else to_text(value_of(row, self.collector)),
            created=created if isinstance(created, str) else float(created),
        )

    def misses(self, row: Row) -> str | None:
        """What tells this row from one of its own, as ``event_type smb``, where it is of the same product."""
        for field, mark in self.marks.items():
            value = value_of(row, field)
            if mark is not None and isinstance(value, str | int) and not _is_marked(value, mark):
                return f"{field} {str(value)[:60]}"
        return None


def value_of(row: Row, field: str) -> object:
    """The value of a field, nested or with its dots in the key; of several with ``|`` between them that of the first with one."""
    if "|" in field:
        return next((value for one in field.split("|") if (value := value_of(row, one)) is not None), None)
    value = row.get(field)
    return value if value is not None or "." not in field else find(row, field)


def _is_marked(value: object, mark: Mark) -> bool:
    if mark is None or value is None:
        return value is not None
    number = to_integer(value)  # 1001.0, too, as tools for tables write it
    text = value if number is None else str(number)
    return text == mark if isinstance(mark, str) else isinstance(text, str) and text in mark
