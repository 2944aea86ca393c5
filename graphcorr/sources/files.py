"""Plain sources of bytes: a file up to the size it had, standard input, and one whose first bytes were looked at."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path

    from graphcorr.sources.compression import Source


class LimitedFile:
    """A file up to the size it had when it was found: one that is being written to has no end otherwise."""

    def __init__(self, path: Path, size: int | None) -> None:
        self._file = path.open("rb", buffering=0)
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
        self._source = source

    def read(self, size: int = -1, /) -> bytes:
        if self._head:
            data = self._head if size < 0 else self._head[:size]
            self._head = self._head[len(data) :]
            return data
        return self._source.read(size)

    def unread(self, data: bytes) -> None:
        """Give these bytes again, before anything else."""
        self._head = data + self._head

    def close(self) -> None:
        self._source.close()


def read_head(source: Source, size: int = 1024) -> bytes:
    """Up to ``size`` bytes, fewer only at the end."""
    head = b""
    while len(head) < size and (data := source.read(size - len(head))):
        head += data
    return head
