"""A zip archive read from front to back by its local headers: the way in when its directory at the end is missing."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graphcorr.errors import InputError
from graphcorr.sources.compression import BombGuard, Source
from graphcorr.sources.files import Replayed, read_head

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCAL: Final = struct.Struct("<4sHHHHHLLLHH")
_SIGNATURE: Final = b"PK\x03\x04"
_DIRECTORY: Final = (b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x08")
_DESCRIPTOR: Final = b"PK\x07\x08"
_CHUNK: Final = 64 * 1024
_CUT_OFF: Final = "the archive is cut off"


@dataclass(slots=True)
class ZipEntry:
    """A member as its local header states it."""

    name: str
    size: int | None
    problem: str | None
    source: Stored | Deflated

    def content(self) -> Source:
        return self.source


class Stored:
    """Content that is not compressed, of known length."""

    def __init__(self, source: Replayed, length: int) -> None:
        self._source = source
        self._left = length

    def read(self, size: int = -1, /) -> bytes:
        if self._left == 0:
            return b""
        data = self._source.read(self._left if size < 0 else min(size, self._left))
        if not data:
            raise InputError(_CUT_OFF)
        self._left -= len(data)
        return data

    def close(self) -> None: ...


class Deflated:
    """Content that knows its own end; what was read beyond it goes back to the source."""

    def __init__(self, source: Replayed, guard: BombGuard) -> None:
        self._source = source
        self._guard = guard
        self._inflate = zlib.decompressobj(-15)
        self._input = b""
        self._last = b""
        self._ended = False

    def read(self, size: int = _CHUNK, /) -> bytes:
        while not self._ended:
            if not self._input:
                self._input = self._source.read(_CHUNK)
                self._guard.consumed += len(self._input)
                if not self._input:
                    self._last = self._last or self._inflate.flush()
                    if not self._last:
                        self._ended = True
                        raise InputError(_CUT_OFF)
                    last, self._last = self._last[:size], self._last[size:]
                    self._guard.produced += len(last)
                    return last
            try:
                data = self._inflate.decompress(self._input, max(size, 1))
            except zlib.error as error:
                self._ended = True
                raise InputError(f"the archive is damaged ({error})") from error
            self._input = self._inflate.unconsumed_tail
            if self._inflate.eof:
                self._ended = True
                self._source.unread(self._inflate.unused_data)
            self._guard.produced += len(data)
            self._guard.check()
            if data:
                return data
        return b""

    def close(self) -> None: ...


def walk_zip(source: Source) -> Iterator[ZipEntry]:
    """The members up to the directory, or up to the damage, which is an ``InputError``."""
    cursor = Replayed(b"", source)
    guard = BombGuard()
    while True:
        header = read_head(cursor, _LOCAL.size)
        if header[:4] in _DIRECTORY:
            return
        if len(header) < _LOCAL.size or header[:4] != _SIGNATURE:
            raise InputError(_CUT_OFF if len(header) < _LOCAL.size else "the archive is damaged")
        _, _, flags, method, _, _, _, packed, size, name_length, extra_length = _LOCAL.unpack(header)
        name = read_head(cursor, name_length)
        extra = read_head(cursor, extra_length)
        if len(extra) < extra_length:
            raise InputError(_CUT_OFF)
        long = packed == 0xFFFFFFFF or size == 0xFFFFFFFF
        if long:
            size, packed = _long_sizes(extra)
        streamed = bool(flags & 8)
        content: Stored | Deflated
        if method == 8 and not flags & 1:
            content = Deflated(cursor, guard)
        elif streamed:
            raise InputError("the archive is damaged, and a member of unknown length hides what follows")
        else:
            content = Stored(cursor, packed)
        problem = "encrypted, and not read in a damaged archive or from a pipe" if flags & 1 else None
        if problem is None and method not in (0, 8):
            problem = f"compressed by method {method}, which is not read in a damaged archive"
        text = name.decode("utf-8" if flags & 0x800 else "cp437", "replace")
        if not text.endswith("/"):
            yield ZipEntry(text, None if streamed else size, problem, content)
        while content.read(_CHUNK):
            pass
        if streamed:
            _skip_descriptor(cursor, long)


def _long_sizes(extra: bytes) -> tuple[int, int]:
    """Sizes beyond 4 GiB stand in the extra field number 1."""
    offset = 0
    while offset + 4 <= len(extra):
        number, length = struct.unpack_from("<HH", extra, offset)
        if number == 1 and length >= 16 and offset + 20 <= len(extra):
            size, packed = struct.unpack_from("<QQ", extra, offset + 4)
            return int(size), int(packed)
        offset += 4 + length
    return 0, 0


def _skip_descriptor(cursor: Replayed, long: bool) -> None:
    """A descriptor is a checksum and two sizes of 4 or 8 bytes, with or without a signature before."""
    data = read_head(cursor, 24)
    start = 4 if data.startswith(_DESCRIPTOR) else 0
    for length in (20, 12) if long else (12, 20):
        rest = data[start + length :]
        if rest[:4] == _SIGNATURE[: len(rest[:4])] or rest[:4] in _DIRECTORY or not rest:
            cursor.unread(rest)
            return
    raise InputError("the archive is damaged")
