"""How a long run tells how far it is, and how it is asked to stop."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told how far the work is. Units are bytes while reading."""

    def phase(self, name: str, total: int | None) -> None:
        """A phase begins; ``total`` is None where nobody knows it."""
        ...

    def advance(self, done: int) -> None:
        """``done`` more units."""
        ...

    def finish(self) -> None:
        """The phase is over."""
        ...


class Silent:
    """Reports to nobody."""

    def phase(self, name: str, total: int | None) -> None: ...

    def advance(self, done: int) -> None: ...

    def finish(self) -> None: ...


class Cancel(Protocol):
    """Whether somebody wants the work to end: a ``threading.Event`` is one, and so is one of ``multiprocessing``."""

    def is_set(self) -> bool: ...
