"""A tar archive read from front to back, and whether it ends as a whole one does."""

from __future__ import annotations

import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from graphcorr.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.sources.compression import Source

_BUFFER: Final = 256 * 1024
_CUT_OFF: Final = "the archive is cut off or damaged"
_ENDS: Final = 64
"""Reads at the end after which somebody waits for more: one is usual, and a member of 2**80 bytes is passed by in as many."""


class _Bytes(Protocol):
    """What tarfile has of the archive in stream mode: seeks forward only, gives less than asked only at the end."""

    def seek(self, position: int, /) -> int: ...

    def read(self, size: int, /) -> bytes: ...


@dataclass(slots=True)
class TarEntry:
    """A regular file in a tar."""

    name: str
    size: int | None
    problem: str | None
    source: _TarSource

    def content(self) -> Source:
        return self.source


class _TarSource:
    """A member's bytes as they stand in the archive: tarfile's own file throws away the last ones of a cut-off member."""

    def __init__(self, stream: _Bytes, start: int, size: int) -> None:
        self._stream = stream
        self._start: int | None = start
        self._left = size

    def read(self, size: int = -1, /) -> bytes:
        if self._left == 0:
            return b""
        if self._start is not None:
            self._stream.seek(self._start)
            self._start = None
        data = self._stream.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        if not data:
            raise InputError(f"{_CUT_OFF} here; what stands before was read")
        return data

    def close(self) -> None: ...


class _Counted:
    """What tarfile is given to read: it ends silently at a damaged header, so the bytes behind are looked at here."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._ends = 0
        self.count = 0

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(size)
        self.count += len(data)
        self._ends += not data
        if self._ends > _ENDS:
            raise InputError(f"{_CUT_OFF} (unexpected end of data)")
        return data


def walk_tar(source: Source) -> Iterator[TarEntry]:
    """The regular files of a tar; links and devices hold nothing to read. ``InputError`` when it ends too early."""
    counted = _Counted(source)
    try:
        # The stream mode only calls read(), whatever the type says.
        with tarfile.open(fileobj=counted, mode="r|", bufsize=_BUFFER) as tar:  # type: ignore[call-overload]
            stream: _Bytes = tar.fileobj
            while (info := tar.next()) is not None:
                tar.members = []  # tarfile keeps every header otherwise
                if info.isreg():
                    problem = "a sparse file, which is not read" if info.issparse() else None
                    yield TarEntry(info.name, info.size, problem, _TarSource(stream, info.offset_data, info.size))
            rest = b""
            while data := stream.read(_BUFFER):
                rest = rest or data.strip(b"\0")
    except tarfile.TarError as error:
        raise InputError(f"{_CUT_OFF} ({error})") from error
    if rest or counted.count % tarfile.BLOCKSIZE:
        raise InputError(_CUT_OFF)
