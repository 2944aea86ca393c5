"""The folder of a case: what lies where in it, which case it is, and how its names are told as text.

<case>/case.toml           layout, id, name, created
       case.lock           held by the one process that writes
       events/*.parquet    events with origin and raw record; whole files, written aside, then renamed
       state.sqlite        committed inputs and segments, what was not read to its end, the row that names the generation
       patterns/           its own, a folder for each tactic
       notes.sqlite        verdicts, notes, and rules that set findings aside
       generations/<name>/ report.json, findings.sqlite, graph.lbug: a projection, may be thrown away and made anew
       scratch/            of the process that writes
"""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from graphcorr.errors import CaseError

if TYPE_CHECKING:
    from pathlib import Path

LAYOUT: Final = 3
"""Number of the layout of a case."""
OLDEST: Final = 2
"""Layouts from this one on are read by a reader and brought to :data:`LAYOUT` by a writer; in 2 a case has one report and one graph
in its folder and no generations."""
_ESCAPED: Final = re.compile(rb"\\x([89a-f][0-9a-f])")


@dataclass(frozen=True, slots=True)
class Folder:
    """Where things are in a case."""

    path: Path

    @property
    def about(self) -> Path:
        return self.path / "case.toml"

    @property
    def lock(self) -> Path:
        return self.path / "case.lock"

    @property
    def events(self) -> Path:
        return self.path / "events"

    @property
    def state(self) -> Path:
        return self.path / "state.sqlite"

    @property
    def notes(self) -> Path:
        return self.path / "notes.sqlite"

    @property
    def patterns(self) -> Path:
        """The case's own, by tactic; not there where it has none."""
        return self.path / "patterns"

    @property
    def generations(self) -> Path:
        return self.path / "generations"

    @property
    def scratch(self) -> Path:
        return self.path / "scratch"

    @property
    def old_report(self) -> Path:
        """Of layout 2; it is the case's report until the first generation is published."""
        return self.path / "report.json"

    @property
    def old_graph(self) -> Path:
        return self.path / "graph.lbug"


@dataclass(frozen=True, slots=True)
class About:
    """What ``case.toml`` says."""

    id: str
    """What a shared database knows the case by, wherever its folder is moved."""
    layout: int
    name: str
    """For people; at first that of the folder."""
    created: str | None


def read_about(folder: Folder) -> About:
    """Raises ``CaseError`` for what is no case, and for a layout that this version does not know."""
    try:
        stated = tomllib.loads(folder.about.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CaseError(f"{folder.path} is not a case: it has no case.toml") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CaseError(f"{folder.about} cannot be read: {error}") from error
    layout = stated.get("layout")
    if not isinstance(layout, int) or not OLDEST <= layout <= LAYOUT:
        newer = isinstance(layout, int) and layout > LAYOUT
        way = "use the graphcorr that wrote it, or read the logs into a new case" if newer else "read the logs into a new case"
        raise CaseError(f"{folder.path} was written with case layout {layout}, this version reads {OLDEST} to {LAYOUT}; {way}")
    # One of a version that gave no id has its name and time instead.
    id_ = str(stated.get("id") or f"{stated.get('name')}-{stated.get('created')}")
    created = stated.get("created")
    return About(id_, layout, str(stated.get("name") or folder.path.name), created if isinstance(created, str) else None)


def create_case(folder: Folder, called: str | None = None) -> None:
    """Make a new case, by default called as its folder.

    Raises ``CaseError`` where something else lies in the folder, ``OSError`` where it cannot be written.
    """
    path = folder.path
    if printable(str(path.absolute())) != str(path.absolute()):
        # The engines take file names as text.
        raise CaseError(f"{printable(str(path))} is no name for a case, because it is not UTF-8; name another folder")
    path.mkdir(parents=True, exist_ok=True)
    strangers = sorted(each.name for each in path.iterdir() if each.name not in {"case.toml", "case.toml.new"})
    if strangers:
        raise CaseError(f"{path} is neither empty nor a case (it holds {strangers[0]}); name another folder")
    # Before anything else is made in it: a folder that a kill left behind is empty or a case.
    name = path.absolute().name
    created = datetime.now(UTC).isoformat(timespec="seconds")
    # The name for people, the rest so that no two are one.
    text = f'layout = {LAYOUT}\nid = "{_toml(f"{name}-{secrets.token_hex(4)}")}"\nname = "{_toml(called or name)}"\ncreated = "{created}"\n'
    _replace(folder.about, text)


def rename(folder: Folder, called: str) -> None:
    """Give a case another name for people; its folder and its id stay."""
    text = folder.about.read_text(encoding="utf-8")
    line = f'name = "{_toml(called)}"'
    _replace(folder.about, re.sub(r"(?m)^name *=.*$", lambda _: line, text, count=1))


def migrate(folder: Folder) -> None:
    """Say that a case is of this layout now; an older graphcorr would sweep what it does not know."""
    text = folder.about.read_text(encoding="utf-8")
    _replace(folder.about, re.sub(r"(?m)^layout *= *\d+ *$", f"layout = {LAYOUT}", text, count=1))


def _replace(path: Path, text: str) -> None:
    aside = path.with_name(f"{path.name}.new")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)


def printable(name: str) -> str:
    """A file name that is no UTF-8 has its bytes as escapes in a report: JSON and SQLite hold text only."""
    try:
        return os.fsencode(name).decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # half of a surrogate pair, from an archive's directory
        return name.encode("utf-8", "backslashreplace").decode("utf-8")


def unprintable(name: str) -> str:
    """The file name that :func:`printable` was given, where its escapes are bytes of one."""
    return os.fsdecode(_ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), name.encode()))


def _toml(text: str) -> str:
    """The inside of a TOML string."""
    return "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text)
