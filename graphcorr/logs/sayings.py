"""What a record says in one line, as a text with the names of its columns: no log type needs code for it.

``share {share} opened[ from {source_address}][ by {account}]``: what stands in brackets is left out where one of its names has no
value. ``{image or 'System'}`` is the first that has one, ``{access_mask:#x}`` a number in hexadecimal, and ``{account}`` the acting
account with its domain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PIECE: Final = re.compile(r"\[(?P<group>[^\[\]]*)\]|\{(?P<value>[^{}]*)\}|(?P<text>[^\[\]{}]+)|(?P<wrong>.)")
_ACCOUNT: Final = "account"
_OF_ACCOUNT: Final = ("user_domain", "user")
_HEXADECIMAL: Final = ":#x"
_LINES: Final = re.compile(r"\s*[\r\n]+\s*")


@dataclass(frozen=True, slots=True)
class _Value:
    """The first of ``names`` that has a value, else ``otherwise``."""

    names: tuple[str, ...]
    otherwise: str | None
    hexadecimal: bool

    def find(self, row: Mapping[str, Any]) -> object:
        for name in self.names:
            value = "\\".join(row[part] for part in _OF_ACCOUNT if row[part]) if name == _ACCOUNT else row[name]
            if value not in (None, ""):
                return value
        return self.otherwise

    def say(self, row: Mapping[str, Any]) -> str:
        value = self.find(row)
        return f"{value or 0:#x}" if self.hexadecimal else str(value)


@dataclass(frozen=True, slots=True)
class _Group:
    """What is said only where each of its values is there."""

    parts: tuple[str | _Value, ...]

    def say(self, row: Mapping[str, Any]) -> str:
        missing = any(part.find(row) is None for part in self.parts if isinstance(part, _Value))
        return "" if missing else _join(self.parts, row)


@dataclass(frozen=True, slots=True)
class Saying:
    """A text over the columns of an event; ValueError for one that cannot be read."""

    text: str
    columns: frozenset[str] = field(init=False)
    """The event columns that it asks for."""
    _parts: tuple[str | _Value | _Group, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        parts = tuple(_read(self.text))
        inner = [one for part in parts for one in (part.parts if isinstance(part, _Group) else (part,))]
        names = {name for value in inner if isinstance(value, _Value) for name in value.names}
        object.__setattr__(self, "_parts", parts)
        object.__setattr__(self, "columns", frozenset(names - {_ACCOUNT} | ({*_OF_ACCOUNT} if _ACCOUNT in names else set())))

    def say(self, row: Mapping[str, Any]) -> str:
        """The text for one event, in one line; what is asked for outside of brackets and has no value is ``None`` in it."""
        return _LINES.sub(" ", _join(self._parts, row))


def _join(parts: tuple[str | _Value | _Group, ...] | tuple[str | _Value, ...], row: Mapping[str, Any]) -> str:
    return "".join([part if isinstance(part, str) else part.say(row) for part in parts])


def _read(text: str) -> Iterator[str | _Value | _Group]:
    for piece in _PIECE.finditer(text):
        if piece["wrong"]:
            raise ValueError(f"{text!r} cannot be read at character {piece.start() + 1}")
        if piece["group"] is not None:
            yield _Group(tuple(part for part in _read(piece["group"]) if not isinstance(part, _Group)))
        elif piece["value"] is not None:
            yield _value(piece["value"])
        else:
            yield piece["text"]


def _value(text: str) -> _Value:
    names = text.removesuffix(_HEXADECIMAL).split(" or ")
    otherwise = names.pop().strip("'") if names[-1].startswith("'") else None
    return _Value(tuple(names), otherwise, text.endswith(_HEXADECIMAL))
