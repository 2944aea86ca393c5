"""Tasks read in several processes, which never outlive the one that started them."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
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
    """Outcomes as they come, in no order. When the caller stops asking, the workers end at once.

    This process is one of the workers, and the others get nothing before they have started: what one process reads in the
    meantime, nobody has to wait for. There have to be two tasks and two workers at least.
    """
    context = multiprocessing.get_context("spawn")
    ticks: Synchronized[int] = context.Value("q", 0)
    seen = 0

    def tick(own: int) -> None:
        nonlocal seen
        now = ticks.value
        advance(own + now - seen)
        seen = now

    ending, ended = context.Pipe(duplex=False)
    others = min(workers, len(tasks)) - 1
    pool = ProcessPoolExecutor(others, context, _start_worker, (ticks, ending))
    known = multiprocessing.active_children()
    try:
        with ctrl_c_kept_from_children():
            started = pool.submit(_start)
        # Large tasks first, so that the last one to finish is a small one. Commits keep no order: reports sort.
        waiting = deque(sorted(tasks, key=lambda task: -task.size))
        pending: set[Future[Outcome]] = set()
        while waiting or pending:
            if started.done():
                started.result()
                # One more for each than it reads, so that none of them waits for this process; the last few go to whoever is free.
                most = 2 * others if len(waiting) > 2 * workers else others
                with ctrl_c_kept_from_children():
                    while len(waiting) > 1 and len(pending) < most:
                        pending.add(pool.submit(_work, waiting.popleft(), demand, str(folder)))
            if waiting:
                yield read_task(waiting.popleft(), demand, folder, tick)
            finished, pending = wait(pending, timeout=0 if waiting else 0.2, return_when=FIRST_COMPLETED)
            tick(0)
            for future in finished:
                yield future.result()
        if not started.done():
            # Nobody waits for one that has not even started, and it is not to find its parent's locks gone.
            for process in multiprocessing.active_children():
                if process not in known:
                    process.kill()
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


def _start() -> None:
    """Done once a worker has started."""


def _work(task: Task, demand: Demand, folder: str) -> Outcome:
    return read_task(task, demand, Path(folder), _advance)


def _advance(done: int) -> None:
    if _ticks is not None:
        with _ticks.get_lock():
            _ticks.value += done
