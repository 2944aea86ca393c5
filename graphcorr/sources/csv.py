"""Tables in text, as EvtxECmd, spreadsheets and the consoles of security products export them: a row of names, then a row a record.

A row becomes the object that the same record is in JSON, with its cells as text, and is read by the same shapes: what its
columns mean is not known here. A cell without content is absent.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from typing import TYPE_CHECKING, Final

import orjson

from graphcorr.errors import RecordError
from graphcorr.sources.base import BATCH_SIZE, Batch, Context, Stream
from graphcorr.sources.code_pages import as_utf8
from graphcorr.sources.mapping import choose_mapping
from graphcorr.sources.ndjson import TOO_LONG
from graphcorr.sources.rows import all_keys, read_row
from graphcorr.sources.streams import read_blocks
from graphcorr.sources.tables import ROW_LIMIT, Header, find_header
from graphcorr.sources.windows import to_integer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.model.records import Record
    from graphcorr.sources.mapping import RowMapping

_OPEN: Final = f"a quotation mark is never closed, or the row is longer than {ROW_LIMIT >> 20} Mi characters"
_JOINED: Final = "a quotation mark that stands alone joins it with the rows behind it"
_SHOWN: Final = 8
"""Columns that are named of a table that nobody reads."""
_EVENT_IDS: Final = ("EventID", "EventId")
_RULE: Final = "RuleTitle"
"""Of a tool that says something about events: its rows are none."""


class CsvFormat:
    """Record numbers count the rows from 1, that of the names included, as a spreadsheet does; blank lines do not count."""

    name = "csv"
    is_binary = False

    def recognizes(self, head: bytes) -> bool:
        return find_header(head) is not None

    def read(self, stream: Stream, context: Context) -> Iterator[Batch]:
        lines = _Lines(stream, context)
        header = find_header("".join(lines.peek()).encode("utf-8", "replace"))
        if header is None:
            context.unread = "the row of column names is longer than is looked at"
            return
        for _ in range(header.lines):
            lines.skip()
        try:
            mapping = choose_mapping(frozenset(header.names), context.mappings)
        except RecordError as error:
            context.unread = error.reason
            return
        if mapping is not None and (lack := mapping.lacks(header.names)) is not None:
            context.unread = lack
            return
        if mapping is None and not _is_known(header, context):
            named = [name for name in header.names if name]
            more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
            context.unread = f"a table whose columns no log type reads: {', '.join(named[:_SHOWN])}{more}"
            return
        yield from _read_rows(lines, header, mapping, context)


def _is_known(header: Header, context: Context) -> bool:
    """Whether any log has such columns. Names with dots are those of nested objects."""
    keys = {name.partition(".")[0] for name in header.names if name}
    return not all_keys().isdisjoint(keys) or any(shape.keys <= keys for shape in context.wanted.declared)


def _read_rows(lines: _Lines, header: Header, mapping: RowMapping | None, context: Context) -> Iterator[Batch]:
    csv.field_size_limit(ROW_LIMIT)  # the module's own is the whole process's, and less than a record may have
    reader = csv.reader(lines, delimiter=header.separator, strict=True)
    width = len(header.names)
    is_event = mapping is None and _RULE not in header.names
    place = next((header.names.index(name) for name in _EVENT_IDS if name in header.names), None) if is_event else None
    wanted = context.wanted.event_ids
    batch: Batch = []
    number = header.lines
    while True:
        lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            break
        except (csv.Error, _OpenRowError) as error:
            number += 1
            context.skip(number, _explain(error, lines.first))
            lines.give_back()
            continue
        if not cells or (len(cells) == 1 and not cells[0].strip()):
            continue
        number += 1
        context.records = number - header.lines
        if len(cells) != width and (len(cells) < width or any(cells[width:])):
            context.skip(number, f"the row has {len(cells)} cells, and there are {width} columns")
            # A quotation mark that stands alone has joined what are several rows.
            lines.give_back()
            continue
        if lines.hold_row(width, header.separator):
            context.skip(number, _JOINED)
            lines.give_back()
            continue
        event_id = to_integer(cells[place]) if place is not None else None
        if event_id is None or event_id in wanted:
            try:
                record = _read_cells(header.names, cells, number, mapping, context)
            except RecordError as error:
                context.skip(number, error.reason)
                record = None
            if record is not None:
                batch.append(record)
        if len(batch) == BATCH_SIZE or number % BATCH_SIZE == 0:
            yield batch
            batch = []
    context.records = number - header.lines
    yield batch


def _read_cells(names: tuple[str, ...], cells: list[str], number: int, mapping: RowMapping | None, context: Context) -> Record | None:
    row: dict[str, object] = {name: cell for name, cell in zip(names, cells, strict=False) if name and cell}
    if not row:
        return None
    try:
        raw = orjson.dumps(row)
    except TypeError:  # half a character, from bytes that no encoding explains
        raise RecordError("the row holds bytes that are not UTF-8") from None
    return read_row(row, raw, number, context) if mapping is None else mapping.read(row, raw, number, context)


def _explain(error: Exception, first: str | None) -> str:
    if isinstance(error, _OpenRowError):
        return TOO_LONG if first is None else _OPEN
    said = str(error)
    if "unexpected end of data" in said:
        return "the row is cut off: a quotation mark is not closed"
    return f"not a row of a table: {said}"


class _OpenRowError(Exception):
    """A row has no end within bounds."""


class _Lines:
    """The lines of a text for the reader of rows; those of a row that turns out to be none are given again, but for its first.

    So a stray quotation mark costs the row in which it stands. Looking twice is all that it costs in time: until the next
    single mark, which ends what it opened, the lines hold pairs only, and those open nothing.
    """

    def __init__(self, stream: Stream, context: Context) -> None:
        self._source = _decode(stream, context)
        self._back: deque[str | None] = deque()
        self._taken: list[str | None] = []
        self._size = 0

    @property
    def first(self) -> str | None:
        """The first line of the row that is being read; None for one that is too long."""
        return self._taken[0] if self._taken else None

    def peek(self) -> list[str]:
        """The first lines, which are given again."""
        while len(self._back) < 64 and (line := next(self._source, "")) != "":
            self._back.append(line)
        return [line for line in self._back if line is not None]

    def skip(self) -> None:
        """Go behind the next line that is not blank."""
        while self._back and not (self._back.popleft() or "\0").strip():
            pass

    def begin(self) -> None:
        """A row begins with the next line."""
        self._taken.clear()
        self._size = 0

    def give_back(self) -> None:
        """All lines of the row again but for its first."""
        self._back.extendleft(reversed(self._taken[1:]))

    def hold_row(self, width: int, separator: str) -> bool:
        """Whether a line behind the row's first is a whole row by itself: two stray marks can make one of several, with as many cells."""
        for line in self._taken[1:]:
            if line is not None and line.count(separator) >= width - 1 > 1:
                try:
                    if len(next(csv.reader([line], delimiter=separator, strict=True))) == width:
                        return True
                except csv.Error:
                    pass
        return False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._source)
        self._taken.append(line)
        if line is None:
            raise _OpenRowError
        self._size += len(line)
        if self._size > ROW_LIMIT:
            raise _OpenRowError
        return line


def _decode(stream: Stream, context: Context) -> Iterator[str | None]:
    """The lines with their ends; None for one that is too long. Bytes of no encoding become lone surrogates."""
    for block in read_blocks(stream):
        if block is None:
            yield None
            continue
        try:
            text = block.decode()
        except UnicodeDecodeError:
            for line in io.BytesIO(block):
                try:
                    yield as_utf8(line, context).decode()
                except RecordError:
                    yield line.decode("utf-8", "surrogateescape")
        else:
            yield from io.StringIO(text, newline="\n")


FORMAT = CsvFormat()
