"""The commands that a page names: whole, so that each works as it is pasted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphcorr.machine import shell_word

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Hints:
    """What commands need to look into the same case: ``case`` where without it they would take another one."""

    case: Path | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    """Short ids of findings; none where no case is kept, and nothing could be looked into."""

    def command(self, words: str) -> str:
        """``graphcorr show --json --case DIR``."""
        return f"graphcorr {words}{f' --case {shell_word(self.case)}' if self.case is not None else ''}"

    def explain(self, finding: str) -> str | None:
        """The command that shows the records behind a finding."""
        short = self.ids.get(finding)
        return self.command(f"explain {short}") if short is not None else None
