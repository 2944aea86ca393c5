"""A finding with the records behind it, as they stood in the logs."""

from __future__ import annotations

import itertools
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from graphcorr.case.findings import StoredFinding, find_findings, read_unfinished
from graphcorr.case.reader import open_reader
from graphcorr.case.reports import read_report
from graphcorr.detection import engine_errors
from graphcorr.engine.database import Database, close, connect
from graphcorr.errors import UsageError
from graphcorr.findings.places import locate, read_records
from graphcorr.logs.naming import name_row
from graphcorr.machine import shell_word
from graphcorr.resolve.events import load_events
from graphcorr.service.judged import Judged
from graphcorr.service.leads import leads_of
from graphcorr.syntax.encoded import decode_commands
from graphcorr.syntax.times import parse_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphcorr.case.reader import CaseReader
    from graphcorr.model.findings import Evidence, Finding
    from graphcorr.model.leads import Lead


@dataclass(frozen=True, slots=True)
class Step:
    """One record of an explanation, with its text as it stood in the log."""

    evidence: Evidence
    raw: str
    offset_seconds: float
    """What was added to the logged time to align it."""
    names: Sequence[str | None] = ()
    """What the columns of a row of columns are called."""
    decoded: Sequence[str] = ()
    """What encoded commands in it say."""


@dataclass(frozen=True, slots=True)
class Explanation:
    finding: Finding
    steps: list[Step] = field(default_factory=list)
    unfinished: Sequence[str] = ()
    """What was not read to its end when this was found."""
    leads: Sequence[Lead] = ()
    """Where somebody may have gone on from its target, or come from to its source."""


def explain(folder: Path, id_: str) -> Explanation:
    """A finding, told by its id or the beginning of it, with the raw record of each step.

    Any number of processes may ask at once, beside one that writes the case, and where nothing can be written.
    """
    with open_reader(folder) as case, engine_errors(folder), _opened(case) as database:
        found, unfinished = _find(case, id_.lower(), database)
        if not found:
            raise UsageError(f"no finding of {folder} has an id that starts with {id_}")
        if len(found) > 1:
            raise UsageError(f"{id_} is the beginning of {len(found)} ids: {', '.join(one.finding.id for one in found[:5])}")
        [finding] = Judged(case).apply([found[0].finding])
        leads = leads_of(folder, finding) if case.generation is not None else []
        return Explanation(finding, _steps(case, found[0], database), unfinished, leads)


_KEPT_FOR: Final = 1000
"""Questions: what a database remembers of the files that it read grows with them."""
_lock: Final = threading.Lock()
_kept: list[Database] = []
_asked: Final = itertools.count(1)


@contextmanager
def _opened(case: CaseReader) -> Iterator[Database]:
    """A database to read records in. To make one takes longer than to read them, so that one serves many questions of a process."""
    if case.generation is None:
        with _scratch() as scratch:
            database = connect(scratch)
            try:
                yield database
            finally:
                close(database)
        return
    with _lock:
        if not _kept or next(_asked) % _KEPT_FOR == 0:
            _kept[:] = [connect(None, rows=1)]
        cursor = _kept[0].cursor()
    try:
        yield cursor
    finally:
        cursor.close()


@contextmanager
def _scratch() -> Iterator[Path | None]:
    """A place for what DuckDB may have to spill, as private as the case, of which nothing is left; None where nothing can be written."""
    try:
        folder = TemporaryDirectory(prefix="graphcorr-")
    except OSError:
        yield None
        return
    with folder as place:
        yield Path(place)


def _find(case: CaseReader, beginning: str, database: Database) -> tuple[list[StoredFinding], list[str]]:
    """The findings whose id begins so, and what was not read to its end when they were made."""
    if case.generation is not None:
        return find_findings(case.generation.findings, beginning), read_unfinished(case.generation.findings)
    # A case of layout 2 says where its records are by file and number only.
    findings = [finding for finding in read_report(case).findings if finding.id.startswith(beginning)]
    load_events(database, [case.places.events / segment.name for segment in case.state.segments()], case.state.inputs())
    places = locate(database, findings)
    return [
        StoredFinding(finding, [places[number, position] for position in range(len(finding.evidence)) if (number, position) in places])
        for number, finding in enumerate(findings)
    ], []


def _steps(case: CaseReader, stored: StoredFinding, database: Database) -> list[Step]:
    evidence = stored.finding.evidence
    rows = read_records(database, case.places.events, stored.places)
    if len(rows) != len(evidence):
        raise UsageError(f"the report of {case.folder} is older than its events: run graphcorr detect --case {shell_word(case.folder)}")
    return [_step(each, row) for each, row in zip(evidence, rows, strict=True)]


def _step(evidence: Evidence, row: Mapping[str, Any]) -> Step:
    raw = row["raw"].decode("utf-8", "replace")
    aligned = parse_time(evidence.time)
    return Step(evidence, raw, (aligned[0] - row["moment"]) / 1e6 if aligned else 0.0, name_row(raw, row), decode_commands(raw))
