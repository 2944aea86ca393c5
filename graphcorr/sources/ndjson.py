"""JSON lines: one object a line, each line told by its own shape, so that mixed files are read as well."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.errors import RecordError
from graphcorr.sources.base import BATCH_SIZE, Batch, Context, Stream, Wanted
from graphcorr.sources.code_pages import as_utf8
from graphcorr.sources.json_text import ENVELOPE, RESPONSE, decode_json, decoder_of
from graphcorr.sources.lines import count_lines, line_starts
from graphcorr.sources.rows import read_row
from graphcorr.sources.shapes.flat import SHAPE as FLAT
from graphcorr.sources.streams import LINE_LIMIT, read_blocks
from graphcorr.sources.tables import find_header
from graphcorr.sources.windows import to_integer
from graphcorr.sources.xml import RECORD_LINE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from graphcorr.model.records import Record
    from graphcorr.sources.shapes.base import Row

TOO_LONG: Final = f"the line is longer than {LINE_LIMIT >> 20} MiB"
_BLOCKS_PER_BATCH: Final = 16
"""A mebibyte: records that are kept longer leave the processor's cache."""
_NEWLINES: Final = re.compile(rb"\n+")
"""A file may hold hundreds of megabytes of nothing else."""


class _Winlog(msgspec.Struct, gc=False):
    event_id: int | str | None = None


class _System(msgspec.Struct, gc=False):
    EventID: int | str | None = None


class _Event(msgspec.Struct, gc=False):
    System: _System | None = None


class Head(msgspec.Struct, gc=False):
    """The keys that settle a line with a top-level ``EventID``, which is most of what there is to read.

    A typed decode that walks the whole line but builds only these costs no more than searching it for ``"EventID":``,
    and it needs no argument about strings, escapes, nesting or duplicate keys: it is the JSON grammar at work.
    It does not check the text of strings that it passes over, so it never accepts a line, it only dismisses some.
    """

    EventID: int | str | None = None
    raw: str | None = msgspec.field(name="_raw", default=None)
    rule: str | None = msgspec.field(name="RuleTitle", default=None)
    """Of a tool that says something about the event: the line is none."""


class WideHead(Head, gc=False):
    """The keys that settle any line. Each costs a comparison with every key of the line, hence the short form."""

    winlog: _Winlog | None = None
    Event: _Event | None = None
    event_id: int | str | None = None
    Id: int | str | None = None
    path: str | None = msgspec.field(name="_path", default=None)
    stream: str | None = msgspec.field(name="@stream", default=None)


def is_unwanted(head: Head, wanted: Wanted) -> bool:
    """Whether no shape can make a wanted record of the line. False whenever that is not certain.

    A top-level ``EventID`` settles it, because no shape but the flat one takes such a line (and Splunk's, which
    ``_raw`` tells). Otherwise certain is a line in which exactly one key names the event, and one that nobody wants.
    """
    if head.raw is not None or head.rule is not None:
        return False
    if head.EventID is not None:
        event_id = to_integer(head.EventID)
        return event_id is not None and event_id not in wanted.event_ids
    if not isinstance(head, WideHead):
        return False
    found: list[object] = [
        value for value in (head.winlog, head.Event, head.event_id, head.Id, head.path, head.stream) if value is not None
    ]
    if len(found) != 1:
        return False
    if isinstance(head.path or head.stream, str):
        return wanted.zeek_log(head.path or head.stream or "") is None
    event_id = None
    if head.winlog is not None:
        event_id = to_integer(head.winlog.event_id)
    elif head.Event is not None and head.Event.System is not None:
        event_id = to_integer(head.Event.System.EventID)
    return event_id is not None and event_id not in wanted.event_ids


class NdjsonFormat:
    """Any file whose lines are JSON objects; record numbers count the non-empty lines."""

    name = "ndjson"
    is_binary = False

    def recognizes(self, head: bytes) -> bool:
        text = head.lstrip(b" \t\r\n\0")
        if text[:1] in (b"[", b"<", b"#") or RECORD_LINE.match(text) or RESPONSE.match(text) or ENVELOPE.match(text):
            return False
        if b"\n" not in text:
            return text.startswith(b"{")
        lines = [line.strip(b" \t\r\0") for line in text.split(b"\n") if b"{" in line]
        if not any(_is_object(line) for line in lines if line.startswith(b"{") and line.endswith(b"}")):
            return False
        # A cell of a table may hold a line that is an object.
        return find_header(head) is None

    def divide(self, file: BinaryIO, size: int, count: int) -> list[int]:
        return line_starts(file, size, count)

    def resume(self, before: Stream, stream: Stream, context: Context) -> Iterator[Batch]:
        return self._read(stream, context, sum(map(count_lines, read_blocks(before))))

    def read(self, stream: Stream, context: Context) -> Iterator[Batch]:
        return self._read(stream, context, 0)

    def _read(self, stream: Stream, context: Context, number: int) -> Iterator[Batch]:
        lines = _Lines(context, number)
        for turn, block in enumerate(read_blocks(stream), 1):
            lines.take(block)
            while len(lines.records) >= BATCH_SIZE or turn % _BLOCKS_PER_BATCH == 0:
                context.records = lines.number - number
                yield lines.records[:BATCH_SIZE]
                del lines.records[:BATCH_SIZE]
                if not lines.records:
                    break
        context.records = lines.number - number
        yield lines.records


class _Lines:
    """The records of blocks of lines; ``number`` is that of the last non-empty line."""

    def __init__(self, context: Context, number: int) -> None:
        self.records: Batch = []
        self.number = number
        self._context = context
        self._narrow: Callable[[memoryview], Head] = msgspec.json.Decoder(Head).decode
        self._wide: Callable[[memoryview], Head] = msgspec.json.Decoder(WideHead).decode
        self._decode: Callable[[memoryview], Head] = self._narrow
        self._is_mapped = bool(context.mappings)
        self._row_decoders = {event_id: decoder_of(names | FLAT.header) for event_id, names in context.wanted.names.items()}

    def take(self, block: bytes | None) -> None:
        """Read a block of whole lines; None is a line that was too long."""
        if block is None:
            self.number += 1
            self._context.skip(self.number, TOO_LONG)
            return
        narrow, event_ids = self._narrow, self._context.wanted.event_ids
        decode = self._decode
        # Slices of a memoryview: most lines are dismissed and never copied.
        view, find = memoryview(block), block.find
        start, length, number = 0, len(block), self.number
        while start < length:
            end = find(b"\n", start)
            if end < 0:
                end = length
            if start == end:
                newlines = _NEWLINES.match(block, start)
                start = newlines.end() if newlines is not None else start + 1
                continue
            line = view[start:end]
            start = end + 1
            try:
                head = decode(line)
                if head.EventID is None and decode is narrow:
                    decode = self._wide
                    head = decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                if bytes(line).strip():
                    number += 1
                    self._keep(line, number)
                continue
            number += 1
            event_id = head.EventID
            if self._is_mapped:
                self._keep(line, number)
            elif event_id.__class__ is int and head.raw is None and head.rule is None:
                decode = narrow
                if event_id in event_ids:
                    self._keep(line, number, event_id)
            elif not is_unwanted(head, self._context.wanted):
                self._keep(line, number)
        self.number, self._decode = number, decode

    def _keep(self, line: memoryview, number: int, event_id: int | None = None) -> None:
        decoder = self._row_decoders.get(event_id) if event_id is not None else None
        try:
            raw = as_utf8(bytes(line).rstrip(b"\r"), self._context)
            record = self._read_any(raw, number) if decoder is None else self._read_flat(decoder, raw, number)
        except RecordError as error:
            self._context.skip(number, error.reason)
            return
        if record is not None:
            self.records.append(record)

    def _read_any(self, raw: bytes, number: int) -> Record | None:
        return read_row(decode_json(raw), raw, number, self._context)

    def _read_flat(self, decoder: Callable[[bytes], Row], raw: bytes, number: int) -> Record | None:
        """Of a flat record only the keys that somebody reads are decoded, half the work of decoding it whole.

        Its shape need not be looked for: a top-level ``EventID`` without ``_raw`` is what no other shape claims.
        """
        try:
            row = decoder(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            # What is wrong is for the full decoder to say, or to mend.
            return self._read_any(raw, number)
        return FLAT.read(row, raw, number, self._context)


def _is_object(line: bytes) -> bool:
    try:
        return bool(decode_json(line))
    except RecordError:
        return False


FORMAT = NdjsonFormat()
