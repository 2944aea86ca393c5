"""Tasks read in several processes, which never outlive the one that started them."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from graphcorr.case.tasks import Advance, Demand, Outcome, Task, read_task
from graphcorr.errors import CaseError
from graphcorr.machine import ctrl_c_kept_from_children
from graphcorr.model.records import COLLECTOR

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from multiprocessing.sharedctypes import Synchronized

_ticks: Synchronized[int] | None = None
"""Bytes read by all worker processes; set in each worker."""


def read_parallel(tasks: Sequence[Task], demand: Demand, folder: Path, workers: int, advance: Advance) -> Generator[Outcome, None, None]:
    """Outcomes as they come, in no order. When the caller stops asking, the workers end at once."""
    context = multiprocessing.get_context("spawn")
    ticks: Synchronized[int] = context.Value("q", 0)
    seen = 0
    ending, ended = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(min(workers, len(tasks)), context, _start_worker, (ticks, ending))
    try:
        with ctrl_c_kept_from_children():
            # Large tasks first, so that the last one to finish is a small one. Commits keep no order: reports sort.
            pending: set[Future[Outcome]] = {
                pool.submit(_work, task, demand, str(folder)) for task in sorted(tasks, key=lambda task: -task.size)
            }
        while pending:
            finished, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
            now = ticks.value
            advance(now - seen)
            seen = now
            for future in finished:
                yield future.result()
        pool.shutdown()
    except BrokenProcessPool as error:
        raise CaseError(
            "a reading process was ended from outside, as happens when memory runs out; what was read is kept, and the same command "
            "goes on from there (--workers 1 needs the least memory)"
        ) from error
    finally:
        ended.close()
        pool.shutdown(cancel_futures=True)
        ending.close()


class _Ending(Protocol):
    """One end of a pipe, which is of another class on Windows."""

    def recv_bytes(self) -> bytes: ...


def _start_worker(ticks: Synchronized[int], ending: _Ending) -> None:
    global _ticks  # noqa: PLW0603 - the only way into a worker process
    _ticks = ticks
    # The first process is told and ends the others. Where a system lets children inherit that, they never heard of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(*COLLECTOR)
    threading.Thread(target=_end_with_parent, args=(ending,), daemon=True).start()


def _end_with_parent(ending: _Ending) -> None:
    # Only the first process holds the other end. An executor's worker would wait for work for ever after its parent's kill -9.
    try:
        ending.recv_bytes()
    except EOFError:
        os._exit(1)


def _work(task: Task, demand: Demand, folder: str) -> Outcome:
    return read_task(task, demand, Path(folder), _advance)


def _advance(done: int) -> None:
    if _ticks is not None:
        with _ticks.get_lock():
            _ticks.value += done
