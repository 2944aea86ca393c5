"""Runs a command several times in processes of its own and says how long it took and how much memory it had."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import psutil

from graphcorr.detection import Spent
from graphcorr.model.report import Report

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

MIB: Final = 1 << 20
_SAMPLE_SECONDS: Final = 0.03


class BenchmarkError(Exception):
    """A measured command failed: a time for it would be a lie."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """``seconds`` is the median of the wall times, ``peak`` the most bytes that the process and its children had together.

    Pages that processes share count for each, so that ``peak`` is an upper bound when there are several.
    """

    seconds: float
    all_seconds: tuple[float, ...]
    cpu_seconds: float
    peak: int
    output: bytes
    steps: dict[str, Spent] = field(default_factory=dict)

    @property
    def spread(self) -> float:
        """Slowest over fastest run: how far to trust the median."""
        return max(self.all_seconds) / min(self.all_seconds)


def measure(command: Sequence[str], *, runs: int, cores: int, accept: Sequence[int] = (0,)) -> Measurement:
    """Median of ``runs`` runs, pinned to the first ``cores`` cores where the system can pin."""
    measured = [_run_once(command, cores, accept) for _ in range(runs)]
    return Measurement(
        seconds=statistics.median(each.seconds for each in measured),
        all_seconds=tuple(each.seconds for each in measured),
        cpu_seconds=statistics.median(each.cpu_seconds for each in measured),
        peak=max(each.peak for each in measured),
        output=measured[-1].output,
        steps=measured[-1].steps,
    )


def _run_once(command: Sequence[str], cores: int, accept: Sequence[int]) -> Measurement:
    with tempfile.TemporaryDirectory(prefix="graphcorr-bench-") as folder:
        output, errors, timings = Path(folder, "stdout"), Path(folder, "stderr"), Path(folder, "timings.json")
        environment = os.environ | {
            "GRAPHCORR_TIMINGS": str(timings),
            "GRAPHCORR_STATE": str(Path(folder, "state")),
            "POLARS_MAX_THREADS": str(cores),
            "PYTHONHASHSEED": "0",
        }
        # Otherwise every run would compile our modules anew, which no user's does.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        with output.open("wb") as stdout, errors.open("wb") as stderr:
            start = time.perf_counter()
            process = subprocess.Popen([*_pinned(cores), *command], stdout=stdout, stderr=stderr, env=environment)
            watch = _MemoryWatch(process.pid)
            watch.start()
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            # Not ru_maxrss: on Linux a child inherits its parent's, and a benchmark that has just made a gigabyte is a large parent.
            peak = watch.stop()
        # A crash of Python exits with 1 as well, and so does a hunt that found something: only the latter has an answer.
        if process.returncode not in accept or not output.stat().st_size:
            raise BenchmarkError(f"{' '.join(command)[:300]}: exit {process.returncode}: {errors.read_text(errors='replace')[-700:]}")
        steps = msgspec.json.decode(timings.read_bytes(), type=dict[str, Spent]) if timings.exists() else {}
        return Measurement(seconds, (seconds,), usage.ru_utime + usage.ru_stime, peak, output.read_bytes(), steps)


def _pinned(cores: int) -> list[str]:
    """A prefix that pins: set in the child before it starts, so that its libraries see the smaller machine too."""
    code = (
        "import os, sys; os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(sys.argv[1])]); os.execv(sys.argv[2], sys.argv[2:])"
    )
    return [sys.executable, "-c", code, str(cores)] if hasattr(os, "sched_setaffinity") else []


class _MemoryWatch(threading.Thread):
    """Samples the memory of a process and its children: the largest process alone would hide what workers add."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._peak, self._done = pid, 0, threading.Event()

    def run(self) -> None:
        while not self._done.wait(_SAMPLE_SECONDS):
            try:
                root = psutil.Process(self._pid)
                family = [root, *root.children(recursive=True)]
                self._peak = max(self._peak, sum(_resident(each) for each in family), _high_water(self._pid))
            except psutil.Error:
                return

    def stop(self) -> int:
        self._done.set()
        self.join()
        return self._peak


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0  # it ended between the listing and the question


def _high_water(pid: int) -> int:
    """The most that this one process ever had, which samples may miss; 0 where the system does not say."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def hunt(
    paths: Sequence[Path], *, runs: int, cores: int, case: Path | None = None, history: datetime | None = None
) -> tuple[Measurement, Report]:
    """``graphcorr hunt PATH… --json`` as its user would run it, with ``--ephemeral`` where no case is to be kept.

    What lies before ``history`` is what later events are held against.
    """
    kept = ["--case", str(case)] if case is not None else ["--ephemeral"]
    before = ["--baseline-until", history.isoformat()] if history is not None else []
    return _find(["hunt", *map(str, paths), "--json", *kept, *before, "--workers", str(cores)], runs, cores)


def detect(case: Path, *, runs: int, cores: int) -> tuple[Measurement, Report]:
    """``graphcorr detect --json``: a hunt without reading."""
    return _find(["detect", "--case", str(case), "--json"], runs, cores)


def detect_files(case: Path, *, runs: int, cores: int) -> tuple[Measurement, Report]:
    """The same with the file family alone, see :mod:`benchmarks.families`."""
    measured = measure([sys.executable, "-m", "benchmarks.families", str(case)], runs=runs, cores=cores, accept=(0, 1))
    return measured, msgspec.json.decode(measured.output, type=Report)


def _find(arguments: Sequence[str], runs: int, cores: int) -> tuple[Measurement, Report]:
    script = Path(sys.executable).with_name("graphcorr")
    start = [str(script)] if script.exists() else [sys.executable, "-c", "from graphcorr.cli.main import main; main()"]
    measured = measure([*start, *arguments], runs=runs, cores=cores, accept=(0, 1))
    return measured, msgspec.json.decode(measured.output, type=Report)


def baseline(name: str, paths: Sequence[Path], *, runs: int, cores: int = 1) -> Measurement:
    """One of :mod:`benchmarks.baselines`, in a process of its own."""
    return measure([sys.executable, "-m", "benchmarks.baselines", name, *map(str, paths)], runs=runs, cores=cores)
