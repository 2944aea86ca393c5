"""A case's own patterns: checked in a process of its own, kept in the case, run by each of its detections beside the others."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Meta

from graphcorr.case.folder import Folder
from graphcorr.case.privacy import private
from graphcorr.errors import NotFoundError, StoreError, UsageError
from graphcorr.patterns.load import PatternErrors, load
from graphcorr.service import patterns

if TYPE_CHECKING:
    from pathlib import Path

    from graphcorr.patterns.load import Pattern
    from graphcorr.settings import Settings

LARGEST: Final = 64 << 10
"""Characters of a pattern."""
MOST: Final = 100
"""Patterns of one case."""
DEEPEST: Final = 50
"""Brackets in each other."""
PATIENCE: Final = 30.0
"""Seconds for one check; what takes longer is refused."""
WORK: Final = 20
"""Seconds of processor time to read a pattern."""
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_one: Final = threading.Lock()

Text = Annotated[str, Meta(min_length=1, max_length=LARGEST)]
Tactic = Annotated[str, Meta(pattern="^[a-z_]{1,40}$")]


class PatternText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pattern file: header and query."""

    text: Text
    tactic: Tactic = "lateral_movement"
    """The folder that it lies in: ATT&CK's tactic."""


class PatternProblem(msgspec.Struct, frozen=True):
    """What is wrong, and where; lines and columns count from 1."""

    line: int
    column: int
    reason: str


class CheckedPattern(msgspec.Struct, frozen=True):
    """Its id, where it has one that can be read, and everything that is wrong with it."""

    id: str | None
    problems: list[PatternProblem]


def check_text(asked: PatternText) -> CheckedPattern:
    """Read, lint and bind a pattern on an empty graph. ``StoreError`` while others are checked for long."""
    if (deep := _too_deep(asked.text)) is not None:
        return CheckedPattern(None, [deep])
    if not _one.acquire(timeout=PATIENCE):
        raise StoreError("other patterns are being checked: ask again")
    try:
        # Whatever a text does to who reads it, it does to that process.
        command = [sys.executable, "-m", "graphcorr.service.pattern_check", str(WORK)]
        done = subprocess.run(command, input=msgspec.json.encode(asked), capture_output=True, timeout=PATIENCE, check=False)
        return msgspec.json.decode(done.stdout, type=CheckedPattern)
    except subprocess.TimeoutExpired:
        return CheckedPattern(None, [PatternProblem(1, 1, f"it could not be checked in {PATIENCE:g} s")])
    except msgspec.DecodeError:
        return CheckedPattern(None, [PatternProblem(1, 1, "it could not be checked: reading it ended the process that did")])
    finally:
        _one.release()


def _too_deep(text: str) -> PatternProblem | None:
    """Where brackets in brackets are more than anybody means: what reads them takes time with the square of that."""
    depth = 0
    for number, line in enumerate(text.split("\n"), 1):
        for column, character in enumerate(line, 1):
            depth = depth + 1 if character in "([{" else max(depth - 1, 0) if character in ")]}" else depth
            if depth > DEEPEST:
                return PatternProblem(number, column, f"more than {DEEPEST} brackets in each other")
    return None


def add_pattern(folder: Path, asked: PatternText, settings: Settings) -> Pattern:
    """Keep a pattern in the case; one of its id there is replaced. The next detection runs it.

    ``UsageError`` names the first thing that is wrong with it, or says that its id is another one's.
    """
    checked = check_text(asked)
    if checked.problems or checked.id is None:
        first = checked.problems[0]
        raise UsageError(f"line {first.line}, column {first.column}: {first.reason} ({len(checked.problems)} in all)")
    if any(each.id == checked.id for each in patterns.list_patterns(settings)):
        raise UsageError(f"{checked.id} is the id of another pattern, which every detection runs")
    own = list_own(folder)
    if len(own) >= MOST and all(each.id != checked.id for each in own):
        raise UsageError(f"the case has {MOST} patterns of its own: take one away first")
    place = Folder(folder).patterns / asked.tactic / f"{checked.id}.cypher"
    with private():
        place.parent.mkdir(parents=True, exist_ok=True)
        aside = place.with_suffix(".new")
        aside.write_text(asked.text, encoding="utf-8")
        for former in Folder(folder).patterns.glob(f"*/{checked.id}.cypher"):
            if former != place:
                former.unlink()
        aside.replace(place)
    return next(each for each in list_own(folder) if each.id == checked.id)


def list_own(folder: Path) -> list[Pattern]:
    """The case's own patterns by id. ``UsageError`` where somebody damaged one."""
    place = Folder(folder).patterns
    try:
        return load([place]) if place.is_dir() else []
    except PatternErrors as errors:
        raise UsageError(str(errors.errors[0].reason)) from errors


def remove_pattern(folder: Path, id_: str) -> None:
    """Take one of the case's own patterns away; the next detection runs without it. ``NotFoundError`` where there is none."""
    found = list(Folder(folder).patterns.glob(f"*/{id_}.cypher")) if _ID.fullmatch(id_) else []
    if not found:
        raise NotFoundError(f"the case has no pattern {id_[:80]!r} of its own")
    for path in found:
        path.unlink()
