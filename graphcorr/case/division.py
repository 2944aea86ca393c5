"""Large files as one task for each process, and the outcomes of the parts put together as if one process had read the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.case.segments import Skips
from graphcorr.case.tasks import KEPT_SKIPS, Outcome, Piece, Task, changing
from graphcorr.sources.inputs import GONE
from graphcorr.sources.parts import divide
from graphcorr.sources.reading import PARTLY, READ, say_lost

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LARGE: Final = 64 * 1024 * 1024
"""Smaller files are many or not worth it."""


def divide_tasks(tasks: Sequence[Task], workers: int) -> Iterator[Task]:
    """The tasks, those of one large file divided where its format allows it."""
    for task in tasks:
        yield from (_divide(task.pieces[0], workers) if len(task.pieces) == 1 and task.size >= _LARGE else []) or [task]


def _divide(piece: Piece, workers: int) -> list[Task]:
    try:
        parts = divide(piece.source, workers)
    except OSError:
        return []  # whoever reads it will say what is wrong
    return [Task([Piece(piece.number, part, piece.stamp)], part.part.end - part.part.start) for part in parts if part.part is not None]


class Assembly:
    """Outcomes of parts, held until the last one of their file is there."""

    def __init__(self) -> None:
        self._held: dict[int, list[Outcome]] = {}

    def add(self, outcome: Outcome) -> list[Outcome] | None:
        """All outcomes of the file, in order, once the last one is there; None before."""
        assert outcome.part is not None
        held = self._held.setdefault(outcome.rows[0].number, [])
        held.append(outcome)
        if len(held) < outcome.part.count:
            return None
        return sorted(self._held.pop(outcome.rows[0].number), key=lambda one: one.part.index if one.part is not None else 0)


def join(parts: Sequence[Outcome]) -> Outcome | None:
    """One outcome of a file from those of its parts, in order; None where only reading it as a whole tells what is in it."""
    rows = [row for part in parts for row in part.rows]
    records, skipped = sum(row.records for row in rows), sum(row.skipped for row in rows)
    if not all(part.plain for part in parts) or skipped > KEPT_SKIPS:
        return None
    reasons = [GONE] if any(part.gone for part in parts) else []
    if skipped:
        reasons.append(say_lost(skipped, records))
    row = msgspec.structs.replace(
        rows[0],
        records=records,
        events=sum(row.events for row in rows),
        skipped=skipped,
        status=PARTLY if reasons else READ,
        reason="; ".join(reasons) or None,
        short=bool(reasons) and reasons[0] == GONE,
        stamp=rows[0].stamp if len({row.stamp for row in rows}) == 1 else changing(),
    )
    skips = [skip for part in parts for one in part.skips for skip in one.skips]
    segments = [segment for part in parts for segment in part.segments]
    return Outcome([row], segments, [Skips(row.number, skips)] if skips else [])
