"""Where cases live that nobody named: a few recent ones in the user's state folder, the last one remembered."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import xxhash

from graphcorr.case.privacy import make_private
from graphcorr.case.writer import is_used
from graphcorr.errors import CaseError, GraphcorrError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

KEPT: Final = 10
"""Unnamed cases that are kept; the longest unused go first."""
UNNAMED: Final = re.compile(r"case-[0-9a-f]{16}")
"""What a case is called that the user gave no name."""


def case_name(stamps: Iterable[str], version: str) -> str:
    """A name that the same inputs (paths, sizes, modification times) always get, so that a second hunt goes on.

    The content is not read for it: hashing a terabyte to name a folder would cost as much as the hunt.
    """
    digest = xxhash.xxh3_64()
    for stamp in sorted(stamps):
        digest.update(stamp.encode("utf-8", "surrogateescape") + b"\0")
    digest.update(version.encode())
    return f"case-{digest.hexdigest()}"


def remember(state: Path, case: Path) -> None:
    """Make ``case`` the last one, and remove unnamed cases beyond :data:`KEPT` that no process writes or reads."""
    try:
        make_private(state)
        aside = state / f"last.{os.getpid()}"
        aside.write_text(str(case.resolve()), encoding="utf-8", errors="surrogateescape")
        aside.replace(state / "last")
        cases = state / "cases"
        if case.resolve().parent == cases.resolve():
            os.utime(case)
            # Equal times happen where a file system counts in coarse steps: the name decides then.
            unnamed = [path for path in cases.iterdir() if UNNAMED.fullmatch(path.name) and path.is_dir()]
            found = sorted((path.stat().st_mtime_ns, path.name, path) for path in unnamed)
            for _, _, old in found[:-KEPT]:
                if not is_used(old):
                    shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise CaseError(f"{state}, where cases are kept, cannot be used: {error.strerror or error}") from error


@contextmanager
def remembered(state: Path, case: Path, *, named: bool = False) -> Iterator[Callable[[], None]]:
    """``case`` is the last one, at once, so that an interrupted hunt can be gone on with.

    The one before is the last again when an error ends it or when the function that is given says that nothing was read:
    a mistyped name must not take away what ``explain`` is asked about next. A case that has a name is hunted in also where
    the user's state folder can only be read; it is not the last one then.
    """
    pointer = state / "last"
    try:
        before = pointer.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        before = None

    def give_up() -> None:
        if before is None:
            pointer.unlink(missing_ok=True)
        elif Path(before).exists():
            remember(state, Path(before))

    try:
        remember(state, case)
    except CaseError:
        if not named:
            raise
        before = str(state / "gone")
    try:
        yield give_up
    except GraphcorrError:
        give_up()
        raise


def last_case(state: Path) -> Path:
    """The case of the last hunt. Raises ``UsageError`` when there is none any more."""
    try:
        path = Path((state / "last").read_text(encoding="utf-8", errors="surrogateescape"))
    except OSError:
        raise UsageError("there is no case yet: run graphcorr hunt PATH first, or name a case with --case") from None
    if not path.exists():
        raise CaseError(f"the last case was {path}, and it is gone; run graphcorr hunt again, or name a case with --case")
    return path
