"""What the second phase runs over a case: its tables in their order, with rows and times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphcorr.case.writer import open_writer
from graphcorr.detection import engine_errors
from graphcorr.graph.project import every_kind, project
from graphcorr.patterns.scope import whole_kinds
from graphcorr.service.patterns import load_patterns
from graphcorr.service.span import read_baseline
from graphcorr.service.work import NEVER, Stoppable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphcorr.engine.plan import Made
    from graphcorr.model.progress import Cancel, Progress
    from graphcorr.settings import Settings


@dataclass(frozen=True, slots=True)
class Planned:
    """How the tables were made, and of what: ``unfinished`` names what was not read to its end."""

    made: list[Made]
    unfinished: Sequence[str] = ()


def plan(folder: Path, settings: Settings, progress: Progress, cancel: Cancel = NEVER, *, full: bool = False) -> Planned:
    """Resolve and project a case as a detection does, and say how. Neither its graph nor its report is touched."""
    whole = every_kind() if full else whole_kinds(load_patterns(settings, folder))
    baseline = read_baseline(settings.baseline_until)
    watched = Stoppable(progress, cancel)
    with open_writer(folder) as case, engine_errors(folder):
        watched.phase("Resolving", None)
        with project(case, whole=whole, baseline=baseline) as projection:
            watched.finish()
            return Planned(projection.made, case.state.unfinished().open)
