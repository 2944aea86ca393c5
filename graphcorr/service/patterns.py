"""What is looked for, and what it takes to write more of it: patterns listed, begun and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphcorr.case.folder import Folder
from graphcorr.errors import UsageError
from graphcorr.findings.assemble import assemble
from graphcorr.findings.observe import observe
from graphcorr.findings.window import Chosen
from graphcorr.patterns import check, load, scaffold
from graphcorr.patterns.header import Result
from graphcorr.store.open import open_store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphcorr.errors import PatternError
    from graphcorr.graph.project import Projection
    from graphcorr.patterns.load import Pattern
    from graphcorr.settings import Settings
    from graphcorr.store.base import Row


@dataclass(frozen=True, slots=True)
class Checked:
    """How many patterns were looked at, and everything that is wrong with them."""

    patterns: int
    problems: Sequence[PatternError]


def list_patterns(settings: Settings) -> list[Pattern]:
    """The package's own patterns and those of the folders that are set."""
    return load_patterns(settings)


def load_patterns(settings: Settings, case: Path | None = None) -> list[Pattern]:
    """All that a detection in ``case`` runs: the case's own besides."""
    own = Folder(case).patterns if case is not None else None
    return load.load([load.builtin_folder(), *settings.patterns, *([own] if own is not None and own.is_dir() else [])])


def find_pattern(identity: str, settings: Settings, case: Path | None = None) -> Pattern:
    """The pattern of this id, the case's own included. ``UsageError`` where there is none."""
    found = {pattern.id: pattern for pattern in load_patterns(settings, case)}
    if identity not in found:
        raise _unknown(identity)
    return found[identity]


def begin_pattern(folder: Path, identity: str, tactic: str) -> list[Path]:
    """Write the stubs of a pattern: its file, and cases with a hit and a decoy. Returns where they are."""
    return scaffold.scaffold(folder, identity, tactic)


def check_patterns(identities: Sequence[str], settings: Settings) -> Checked:
    """Lint patterns, bind them on the engine and run their cases.

    Those of the folders that are set, of none the package's own; of these only ``identities`` where some are given.
    """
    try:
        found = list_patterns(settings)
    except load.PatternErrors as errors:
        return Checked(0, errors.errors)
    # The package's own patterns are there to refuse a repeated id; a user's folder is what is to be checked.
    own = load.builtin_folder().resolve()
    theirs = [pattern for pattern in found if not pattern.path.resolve().is_relative_to(own)]
    chosen = [pattern for pattern in theirs or found if not identities or pattern.id in identities]
    if missing := sorted(set(identities) - {pattern.id for pattern in chosen}):
        raise _unknown(missing[0])
    return Checked(len(chosen), check.check(chosen, lambda: open_store("ladybug://"), _judge))


def _judge(pattern: Pattern, rows: Sequence[Row], projection: Projection) -> None:
    """Make of rows what a hunt makes of them: findings or observations, with what each of their records says."""
    if pattern.header.result is Result.FINDING:
        assemble([(pattern, rows)], projection)
    else:
        observe([(pattern, rows)], projection, Chosen())


def _unknown(identity: str) -> UsageError:
    return UsageError(f"there is no pattern {identity}; graphcorr patterns list names them")
