"""The file of an embedded graph: told from other files, built by one process at a time, without what killed builds left."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

from graphcorr.errors import StoreError
from graphcorr.locks import BusyError, held_alone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MAGIC: Final = b"LBUG"
"""What a graph file begins with."""


def is_graph(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def refuse_stranger(path: Path) -> None:
    """``StoreError`` where something else than a graph would be overwritten: an address is typed in, and a log is evidence.

    A damaged graph of ours has its lock file beside it, and is to be replaced.
    """
    try:
        if not os.path.lexists(path):
            return
        if not path.is_file():
            raise StoreError(f"{path} is no file: name another one for the graph")
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}") from error
    if head != _MAGIC and not lock(path).exists():
        raise StoreError(f"{path} exists and is no graph: name another file for the graph")


@contextmanager
def own(path: Path) -> Iterator[None]:
    """Hold the file's lock; ``StoreError`` when another process has it. The lock ends with its process, whatever kills it."""
    with ExitStack() as stack:
        try:
            stack.enter_context(held_alone(lock(path)))
        except BusyError as error:
            raise StoreError(f"another process is building {path}") from error
        except OSError as error:
            raise StoreError(f"cannot write beside {path}: {error.strerror or error}") from error
        yield


def remove_strays(path: Path) -> None:
    """Remove what crashed builds left; to be called with the lock held, so that no stray is anybody's work."""
    for stray in path.parent.iterdir():
        if stray.name.startswith(f"{path.name}.building-"):
            stray.unlink(missing_ok=True)


def remove(path: Path) -> None:
    for file in (path, wal(path)):
        file.unlink(missing_ok=True)


def lock(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def wal(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")
