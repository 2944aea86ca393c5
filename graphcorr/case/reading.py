"""Phase 1: every input is read, normalized and committed; in several processes where that pays.

A task is one large input or a bundle of small ones, and the unit that is committed: after a kill the committed tasks
stay and the others are read again. Until then the state says of which arguments not all was read.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from graphcorr.case.division import Assembly, divide_tasks, join
from graphcorr.case.folder import printable
from graphcorr.case.segments import commit
from graphcorr.case.tasks import Demand, Outcome, Piece, Task, TaskReader, read_task, stamp_of
from graphcorr.case.workers import read_parallel
from graphcorr.errors import UsageError
from graphcorr.logs.columns import EVENT_COLUMNS
from graphcorr.logs.memos import forget
from graphcorr.memory import give_back
from graphcorr.sources.inputs import NO_NAMES, STDIN, discover

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from graphcorr.case.writer import CaseWriter
    from graphcorr.model.progress import Progress
    from graphcorr.sources.base import Wanted

_MAPPING: Final = "mapping:"
_PARALLEL_BYTES: Final = 96 * 1024 * 1024
"""Below this, starting processes costs more than they save."""


def read_inputs(
    case: CaseWriter,
    paths: Sequence[str],
    wanted: Wanted,
    workers: int,
    progress: Progress,
    *,
    names: Mapping[str, str] = NO_NAMES,
    password: str | None = None,
) -> None:
    """Read what ``paths`` name into the case. Inputs that the case holds unchanged are not read again.

    What ends before the last input is read, whatever ends it, leaves a case that is known to be incomplete. Raises
    ``UsageError`` for a path that does not exist, and for a mapping that says something else than when the case was read by it;
    everything that is wrong with an input becomes its status.
    ``names`` are what files are called that are kept by another name, ``password`` is that of locked archives.
    """
    kept = wanted.logs
    # What was read for fewer columns of an event is read again, too.
    logs = case.state.log_set({*kept, *(f"column:{name}" for name in EVENT_COLUMNS), *_described(case, wanted)})
    demand = Demand(wanted, logs)
    # A folder of this run alone: what a dying process of an earlier one still writes goes nowhere.
    folder = Path(tempfile.mkdtemp(dir=case.scratch))
    tasks = list(_bundle(_read_sequential(case, _find_new(case, paths, demand, names, password), demand, folder, progress)))
    total = sum(task.size for task in tasks)
    progress.phase("Reading", total)
    if workers > 1 and total >= _PARALLEL_BYTES:
        divided = list(divide_tasks(tasks, workers))
        if len(divided) > 1:
            with closing(read_parallel(divided, demand, folder, workers, progress.advance)) as outcomes:
                unclear = _commit_all(case, outcomes)
            tasks = [task for task in tasks if task.pieces[0].number in unclear]
            if tasks:
                progress.phase("Reading damaged files as a whole", sum(task.size for task in tasks))
    for task in tasks:
        _commit(case, read_task(task, demand, folder, progress.advance))
    case.state.end_reading(_places(paths, names))
    forget()
    give_back()
    progress.finish()


def _described(case: CaseWriter, wanted: Wanted) -> list[str]:
    """The mappings as names of what was looked for: what was read without one is read again, and by another of its name never."""
    before = {name.rpartition(":")[0]: name for name in case.state.names_read() if name.startswith(_MAPPING)}
    found = []
    for mapping in wanted.mappings:
        place = _MAPPING + "_".join(mapping.name.split())
        name = f"{place}:{mapping.digest}"
        if before.get(place, name) != name:
            raise UsageError(f"{mapping.name} is not what it was when this case was read by it; read the logs into a new case")
        found.append(name)
    return found


def _commit_all(case: CaseWriter, outcomes: Iterable[Outcome]) -> set[int]:
    """Commit outcomes as they come, those of parts together; returns the inputs that have to be read as a whole."""
    unclear: set[int] = set()
    assembly = Assembly()
    for outcome in outcomes:
        if outcome.part is None:
            _commit(case, outcome)
        elif (parts := assembly.add(outcome)) is not None:
            joined = join(parts)
            if joined is None:
                unclear.add(outcome.rows[0].number)
            else:
                _commit(case, joined)
    return unclear


def _find_new(case: CaseWriter, paths: Sequence[str], demand: Demand, names: Mapping[str, str], password: str | None) -> Iterator[Piece]:
    """The inputs that are not in the case as they are now, numbered in the order of discovery."""
    known = case.state.stamped(demand.logs)
    first = number = case.state.next_number()
    for source in discover(paths, names=names, password=password):
        stamp = stamp_of(source)
        if stamp is not None:
            key = (printable(source.file), printable(source.member) if source.member is not None else None, stamp)
            if known[key]:
                known[key] -= 1
                continue
        if number == first:
            case.state.begin_reading(_places(paths, names))
        yield Piece(number, source, stamp)
        number += 1


def _places(paths: Sequence[str], names: Mapping[str, str]) -> dict[str, str]:
    """The arguments as they are shown, by what they stand for wherever the command is given."""
    return {path if path == STDIN else printable(os.path.realpath(path)): printable(names.get(path, path)) for path in paths}


def _read_sequential(case: CaseWriter, pieces: Iterable[Piece], demand: Demand, folder: Path, progress: Progress) -> Iterator[Piece]:
    """Read and commit what is readable only now and only here (tar members, standard input), pass on the others."""
    reader: TaskReader | None = None
    file: str | None = None
    for piece in pieces:
        if not piece.source.sequential:
            yield piece
            continue
        if file != piece.source.file:
            file = piece.source.file
            progress.phase(f"Reading {file}", None)
        if reader is None:
            reader = TaskReader(folder, piece, demand, progress.advance)
        reader.read(piece)
        if reader.is_full:
            _commit(case, reader.finish())
            reader = None
    if reader is not None:
        _commit(case, reader.finish())


def _bundle(pieces: Iterable[Piece]) -> Iterator[Task]:
    task = Task([])
    for piece in pieces:
        if not task.has_room(piece.source.size or 0):
            yield task
            task = Task([])
        task.add(piece)
    if task.pieces:
        yield task


def _commit(case: CaseWriter, outcome: Outcome) -> None:
    # A file that was only touched, or unpacked again, holds what is known already.
    known = {row.number for row in outcome.rows if case.state.is_known(row)}
    for row in outcome.rows:
        if row.number in known:
            case.state.restamp(row)
    rows = [row for row in outcome.rows if row.number not in known]
    if rows:
        commit(case, rows, outcome.segments, [one for one in outcome.skips if one.number not in known])
