"""Pages of a list, and the cursor by which the next one is asked for: it belongs to one generation and one question."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Annotated, Final, Generic, TypeVar

import msgspec
from msgspec import Meta

from graphcorr.errors import GoneError, UsageError

MOST: Final = 500
"""Most entries of one page."""
_LONGEST: Final = 2048

Item = TypeVar("Item")

Limit = Annotated[int, Meta(ge=1, le=MOST, description="Most entries of the page.")]
CursorText = Annotated[str, Meta(max_length=_LONGEST, description="`next` of the page before.")]


class Page(msgspec.Struct, Generic[Item], frozen=True):
    """A part of a list. ``next`` is None on the last one."""

    generation: str
    """What these were found in; the cursor is worth nothing in another one."""
    total: int
    """Entries of all pages."""
    items: list[Item]
    next: str | None


class Place(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """What a cursor holds."""

    generation: str
    question: str
    key: list[int | str]


def digest(question: msgspec.Struct) -> str:
    """What tells one question from another, wherever on its pages one is."""
    asked = {name: value for name, value in msgspec.structs.asdict(question).items() if name not in {"cursor", "limit"}}
    return hashlib.sha256(msgspec.json.encode([type(question).__name__, asked])).hexdigest()[:16]


def write_cursor(generation: str, question: msgspec.Struct, key: tuple[int | str, ...]) -> str:
    packed = msgspec.msgpack.encode(Place(generation, digest(question), list(key)))
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_cursor(cursor: str | None, generation: str, question: msgspec.Struct, shape: tuple[type, ...]) -> tuple[int | str, ...] | None:
    """The key behind which to go on. ``UsageError`` for what is no cursor of this question, ``GoneError`` for one of another generation."""
    if cursor is None:
        return None
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        place = msgspec.msgpack.decode(packed, type=Place)
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise UsageError("the cursor is none of this server") from error
    if place.generation != generation:
        raise GoneError("the cursor belongs to what was found before; ask for the first page again")
    if place.question != digest(question) or tuple(map(type, place.key)) != shape or any(_too_large(each) for each in place.key):
        raise UsageError("the cursor belongs to another list, filter or order")
    return tuple(place.key)


def _too_large(value: int | str) -> bool:
    return isinstance(value, int) and not -(1 << 63) <= value < 1 << 63
