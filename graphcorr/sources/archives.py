"""Zip and tar archives: their members as streams, nothing on disk, and what is damaged or locked explained."""

from __future__ import annotations

import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import IO, TYPE_CHECKING, Final, Protocol, Self

from graphcorr.errors import InputError
from graphcorr.sources.compression import BombGuard, Source, decompress, is_compressed
from graphcorr.sources.files import LimitedFile, look_ahead
from graphcorr.sources.walked_library import LOCKED, SEVEN_ZIP, walk_library
from graphcorr.sources.walked_tar import walk_tar
from graphcorr.sources.walked_zip import walk_zip

if TYPE_CHECKING:
    from pathlib import Path

ZIP_MAGICS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Of the others zipfile unpacks whole blocks at once, without a limit: a few hundred bytes of bzip2 can fill the memory."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member. Without a name it stands for the archive itself and says what is wrong with it."""

    name: str | None
    size: int | None
    problem: str | None
    open: Callable[[], Source] | None


class Entry(Protocol):
    """A member met on a walk through an archive from front to back; the content can be had once, until the next."""

    @property
    def name(self) -> str: ...

    @property
    def size(self) -> int | None: ...

    @property
    def problem(self) -> str | None: ...

    def content(self) -> Source: ...


Walk = Callable[[Source], Iterator[Entry]]


def is_zip(head: bytes) -> bool:
    return head.startswith(ZIP_MAGICS)


def is_tar(head: bytes) -> bool:
    """A tar header: the ``ustar`` mark, or for older ones the checksum of the header."""
    if len(head) < 512:
        return False
    if head[257:262] == b"ustar":
        return True
    try:
        stated = int(head[148:156].strip(b" \0") or b"-1", 8)
    except ValueError:
        return False
    return head[0] != 0 and stated == sum(head[:148]) + 8 * 32 + sum(head[156:512])


class ZipArchive:
    """A zip with its central directory: members in any order, also from another process."""

    sequential = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._zip: zipfile.ZipFile | None = zipfile.ZipFile(path)
        self._guard = BombGuard()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._zip is not None:
            self._zip.close()
        self._zip = None

    def __getstate__(self) -> dict[str, object]:
        return {"_path": self._path, "_zip": None, "_guard": BombGuard()}

    @property
    def is_locked(self) -> bool:
        """Whether a member is encrypted."""
        assert self._zip is not None  # entered
        return any(info.flag_bits & 1 for info in self._zip.infolist())

    def members(self) -> Iterator[Member]:
        assert self._zip is not None  # entered
        for index, info in enumerate(self._zip.infolist()):
            if info.is_dir():
                continue
            problem = LOCKED if info.flag_bits & 1 else None
            if problem is None and info.compress_type not in _METHODS:
                problem = f"compressed by method {info.compress_type}, which is not read; unpack it first"
            yield Member(info.filename, info.file_size, problem, _ZipOpener(self, index))

    def open(self, index: int) -> Source:
        try:
            archive = self._zip if self._zip is not None else _directories.open(self._path)
            info = archive.infolist()[index]
            self._guard.consumed += info.compress_size
            return _ZipSource(archive.open(info), self._guard)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, IndexError) as error:
            raise InputError(f"the archive does not give it out ({error})") from error


class _Directories:
    """The archive that was opened last, kept open: a member costs its own bytes then, and not the directory of all of them.

    One only, because each is an open file, and members are read archive by archive. What is still being read of the one
    before stays open: zipfile closes a file when its last reader has gone.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: tuple[Path, int, int] | None = None
        self._zip: zipfile.ZipFile | None = None

    def open(self, path: Path) -> zipfile.ZipFile:
        status = path.stat()
        key = (path, status.st_size, status.st_mtime_ns)
        with self._lock:
            if self._zip is None or self._key != key:
                if self._zip is not None:
                    self._zip.close()
                self._zip = None
                self._zip, self._key = zipfile.ZipFile(path), key
            return self._zip


_directories: Final = _Directories()


@dataclass(frozen=True, slots=True)
class _ZipOpener:
    archive: ZipArchive
    index: int

    def __call__(self) -> Source:
        return self.archive.open(self.index)


class _ZipSource:
    def __init__(self, member: IO[bytes], guard: BombGuard) -> None:
        self._member = member
        self._guard = guard

    def read(self, size: int = -1, /) -> bytes:
        try:
            data = self._member.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise InputError(f"the archive is damaged here ({error}); what stands before was read") from error
        self._guard.produced += len(data)
        self._guard.check()
        return data

    def close(self) -> None:
        self._member.close()


class WalkedArchive:
    """An archive that can only be read from front to back: a tar, a zip without its end, anything on standard input.

    The member at which discovery stands is read in passing; any other one costs a walk from the beginning.
    """

    sequential = True

    def __init__(self, walk: Walk, path: Path | None, size: int | None, source: Source | None, ends: str | None = None) -> None:
        self._walk = walk
        self._path = path
        self._size = size
        self._source = source
        self._ends = ends
        self._current: tuple[int, Entry] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._current = None
        if self._source is not None:
            self._source.close()
        self._source = None

    def __getstate__(self) -> dict[str, object]:
        return vars(self) | {"_source": None, "_current": None}

    def _begin(self) -> Source:
        if self._path is None:
            raise InputError("standard input can be read only once")
        return unpack(LimitedFile(self._path, self._size))

    def members(self) -> Iterator[Member]:
        try:
            if self._source is None:
                self._source = self._begin()
            for index, entry in enumerate(self._walk(self._source)):
                self._current = (index, entry)
                yield Member(entry.name, entry.size, entry.problem, _WalkOpener(self, index))
                self._current = None
        except InputError as error:
            yield Member(None, self._size, f"{error.reason}; members behind it are not known", None)
        else:
            if self._ends is not None:
                yield Member(None, self._size, self._ends, None)

    def open(self, index: int) -> Source:
        if self._current is not None and self._current[0] == index:
            entry = self._current[1]
            self._current = None
            return entry.content()
        source = self._begin()
        walk = self._walk(source)
        try:
            for position, entry in enumerate(walk):
                if position == index:
                    return _Closing(entry.content(), source, walk)
        except InputError:
            source.close()
            raise
        source.close()
        raise InputError("the archive no longer holds it")


@dataclass(frozen=True, slots=True)
class _WalkOpener:
    archive: WalkedArchive
    index: int

    def __call__(self) -> Source:
        return self.archive.open(self.index)


class _Closing:
    def __init__(self, inner: Source, outer: Source, walk: Iterator[Entry]) -> None:
        self._inner = inner
        self._outer = outer
        self._walk = walk
        """It stands at the member for as long as somebody holds it."""

    def read(self, size: int = -1, /) -> bytes:
        return self._inner.read(size)

    def close(self) -> None:
        self._inner.close()
        self._outer.close()


Archive = ZipArchive | WalkedArchive


def open_archive(
    path: Path | None, size: int | None, source: Source | None, head: bytes, inner: bytes, *, password: str | None = None
) -> Archive | None:
    """The archive that begins with ``head`` (``inner`` once decompressed), None when it is none.

    ``source`` is given for what cannot be opened by its path: standard input and pipes.
    """
    if head.startswith(SEVEN_ZIP) and source is None and path is not None:
        return WalkedArchive(partial(walk_library, path, "7zip", password), path, size, None)
    if is_zip(head):
        if source is not None or path is None:
            return WalkedArchive(walk_zip, None, None, source)
        try:
            archive = ZipArchive(path)
            if password is None or not archive.is_locked:
                return archive
            with archive:
                return WalkedArchive(partial(walk_library, path, "zip", password), path, size, None)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
            note = f"the archive's directory is missing or damaged ({error}); its members were found by walking through it"
            return WalkedArchive(walk_zip, path, size, None, note)
    if is_tar(inner or head):
        return WalkedArchive(walk_tar, path if source is None else None, size, None if source is None else unpack(source))
    return None


def unpack(source: Source) -> Source:
    """The source with its gzip or Zstandard layer taken off, where it has one."""
    head, replayed = look_ahead(source)
    return decompress(replayed, head, BombGuard()) if is_compressed(head) else replayed
