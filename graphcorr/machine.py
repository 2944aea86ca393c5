"""What this machine and its system offer, where Linux, macOS and Windows differ; nothing else asks which of them it is."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def count_cores() -> int:
    """Cores that this process may use; all of the machine's where the system does not limit processes, or says nothing."""
    allowed = getattr(os, "sched_getaffinity", None)  # Linux alone
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1


def count_memory() -> int:
    """Bytes of memory that the machine has."""
    import psutil

    return psutil.virtual_memory().total


@contextmanager
def ctrl_c_kept_from_children() -> Iterator[None]:
    """Processes started here never see Ctrl-C, which a terminal sends to all of a group.

    Windows has no such mask: a process that is started there ignores Ctrl-C from the moment on that it says so itself.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def sync_folder(folder: Path) -> None:
    """The names in a folder are on the disk when this returns; Windows opens no folders, and keeps names without being asked."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
