"""Memory that is free but still held, given back: one process has several engines, and each keeps what it no longer needs."""

from __future__ import annotations

import pyarrow as pa

from graphcorr.machine import trim_heap


def give_back() -> None:
    """Return free memory to the system, where its C library can; hundreds of megabytes after a graph was built or segments merged."""
    pa.default_memory_pool().release_unused()
    trim_heap()
