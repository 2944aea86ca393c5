"""The administrator writes into every folder; tests of folders that can only be read give that up for a while."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_VERSION: Final = 0x20080522
_OVERRIDES: Final = 0b110
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: whoever has them is not asked what the mode of a file allows."""


@contextmanager
def only_readable(folder: Path) -> Iterator[None]:
    """Nothing can be written in the folder and in what it holds, by nobody in this thread."""
    places = [folder, *folder.rglob("*")]
    modes = [place.stat().st_mode for place in places]
    for place in places:
        place.chmod(0o555 if place.is_dir() else 0o444)
    try:
        with _without_overrides():
            yield
    finally:
        for place, mode in zip(places, modes, strict=True):
            place.chmod(mode)


@contextmanager
def forbidden(place: Path) -> Iterator[None]:
    """Nothing can be read in the place, by nobody in this thread."""
    mode = place.stat().st_mode
    place.chmod(0)
    try:
        with _without_overrides():
            yield
    finally:
        place.chmod(mode)


@contextmanager
def _without_overrides() -> Iterator[None]:
    if os.geteuid() != 0:
        yield
        return
    library = ctypes.CDLL(None, use_errno=True)
    header, held = (ctypes.c_uint32 * 2)(_VERSION, 0), (ctypes.c_uint32 * 6)()
    _call(library.capget, header, held)
    less = (ctypes.c_uint32 * 6)(*held)
    less[0] &= ~_OVERRIDES
    _call(library.capset, header, less)
    try:
        yield
    finally:
        _call(library.capset, header, held)


def _call(function: ctypes._NamedFuncPointer, *arguments: object) -> None:
    if function(*arguments):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
