"""Locks on files: one holder or many readers, on every system, ended with their process whatever ends that."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import portalocker
from portalocker.exceptions import AlreadyLocked, LockException

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class BusyError(Exception):
    """Somebody else holds the lock."""


@contextmanager
def held_alone(path: Path) -> Iterator[None]:
    """Hold the lock of ``path`` alone; the file is made where there is none, and stays.

    Raises ``BusyError`` at once when anybody holds it, ``OSError`` when the file cannot be written or the system has no locks.
    A stale file means nothing: the lock lives as long as the descriptor.
    """
    # Removing it at the end would let two processes lock two files of one name.
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        _lock(handle, portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING)
        yield
    finally:
        os.close(handle)


@contextmanager
def held_together(path: Path) -> Iterator[None]:
    """Hold the lock of ``path`` beside any number of others, once nobody holds it alone.

    Nothing is written: it works where nothing can be. ``OSError`` where there is no file (any more).
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    try:
        _lock(handle, portalocker.LockFlags.SHARED)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, flags: portalocker.LockFlags) -> None:
    try:
        portalocker.lock(handle, flags)
    except AlreadyLocked as error:
        raise BusyError from error
    except LockException as error:
        raise OSError(f"no lock: {error.strerror or error}") from error
