"""What a case holds is for its user alone: command lines have passwords in them, and scratch files have what a case has."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OTHERS: Final = 0o077


@contextmanager
def private() -> Iterator[None]:
    """Whatever this process and those it starts make meanwhile is readable by the user alone.

    Where a system has no such modes (Windows), what is made inherits the folder's access list: the user's own state folder.
    """
    before = os.umask(_OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def make_private(folder: Path) -> None:
    """Make a folder with those above it, or take the access of others away from one that was made before it was private.

    Raises ``OSError`` where it cannot be made. A folder of another user's stays as that user wants it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _tighten(folder)


def tighten(folder: Path) -> None:
    """Take the access of others away from a case that an earlier version made, with all that is in it."""
    if not stat.S_IMODE(folder.stat().st_mode) & _OTHERS:
        return
    # From the inside out: the folder is private when all of it is, so that an interrupted run begins again.
    for path in (*folder.rglob("*"), folder):
        _tighten(path)


def _tighten(path: Path) -> None:
    with suppress(PermissionError, FileNotFoundError):
        if not path.is_symlink() and (mode := stat.S_IMODE(path.stat().st_mode)) & _OTHERS:
            path.chmod(mode & ~_OTHERS)
