"""What there is to read: files, folders, globs, archives and standard input become one list of inputs.

Archives are told by content, never by name, and are streamed: nothing is unpacked to disk. What cannot be opened is
an input too, with a ``problem``, so that a report can say that it was there.
"""

from __future__ import annotations

import glob
import io
import os
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, Final

from graphcorr.errors import InputError, UsageError
from graphcorr.sources.archives import is_tar, is_zip, open_archive
from graphcorr.sources.compression import BombGuard, Source, decompress, is_compressed
from graphcorr.sources.files import LimitedFile, Part, Standard, look_ahead
from graphcorr.sources.walked_library import SEVEN_ZIP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

STDIN: Final = "-"
GONE: Final = "the file went away while it was read"
NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})
GREW: Final = "the file grew while it was read"
_UNOPENED: Final = "cannot be opened"
_UNLISTED: Final = "the folder cannot be listed"
_GLOB: Final = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Input:
    """One file, or one member of an archive. Can be sent to another process, unless it is standard input."""

    file: str
    """The argument as given with ``/``; below a folder, the folder as given plus the path in it."""
    member: str | None = None
    """The name inside an archive, as written there: it is shown, and never used as a path."""
    size: int | None = None
    """Bytes as the file or the archive states them (compressed for a ``.gz``); None when nobody does."""
    problem: str | None = None
    """Why it cannot be opened at all."""
    is_archive: bool = False
    """It stands for an archive whose members are inputs of their own, and ``problem`` says what became of the rest."""
    sequential: bool = False
    """Cheap only when read in the order of discovery by the process that discovered it: tar members, standard input."""
    path: Path | None = None
    part: Part | None = None
    """What of the file is read; None is all of it."""
    opener: Callable[[], Source] | None = field(default=None, repr=False, compare=False)

    @property
    def is_short(self) -> bool:
        """Whether ``problem`` keeps from reading what may be a log: no device, no folder that holds something else."""
        opaque = (_UNOPENED, _UNLISTED)
        return self.problem is not None and (self.is_archive or self.member is not None or self.problem.startswith(opaque))

    def open(self) -> Source:
        """The decompressed content from its beginning; ``InputError`` or ``OSError`` when it cannot be had."""
        if self.problem is not None:
            raise InputError(self.problem, self.file, self.member)
        if self.opener is not None:
            source = self.opener()
        elif self.path is not None and self.part is not None:
            return LimitedFile(self.path, self.part.end - self.part.start, self.part.start)
        elif self.path is not None:
            source = LimitedFile(self.path, self.size)
        else:
            raise InputError("there is nothing to open", self.file, self.member)
        try:
            return unwrap(source)
        except BaseException:
            source.close()
            raise

    def growth(self) -> str | None:
        """What a file did since it was found, None when it is as it was."""
        if self.path is None or self.member is not None or self.size is None:
            return None
        try:
            now = self.path.stat().st_size
        except OSError:
            return GONE
        if now > self.size:
            return f"{GREW}; its first {self.size} bytes were read"
        return f"the file shrank from {self.size} to {now} bytes while it was read" if now < self.size else None


def unwrap(source: Source) -> Source:
    """Content with one layer of gzip or Zstandard taken off; an archive inside an archive is refused."""
    head, replayed = look_ahead(source)
    if is_compressed(head):
        head, replayed = look_ahead(decompress(replayed, head, BombGuard()))
        if is_compressed(head):
            raise InputError("compressed twice; unpack it first")
    if is_zip(head) or is_tar(head) or head.startswith(SEVEN_ZIP):
        raise InputError("an archive inside an archive is not opened; unpack it first")
    return replayed


def discover(
    paths: Sequence[str], stdin: BinaryIO | None = None, names: Mapping[str, str] = NO_NAMES, password: str | None = None
) -> Iterator[Input]:
    """The inputs below the arguments, sorted by name, each file once however often it is named.

    The names are all collected before the first file is opened: a path that does not exist is a ``UsageError`` then,
    and the result does not depend on the order of the arguments (of two names of one file the shorter one stays).
    ``names`` are what files are called that are kept by another name, ``password`` is that of locked archives.
    """
    found: dict[tuple[int, int] | str, tuple[str, Path | None, str | None]] = {}
    for argument in paths:
        for name, path, problem in list_argument(argument):
            key = identify(path) if path is not None and problem is None else name
            if key not in found or (len(name), name) < (len(found[key][0]), found[key][0]):
                found[key] = (name, path, problem)
    called = [(names.get(name, name), path, problem) for name, path, problem in found.values()]
    for name, path, problem in sorted(called, key=lambda item: item[0]):
        if path is None:
            yield from expand(name, None, Standard(stdin), password)
        elif problem is not None:
            yield Input(name, problem=problem)
        else:
            yield from expand(name, path, None, password)


def identify(path: Path) -> tuple[int, int] | str:
    """Equal for two names of one file."""
    try:
        status = path.stat()
    except OSError:
        return str(path)
    return (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(path)


def would_read(paths: Sequence[str], file: Path) -> bool:
    """Whether ``file`` is read, by whatever name, when these arguments are; ``UsageError`` for one that names nothing."""
    sought = identify(file)
    for argument in paths:
        for _, path, _ in list_argument(argument):
            if (identify(path) if path is not None else _identify_stdin()) == sought:
                return True
    return False


def _identify_stdin() -> tuple[int, int] | None:
    try:
        status = os.fstat(sys.stdin.fileno())
    except (OSError, ValueError):  # closed, or none that the system knows
        return None
    return status.st_dev, status.st_ino


def list_argument(argument: str) -> Iterator[tuple[str, Path | None, str | None]]:
    """``(name, path, problem)`` of each file that one argument names; the path is None for standard input."""
    if argument == STDIN:
        yield STDIN, None, None
        return
    if not argument:
        # Path("") is the current folder, which nobody means who wrote "$LOGS".
        raise UsageError("an empty path names nothing to read")
    path = Path(argument)
    if not os.path.lexists(path) and _GLOB.intersection(argument):
        # Path.glob knows neither absolute patterns nor hidden files the way a shell user means them.
        matches = sorted(glob.glob(argument, recursive=True, include_hidden=True))  # noqa: PTH207
        if not matches:
            raise UsageError(f"nothing matches {argument}")
    elif not os.path.exists(path):  # noqa: PTH110 - Path.exists() raises for a name that is too long
        raise UsageError(f"{argument}: no such file or folder")
    else:
        matches = [argument]
    for match in matches:
        shown = match.replace(os.sep, "/")
        if Path(match).is_dir():
            yield from list_folder(Path(match), shown.rstrip("/") or "/", set())
        else:
            yield shown, Path(match), None if match == argument and is_pipe(Path(match)) else refuse(Path(match))


def is_pipe(path: Path) -> bool:
    """A named pipe is read when it is asked for by name (``<(…)`` in a shell), and never when a folder holds one."""
    return stat.S_ISFIFO(path.stat().st_mode)


def is_case(folder: Path) -> bool:
    """Whether a folder is what a hunt keeps: its reports and events are no logs, and they change with every hunt."""
    return os.path.isfile(folder / "case.toml") and os.path.isfile(folder / "state.sqlite")  # noqa: PTH113 - asks for no right to enter


def list_folder(folder: Path, shown: str, seen: set[tuple[int, int]]) -> Iterator[tuple[str, Path | None, str | None]]:
    """Every file below a folder, hidden ones included; a folder met again through a link is not entered twice."""
    status = folder.stat()
    if (status.st_dev, status.st_ino) in seen:
        return
    seen.add((status.st_dev, status.st_ino))
    prefix = "/" if shown == "/" else f"{shown}/"
    if is_case(folder):
        yield shown, folder, "a case of graphcorr, not logs"
        return
    try:
        with os.scandir(folder) as listing:
            # Real folders before links to them, so that a file keeps its real name.
            entries = sorted(listing, key=lambda entry: (entry.is_symlink(), entry.name))
    except OSError as error:
        yield shown, folder, f"{_UNLISTED}: {error.strerror}"
        return
    for entry in entries:
        name = prefix + entry.name
        try:
            is_folder = entry.is_dir()
        except OSError:
            is_folder = False
        if is_folder:
            yield from list_folder(Path(entry.path), name, seen)
        else:
            yield name, Path(entry.path), refuse(Path(entry.path))


def refuse(path: Path) -> str | None:
    """Why a path that is no folder is not opened."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return f"{_UNOPENED}: {error.strerror}"
    return None if stat.S_ISREG(mode) else "not a regular file (a device, pipe or socket) and not opened"


def expand(name: str, path: Path | None, stdin: Standard | None, password: str | None) -> Iterator[Input]:
    """The inputs in one file: itself, or the members of the archive that it is."""
    size: int | None = None
    try:
        if path is not None and stat.S_ISREG((status := path.stat()).st_mode):
            size = status.st_size
        source: Source = stdin if stdin is not None else LimitedFile(path or Path(name), size)
        head, replayed = look_ahead(source)
    except OSError as error:
        yield Input(name, None, size, f"{_UNOPENED}: {error.strerror or error}", path=path)
        return
    once: Source | None = None
    if size is None:
        once = replayed
    else:
        source.close()
    archive = open_archive(path, size, once, head, decompress_head(head), password=password)
    if archive is None:
        yield Input(name, None, size, sequential=once is not None, path=path, opener=_Once(once) if once is not None else None)
        return
    empty = True
    with archive:
        for member in archive.members():
            empty = False
            yield Input(name, member.name, member.size, member.problem, member.name is None, archive.sequential, path, opener=member.open)
    if empty:
        yield Input(name, None, size, "the archive holds no files", path=path)


def decompress_head(head: bytes) -> bytes:
    """What the first bytes of compressed content unpack to, empty when they are not compressed or damaged."""
    if not is_compressed(head):
        return b""
    return look_ahead(decompress(io.BytesIO(head), head, BombGuard()))[0]


class _Once:
    """A source that was opened at discovery and can be taken from there once."""

    def __init__(self, source: Source) -> None:
        self._source: Source | None = source

    def __call__(self) -> Source:
        if self._source is None:
            raise InputError("standard input can be read only once")
        source, self._source = self._source, None
        return source
