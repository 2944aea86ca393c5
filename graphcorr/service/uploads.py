"""Files that come over the network: on the disk of their case before anybody is told that they were taken."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import struct
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from graphcorr.case.privacy import private
from graphcorr.machine import flush
from graphcorr.service.jobs import Upload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphcorr.settings import Settings

FOLDER: Final = "uploads"
UNNAMED: Final = "upload"
_TAIL: Final = (1 << 16) + 1024
"""Bytes in which the end of a zip archive is: its comment has at most 65,535."""
_END: Final = struct.Struct("<4sHHHHIIH")
_WIDE: Final = struct.Struct("<4sQHHIIQ")
_LONGEST: Final = 255
_PART: Final = ".part"


class Receiver:
    """One file that is being received."""

    def __init__(self, path: Path, name: str) -> None:
        self.id = path.name
        self.name = name
        self.size = 0
        self._path = path
        self._digest = hashlib.sha256(name.encode("utf-8", "surrogatepass"))
        self._file = path.with_name(path.name + _PART).open("xb")

    def write(self, chunk: bytes) -> None:
        self._file.write(chunk)
        self._digest.update(chunk)
        self.size += len(chunk)

    def finish(self) -> tuple[Upload, str]:
        """On the disk when this returns; with the digest of its name and content."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._path.with_name(self.id + _PART).rename(self._path)
        flush(self._path.parent)
        return Upload(self.id, self.name), self._digest.hexdigest()

    @property
    def path(self) -> Path:
        """Where it is once it is finished."""
        return self._path

    def drop(self) -> None:
        self._file.close()
        self._path.with_name(self.id + _PART).unlink(missing_ok=True)
        self._path.unlink(missing_ok=True)


def count_members(path: Path) -> int:
    """How many members a zip archive states at its end, without opening it: a directory of very many is what is expensive.

    0 for what is no zip archive. The source of the layout: PKWARE's APPNOTE.TXT, 4.3.14 to 4.3.16.
    """
    with path.open("rb") as file:
        if file.read(4)[:2] != b"PK":
            return 0
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL))
        tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + _END.size:
        return 0
    stated = int(_END.unpack_from(tail, end)[4])
    wide = tail.rfind(b"PK\x06\x06", 0, end)
    if wide >= 0 and len(tail) >= wide + _WIDE.size:
        stated = max(stated, int(_WIDE.unpack_from(tail, wide)[6]))
    return stated


def receive(case: Path, name: str) -> Receiver:
    """Begin a file of a case. ``name`` is what the sender calls it, shown to people and never a path."""
    folder = case / FOLDER
    with private():
        folder.mkdir(exist_ok=True)
        return Receiver(folder / secrets.token_hex(16), shown_name(name))


def shown_name(name: str) -> str:
    """What a sender calls a file, without what only a path has: no folder goes up or begins at the top."""
    parts = [part for part in re.split(r"[/\\]+", "".join(c for c in name if c.isprintable())) if part not in {"", ".", ".."}]
    return "/".join(parts)[-_LONGEST:].lstrip("/") or UNNAMED


def find_upload(case: Path, upload: Upload) -> Path:
    return case / FOLDER / upload.id


def drop_uploads(case: Path, uploads: list[Upload]) -> None:
    """What was read is in the case, with each raw record."""
    for upload in uploads:
        find_upload(case, upload).unlink(missing_ok=True)


def sweep(settings: Settings, needed: set[str], began: float) -> None:
    """Remove what was received and acknowledged to nobody, and what no job needs any more, of the time before ``began`` (seconds
    since 1970): what comes in meanwhile is no job's yet.
    """
    for path in (*(settings.state / "cases").glob(f"*/{FOLDER}/*"), *(settings.state / FOLDER).glob("*")):
        # What is given up while it comes in is gone before it is looked at.
        with suppress(FileNotFoundError):
            if path.name not in needed and path.stat().st_mtime < began:
                path.unlink()


@contextmanager
def received(receivers: list[Receiver]) -> Iterator[None]:
    """What was begun and not finished leaves nothing behind."""
    try:
        yield
    except BaseException:
        for receiver in receivers:
            receiver.drop()
        raise
