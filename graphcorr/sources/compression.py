"""Gzip and Zstandard content as a stream of bytes: flat memory, and a cut-off file gives what it still holds."""

from __future__ import annotations

import zlib
from typing import Final, Protocol

import zstandard

from graphcorr.errors import InputError

GZIP_MAGIC: Final = b"\x1f\x8b\x08"
ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_SKIPPABLE: Final = tuple(bytes((0x50 + n, 0x2A, 0x4D, 0x18)) for n in range(16))

RATIO_LIMIT: Final = 400
"""Decompressed to compressed bytes beyond which content is a bomb. Real logs reach 40, the dullest some 150; deflate
can do 1,032 and Zstandard 30,000, which only content made for it reaches."""
RATIO_GRACE: Final = 64 * 1024 * 1024
"""Decompressed bytes before the ratio is looked at: a small file may be all repetition."""
TOTAL_LIMIT: Final = 1 << 40
"""Most bytes (1 TiB) read out of one compressed file, archives with all their members together."""

_CUT_OFF: Final = "the compressed content is cut off; what it still holds was read"
_DAMAGED: Final = "the compressed content is damaged ({}); what stands before the damage was read"
_CHUNK: Final = 256 * 1024
_ZSTD_CHUNK: Final = 1024
"""The decompressor has no output limit: an input of this size can grow to 32 MiB (4 bytes may stand for 128 KiB)."""
_ZSTD_WINDOW: Final = 1 << 27


class Source(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...

    def close(self) -> None: ...


class BombGuard:
    """Compares what went in with what came out, over a whole archive."""

    __slots__ = ("consumed", "produced")

    def __init__(self) -> None:
        self.consumed = 0
        self.produced = 0

    def check(self) -> None:
        if self.produced > TOTAL_LIMIT:
            raise InputError(f"unpacks to more than {TOTAL_LIMIT >> 30} GiB and is not read further")
        if self.produced > RATIO_GRACE and self.produced > RATIO_LIMIT * max(self.consumed, 1):
            raise InputError(f"unpacks to more than {RATIO_LIMIT} times its size (a decompression bomb?) and is not read further")


def is_compressed(head: bytes) -> bool:
    return head.startswith((GZIP_MAGIC, ZSTD_MAGIC, *_SKIPPABLE))


def decompress(source: Source, head: bytes, guard: BombGuard | None = None) -> Source:
    """The content of a compressed source that begins with ``head`` (which ``source`` gives again)."""
    if head.startswith(GZIP_MAGIC):
        return Inflated(source, guard or BombGuard())
    return Unzstandard(source, guard or BombGuard())


class Inflated:
    """Gzip content, one member after the other.

    Not the gzip module: of a file that is cut off it throws away what the last block still holds.
    """

    def __init__(self, source: Source, guard: BombGuard) -> None:
        self._source = source
        self._guard = guard
        self._inflate = zlib.decompressobj(31)
        self._input = b""
        self._started = False
        """Inside a member, where the content must not end."""
        self._last = b""

    def read(self, size: int = _CHUNK, /) -> bytes:
        """Up to ``size`` bytes, ``b""`` at the end; ``InputError`` when the content is damaged or cut off."""
        while True:
            if not self._input:
                self._input = self._source.read(_CHUNK)
                self._guard.consumed += len(self._input)
                if not self._input:
                    return self._finish(size)
            if not self._started:
                self._input = self._input.lstrip(b"\0")  # padding between members
                if not self._input:
                    continue
                self._inflate = zlib.decompressobj(31)
                self._started = True
            try:
                data = self._inflate.decompress(self._input, size)
            except zlib.error as error:
                raise InputError(_DAMAGED.format(error)) from error
            if self._inflate.eof:
                self._input = self._inflate.unused_data
                self._started = False
            else:
                self._input = self._inflate.unconsumed_tail
            if data:
                self._guard.produced += len(data)
                self._guard.check()
                return data

    def _finish(self, size: int) -> bytes:
        if not self._started:
            return b""
        if not self._last:
            self._last = self._inflate.flush()
        if self._last:
            last, self._last = self._last[:size], self._last[size:]
            return last
        raise InputError(_CUT_OFF)

    def close(self) -> None:
        self._source.close()


class Unzstandard:
    """Zstandard content, frame after frame."""

    def __init__(self, source: Source, guard: BombGuard) -> None:
        self._source = source
        self._guard = guard
        self._context = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        self._frame = self._context.decompressobj()
        self._started = False
        self._input = b""
        self._offset = 0
        self._problem: str | None = None
        self._ahead = b""
        """Content beyond what was asked for: a frame gives what a piece of it unpacks to, whatever that is."""

    def read(self, size: int = _CHUNK, /) -> bytes:
        """Up to ``size`` bytes, ``b""`` at the end; ``InputError`` as for gzip."""
        pieces = [self._ahead] if self._ahead else []
        length = len(self._ahead)
        while length < size and self._problem is None:
            if self._offset >= len(self._input):
                self._input, self._offset = self._source.read(_CHUNK), 0
                self._guard.consumed += len(self._input)
                if not self._input:
                    if self._started:
                        self._problem = _CUT_OFF
                    break
            piece = self._input[self._offset : self._offset + _ZSTD_CHUNK]
            self._offset += len(piece)
            try:
                data = self._frame.decompress(piece)
            except zstandard.ZstdError as error:
                self._problem = _DAMAGED.format(error)
                break
            self._started = not self._frame.eof
            if self._frame.eof:
                self._offset -= len(self._frame.unused_data)
                self._frame = self._context.decompressobj()
            if data:
                pieces.append(data)
                length += len(data)
                self._guard.produced += len(data)
                try:
                    self._guard.check()
                except InputError as error:
                    self._problem = error.reason
        if not pieces and self._problem is not None:
            raise InputError(self._problem)
        content = b"".join(pieces)
        self._ahead = content[size:]
        return content[:size]

    def close(self) -> None:
        self._source.close()
