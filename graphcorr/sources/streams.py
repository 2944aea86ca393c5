"""The content of an input on its way to a format: counted, digested, looked ahead into, turned into UTF-8."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final

import xxhash

from graphcorr.errors import InputError
from graphcorr.sources.base import HEAD_SIZE, Stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.sources.compression import Source

LINE_LIMIT: Final = 64 * 1024 * 1024
"""Longest line that is read; a longer one is one explained skip and is never held in memory."""
CHUNK_SIZE: Final = 64 * 1024
"""Small enough that a chunk and its lines stay in the processor's cache, and that its memory is used again: beyond 128 KiB
the C library gives freed memory back to the system, and getting new pages costs more than reading the file."""

_LEAD: Final = codecs.BOM_UTF8[:1]
_MARKS: Final = re.compile(rb"^(?:%b)+" % codecs.BOM_UTF8, re.MULTILINE)


class Content:
    """Decompressed content: what was read, its digest, and the problem that ended it early, if one did.

    A broken source ends like a short one, so that every format gives what it has; ``problem`` says that it did.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._hash = xxhash.xxh3_128()
        self._ahead: list[bytes] = []
        self.bytes_read = 0
        self.problem: str | None = None

    @property
    def digest(self) -> str:
        """xxh3-128 of the content read so far, 32 hexadecimal digits."""
        return self._hash.hexdigest()

    def peek(self) -> bytes:
        """The first ``HEAD_SIZE`` bytes; ``read`` gives them again."""
        length = sum(map(len, self._ahead))
        while length < HEAD_SIZE and (data := self._pull(HEAD_SIZE - length)):
            self._ahead.append(data)
            length += len(data)
        head = b"".join(self._ahead)
        self._ahead = [head] if head else []
        return head

    def read(self, size: int) -> bytes:
        if self._ahead:
            head = self._ahead.pop(0)
            if len(head) > size:
                self._ahead.insert(0, head[size:])
                head = head[:size]
            return head
        return self._pull(size)

    def drain(self) -> None:
        """Read to the end, so that the digest is that of the whole content."""
        while self._pull(CHUNK_SIZE):
            pass

    def _pull(self, size: int) -> bytes:
        if self.problem is not None:
            return b""
        try:
            data = self._source.read(size)
        except InputError as error:
            self.problem = error.reason
        except OSError as error:
            self.problem = f"reading failed: {error.strerror or error}"
        else:
            self._hash.update(data)
            self.bytes_read += len(data)
            return data
        return b""


def detect_encoding(head: bytes) -> tuple[str | None, int]:
    """``(encoding, length of the byte order mark)``; the encoding is None for UTF-8 and for anything unknown.

    Without a mark, UTF-16 is told by the NUL in every other byte that ASCII punctuation leaves in any log, UTF-32 by three in four.
    """
    if head.startswith(codecs.BOM_UTF8):
        return None, 3
    if head.startswith(codecs.BOM_UTF32_LE):  # begins as that of UTF-16 does
        return "utf-32-le", 4
    if head.startswith(codecs.BOM_UTF32_BE):
        return "utf-32-be", 4
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le", 2
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be", 2
    sample = head[:512]
    if len(sample) >= 4:
        even, odd = sample[0::2].count(0), sample[1::2].count(0)
        half = len(sample) // 2
        zeros = [sample[place::4].count(0) for place in range(4)]
        if min(zeros[1:]) > 0.4 * half and zeros[0] < 0.05 * half:
            return "utf-32-le", 0
        if min(zeros[:3]) > 0.4 * half and zeros[3] < 0.05 * half:
            return "utf-32-be", 0
        if odd > 0.8 * half and even < 0.1 * half:
            return "utf-16-le", 0
        if even > 0.8 * half and odd < 0.1 * half:
            return "utf-16-be", 0
    return None, 0


class Transcoded:
    """UTF-16 or UTF-32 content as UTF-8. Half a surrogate pair becomes U+FFFD; nothing else is replaced."""

    def __init__(self, source: Stream, encoding: str) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ended = False

    def read(self, size: int) -> bytes:
        while not self._ended:
            data = self._source.read(size)
            self._ended = not data
            text = self._decoder.decode(data, final=self._ended)
            if text:
                return text.encode("utf-8")
        return b""


def read_blocks(stream: Stream) -> Iterator[bytes | None]:
    """The text in blocks of whole lines, the last one perhaps without its newline.

    None stands for a line longer than ``LINE_LIMIT``, which is dropped while it is read. Only its length decides, never where
    the chunks end: parts of a file and its compressed copy have to give the same lines. A byte order mark before a line is no
    part of it.
    """
    pieces: list[bytes] = []
    length = 0
    while chunk := stream.read(CHUNK_SIZE):
        cut = chunk.rfind(b"\n") + 1
        if cut:
            if length and length + (end := chunk.find(b"\n")) > LINE_LIMIT:
                yield None
                if block := chunk[end + 1 : cut]:
                    yield _drop_marks(block)
            else:
                pieces.append(chunk[:cut])
                yield _drop_marks(b"".join(pieces))
            pieces, length = [], 0
            chunk = chunk[cut:]
        length += len(chunk)
        if length > LINE_LIMIT:
            pieces.clear()
        elif chunk:
            pieces.append(chunk)
    if length:
        yield _drop_marks(b"".join(pieces)) if length <= LINE_LIMIT else None


def _drop_marks(block: bytes) -> bytes:
    """The block without byte order marks at the beginnings of lines, where files with one were put together.

    Looking for the first byte of one costs next to nothing, and few blocks have it; fewer still a whole one.
    """
    return _MARKS.sub(b"", block) if _LEAD in block and codecs.BOM_UTF8 in block else block


def split_lines(stream: Stream) -> Iterator[list[bytes | None]]:
    """The lines of a text in lists, without their newlines; None for a line that is too long."""
    for block in read_blocks(stream):
        if block is None:
            yield [None]
        else:
            lines: list[bytes | None] = list(block.split(b"\n"))
            yield lines
