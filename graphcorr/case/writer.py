"""A case opened to write: by one process at a time, which sweeps what an interrupted one left and brings old layouts to this one."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from graphcorr.case.folder import LAYOUT, Folder, create_case, migrate, read_about
from graphcorr.case.generations import publish, sweep
from graphcorr.case.privacy import private, tighten
from graphcorr.case.state import State
from graphcorr.case.view import AGAIN
from graphcorr.errors import CaseError, CaseInUseError
from graphcorr.locks import BusyError, held_alone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphcorr.case.generations import Generation


class CaseWriter:
    """An open case. Use :func:`open_writer`."""

    def __init__(self, folder: Path, state: State, id_: str) -> None:
        self.folder = folder
        self.id = id_
        self.state = state
        self.places = Folder(folder)
        self.events = self.places.events
        self.scratch = self.places.scratch

    def segment_paths(self) -> list[Path]:
        """Parquet files of all committed events."""
        return [self.events / segment.name for segment in self.state.segments()]

    def check(self) -> None:
        """``CaseError`` when committed events are not there, or not whole: a report without them would look clean."""
        found = {entry.name: entry.stat().st_size for entry in os.scandir(self.events)}
        for segment in self.state.segments():
            if segment.name not in found:
                raise CaseError(f"{self.events / segment.name} is missing; {AGAIN}")
            if found[segment.name] != segment.bytes:
                size = found[segment.name]
                raise CaseError(f"{self.events / segment.name} has {size} bytes where {segment.bytes} were written; {AGAIN}")

    def tidy(self) -> None:
        """Remove segments that nobody committed, and those of which every input was read anew.

        What a generation names stays as long as the generation does: the records of its findings are told by place.
        """
        self.state.drop_dead_segments()
        known = {segment.name for segment in self.state.segments()} | self.state.segments_of_generations()
        for path in self.events.iterdir():
            if path.name not in known:
                path.unlink()

    def publish(self, built: Generation) -> None:
        """Make a generation the one that readers get; what only those before it named goes, unless somebody still reads them."""
        publish(self.places, self.state, built)
        self.tidy()

    def sweep(self) -> None:
        """Remove what an interrupted run left."""
        sweep(self.places, self.state)
        self.tidy()
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir(exist_ok=True)


@contextmanager
def open_writer(folder: Path, *, create: bool = False) -> Iterator[CaseWriter]:
    """Open a case to write; what is made meanwhile is the user's alone.

    Raises ``CaseError`` when there is no case (and ``create`` is not set), when another process writes it, and when it
    is of a layout that this version does not know. Readers are in nobody's way.
    """
    places = Folder(folder)
    with private():
        with _told(folder):
            if not places.about.exists() and create:
                create_case(places)
        about = read_about(places)
        with _locked(folder):
            with _told(folder):
                tighten(folder)
                places.events.mkdir(exist_ok=True)
                has_events = any(places.events.iterdir())
            state = State(places.state, has_events=has_events)
            try:
                case = CaseWriter(folder, state, about.id)
                with _told(folder):
                    case.check()
                    if about.layout != LAYOUT:
                        migrate(places)
                    case.sweep()
                yield case
            finally:
                state.close()
                shutil.rmtree(places.scratch, ignore_errors=True)


def is_used(folder: Path) -> bool:
    """Whether a process writes this case or reads a generation of it; also where that cannot be told."""
    places = Folder(folder)
    try:
        with held_alone(places.lock):
            for held in places.generations.glob("*/held"):
                with held_alone(held):
                    continue
    except (BusyError, OSError):
        return True
    return False


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CaseError(f"{folder} cannot be used: {error.strerror or error}") from error


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(held_alone(Folder(folder).lock))
        except BusyError as error:
            raise CaseInUseError(f"{folder} is in use by another graphcorr process") from error
        except OSError as error:
            raise CaseError(f"{folder} cannot be written: {error.strerror or error}") from error
        yield
