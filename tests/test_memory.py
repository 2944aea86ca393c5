"""Free memory goes back to the system, and nothing breaks where the C library cannot."""

from __future__ import annotations

import ctypes
from types import SimpleNamespace

import psutil
import pyarrow as pa
import pytest

from graphcorr.memory import give_back

_MEBIBYTE = 1 << 20


def test_what_was_freed_is_given_back() -> None:
    process = psutil.Process()
    tables = [pa.array([b"x" * 1024] * 1024) for _ in range(100)]
    held = process.memory_info().rss
    del tables
    give_back()
    assert held - process.memory_info().rss > 50 * _MEBIBYTE


def test_without_the_function_of_glibc_it_does_what_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace())
    give_back()
