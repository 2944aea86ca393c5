"""Plain sources of bytes: a file up to the size it had or a part of it, standard input, and one whose first bytes were looked at."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from graphcorr.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from graphcorr.sources.compression import Source


class Part(msgspec.Struct, frozen=True):
    """``start`` to ``end`` of a file, one of ``count`` parts."""

    format: str
    start: int
    end: int
    index: int
    count: int


class LimitedFile:
    """A file up to the size it had when it was found: one that is being written to has no end otherwise."""

    def __init__(self, path: Path, size: int | None, start: int = 0) -> None:
        """``size`` bytes from ``start``."""
        self._file = path.open("rb", buffering=0)
        if start:
            self._file.seek(start)
        self._left = size

    def read(self, size: int = -1, /) -> bytes:
        if self._left is None:
            return self._file.read(size) or b""
        data = self._file.read(self._left if size < 0 else min(size, self._left)) or b""
        self._left -= len(data)
        return data

    def close(self) -> None:
        self._file.close()


class Standard:
    """Standard input; closing it is the caller's business."""

    def __init__(self, stdin: BinaryIO | None) -> None:
        self._stdin = stdin if stdin is not None else sys.stdin.buffer

    def read(self, size: int = -1, /) -> bytes:
        return self._stdin.read(size)

    def close(self) -> None: ...


class Replayed:
    """A source whose first bytes were looked at and are given again."""

    def __init__(self, head: bytes, source: Source) -> None:
        self._head = head
        self._offset = 0
        self._source = source

    def read(self, size: int = -1, /) -> bytes:
        if self._offset < len(self._head):
            data = self._head[self._offset :] if size < 0 else self._head[self._offset : self._offset + size]
            self._offset += len(data)
            return data
        self._head, self._offset = b"", 0
        return self._source.read(size)

    def unread(self, data: bytes) -> None:
        """Give these bytes again, before anything else."""
        self._head, self._offset = data + self._head[self._offset :], 0

    def close(self) -> None:
        self._source.close()


def read_head(source: Source, size: int = 1024) -> bytes:
    """Up to ``size`` bytes, fewer only at the end."""
    head = b""
    while len(head) < size and (data := source.read(size - len(head))):
        head += data
    return head


class Broken:
    """What is left of a source that failed: the same error again, and its closing."""

    def __init__(self, error: InputError, source: Source) -> None:
        self._error = error
        self._source = source

    def read(self, size: int = -1, /) -> bytes:  # noqa: ARG002
        raise self._error

    def close(self) -> None:
        self._source.close()


def look_ahead(source: Source, size: int = 1024) -> tuple[bytes, Replayed]:
    """The first bytes and a source that gives them again; one that fails meanwhile fails after what it gave."""
    head = b""
    try:
        while len(head) < size and (data := source.read(size - len(head))):
            head += data
    except InputError as error:
        return head, Replayed(head, Broken(error, source))
    return head, Replayed(head, source)
