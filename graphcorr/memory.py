"""Memory that is free but still held, given back: one process has several engines, and each keeps what it no longer needs."""

from __future__ import annotations

import ctypes
import os

import pyarrow as pa


def give_back() -> None:
    """Return free memory to the system, where its C library can; hundreds of megabytes after a graph was built or segments merged."""
    pa.default_memory_pool().release_unused()
    # glibc keeps what its threads freed; other C libraries have no such function, and give back by themselves. Windows has none
    # without a name.
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim is not None:
        trim(0)
