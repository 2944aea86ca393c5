"""The process of one job: ``python -m graphcorr.service.worker``, told by its input what to do.

It ends when that input does: whoever started it is gone then, and nobody would count what it finds.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from graphcorr.errors import CancelledError, CaseInUseError, GraphcorrError, InputError
from graphcorr.machine import stand_back
from graphcorr.service import detecting, intel, reading, shelf, uploads
from graphcorr.service.jobs import IngestAsked, IntelAsked, Jobs
from graphcorr.service.messages import BUSY, STOPPED, read_order
from graphcorr.service.span import read_span

if TYPE_CHECKING:
    from pathlib import Path

    from graphcorr.service.jobs import Asked, Job
    from graphcorr.settings import Settings

_PAUSE: Final = 0.25
"""Seconds between two reports of how far the job is."""


class Told:
    """Progress that is kept with the job, and whether somebody asked for the end."""

    def __init__(self, jobs: Jobs, id_: str) -> None:
        self._jobs, self._id = jobs, id_
        self._phase: str | None = None
        self._done = 0
        self._total: int | None = None
        self._last = 0.0
        self._canceled = False

    def phase(self, name: str, total: int | None) -> None:
        self._phase, self._done, self._total = name, 0, total
        self._tell()

    def advance(self, done: int) -> None:
        self._done += done
        if time.monotonic() - self._last >= _PAUSE:
            self._tell()

    def finish(self) -> None: ...

    def is_set(self) -> bool:
        return self._canceled

    def cancel(self) -> None:
        self._canceled = True

    def _tell(self) -> None:
        self._last = time.monotonic()
        self._canceled |= self._jobs.report(self._id, self._phase, self._done, self._total)


def main() -> int:
    """Do one job and say with it how it ended."""
    stand_back()
    id_, settings = read_order(sys.stdin.buffer)
    with Jobs(settings) as jobs:
        job = jobs.get(id_)
        told = Told(jobs, job.id)
        signal.signal(signal.SIGTERM, lambda *_: told.cancel())
        threading.Thread(target=_end_with_parent, daemon=True).start()
        try:
            result = _do(job, jobs.asked(job.id), settings, told)
        except CancelledError as error:
            if not jobs.get(job.id).canceled:
                return STOPPED
            jobs.end(job.id, "canceled", str(error))
        except CaseInUseError:
            return BUSY
        except GraphcorrError as error:
            jobs.end(job.id, "failed", str(error))
        else:
            jobs.end(job.id, "done", result=result)
    return 0


def _do(job: Job, asked: Asked, settings: Settings, told: Told) -> dict[str, int]:
    folder = shelf.place_of(job.case, settings)
    if isinstance(asked, IntelAsked):
        return _load(folder, asked, settings)
    if isinstance(asked, IngestAsked):
        names = {str(uploads.find_upload(folder, each)): each.name for each in asked.uploads}
        # The graph in a store is the detection's: a graph for each upload would be made for nobody.
        inputs = reading.ingest(sorted(names), folder, replace(settings, store=None), told, told, names=names, remember=False)
        return {"records": inputs.records, "events": inputs.events, "skipped": inputs.skipped}
    since, until = read_span(asked.since, asked.until, ("since", "until"))
    settings = settings.over(baseline_until=asked.baseline_until)
    report = detecting.detect(folder, settings, told, told, since=since, until=until, full=asked.full, as_read=asked.as_read)
    return {"findings": len(report.findings), "paths": len(report.paths)}


def _load(folder: Path, asked: IntelAsked, settings: Settings) -> dict[str, int]:
    if asked.uploads:
        names = {str(uploads.find_upload(folder, each)): each.name for each in asked.uploads}
        done = intel.load_files(sorted(names), settings, release=asked.release, strict=asked.strict, names=names).done
    else:
        done = intel.retry_quarantine(settings, strict=asked.strict).done
    if done.problems:
        raise InputError(done.problems[0].reason, done.problems[0].file, done.problems[0].member)
    return {"read": done.read, "loaded": done.loaded, "salvaged": done.salvaged, "quarantined": done.quarantined}


def _end_with_parent() -> None:
    # Not through ``sys.stdin``: it would be held while the interpreter ends.
    while os.read(0, 4096):
        continue
    # Its cleanup would take what another process may want by now; whatever is half-made is told by the case itself.
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(10)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
