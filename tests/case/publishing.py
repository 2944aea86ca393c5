"""Publications of a case with kills at every point and readers beside: ``python -m tests.case.publishing FOLDER PUBLICATIONS``.

Each generation holds one number in all of its parts, so that a mixture of two shows. Writers are forked, end themselves
with SIGKILL at a moment that is drawn, and the next one goes on; readers never stop. Prints what was counted as JSON, and
ends with 1 where a reader saw a mixture, nothing, or a number that went back.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import msgspec

from graphcorr.case.findings import Place, find_findings, write_findings
from graphcorr.case.generations import building
from graphcorr.case.reader import open_reader
from graphcorr.case.state import State
from graphcorr.case.writer import CaseWriter, open_writer
from graphcorr.errors import GraphcorrError, NotDetectedError
from graphcorr.model.findings import Basis, Confidence, Endpoint, Finding, Level, Movement
from graphcorr.model.report import Coverage, Inputs, Report

MOMENTS = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree", "sqlite3.connect")
"""Audit events that count, besides the opening of a file of the case and the steps of the row."""


def finding(number: int) -> Finding:
    """A finding of which nothing matters but its id, ``number`` in hexadecimal."""
    return Finding(
        id=f"{number:08x}",
        pattern="smb-write-then-image",
        patterns=["smb-write-then-image"],
        title="File written over SMB, then run on the same host",
        level=Level.HIGH,
        confidence=Confidence.HIGH,
        basis=Basis.OBSERVED,
        why=[],
        techniques=["T1021.002"],
        detection_strategies=[],
        software=[],
        source=Endpoint("a.example.test", None),
        target=Endpoint("b.example.test", None),
        account=None,
        movement=Movement.REMOTE,
        execution=None,
        execution_time=None,
        executions=[],
        file=r"C:\x.exe",
        write_time="2024-03-11T08:00:00.000000Z",
        time="2024-03-11T08:00:00.000000Z",
        started_by=None,
        steps=[],
        suppressed=None,
        limits=[],
        evidence=[],
    )


def report(number: int) -> Report:
    """A report of nothing but that finding."""
    return Report(
        version=str(number),
        engine="none",
        attack=None,
        case=None,
        inputs=Inputs([], 0, 0, 0, 0, []),
        coverage=Coverage([], []),
        clocks=[],
        findings=[finding(number)],
        observations=[],
        paths=[],
    )


def publish_number(case: CaseWriter, number: int) -> None:
    """A generation whose report, findings and graph are all of this number."""
    with building(case.places) as built:
        built.report.write_bytes(msgspec.json.encode(report(number)))
        write_findings(built.findings, report(number), {(0, 0): Place("segment", number)})
        built.graph.write_text(str(number), encoding="utf-8")
        case.publish(built)


def read_number(folder: Path) -> int:
    """What the current generation holds; ``ValueError`` where its parts are of several numbers."""
    with open_reader(folder) as case:
        assert case.generation is not None
        number = int(msgspec.json.decode(case.read_report())["version"])
        [stored] = find_findings(case.generation.findings, "")
        others = {int(stored.finding.id, 16), stored.places[0].row, int(case.generation.graph.read_text(encoding="utf-8"))}
    if others != {number}:
        raise ValueError(f"a mixture of {number} and {others}")
    return number


def _kill_at(moment: int, folder: Path) -> None:
    """SIGKILL for this process at the so-many-th of what touches files and the row."""
    left = moment

    def count(event: str, arguments: tuple[object, ...] = ()) -> None:
        nonlocal left
        if event in MOMENTS or event == "row" or (event == "open" and str(arguments[0]).startswith(str(folder))):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    add, remove = State.add_generation, State.remove_generation

    def add_and_count(self: State, name: str) -> None:
        count("row")
        add(self, name)
        count("row")

    def remove_and_count(self: State, name: str) -> None:
        remove(self, name)
        count("row")

    State.add_generation, State.remove_generation = add_and_count, remove_and_count  # type: ignore[method-assign]


def _write(folder: Path, numbers: range, moment: int) -> None:
    """Publish these numbers, and be killed at the moment."""
    _kill_at(moment, folder)
    with open_writer(folder) as case:
        for number in numbers:
            publish_number(case, number)


def _read(folder: Path, sink: int) -> None:
    """Read until asked to end; then say how often and what was wrong."""
    ended = False

    def end(*_: object) -> None:
        nonlocal ended
        ended = True

    signal.signal(signal.SIGTERM, end)
    seen: list[int] = []
    wrong: list[str] = []
    while not ended:
        try:
            seen.append(read_number(folder))
        except NotDetectedError:
            if seen:
                wrong.append("nothing after something")
        except (GraphcorrError, ValueError, OSError) as error:
            wrong.append(repr(error))
    if seen != sorted(seen):
        wrong.append("a number went back")
    os.write(sink, msgspec.json.encode({"reads": len(seen), "numbers": len(set(seen)), "wrong": wrong[:5]}) + b"\n")


def _fork(work: object, *arguments: object) -> int:
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work(*arguments)  # type: ignore[operator]
            status = 0
        finally:
            os._exit(status)
    return child


def run(folder: Path, publications: int, readers: int = 2, seed: int = 20240311) -> dict[str, object]:
    """What was counted of so many publications."""
    rng = random.Random(seed)
    with open_writer(folder, create=True):
        pass
    sink, source = os.pipe()
    reading = [_fork(_read, folder, source) for _ in range(readers)]
    os.close(source)
    done = kills = 0
    while done < publications:
        # A few publications: each point of one is met, and those of the sweep by whoever comes after a kill.
        writer = _fork(_write, folder, range(done + 1, publications + 1), rng.randrange(1, 60))
        _, status = os.waitpid(writer, 0)
        kills += os.WIFSIGNALED(status)
        if not os.WIFSIGNALED(status) and os.waitstatus_to_exitcode(status):
            raise SystemExit("a writer failed")
        with suppress(NotDetectedError):
            done = read_number(folder)
    time.sleep(0.05)
    for reader in reading:
        os.kill(reader, signal.SIGTERM)
        os.waitpid(reader, 0)
    with os.fdopen(sink, "rb") as lines:
        told = [msgspec.json.decode(line) for line in lines]
    with open_writer(folder):
        pass
    left = sorted(path.name for path in (folder / "generations").iterdir())
    return {"publications": done, "kills": kills, "readers": told, "left": len(left)}


if __name__ == "__main__":
    counted = run(Path(sys.argv[1]), int(sys.argv[2]))
    print(json.dumps(counted))
    sys.exit(any(each["wrong"] for each in counted["readers"]))  # type: ignore[attr-defined]
