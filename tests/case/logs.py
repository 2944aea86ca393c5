"""Small logs for the tests of a case, and what a case holds after reading them."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from graphcorr.case.generations import Generation
from graphcorr.case.reader import open_reader
from graphcorr.case.reading import read_inputs
from graphcorr.case.writer import CaseWriter, open_writer
from graphcorr.engine.database import connect
from graphcorr.logs.catalog import wanted
from graphcorr.model.kinds import Kind
from graphcorr.resolve.events import load_events

Place = tuple[str, str | None, int]
"""File, member and record of an event."""


class Quiet:
    """Nobody watches."""

    def phase(self, name: str, total: int | None) -> None: ...
    def advance(self, done: int) -> None: ...
    def finish(self) -> None: ...


class Counting(Quiet):
    """How many bytes were said to be read."""

    def __init__(self) -> None:
        self.done = 0
        self.phases: list[tuple[str, int | None]] = []

    def phase(self, name: str, total: int | None) -> None:
        self.phases.append((name, total))

    def advance(self, done: int) -> None:
        self.done += done


def sysmon(number: int, event_id: int = 11) -> str:
    """One line of NXLog JSON: file created (11), or a process ended (5), which no pattern needs."""
    return json.dumps(
        {
            "EventID": event_id,
            "Channel": "Microsoft-Windows-Sysmon/Operational",
            "SourceName": "Microsoft-Windows-Sysmon",
            "Hostname": "ws01.example.test",
            "RecordNumber": number,
            "EventTime": f"2024-03-11 08:{number // 60 % 60:02}:{number % 60:02}",
            "UtcTime": f"2024-03-11 08:{number // 60 % 60:02}:{number % 60:02}.{number % 1000:03}",
            "TargetFilename": f"C:\\ProgramData\\file{number}.dat",
            "Image": "System",
            "ProcessId": "4",
        }
    )


def write_log(path: Path, first: int, last: int, event_id: int = 11) -> Path:
    """A file of the events ``first`` to ``last``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(sysmon(number, event_id) + "\n" for number in range(first, last + 1)), encoding="utf-8")
    return path


def ingest(folder: Path, *paths: Path | str, workers: int = 1, kinds: frozenset[Kind] | None = None) -> None:
    """Read into the case in ``folder``; every kind of event if no ``kinds`` are named."""
    with open_writer(folder, create=True) as case:
        read_inputs(case, [str(path) for path in paths], wanted(kinds), workers, Quiet())


def places(folder: Path) -> list[Place]:
    """Where each event of a case is found, each once."""
    with open_writer(folder) as case:
        return places_of(case)


def places_of(case: CaseWriter) -> list[Place]:
    database = connect(case.scratch)
    try:
        load_events(database, case.segment_paths(), case.state.inputs())
        rows = database.execute("SELECT file, member, record, id FROM logged ORDER BY ALL").fetchall()
        assert len({id_ for *_, id_ in rows}) == len(rows)
        return [(file, member, record) for file, member, record, _ in rows]
    finally:
        database.close()


def record_numbers(folder: Path) -> list[int]:
    """The EventRecordIDs of a case's events."""
    with open_writer(folder) as case:
        database = connect(case.scratch)
        try:
            load_events(database, case.segment_paths(), case.state.inputs())
            return [number for (number,) in database.execute("SELECT record_id FROM logged ORDER BY ALL").fetchall()]
        finally:
            database.close()


def segments(folder: Path) -> list[str]:
    """Names of the files in the events folder."""
    return sorted(path.name for path in (folder / "events").iterdir())


def generation(folder: Path) -> Generation:
    """The parts of what readers of a case get."""
    with open_reader(folder) as case:
        assert case.generation is not None
        return case.generation


def make_layout_2(folder: Path) -> None:
    """Make a detected case what an earlier version left: one report and one graph in its folder, and a state without generations."""
    held = generation(folder)
    held.report.rename(folder / "report.json")
    if held.graph.exists():
        held.graph.rename(folder / "graph.lbug")
    shutil.rmtree(folder / "generations")
    with closing(sqlite3.connect(folder / "state.sqlite")) as state:
        state.executescript("DROP TABLE generations; DROP TABLE readings")
    about = folder / "case.toml"
    about.write_text(about.read_text(encoding="utf-8").replace("layout = 3", "layout = 2"), encoding="utf-8")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
