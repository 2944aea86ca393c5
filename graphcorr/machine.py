"""What this machine and its system offer, where Linux, macOS and Windows differ; nothing else asks which of them it is."""

from __future__ import annotations

import ctypes
import os
import shlex
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def count_cores() -> int:
    """Cores that this process may use; all of the machine's where the system does not limit processes, or says nothing."""
    allowed = getattr(os, "sched_getaffinity", None)  # Linux alone
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1


def count_memory() -> int:
    """Bytes of memory that the machine has."""
    import psutil

    return psutil.virtual_memory().total


def trim_heap() -> None:
    """Return to the system what the C library holds and nobody uses.

    glibc keeps what its threads freed; other libraries have no such function, and give back by themselves.
    """
    # Windows knows no library without a name.
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim is not None:
        trim(0)


def bound_process(memory: int, seconds: int) -> Callable[[], None]:
    """Limit what this process may use from now on, in bytes of addresses and seconds of processor time; gives what lifts the former.

    Windows has no such limits of a process for itself, and some systems refuse them.
    """
    if sys.platform == "win32":
        return lambda: None
    else:  # noqa: RET505 - the type checker knows systems by such branches
        import resource

        before = resource.getrlimit(resource.RLIMIT_AS)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            resource.setrlimit(resource.RLIMIT_AS, (memory, before[1]))
        return lambda: resource.setrlimit(resource.RLIMIT_AS, before)


_BEHIND: Final = 5
"""Steps of niceness: a third of the time of who does not stand back, where both want all of it."""


def stand_back() -> None:
    """Let processes that somebody waits for go first from now on, this one's children behind them as well."""
    if sys.platform == "win32":
        import psutil

        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(_BEHIND)
        if os.getsid(0) == os.getpid():
            # Where Linux shares time out among sessions, a step counts within one alone; not every system has that, or lets it be set.
            with suppress(OSError):
                Path("/proc/self/autogroup").write_text(str(_BEHIND), encoding="ascii")


@contextmanager
def ctrl_c_kept_from_children() -> Iterator[None]:
    """Processes started here never see Ctrl-C, which a terminal sends to all of a group.

    Windows has no such mask: a process that is started there ignores Ctrl-C from the moment on that it says so itself.
    """
    if sys.platform == "win32":
        yield
    else:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def example_folder() -> str:
    """A folder of logs as a command on this system would name one."""
    return r"C:\logs" if os.name == "nt" else "/logs"


def shell_word(path: Path) -> str:
    """A path as one word of a command that is pasted into a shell of this system."""
    text = path.as_posix()
    return subprocess.list2cmdline([text]) if os.name == "nt" else shlex.quote(text)


def flush(path: Path) -> None:
    """A file's content, or the names in a folder, are on the disk when this returns, not only in the system's memory.

    Windows flushes nothing that is open for reading alone, and opens no folder; the names in one it keeps without being asked.
    """
    is_windows = os.name == "nt"
    if is_windows and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if is_windows else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
