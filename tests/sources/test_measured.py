"""Measured numbers of this room, pinned from both sides, and why each is what it is."""

from __future__ import annotations

import pytest

from graphcorr.errors import InputError
from graphcorr.sources.compression import BombGuard

MEBIBYTE = 1 << 20


def is_read_on(produced: int, consumed: int) -> bool:
    guard = BombGuard()
    guard.produced, guard.consumed = produced, consumed
    try:
        guard.check()
    except InputError:
        return False
    return True


def test_what_unpacks_to_four_hundred_times_its_size_is_no_log() -> None:
    """Real logs reach 40, the dullest 150; deflate can do 1,032. A small file may be all repetition: 64 MiB are read whatever they are."""
    grace = 64 * MEBIBYTE
    assert [is_read_on(grace, 0), is_read_on(grace + 1, 0)] == [True, False]
    assert [is_read_on(4_000 * MEBIBYTE, 10 * MEBIBYTE), is_read_on(4_000 * MEBIBYTE + 1, 10 * MEBIBYTE)] == [True, False]


def test_no_compressed_file_gives_more_than_a_tebibyte() -> None:
    tebibyte = 1 << 40
    assert [is_read_on(tebibyte, tebibyte), is_read_on(tebibyte + 1, tebibyte)] == [True, False]
    guard = BombGuard()
    guard.produced = guard.consumed = tebibyte + 1
    with pytest.raises(InputError, match="1024 GiB"):
        guard.check()
