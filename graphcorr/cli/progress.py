"""How far a long run is: a line with rate and time left on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from graphcorr.model.progress import Silent
from graphcorr.outputs.escapes import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    import rich.console
    import rich.progress

    from graphcorr.model.progress import Progress

READING: Final = "Reading"
"""Phases whose name starts so count bytes; the others count what they handle."""


class Bar:
    """One line at a time on stderr, removed at the end: the report is what stays."""

    def __init__(self) -> None:
        self._live: rich.progress.Progress | None = None
        self._task: rich.progress.TaskID | None = None

    def phase(self, name: str, total: int | None) -> None:
        """Begin a phase; ``total`` is None where nobody knows."""
        from rich import progress

        self.finish()
        self._live = progress.Progress(*_columns(name, total), transient=True, console=_console())
        self._task = self._live.add_task(escape(name), total=total)
        self._live.start()

    def advance(self, done: int) -> None:
        """``done`` more bytes or things."""
        if self._live is not None and self._task is not None:
            self._live.advance(self._task, done)

    def finish(self) -> None:
        if self._live is not None:
            self._live.stop()
        self._live = self._task = None


@contextmanager
def watched() -> Iterator[Progress]:
    """The progress that suits stderr; its line is gone afterwards, whatever happened."""
    progress: Progress = Bar() if sys.stderr.isatty() else Silent()
    try:
        yield progress
    finally:
        progress.finish()


def _columns(name: str, total: int | None) -> list[rich.progress.ProgressColumn]:
    from rich import progress

    columns: list[rich.progress.ProgressColumn] = [progress.TextColumn("{task.description}", markup=False)]
    columns += [progress.SpinnerColumn()] if total is None else [progress.BarColumn(), progress.TaskProgressColumn()]
    if name.startswith(READING):
        columns += [progress.DownloadColumn(), progress.TransferSpeedColumn()]
    if total is None:
        return [*columns, progress.TimeElapsedColumn()]
    return [*columns, progress.TimeRemainingColumn(), progress.TextColumn("left", markup=False)]


def _console() -> rich.console.Console:
    from rich.console import Console

    return Console(stderr=True, markup=False, highlight=False)
