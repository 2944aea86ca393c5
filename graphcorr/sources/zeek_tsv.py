"""Zeek's own text logs: columns declared by ``#`` lines, which may change inside a file of concatenated logs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphcorr.errors import RecordError
from graphcorr.sources.base import BATCH_SIZE, Batch, Context, Stream
from graphcorr.sources.code_pages import as_utf8
from graphcorr.sources.lines import count_lines, line_starts
from graphcorr.sources.ndjson import TOO_LONG
from graphcorr.sources.streams import read_blocks
from graphcorr.sources.zeek_rows import Header, read_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from graphcorr.model.blocks import Block
    from graphcorr.model.records import Record

_GATHERED: Final = 1024 * 1024
"""Bytes of rows that are taken together: enough that a column costs by its values, few enough for the processor's cache."""
_HASHED: Final = re.compile(rb"^#[^\n]*", re.MULTILINE)
_HASH: Final = b"#"
_LATER: Final = b"\n#"


class ZeekTsvFormat:
    """Record numbers count the non-empty lines, the ``#`` lines included, so that they are line numbers."""

    name = "zeek_tsv"
    is_binary = False

    def recognizes(self, head: bytes) -> bool:
        for line in head.split(b"\n", 64)[:64]:
            if line.startswith((b"#separator", b"#fields\t")):
                return True
            if line.strip() and not line.startswith(b"#"):
                return False
        return False

    def divide(self, file: BinaryIO, size: int, count: int) -> list[int]:
        return line_starts(file, size, count)

    def resume(self, before: Stream, stream: Stream, context: Context) -> Iterator[Batch | Block]:
        header = Header()
        number = 0
        for block in read_blocks(before):
            number += count_lines(block)
            for line in _HASHED.findall(block) if block is not None else ():
                header.take(line.decode("utf-8", "backslashreplace"), context)
        return _Rows(context, header, number).read(stream)

    def read(self, stream: Stream, context: Context) -> Iterator[Batch | Block]:
        return _Rows(context, Header(), 0).read(stream)


class _Rows:
    """The rows of one log; ``number`` is that of the last line before what is read."""

    def __init__(self, context: Context, header: Header, number: int) -> None:
        self._context = context
        self._header = header
        self._number = number

    def read(self, stream: Stream) -> Iterator[Batch | Block]:
        for text in _gather(stream):
            if text is None:
                self._count(1)
                self._context.skip(self._number, TOO_LONG)
                continue
            place = 0
            # Looking for the two bytes costs a fraction of looking at every beginning of a line.
            for match in _HASHED.finditer(text) if text.startswith(_HASH) or _LATER in text else ():
                yield from self._take(text[place : match.start()])
                self._number += 1
                self._header.take(match[0].decode("utf-8", "backslashreplace"), self._context)
                place = match.end() + 1
            yield from self._take(text[place:])

    def _count(self, rows: int) -> None:
        self._number += rows
        self._context.records += rows

    def _take(self, text: bytes) -> Iterator[Batch | Block]:
        """The records of rows that stand under one header."""
        first = self._number + 1
        if self._header.is_unwanted:
            self._count(count_lines(text if text.endswith(b"\n") else text + b"\n"))
            return
        # Imported here, with numpy: most inputs are no columns.
        from graphcorr.sources.zeek_columns import read_rows

        lines = [line for line in text.split(b"\n") if line and not line.isspace()]
        self._count(len(lines))
        block, others = read_rows(lines, first, self._header, self._context.wanted)
        if block is not None:
            yield block
        batch: list[Record] = []
        for place in others:
            try:
                batch.append(read_line(as_utf8(lines[place], self._context), first + place, self._header))
            except RecordError as error:
                self._context.skip(first + place, error.reason)
            if len(batch) == BATCH_SIZE:
                yield batch
                batch = []
        yield batch


def _gather(stream: Stream) -> Iterator[bytes | None]:
    """Blocks of whole lines put together; None is a line that was too long."""
    gathered: list[bytes] = []
    size = 0
    for block in read_blocks(stream):
        if block is not None:
            gathered.append(block)
            size += len(block)
        if block is None or size >= _GATHERED:
            yield b"".join(gathered)
            gathered, size = [], 0
        if block is None:
            yield None
    yield b"".join(gathered)


FORMAT = ZeekTsvFormat()
