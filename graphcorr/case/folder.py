"""A case folder on disk: opened by one process, swept of what an interrupted run left behind.

<case>/case.toml        id, created, versions
       events/*.parquet events with origin and raw record; whole files, written aside, then renamed
       state.sqlite     committed inputs and segments
       graph.lbug       the graph: a projection, may be thrown away and rebuilt
       report.json      the last report
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
import tomllib
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from graphcorr.case.state import AGAIN, State
from graphcorr.errors import CaseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LAYOUT: Final = 2
"""Number of the layout of a case; another number is refused, because events are the truth and must be read right."""
_ESCAPED: Final = re.compile(rb"\\x([89a-f][0-9a-f])")


class Case:
    """An open case. Use :func:`open_case`."""

    def __init__(self, folder: Path, state: State, id_: str) -> None:
        self.folder = folder
        self.id = id_
        self.state = state
        self.events = folder / "events"
        self.scratch = folder / "scratch"

    @property
    def graph(self) -> Path:
        return self.folder / "graph.lbug"

    @property
    def report(self) -> Path:
        return self.folder / "report.json"

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
        """Remove segments that nobody committed, and those of which every input was read anew."""
        self.state.drop_dead_segments()
        known = {segment.name for segment in self.state.segments()}
        for path in self.events.iterdir():
            if path.name not in known:
                path.unlink()

    def sweep(self) -> None:
        """Remove what an interrupted run left."""
        self.tidy()
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir(exist_ok=True)


@contextmanager
def open_case(folder: Path, *, create: bool = False) -> Iterator[Case]:
    """Open a case for this process alone.

    Raises ``CaseError`` when there is no case (and ``create`` is not set), when another process has it open, and when
    another version wrote it.
    """
    with _told(folder):
        if not (folder / "case.toml").exists():
            if not create:
                raise CaseError(f"{folder} is not a case: it has no case.toml")
            _create(folder)
    id_ = _read_id(folder)
    with _locked(folder):
        with _told(folder):
            (folder / "events").mkdir(exist_ok=True)
            has_events = any((folder / "events").iterdir())
        state = State(folder / "state.sqlite", has_events=has_events)
        try:
            case = Case(folder, state, id_)
            with _told(folder):
                case.check()
                case.sweep()
            yield case
        finally:
            state.close()
            shutil.rmtree(folder / "scratch", ignore_errors=True)


def is_open(folder: Path) -> bool:
    """Whether a process has this case open."""
    try:
        with _locked(folder):
            return False
    except CaseError:
        return True


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CaseError(f"{folder} cannot be used: {error.strerror or error}") from error


def printable(name: str) -> str:
    """A file name that is no UTF-8 has its bytes as escapes in a report: JSON and SQLite hold text only."""
    try:
        return os.fsencode(name).decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # half of a surrogate pair, from an archive's directory
        return name.encode("utf-8", "backslashreplace").decode("utf-8")


def unprintable(name: str) -> str:
    """The file name that :func:`printable` was given, where its escapes are bytes of one."""
    return os.fsdecode(_ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), name.encode()))


def _create(folder: Path) -> None:
    if printable(str(folder.absolute())) != str(folder.absolute()):
        # The engines take file names as text.
        raise CaseError(f"{printable(str(folder))} is no name for a case, because it is not UTF-8; name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    strangers = sorted(path.name for path in folder.iterdir() if path.name not in {"case.toml", "case.toml.new"})
    if strangers:
        raise CaseError(f"{folder} is neither empty nor a case (it holds {strangers[0]}); name another folder")
    # Before anything else is made in it: a folder that a kill left behind is empty or a case.
    name = folder.absolute().name
    # What a shared database knows the case by, wherever its folder is moved: the name for people, the rest so that no two are one.
    id_ = f"{name}-{secrets.token_hex(4)}"
    created = datetime.now(UTC).isoformat(timespec="seconds")
    text = f'layout = {LAYOUT}\nid = "{_toml(id_)}"\nname = "{_toml(name)}"\ncreated = "{created}"\n'
    aside = folder / "case.toml.new"
    aside.write_text(text, encoding="utf-8")
    aside.replace(folder / "case.toml")


def _toml(text: str) -> str:
    """The inside of a TOML string."""
    return "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text)


def _read_id(folder: Path) -> str:
    """The case's id; one of a version that gave none has its name and time instead. Another layout is a ``CaseError``."""
    path = folder / "case.toml"
    try:
        stated = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CaseError(f"{path} cannot be read: {error}") from error
    if (layout := stated.get("layout")) != LAYOUT:
        raise CaseError(f"{folder} was written with case layout {layout}, this version reads {LAYOUT}; read the logs into a new case")
    return str(stated.get("id") or f"{stated.get('name')}-{stated.get('created')}")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    # The lock lives as long as the descriptor: kill -9 releases it, a stale file means nothing.
    try:
        handle = os.open(folder / "case.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CaseError(f"{folder} cannot be written: {error.strerror}") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CaseError(f"{folder} is in use by another graphcorr process") from error
        yield
    finally:
        os.close(handle)
