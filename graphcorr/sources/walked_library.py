"""Archives that the system's libarchive reads: 7-Zip's, and zips that are locked by a password; front to back, nothing on disk.

Only these two formats of the many that it knows are ever asked for. It needs the file itself, because both keep the list of their
members at the end.
"""

from __future__ import annotations

from ctypes import c_int, c_void_p
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graphcorr.errors import InputError
from graphcorr.sources.compression import BombGuard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphcorr.sources.compression import Source

SEVEN_ZIP: Final = b"7z\xbc\xaf\x27\x1c"
LOCKED: Final = "encrypted, and not read without its password (--archive-password, or GRAPHCORR_ARCHIVE_PASSWORD)"
_MISSING: Final = "7-Zip's archives and locked zips need the library libarchive, which this system lacks; install it, or unpack it first"
_LOCKED_7Z: Final = "encrypted, which is not read of 7-Zip's archives; unpack it first"
_BLOCK: Final = 256 * 1024
_HEADER: Final = 32
"""Bytes of an archive without members."""


@dataclass(slots=True)
class LibraryEntry:
    """A member as the library tells it."""

    name: str
    size: int | None
    problem: str | None
    source: _BlockSource

    def content(self) -> Source:
        return self.source


class _BlockSource:
    """A member's content from blocks of any size."""

    def __init__(self, blocks: Iterator[bytes], errors: tuple[type[Exception], ...], guard: BombGuard) -> None:
        self._blocks = blocks
        self._errors = errors
        self._guard = guard
        self._left = b""
        self.is_open = True
        """The walk stands at it: behind that the library's memory is another member's, or nobody's."""

    def read(self, size: int = -1, /) -> bytes:
        if not self.is_open:
            raise InputError("the archive was read on before this was read")
        if not self._left:
            try:
                self._left = next(self._blocks, b"")
            except self._errors as error:
                raise InputError(f"the archive does not give it out ({_short(error)}); what stands before was read") from error
            self._guard.produced += len(self._left)
            self._guard.check()
        data, self._left = (self._left, b"") if size < 0 else (self._left[:size], self._left[size:])
        return data

    def close(self) -> None: ...


def walk_library(path: Path, format_: str, password: str | None, source: Source) -> Iterator[LibraryEntry]:
    """The files of the archive at ``path``, of format ``7zip`` or ``zip``; ``InputError`` when it is damaged or cannot be had.

    ``source`` is the same file, for walks that read it themselves.
    """
    source.close()
    try:
        import libarchive  # type: ignore[import-untyped]
        from libarchive.exception import ArchiveError  # type: ignore[import-untyped]
        from libarchive.ffi import libarchive as library  # type: ignore[import-untyped]

        is_locked = library.archive_entry_is_data_encrypted
        is_locked.argtypes, is_locked.restype = [c_void_p], c_int  # the binding does not know it
    except (ImportError, OSError, AttributeError, TypeError) as error:
        raise InputError(_MISSING) from error
    guard = BombGuard()
    guard.consumed = path.stat().st_size
    try:
        with libarchive.file_reader(str(path), format_, "none", passphrase=password) as archive:
            is_empty = True
            for entry in archive:
                is_empty = False
                if not entry.isfile:
                    continue
                problem = None
                if is_locked(entry._entry_p):  # noqa: SLF001  nothing else leads there
                    problem = _LOCKED_7Z if format_ == "7zip" else LOCKED if password is None else None
                content = _BlockSource(entry.get_blocks(_BLOCK), (ArchiveError,), guard)
                try:
                    yield LibraryEntry(entry.pathname, entry.size, problem, content)
                finally:
                    content.is_open = False
            if is_empty and guard.consumed > _HEADER:
                raise InputError("the archive is damaged (it holds something, and no list of it)")
    except ArchiveError as error:
        raise InputError(_LOCKED_7Z if "ncrypt" in str(error) else f"the archive is damaged ({_short(error)})") from error


def _short(error: Exception) -> str:
    """What the library says, without numbers that only it knows."""
    return str(error).partition(" (errno")[0]
