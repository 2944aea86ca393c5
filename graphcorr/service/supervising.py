"""Whoever runs jobs: one process for each, some at once, one a case; canceled, begun again and given up here."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from graphcorr.errors import CaseError, NotFoundError, UsageError
from graphcorr.locks import BusyError, held_alone
from graphcorr.service import uploads
from graphcorr.service.jobs import DetectAsked, Jobs
from graphcorr.service.messages import BUSY, STOPPED, write_order
from graphcorr.service.shelf import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphcorr.service.jobs import Job
    from graphcorr.settings import Settings

_log: Final = logging.getLogger(__name__)
_PAUSE: Final = 0.1
_PATIENCE: Final = 10.0
"""Seconds that a job has to end by itself once it was asked to."""
_LATER: Final = 2.0
"""Seconds until a job is tried again whose case another process writes."""


@dataclass(slots=True)
class _Run:
    job: Job
    process: subprocess.Popen[bytes]
    began: float
    asked_at: float | None = None


@dataclass(slots=True)
class Supervisor:
    """Runs what is queued until it is stopped."""

    settings: Settings
    most: int = 2
    """Jobs at once."""
    longest: float = 86_400.0
    """Seconds of one job."""
    _runs: dict[str, _Run] = field(default_factory=dict)
    _later: dict[str, float] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)
    _wake: threading.Event = field(default_factory=threading.Event)

    is_running: bool = False
    began: float = field(default_factory=time.time)
    """Seconds since 1970: what is received from then on is somebody's who waits for an answer."""

    def wake(self) -> None:
        """There is something to do."""
        self._wake.set()

    def run(self) -> None:
        """Until :meth:`stop`; then every process is ended, and what it did not finish is begun again by the next server."""
        with Jobs(self.settings) as jobs:
            jobs.requeue()
            uploads.sweep(self.settings, jobs.needed_uploads(), self.began)
            self.is_running = True
            try:
                while not self._stop.is_set():
                    try:
                        self._step(jobs)
                    except (CaseError, OSError):
                        # A full disk, or no process more: what is queued stays so, and is begun when it can be.
                        _log.exception("jobs cannot be run now")
                    self._wake.wait(_PAUSE if self._runs else 1.0)
                    self._wake.clear()
            finally:
                self.is_running = False
                self._end_all(jobs)

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()

    def cancel(self, id_: str) -> Job:
        """Ask for the end of a job. ``UsageError`` for one that is over."""
        with Jobs(self.settings) as jobs:
            job = jobs.cancel(id_)
            self._forget_uploads(jobs, job)
        self.wake()
        return job

    def _step(self, jobs: Jobs) -> None:
        for case, run in list(self._runs.items()):
            if run.process.poll() is not None:
                self._settle(jobs, run)  # before it is forgotten: one that cannot be settled now is in the next step
                del self._runs[case]
            elif jobs.get(run.job.id).canceled:
                _press(run)
            elif time.monotonic() - run.began > self.longest:
                jobs.end(run.job.id, "failed", f"it took more than {self.longest:.0f} s")
                _press(run)
        now = time.monotonic()
        self._later = {case: moment for case, moment in self._later.items() if moment > now}
        while len(self._runs) < self.most:
            job = jobs.begin_next({*self._runs, *self._later})
            if job is None:
                break
            self._runs[job.case] = self._start(job)

    def _start(self, job: Job) -> _Run:
        process = subprocess.Popen(
            [sys.executable, "-m", "graphcorr.service.worker"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
        )
        assert process.stdin is not None
        try:
            process.stdin.write(write_order(job.id, self.settings))
            process.stdin.flush()
        except BrokenPipeError:
            pass  # it is gone already, and its status says so
        return _Run(job, process, time.monotonic())

    def _settle(self, jobs: Jobs, run: _Run) -> None:
        assert run.process.stdin is not None
        with suppress(BrokenPipeError):  # what it never read of its order is still in the buffer
            run.process.stdin.close()
        status = run.process.returncode
        if status in {BUSY, STOPPED}:
            jobs.postpone(run.job.id)
            self._later[run.job.case] = time.monotonic() + _LATER
            return
        jobs.died(run.job.id, f"its process ended with status {status}")
        self._forget_uploads(jobs, jobs.get(run.job.id))

    def _forget_uploads(self, jobs: Jobs, job: Job) -> None:
        asked = jobs.asked(job.id)
        # Those of one that failed stay, so that it can be tried again.
        if job.state in {"done", "canceled"} and not isinstance(asked, DetectAsked):
            with suppress(NotFoundError):  # the case went with them
                uploads.drop_uploads(place_of(job.case, self.settings), asked.uploads)

    def _end_all(self, jobs: Jobs) -> None:
        for run in self._runs.values():
            run.process.terminate()
        for run in self._runs.values():
            try:
                run.process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                run.process.kill()
                run.process.wait()
            self._settle(jobs, run)
        self._runs.clear()


def _press(run: _Run) -> None:
    """Ask, and after a while no longer ask."""
    now = time.monotonic()
    if run.asked_at is None:
        run.asked_at = now
        run.process.terminate()
    elif now - run.asked_at > _PATIENCE:
        run.process.kill()


@contextmanager
def only_server(settings: Settings) -> Iterator[None]:
    """One server a state folder. ``UsageError`` while there is another."""
    from graphcorr.case.privacy import make_private

    make_private(settings.state)
    try:
        with held_alone(settings.state / "server.lock"):
            yield
    except BusyError as error:
        raise UsageError(f"another graphcorr serve has {settings.state}") from error
