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

_ENCODINGS: Final = (
    ("utf-32-le", codecs.BOM_UTF32_LE),
    ("utf-32-be", codecs.BOM_UTF32_BE),
    ("utf-16-le", codecs.BOM_UTF16_LE),
    ("utf-16-be", codecs.BOM_UTF16_BE),
)
_NARROW: Final = re.compile(rb"[^\0]{257,}")
"""Bytes without a NUL that UTF-16 hardly has, and never of printable ASCII alone: that would be rare Chinese letters."""
_PRINTABLE: Final = bytes(range(32, 127)) + b"\t\r\n"
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
    """``(encoding, length of the byte order mark)``; the encoding is None for UTF-8 and for anything unknown."""
    if head.startswith(codecs.BOM_UTF8):
        return None, 3
    # The mark of UTF-32 begins as that of UTF-16 does.
    for encoding, mark in _ENCODINGS:
        if head.startswith(mark):
            return encoding, len(mark)
    return _detect_unmarked(head[:512]), 0


def _detect_unmarked(sample: bytes) -> str | None:
    """UTF-16 is told by the NULs that ASCII leaves in every other byte of any log, UTF-32 by three in four.

    Where another script leaves fewer of them, they stand in no other place, and what comes out is text.
    """
    half = len(sample) // 2
    first = sample.partition(b"\n")[0].strip()
    # Behind a line of plain letters others are damaged ones of the same text.
    if half < 2 or (first and b"\0" not in first and first.isascii()):
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    zeros = [sample[place::4].count(0) for place in range(4)]
    if min(zeros[1:]) > 0.4 * half and zeros[0] < 0.05 * half:
        return "utf-32-le"
    if min(zeros[:3]) > 0.4 * half and zeros[3] < 0.05 * half:
        return "utf-32-be"
    for encoding, filled, empty in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if filled > 0.8 * half and empty < 0.1 * half:
            return encoding
        if filled > 0.1 * half and not empty and _is_text(sample, encoding):
            return encoding
    return None


def _is_text(sample: bytes, encoding: str) -> bool:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character.isspace() for character in text)


class Transcoded:
    """UTF-16 or UTF-32 content as UTF-8. Half a surrogate pair becomes U+FFFD; nothing else is replaced.

    Where text of one byte a letter was appended to it, as a shell's ``>>`` does, that is given as it is.
    """

    def __init__(self, source: Stream, encoding: str) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._width = 4 if encoding.startswith("utf-32") else 2
        self._taken = 0
        self._ended = False
        self._is_narrow = False
        """The encoding has ended before the content."""

    def read(self, size: int) -> bytes:
        while not self._ended:
            data = self._source.read(size)
            if self._is_narrow:
                return data
            self._ended = not data
            wide = _wide_length(data, self._taken, self._width)
            self._taken += len(data)
            if wide < len(data):
                self._is_narrow = True
                return self._decoder.decode(data[:wide], final=True).encode("utf-8") + b"\n" + data[wide:]
            text = self._decoder.decode(data, final=self._ended)
            if text:
                return text.encode("utf-8")
        return b""


def _wide_length(data: bytes, before: int, width: int) -> int:
    """How many bytes of a piece of UTF-16 or UTF-32 are that: all, or those before a long run of plain ASCII."""
    for run in _NARROW.finditer(data):
        if len(run[0].translate(None, _PRINTABLE)) < len(run[0]) // 20:
            return run.start() + -(before + run.start()) % width  # the letter that the NUL is part of
    return len(data)


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
