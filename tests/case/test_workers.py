"""Reading in several processes: what goes wrong in one of them is told, and the others end with it."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import Future
from pathlib import Path

import psutil
import pytest

from graphcorr.case import reading, tasks
from graphcorr.case.reading import read_inputs
from graphcorr.case.writer import open_writer
from graphcorr.errors import CaseError
from graphcorr.logs.catalog import wanted
from tests.case.logs import Quiet, ingest, record_numbers, write_log


class Saboteur(Quiet):
    """Ends a reading process as soon as bytes were read and it has started."""

    def advance(self, done: int) -> None:  # noqa: ARG002
        for worker in workers():
            wait_until_started(worker)
            os.kill(worker.pid, signal.SIGKILL)
            time.sleep(0.5)


class Stopper(Quiet):
    """Stands for Ctrl-C in the first process."""

    def advance(self, done: int) -> None:  # noqa: ARG002
        raise KeyboardInterrupt


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(reading, "_PARALLEL_BYTES", 0)
    monkeypatch.setattr(tasks, "_FULL_INPUTS", 1)
    for number in range(8):
        write_log(tmp_path / "logs" / f"{number}.json", 10 * number, 10 * number + 1)
    return tmp_path / "logs"


def workers() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if _is_worker(child)]


def _is_worker(child: psutil.Process) -> bool:
    try:
        return "spawn_main" in "".join(child.cmdline())
    except psutil.NoSuchProcess:  # it has just ended, or it has and nobody has waited for it yet: a zombie has no command line
        return False


def wait_until_started(worker: psutil.Process) -> None:
    """A worker that has started listens for the end of this process in a thread of its own."""
    end = time.monotonic() + 60
    while worker.num_threads() < 2:
        assert time.monotonic() < end
        time.sleep(0.02)


class Patient(Quiet):
    """Reads nothing more before the other worker has started, and counts what is read meanwhile."""

    def __init__(self) -> None:
        self.read = 0

    def advance(self, done: int) -> None:
        self.read += done
        for worker in workers():
            wait_until_started(worker)
        time.sleep(0.1)


def test_both_processes_read_and_all_is_counted(logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own: list[int] = []

    def read_own(task: tasks.Task, *rest: object) -> tasks.Outcome:
        own.append(task.size)
        return tasks.read_task(task, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("graphcorr.case.workers.read_task", read_own)
    progress = Patient()
    with open_writer(tmp_path / "case", create=True) as case:
        read_inputs(case, [str(logs)], wanted(), 2, progress)
    assert record_numbers(tmp_path / "case") == [10 * number + which for number in range(8) for which in (0, 1)]
    assert 0 < len(own) < 8
    assert progress.read == sum(path.stat().st_size for path in logs.iterdir())
    assert workers() == []


def test_one_that_does_not_start_holds_nobody_up(logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read before the other process has started, this one reads."""
    monkeypatch.setattr("graphcorr.case.workers.ProcessPoolExecutor.submit", lambda *_: Future())
    with open_writer(tmp_path / "case", create=True) as case:
        read_inputs(case, [str(logs)], wanted(), 2, Quiet())
    assert record_numbers(tmp_path / "case") == [10 * number + which for number in range(8) for which in (0, 1)]


def test_a_process_that_was_ended_is_told_and_the_rest_is_read_later(logs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "case"
    with open_writer(folder, create=True) as case, pytest.raises(CaseError, match=r"^a reading process was ended from outside, as happens"):
        read_inputs(case, [str(logs)], wanted(), 2, Saboteur())
    assert workers() == []
    ingest(folder, logs, workers=2)
    assert record_numbers(folder) == [10 * number + which for number in range(8) for which in (0, 1)]


def test_the_processes_end_with_the_first_one(logs: Path, tmp_path: Path) -> None:
    with open_writer(tmp_path / "case", create=True) as case, pytest.raises(KeyboardInterrupt):
        read_inputs(case, [str(logs)], wanted(), 2, Stopper())
    assert workers() == []


def test_a_case_that_cannot_be_written_is_told_by_any_process(logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "case"
    monkeypatch.setattr("tempfile.mkdtemp", lambda **_: str(tmp_path / "gone"))
    with open_writer(folder, create=True) as case, pytest.raises(CaseError) as caught:
        read_inputs(case, [str(logs)], wanted(), 2, Quiet())
    assert str(caught.value) == f"{tmp_path} cannot be written: No such file or directory"
    assert workers() == []


def test_of_very_many_skips_all_are_counted_and_the_first_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "KEPT_SKIPS", 3)
    log = write_log(tmp_path / "a.json", 1, 2)
    log.write_bytes(log.read_bytes() + b"{broken\n" * 7)
    ingest(tmp_path / "case", log)
    with open_writer(tmp_path / "case") as case:
        [row] = case.state.inputs()
        skips = case.state.skips(100)
    assert (row.skipped, row.status, row.reason) == (7, "partly", "7 of 9 records skipped")
    assert [skip.record for skip in skips] == [3, 4, 5, 6]
    assert skips[-1].reason == "this one and 3 others of this file are counted and not listed"
