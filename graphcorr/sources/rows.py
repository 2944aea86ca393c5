"""One JSON object of a log: which shape it has, and the record that the shape makes of it."""

from __future__ import annotations

import importlib
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, TypeGuard

from graphcorr.errors import RecordError
from graphcorr.sources.base import NO_SHAPE
from graphcorr.sources.formats import load_members
from graphcorr.sources.json_text import decode_json
from graphcorr.sources.windows import parse_event_xml, read_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphcorr.model.records import Record
    from graphcorr.sources.base import Context
    from graphcorr.sources.declared import DeclaredShape
    from graphcorr.sources.shapes.base import Row, Shape

_WRAPPERS: Final = ("_source", "result")
"""Elasticsearch dumps and Splunk exports put the event one level down."""
_SHIPPED: Final = "message"
"""Filebeat and Logstash put the line of the log that they ship there, as text."""


@cache
def load_shapes() -> tuple[Shape, ...]:
    package = importlib.import_module("graphcorr.sources.shapes")
    return tuple(member for member in load_members(package, "SHAPE") if _is_shape(member))


def _is_shape(member: object) -> TypeGuard[Shape]:
    if not callable(getattr(member, "claims", None)) or not callable(getattr(member, "read", None)):
        raise TypeError(f"{member!r} is no shape: it needs claims() and read()")
    return True


def read_row(row: object, raw: bytes, number: int, context: Context) -> Record | None:
    """The record of one JSON value, None when nobody wants it; ``RecordError`` when no shape, or more than one, claims it."""
    if not isinstance(row, dict):
        raise RecordError(f"{NO_SHAPE}: not a JSON object")
    declared = context.wanted.declared
    shape = find_shape(row, declared)
    if shape is None:
        for wrapper in _WRAPPERS:
            inner = row.get(wrapper)
            if isinstance(inner, dict) and (shape := find_shape(inner, declared)) is not None:
                row = inner
                break
        else:
            return _read_shipped(row, raw, number, context)
    return shape.read(row, raw, number, context)


def read_text(text: str, raw: bytes, number: int, context: Context) -> Record | None:
    """The record of one event that stands in another one as text, in XML or JSON; ``RecordError`` when it is neither."""
    encoded = text.strip().encode("utf-8", "replace")
    if encoded.startswith(b"<Event"):
        return read_event(parse_event_xml(encoded), raw, number, context.wanted)
    if encoded.startswith(b"{"):
        return read_row(decode_json(encoded), raw, number, context)
    raise RecordError("the text is no event in XML or JSON")


def _read_shipped(row: Row, raw: bytes, number: int, context: Context) -> Record | None:
    source = row.get("_source")
    text = (source if isinstance(source, dict) else row).get(_SHIPPED)
    if isinstance(text, str) and text.startswith("<Event"):
        return read_text(text, raw, number, context)
    if isinstance(text, str) and text.startswith("{"):
        try:
            value = decode_json(text.encode("utf-8", "replace"))
        except RecordError:
            value = None  # nearly everything that is shipped has a message
        if isinstance(value, dict):
            return read_row(value, raw, number, context)
    strange = next((found for shape in context.wanted.declared if (found := shape.misses(row)) is not None), None)
    raise RecordError(NO_SHAPE if strange is None else f"{NO_SHAPE}: no log type reads {strange}")


@cache
def all_keys() -> frozenset[str]:
    return frozenset().union(*(shape.keys for shape in load_shapes()))


@lru_cache(maxsize=1024)
def candidates(keys: frozenset[str]) -> tuple[Shape, ...]:
    return tuple(shape for shape in load_shapes() if shape.keys & keys)


def find_shape(row: Row, declared: Sequence[DeclaredShape] = ()) -> Shape | None:
    """The one shape that claims the object: of the ``declared`` ones, whose marks say what it is, else of those of the collectors."""
    return _claiming(row, declared) or _claiming(row, candidates(frozenset(all_keys() & row.keys())))


def _claiming(row: Row, shapes: Iterable[Shape]) -> Shape | None:
    found: Shape | None = None
    for shape in shapes:
        if shape.claims(row):
            if found is not None:
                raise RecordError(f"shape not clear: {found.name} or {shape.name}")
            found = shape
    return found
