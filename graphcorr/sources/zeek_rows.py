"""One row of a Zeek text log, read by what the ``#`` lines before it say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graphcorr.errors import RecordError
from graphcorr.model.records import Record
from graphcorr.sources.shapes.zeek import tell_path
from graphcorr.sources.zeek_names import is_connection, own_names
from graphcorr.sources.zeek_text import unescape

if TYPE_CHECKING:
    from graphcorr.sources.base import Context

_TIME: Final = re.compile(r"-?\d{1,12}(?:\.\d+)?(?:[eE][+-]?\d{1,2})?")
_DATE: Final = re.compile(r"\d{4}[-/]\d\d[-/]\d\d[Tt ]")
"""How ``zeek-cut -d`` writes times; whether it is one is for whoever reads times."""
_LISTS: Final = ("set[", "vector[", "table[")


@dataclass(slots=True)
class Header:
    """What the ``#`` lines have said so far."""

    separator: str = "\t"
    set_separator: str = ","
    empty_field: str = "(empty)"
    unset_field: str = "-"
    path: str | None = None
    fields: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    """Columns that are sets or vectors."""
    log: str | None = None
    ready: bool = False

    def take(self, line: str, context: Context) -> None:
        name, _, value = line[1:].partition(self.separator if not line.startswith("#separator") else " ")
        value = value.rstrip("\r")
        if not value and " " in name:
            name, _, value = name.partition(" ")  # masked lines (#open XXXX) and hand-made ones
        match name:
            case "separator":
                self.separator = unescape(value.strip()) or "\t"
                self.ready, self.fields, self.path = False, (), None
            case "set_separator":
                self.set_separator = unescape(value) or ","
            case "empty_field":
                self.empty_field = unescape(value)
            case "unset_field":
                self.unset_field = unescape(value)
            case "path":
                self.path = value
            case "fields":
                self.fields = own_names(tuple(value.split(self.separator)))
                self.lists = ()
                self.ready = True
            case "types":
                kinds = value.split(self.separator)
                self.lists = tuple(name for name, kind in zip(self.fields, kinds, strict=False) if kind.startswith(_LISTS))
            case _:
                return
        path = self.path or (self._tell_path(context) if self.ready else None)
        self.log = context.wanted.zeek_log(path) if path else None

    @property
    def is_unwanted(self) -> bool:
        """Nobody reads the rows under it."""
        return self.log is None and self.ready and (bool(self.path) or not is_connection(self.fields))

    def _tell_path(self, context: Context) -> str | None:
        """What ``zeek-cut -C`` and hand-made files leave out; None where the columns do not tell it."""
        try:
            return tell_path(dict.fromkeys(self.fields), context.name, context.wanted)
        except RecordError:
            return None


def read_line(line: bytes, number: int, header: Header) -> Record:
    """The record of one row, in UTF-8: set columns only, as text, sets and vectors as lists of text."""
    if not header.ready or header.log is None:
        raise RecordError("a row before the #path and #fields lines that describe it")
    raw = line.rstrip(b"\r")
    text = raw.decode()
    values = text.split(header.separator)
    if len(values) != len(header.fields):
        raise RecordError(f"{len(values)} columns where #fields names {len(header.fields)}")
    unset = header.unset_field
    fields: dict[str, object] = {name: value for name, value in zip(header.fields, values, strict=True) if value != unset}
    created = fields.get("ts")
    if not isinstance(created, str):
        raise RecordError("the row has no time")
    if not _TIME.fullmatch(created) and not _DATE.match(created):
        masked = created.strip("X.") == ""
        raise RecordError(f"the time is {'masked' if masked else 'not a number'}: {created[:40]}")
    escaped = "\\" in text
    empty = header.empty_field in text
    for name in header.lists:
        value = fields.get(name)
        if isinstance(value, str):
            fields[name] = split_set(value, header)
    if empty:
        # An empty string says as little as an unset one.
        fields = {name: value for name, value in fields.items() if value != header.empty_field}
    if escaped:
        for name, value in fields.items():
            if isinstance(value, str) and "\\" in value:
                fields[name] = unescape(value)
    return Record(log=header.log, number=number, raw=raw, fields=fields, created=created)


def split_set(value: str, header: Header) -> list[str]:
    """The elements of a set or vector."""
    parts = value.split(header.set_separator) if value != header.empty_field else []
    return [unescape(part) for part in parts if part != header.unset_field]
