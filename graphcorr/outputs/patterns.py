"""The patterns as a list for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.outputs.layout import Page, Style
from graphcorr.outputs.wording import count, kinds
from graphcorr.patterns.unseen import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from graphcorr.errors import PatternError
    from graphcorr.patterns.load import Pattern

PATTERNS_SCHEMA: Final = "graphcorr.patterns/1"
CHECK_SCHEMA: Final = "graphcorr.patterns-check/1"
_COLUMN: Final = 17


def render(patterns: Sequence[Pattern], width: int = 100, own: Collection[str] = ()) -> Page:
    """Each pattern with what it says, what it needs and how ready it is; ``own`` are the ids of those that a case alone has."""
    page = Page(width)
    page.add(f"{count(len(patterns), 'pattern')}.", style=Style.HEADING)
    for pattern in patterns:
        header = pattern.header
        page.blank()
        page.add(pattern.id, style=Style.HEADING)
        page.add(header.title, indent=3, hang=3)
        result = "a finding" if header.result.value == "finding" else "an observation, counted and no finding by itself"
        page.label("Makes", f"{result}, level {header.level.value}", indent=3, column=_COLUMN)
        page.label("Needs", kinds(kind.value for kind in header.needs), indent=3, column=_COLUMN)
        known_as = [*header.attack, *header.detection_strategy, *header.software, *header.car]
        page.label("Known as", ", ".join(known_as), indent=3, column=_COLUMN)
        page.label("Status", header.status.value, indent=3, column=_COLUMN)
        if pattern.id in own:
            page.label("Run by", "the detections of this case alone", indent=3, column=_COLUMN)
    page.heading("What no log that is read shows")
    for technique, reason in UNSEEN.items():
        page.label(technique, reason, indent=3, column=_COLUMN)
    return page


def to_document(patterns: Sequence[Pattern], own: Collection[str] = ()) -> dict[str, object]:
    """``graphcorr patterns list --json``: each header as its file has it, the file, whether it is of a case; and what none can see."""
    return {
        "schema": PATTERNS_SCHEMA,
        "patterns": [
            pattern.header.model_dump(mode="json") | {"path": pattern.path.as_posix(), "own": pattern.id in own} for pattern in patterns
        ],
        "unseen": [{"technique": technique, "reason": reason} for technique, reason in UNSEEN.items()],
    }


def to_problems(checked: int, problems: Sequence[PatternError]) -> dict[str, object]:
    """``graphcorr patterns check --json``."""
    return {
        "schema": CHECK_SCHEMA,
        "checked": checked,
        "problems": [{"path": each.path, "line": each.line, "column": each.column, "reason": each.reason} for each in problems],
    }
