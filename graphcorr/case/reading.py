"""Phase 1: every input is read, normalized and committed; in several processes where that pays.

A task is one large input or a bundle of small ones, and the unit that is committed: after a kill the committed tasks
stay and the others are read again.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import replace
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Final, Protocol

import msgspec

from graphcorr.case.folder import Case
from graphcorr.case.segments import Segment, SegmentWriter, Skips, commit
from graphcorr.case.state import InputRow
from graphcorr.errors import GraphcorrError, InputError
from graphcorr.normalize.batch import normalize
from graphcorr.sources.base import Wanted
from graphcorr.sources.inputs import STDIN, Input, discover
from graphcorr.sources.reading import NOT_UNDERSTOOD, Reading, read

_BUNDLE_BYTES: Final = 16 * 1024 * 1024
_BUNDLE_INPUTS: Final = 100
_PARALLEL_BYTES: Final = 96 * 1024 * 1024
"""Below this, starting processes costs more than they save."""


class Progress(Protocol):
    """Told how far the work is. Units are bytes while reading."""

    def phase(self, name: str, total: int | None) -> None: ...

    def advance(self, done: int) -> None: ...

    def finish(self) -> None: ...


class _Task(msgspec.Struct):
    inputs: list[tuple[int, Input]]
    size: int


class _Outcome(msgspec.Struct):
    rows: list[InputRow]
    segments: list[Segment]
    skips: list[Skips]


_ticks: Synchronized[int] | None = None
"""Bytes read by all worker processes; set in each worker."""


def read_inputs(case: Case, paths: Sequence[str], wanted: Wanted, workers: int, progress: Progress) -> None:
    """Read what ``paths`` name into the case. Inputs that the case holds unchanged are not read again.

    Raises ``UsageError`` for a path that does not exist; everything that is wrong with an input becomes its status.
    """
    known = case.state.stamped()
    number = case.state.next_number()
    later: list[tuple[int, Input]] = []
    for source in discover(paths):
        if stamp_of(source) is not None and known.get((_printable(source.file), _printable(source.member or ""))) == stamp_of(source):
            continue
        numbered = (number, source)
        number += 1
        if source.sequential:
            # Readable only now and only here: tar members and standard input.
            progress.phase(f"Reading {source.file}", None)
            _commit(case, _read_task(_Task([numbered], 0), wanted, case.scratch, progress))
        else:
            later.append(numbered)
    tasks = list(_bundle(later))
    total = sum(task.size for task in tasks)
    progress.phase("Reading", total)
    if workers > 1 and total >= _PARALLEL_BYTES and len(tasks) > 1:
        _read_parallel(case, tasks, wanted, workers, progress)
    else:
        for task in tasks:
            _commit(case, _read_task(task, wanted, case.scratch, progress))
    progress.finish()


def stamp_of(source: Input) -> str | None:
    """Size and modification time of the file of an input; None where reading it again is the only way to know."""
    if source.path is None or source.file == STDIN or source.problem is not None:
        return None
    try:
        status = source.path.stat()
    except OSError:
        return None
    return f"{status.st_size}:{status.st_mtime_ns}"


def _bundle(inputs: Iterable[tuple[int, Input]]) -> Iterator[_Task]:
    task = _Task([], 0)
    for numbered in inputs:
        size = numbered[1].size or 0
        if task.inputs and (task.size + size > _BUNDLE_BYTES or len(task.inputs) >= _BUNDLE_INPUTS):
            yield task
            task = _Task([], 0)
        task.inputs.append(numbered)
        task.size += size
    if task.inputs:
        yield task


def _read_task(task: _Task, wanted: Wanted, folder: Path, progress: Progress | None) -> _Outcome:
    writer = SegmentWriter(folder, f"task-{task.inputs[0][0]:08d}")
    rows, skips = [], []
    for number, source in task.inputs:
        skipped: list[tuple[int | None, str]] = []
        row = _read_one(number, source, wanted, writer, skipped, progress)
        rows.append(row)
        if skipped:
            skips.append(Skips(number, skipped))
    return _Outcome(rows, writer.finish(), skips)


def _read_one(
    number: int, source: Input, wanted: Wanted, writer: SegmentWriter, skipped: list[tuple[int | None, str]], progress: Progress | None
) -> InputRow:
    file, member = _printable(source.file), _printable(source.member) if source.member is not None else None
    reading = read(source, wanted, lambda record, reason: skipped.append((record, reason)))
    stamp = stamp_of(source)
    events = done = 0
    try:
        for batch in reading:
            if batch:
                normalized = normalize(batch, number)
                skipped.extend(normalized.skips)
                events += normalized.batch.num_rows
                writer.add(normalized.batch)
            done = _tick(reading, done, source, progress)
    except InputError as error:
        return InputRow(number, file, member, None, None, NOT_UNDERSTOOD, error.reason, reading.records, events, len(skipped), stamp)
    status, reason = reading.status, reading.reason
    unusable = len(skipped) - reading.skipped
    if unusable and status == "read":
        status, reason = "partly", f"{unusable} of {reading.records} records skipped"
    digest = bytes.fromhex(reading.digest) if reading.digest else None
    return InputRow(
        number, file, member, digest, reading.format, status, reason, reading.records, events, len(skipped), stamp
    )


def _printable(name: str) -> str:
    """A file name that is no UTF-8 has escapes in a report: JSON and SQLite hold text only."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _tick(reading: Reading, done: int, source: Input, progress: Progress | None) -> int:
    """Report bytes in the unit of the total: the file's own, which for compressed content is only an estimate."""
    now = reading.bytes_done if source.size is None else min(reading.bytes_done, source.size)
    if progress is not None:
        progress.advance(now - done)
    elif _ticks is not None:
        with _ticks.get_lock():
            _ticks.value += now - done
    return now


def _commit(case: Case, outcome: _Outcome) -> None:
    # A changed file that holds the same content again, or one read under the same name, is known already.
    known = {row.number for row in outcome.rows if case.state.has_input(row.file, row.member, row.digest)}
    rows = [row for row in outcome.rows if row.number not in known]
    if rows:
        commit(case, rows, outcome.segments, [one for one in outcome.skips if one.number not in known])


def _start_worker(ticks: Synchronized[int]) -> None:
    global _ticks  # noqa: PLW0603 - the only way into a worker process
    _ticks = ticks


def _work(task: _Task, wanted: Wanted, folder: str) -> _Outcome:
    task.inputs = [(number, _reopen(source)) for number, source in task.inputs]
    return _read_task(task, wanted, Path(folder), None)


def _reopen(source: Input) -> Input:
    """The same input in another process: a member of an archive is found again, an open file does not travel."""
    if source.member is None:
        return source
    return next((one for one in discover([source.file]) if one.member == source.member), source)


def _portable(task: _Task) -> _Task:
    return _Task([(number, replace(source, _opener=None)) for number, source in task.inputs], task.size)


def _read_parallel(case: Case, tasks: list[_Task], wanted: Wanted, workers: int, progress: Progress) -> None:
    context = multiprocessing.get_context("spawn")
    ticks: Synchronized[int] = context.Value("q", 0)
    seen = 0
    # Large tasks first, so that the last one to finish is a small one. Commits keep no order: reports sort.
    tasks = sorted(tasks, key=lambda task: -task.size)
    with ProcessPoolExecutor(min(workers, len(tasks)), context, _start_worker, (ticks,)) as pool:
        pending: set[Future[_Outcome]] = {pool.submit(_work, _portable(task), wanted, str(case.scratch)) for task in tasks}
        try:
            while pending:
                finished, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
                progress.advance(ticks.value - seen)
                seen = ticks.value
                for future in finished:
                    _commit(case, future.result())
        except (KeyboardInterrupt, GraphcorrError):
            for future in pending:
                future.cancel()
            raise
