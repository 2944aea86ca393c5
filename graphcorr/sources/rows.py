"""One JSON object of a log: which shape it has, and the record that the shape makes of it."""

from __future__ import annotations

import importlib
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, TypeGuard

from graphcorr.errors import RecordError
from graphcorr.sources.base import NO_SHAPE
from graphcorr.sources.declared import value_of
from graphcorr.sources.formats import load_members
from graphcorr.sources.json_text import decode_json
from graphcorr.sources.mapping import choose_mapping
from graphcorr.sources.nesting import nest, single
from graphcorr.sources.windows import parse_event_xml, read_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphcorr.model.records import Record
    from graphcorr.sources.base import Context
    from graphcorr.sources.declared import DeclaredShape
    from graphcorr.sources.shapes.base import Row, Shape

_WRAPPERS: Final = ("_source", "result", "json", "zeek", "event", "fields", "properties")
"""Elasticsearch dumps, Splunk exports and collectors, Filebeat and Azure's streams put the event one level down."""
_SHIPPED: Final = ("message", "event.original", "event")
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
    # What a person says of a file stands before what its rows look like.
    if context.mappings and (mapping := choose_mapping(row, context.mappings)) is not None:
        return mapping.read(row, raw, number, context)
    found = _find(row, context)
    if found is None:
        return _read_shipped(row, raw, number, context)
    shape, inner = found
    return shape.read(inner, raw, number, context)


def _find(row: Row, context: Context) -> tuple[Shape, Row] | None:
    """The shape of the event, and the object that has it: the row, what a wrapper holds, or one of these with its keys nested."""
    declared = context.wanted.declared
    shape = find_shape(row, declared)
    if shape is not None:
        return shape, row
    inner = [single(value) for wrapper in _WRAPPERS if isinstance(value := row.get(wrapper), dict)]
    for value in inner:
        if (shape := find_shape(value, declared)) is not None:
            return shape, value
    if len(row) == 1:
        # Zeek's Kafka plugin names the log around its row.
        ((log, value),) = row.items()
        if isinstance(value, dict) and (shape := find_shape(value, declared)) is not None:
            return shape, {"_path": log, **value}
    for value in (row, *inner):
        if any("." in key for key in value) and (shape := find_shape(whole := nest(value), declared)) is not None:
            return shape, whole
    return None


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
    document = source if isinstance(source, dict) else row
    for text in (value_of(document, field) for field in _SHIPPED):
        if isinstance(text, str) and text.startswith("<Event"):
            return read_text(text, raw, number, context)
        if isinstance(text, str) and text.startswith("{"):
            try:
                value = decode_json(text.encode("utf-8", "replace"))
            except RecordError:
                value = None  # nearly everything that is shipped has a message
            if isinstance(value, dict):
                return read_row(_named(value, document, context), raw, number, context)
    strange = next((found for shape in context.wanted.declared if (found := shape.misses(row)) is not None), None)
    raise RecordError(NO_SHAPE if strange is None else f"{NO_SHAPE}: no log type reads {strange}")


def _named(line: Row, document: Row, context: Context) -> Row:
    """A shipped line, with the name of its log where only the name of its file has it."""
    file = value_of(document, "log.file.path")
    name = file.replace("\\", "/").rpartition("/")[2].partition(".")[0] if isinstance(file, str) else ""
    return {"_path": name, **line} if context.wanted.zeek_log(name) is not None else line


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
