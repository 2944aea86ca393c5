"""A case opened to read: one generation of it as it is, by any number of processes, beside one that writes the next.

Nothing is written, swept or waited for, so that it also works on a medium that can only be read.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from graphcorr.case.folder import Folder, read_about
from graphcorr.case.generations import Generation, find
from graphcorr.case.view import LOST, StateView
from graphcorr.errors import CaseError, NotDetectedError
from graphcorr.locks import held_together
from graphcorr.machine import shell_word

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class CaseReader:
    """What a reader has of a case. Use :func:`open_reader`."""

    def __init__(self, folder: Path, generation: Generation | None, state: StateView) -> None:
        self.folder = folder
        self.generation = generation
        """None is a case of layout 2, which has a report and no generation."""
        self.places = Folder(folder)
        self.state = state

    def read_report(self) -> bytes:
        """The report, as JSON."""
        path = self.places.old_report if self.generation is None else self.generation.report
        try:
            return path.read_bytes()
        except OSError as error:
            raise CaseError(f"{path} cannot be read: {error.strerror or error}") from error


@contextmanager
def open_reader(folder: Path) -> Iterator[CaseReader]:
    """The generation that is current now; it stays as it is until this ends, whatever is published meanwhile.

    Raises ``NotDetectedError`` where nothing was looked for yet, ``CaseError`` where there is no case or it cannot be read.
    """
    places = Folder(folder)
    read_about(places)
    with StateView(places.state) as state, ExitStack() as stack:
        generation = _hold(places, state, stack)
        if not places.state.exists() and (places.generations.exists() or any(places.events.glob("*.parquet"))):
            raise CaseError(LOST.format(places.state))
        if generation is None and not places.old_report.exists():
            raise NotDetectedError(f"{folder} is not detected yet: run graphcorr detect --case {shell_word(folder)}")
        yield CaseReader(folder, generation, state)


def _hold(places: Folder, state: StateView, stack: ExitStack) -> Generation | None:
    """The current generation, held until the stack ends; None where there is none."""
    while (name := state.generation()) is not None:
        found = find(places, name)
        try:
            with ExitStack() as trial:
                trial.enter_context(held_together(found.held))
                # It may have been collected before it was held; then there is a newer one.
                if name in state.generations():
                    stack.push(trial.pop_all())
                    return found
        except FileNotFoundError as error:
            if name in state.generations():
                again = f"run graphcorr detect --case {shell_word(places.path)}"
                raise CaseError(f"{found.folder} is missing or not whole; {again}") from error
        except OSError as error:
            raise CaseError(f"{found.folder} cannot be read: {error.strerror or error}") from error
    return None
