"""Generations: what was found is published whole, and its readers keep it while the next one is made and published.

A generation is built in ``<name>.building`` and renamed; then one row of the case's state is the pointer to it. A reader
holds ``held`` together with others and looks for the row again; whoever collects holds it alone, without waiting.
"""

from __future__ import annotations

import secrets
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graphcorr.errors import CaseError
from graphcorr.locks import BusyError, held_alone
from graphcorr.machine import flush

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphcorr.case.folder import Folder
    from graphcorr.case.state import State

_BUILDING: Final = ".building"


@dataclass(frozen=True, slots=True)
class Generation:
    """Where the parts of a generation are."""

    name: str
    folder: Path

    @property
    def report(self) -> Path:
        return self.folder / "report.json"

    @property
    def findings(self) -> Path:
        return self.folder / "findings.sqlite"

    @property
    def graph(self) -> Path:
        """Not there where the graph is kept in another store."""
        return self.folder / "graph.lbug"

    @property
    def held(self) -> Path:
        """The file whose lock readers hold together."""
        return self.folder / "held"


def find(folder: Folder, name: str) -> Generation:
    return Generation(name, folder.generations / name)


@contextmanager
def building(folder: Folder) -> Iterator[Generation]:
    """A generation to fill; it is gone afterwards unless :func:`publish` made it one that counts."""
    # Never a name that there was: a server's graph is told by it, and a reader may still hold the folder of that name.
    name = secrets.token_hex(8)
    place = folder.generations / f"{name}{_BUILDING}"
    try:
        place.mkdir(parents=True)
        yield Generation(name, place)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def publish(folder: Folder, state: State, built: Generation) -> None:
    """Make what was built the generation that readers get: all of it, or after a crash none of it.

    Raises ``CaseError`` where it cannot be written; then the generation before is still the one.
    """
    target = find(folder, built.name).folder
    try:
        built.held.touch()
        for path in built.folder.iterdir():
            if path in {built.report, built.findings, built.graph, built.held}:
                flush(path)
            else:
                path.unlink()  # a lock of those who built it, which is nobody's any more
        flush(built.folder)
        built.folder.rename(target)
        flush(folder.generations)
    except OSError as error:
        raise CaseError(f"{folder.generations} cannot be written: {error.strerror or error}") from error
    state.add_generation(built.name)
    if len(state.generations()) == 1:
        # What an older layout had instead is nobody's any more.
        for path in (folder.old_report, *folder.path.glob(f"{folder.old_graph.name}*")):
            path.unlink(missing_ok=True)
    sweep(folder, state)


def sweep(folder: Folder, state: State) -> None:
    """Remove generations before the current one that nobody reads, and folders that no row names. Whoever writes the case may."""
    current = state.generation()
    for name in state.generations():
        if name != current:
            _collect(find(folder, name), state)
    if folder.generations.is_dir():
        known = set(state.generations())
        for path in folder.generations.iterdir():
            if path.name not in known:
                _remove(Generation(path.name, path))


def _collect(old: Generation, state: State) -> None:
    """The row goes first, and while nobody else can hold the folder: a reader that comes later looks for the row again."""
    try:
        if old.folder.is_dir():
            with held_alone(old.held):
                state.remove_generation(old.name)
                _empty(old)
        else:
            state.remove_generation(old.name)
    except BusyError:
        return
    _remove(old)


def _remove(old: Generation) -> None:
    """Remove a folder without a row, unless somebody who read the row while it was there still holds it."""
    try:
        if old.held.exists():
            with held_alone(old.held):
                _empty(old)
    except BusyError:
        return
    shutil.rmtree(old.folder, ignore_errors=True)


def _empty(old: Generation) -> None:
    """Everything but the lock, which is open: some systems remove no open file."""
    for path in old.folder.iterdir():
        if path != old.held:
            path.unlink(missing_ok=True)
