"""A finding with the records behind it, as they stood in the logs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphcorr.case.folder import Case, open_case
from graphcorr.detection import engine_errors
from graphcorr.engine.database import close, connect
from graphcorr.errors import UsageError
from graphcorr.logs.naming import name_row
from graphcorr.resolve.events import load_events
from graphcorr.service.cases import load_report
from graphcorr.syntax.times import parse_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphcorr.model.findings import Evidence, Finding


@dataclass(frozen=True, slots=True)
class Step:
    """One record of an explanation, with its text as it stood in the log."""

    evidence: Evidence
    raw: str
    offset_seconds: float
    """What was added to the logged time to align it."""
    names: Sequence[str | None] = ()
    """What the columns of a row of columns are called."""


@dataclass(frozen=True, slots=True)
class Explanation:
    finding: Finding
    steps: list[Step] = field(default_factory=list)


def explain(folder: Path, id_: str) -> Explanation:
    """A finding, told by its id or the beginning of it, with the raw record of each step."""
    report = load_report(folder)
    found = [finding for finding in report.findings if finding.id.startswith(id_.lower())]
    if not found:
        raise UsageError(f"no finding of {folder} has an id that starts with {id_}")
    if len(found) > 1:
        raise UsageError(f"{id_} is the beginning of {len(found)} ids: {', '.join(finding.id for finding in found[:5])}")
    with open_case(folder) as case, engine_errors(case):
        return Explanation(found[0], _steps(case, found[0]))


def _steps(case: Case, finding: Finding) -> list[Step]:
    database = connect(case.scratch)
    try:
        load_events(database, case.segment_paths(), case.state.inputs())
        steps = []
        for evidence in finding.evidence:
            found = database.execute(
                # The time is asked for, too: standard input, and a file that changed, have several records of one number.
                "SELECT *, epoch_us(time) AS moment FROM logged WHERE file = ? AND member IS NOT DISTINCT FROM ? AND record = ? "
                "AND original_time = ? ORDER BY id LIMIT 1",
                [evidence.file, evidence.member, evidence.record, evidence.original_time],
            )
            columns = [name for name, *_ in found.description or ()]
            rows = [dict(zip(columns, values, strict=True)) for values in found.fetchall()]
            if not rows:
                raise UsageError(f"the report of {case.folder} is older than its events: run graphcorr detect --case {case.folder}")
            [row] = rows
            raw = row["raw"].decode("utf-8", "replace")
            aligned = parse_time(evidence.time)
            steps.append(Step(evidence, raw, (aligned[0] - row["moment"]) / 1e6 if aligned else 0.0, name_row(raw, row)))
        return steps
    finally:
        close(database)
