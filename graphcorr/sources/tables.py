"""How a table in text begins: which character parts its cells, and what its columns are called."""

from __future__ import annotations

import csv
import re
from typing import Final, NamedTuple

SEPARATORS: Final = (",", ";", "\t", "|")
ROW_LIMIT: Final = 4 * 1024 * 1024
"""Characters of the longest row that is read; a record of an event log has 64 KiB at most."""
_LEAST: Final = 3
"""Columns of a table: prose has a comma, too."""
_NAME: Final = re.compile(r"(?:[^\W\d]|[@(])[\w .\-\[\]()/@#%$]{0,63}\Z")
_STATED: Final = re.compile(r"sep=([,;\t|])\r?\Z", re.IGNORECASE)
"""A line for Excel before the names."""
_TYPE: Final = "#TYPE "
"""Windows PowerShell's ``Export-Csv`` begins with the class of what it writes."""
_ZONE: Final = re.compile(r"\s*\[UTC\]\Z", re.IGNORECASE)
"""Log Analytics puts the zone of its times behind the name of their column."""
_SAMPLE: Final = 20


class Header(NamedTuple):
    """The beginning of a table."""

    separator: str
    names: tuple[str, ...]
    """Of the columns, in order; empty for a column without one, and for one whose name stands before it."""
    lines: int
    """Lines up to the one with the names, it included; blank ones do not count."""


def find_header(head: bytes) -> Header | None:
    """The header of content that begins so, None where it is no table.

    Told by names in its first row, and by as many cells in most of the rows behind it.
    """
    text = head.decode("utf-8", "replace").lstrip("\ufeff \r\n\0")
    if text[:1] in ("{", "[", "<") or (text[:1] == "#" and not text.startswith(_TYPE)):
        return None
    cut = "\n" in text and not text.endswith("\n")
    lines = [line for line in text.split("\n", _SAMPLE + 1)[: _SAMPLE + 1] if line.strip()]
    skipped = 0
    separators: tuple[str, ...] = SEPARATORS
    while lines and (lines[0].startswith(_TYPE) or _STATED.match(lines[0])):
        stated = _STATED.match(lines.pop(0))
        separators = (stated[1],) if stated is not None else separators
        skipped += 1
    if not lines:
        return None
    found = [(names, separator) for separator in separators if (names := _names(lines[0], separator)) is not None]
    if not found:
        return None
    names, separator = max(found, key=lambda one: len(one[0]))
    return Header(separator, names, skipped + 1) if _fits(lines, separator, len(names), cut=cut) else None


def _names(line: str, separator: str) -> tuple[str, ...] | None:
    try:
        (cells,) = csv.reader([line.rstrip("\r")], delimiter=separator, strict=True)
    except (csv.Error, ValueError):
        return None
    named = [cell.strip() for cell in cells]
    while named and not named[-1]:
        named.pop()
    if len(named) < _LEAST or not all(_NAME.match(name) for name in named):
        return None
    plain = [_ZONE.sub("", name) for name in named]
    return tuple(name if plain.index(name) == place else "" for place, name in enumerate(plain))


def _fits(lines: list[str], separator: str, width: int, *, cut: bool) -> bool:
    """Whether most rows have as many cells as there are names. A table without rows does, too."""
    counts: list[int] = []
    try:
        counts.extend(len(row) for row in csv.reader([f"{line}\n" for line in lines[1:]], delimiter=separator, strict=True) if row)
    except csv.Error:  # a row that goes on beyond the sample
        return not counts or counts.count(width) * 2 >= len(counts)
    if cut and len(counts) > 1:
        counts.pop()
    return not counts or sum(count in (width, width + 1) for count in counts) * 2 >= len(counts)
