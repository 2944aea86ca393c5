"""A logged field as readers know it: its names, what is made of it, and what its value has to be able to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphcorr.logs.base import Fields
    from graphcorr.model.blocks import Column


@dataclass(frozen=True, slots=True)
class Fit:
    """What a field's value has to be able to be; where one cannot, its record is not read by these names."""

    kind: str
    """In words, as ``an account``."""
    may_be: Callable[..., bool]


@dataclass(frozen=True, slots=True)
class Field:
    """A ``Read`` of one field: the first of ``names`` that ``convert`` makes something of.

    It is open about its parts, so that a batch can convert each distinct text once: values repeat from record to record.
    """

    names: tuple[str, ...]
    convert: Callable[[object], object]
    fit: Fit | None = None
    by_column: Callable[[Column], Column | None] | None = None
    """What ``convert`` makes of each text of a column, None where that takes a look at each; for what rarely repeats."""

    def __call__(self, fields: Fields) -> object:
        for name in self.names:
            value = self.convert(fields.get(name))
            if value is not None:
                return value
        return None

    def misfit(self, fields: Fields) -> str | None:
        """Which of its fields has a value that it cannot have, and which; None where none has."""
        if self.fit is None:
            return None
        wrong = next((name for name in self.names if not self.fit.may_be(fields.get(name))), None)
        return None if wrong is None else say_misfit(wrong, fields[wrong], self.fit)


@dataclass(frozen=True, slots=True)
class Joint:
    """A ``Read`` of several fields at once: what ``combine`` makes of their values, each None where the record has none.

    As open about its parts as :class:`Field`, and for the same reason.
    """

    names: tuple[str, ...]
    combine: Callable[..., object]
    fit: Fit | None = None
    """Of all its fields together; the first is the one that it is about."""
    by_column: Callable[..., Column] | None = None
    """What ``combine`` makes of columns of texts, one for each name; for what rarely repeats, and without a ``fit``."""

    def __call__(self, fields: Fields) -> object:
        return self.combine(*map(fields.get, self.names))

    def misfit(self, fields: Fields) -> str | None:
        """As :meth:`Field.misfit`."""
        if self.fit is None or self.fit.may_be(*map(fields.get, self.names)):
            return None
        return say_misfit(self.names[0], fields.get(self.names[0]), self.fit)


@dataclass(frozen=True, slots=True)
class Whole:
    """A ``Read`` of fields that may be lists, or of some that tell which others are meant: each record is looked at."""

    names: tuple[str, ...]
    read: Callable[[Fields], object]

    def __call__(self, fields: Fields) -> object:
        return self.read(fields)


def misfit_of(read: Callable[[Fields], object], fields: Fields) -> str | None:
    """Why a record's fields do not fit the names that ``read`` knows them by, None where they do."""
    return read.misfit(fields) if isinstance(read, Field | Joint) else None


def say_misfit(name: str, value: object, fit: Fit) -> str:
    """Why a record is not read by the names of its fields."""
    return f"the fields do not fit their names: {name} {str(value)[:80]!r} is not {fit.kind}"
