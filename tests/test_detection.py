"""A detection with intelligence of one's own, as a person brings it: loaded first, or after the hunt."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from graphcorr.case.writer import open_writer
from graphcorr.detection import engine_errors
from graphcorr.errors import CaseError
from graphcorr.model.progress import Silent
from graphcorr.service.detecting import detect
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.simulate.demo import write_demo
from graphcorr.store.open import open_store
from tests.case.logs import generation
from tests.intel.load import load_objects
from tests.powerless import only_readable
from tests.settings import own_settings

_TIMES = {"created": "2020-01-01T00:00:00.000Z", "modified": "2020-01-01T00:00:00.000Z"}


def indicator(number: int, pattern: str, **changes: object) -> dict[str, object]:
    return {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--0a1b2c3d-0000-4000-8000-{number:012d}",
        "name": f"sign {number}",
        "pattern": pattern,
        "pattern_type": "stix",
        "valid_from": "2020-01-01T00:00:00Z",
        **_TIMES,
        **changes,
    }


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    write_demo(tmp_path / "logs")
    return tmp_path / "logs"


@pytest.fixture
def program(logs: Path, tmp_path: Path) -> str:
    """The base name of a file that a finding of the demo is about."""
    report = hunt(HuntOptions(paths=(str(logs),), ephemeral=True), own_settings(), Silent())
    return str(next(one.file for one in report.findings if one.file)).rsplit("\\", 1)[-1]


def test_indicators_are_matched_in_a_hunt_and_are_in_its_graph(logs: Path, program: str, tmp_path: Path) -> None:
    # One that refers to a technique, as feeds do, and two objects that share an ATT&CK id: neither is the other.
    reference = [{"source_name": "mitre-attack", "external_id": "T1021.002"}]
    shared = [{"source_name": "mitre-attack", "external_id": "S9999"}]
    malware = [indicator(number, "", type="malware", external_references=shared, is_family=True) for number in (11, 12)]
    for number, one in enumerate(malware):
        one["id"] = f"malware--0a1b2c3d-0000-4000-8000-{number:012d}"
        del one["pattern"], one["pattern_type"], one["valid_from"]
    objects = [indicator(1, f"[file:name = '{program}']", external_references=reference), indicator(2, "[file:name LIKE 'x%']"), *malware]
    load_objects(objects)
    report = hunt(HuntOptions(paths=(str(logs),), case=tmp_path / "case"), own_settings(), Silent())
    assert {(one.indicator, one.name, one.value) for one in report.sightings} == {(str(objects[0]["id"]), "sign 1", program.lower())}
    assert [one.indicator for one in report.indicators_not_evaluated] == [objects[1]["id"]]
    store = open_store(f"ladybug://{generation(tmp_path / 'case').graph}")
    [found] = store.query("MATCH (i:Indicator)-[:SIGHTED]->(e) RETURN count(e) AS events, count(DISTINCT i.id) AS indicators")
    [names] = store.query("MATCH (s:Software) WHERE s.id = 'S9999' RETURN count(s) AS nodes")
    store.close()
    assert found["events"] == found["indicators"] * found["events"] > 0  # type: ignore[operator]
    assert names == {"nodes": 1}


def test_what_a_hunt_did_not_read_is_said_when_indicators_come_later(logs: Path, program: str, tmp_path: Path) -> None:
    options = HuntOptions(paths=(str(logs),), case=tmp_path / "case")
    hunt(options, own_settings(), Silent())
    load_objects([indicator(1, f"[file:name = '{program}']")])
    later = detect(tmp_path / "case", own_settings(), Silent())
    assert [(one.indicator, one.reason[:42]) for one in later.indicators_not_evaluated] == [
        ("all", "in some logs only what the patterns need w")
    ]
    again = hunt(options, own_settings(), Silent())
    assert again.indicators_not_evaluated == []
    assert sum(one.count for one in again.sightings) >= sum(one.count for one in later.sightings) > 0


def test_without_indicators_nothing_is_said_of_them(logs: Path, tmp_path: Path) -> None:
    load_objects([])
    report = hunt(HuntOptions(paths=(str(logs),), ephemeral=True), own_settings(), Silent())
    assert (report.sightings, report.indicators_not_evaluated, report.attack) == ([], [], "18.1")


def test_a_hunt_reads_a_state_folder_that_it_cannot_write(logs: Path, program: str, tmp_path: Path) -> None:
    load_objects([indicator(1, f"[file:name = '{program}']")])
    state = own_settings().state
    with only_readable(state):
        report = hunt(HuntOptions(paths=(str(logs),), case=tmp_path / "case"), own_settings(), Silent())
        again = hunt(HuntOptions(paths=(str(logs),), ephemeral=True), own_settings(), Silent())
        with pytest.raises(CaseError, match="cannot be used"):
            hunt(HuntOptions(paths=(str(logs),)), own_settings(), Silent())
    assert [one.name for one in report.sightings] == ["sign 1"]
    assert again.sightings == report.sightings
    assert not (state / "last").exists()


_INTERRUPTED = """
import os, signal, sys, threading
from pathlib import Path
from graphcorr.case.writer import open_writer
from graphcorr.detection import engine_errors
from graphcorr.engine.database import close, connect

with open_writer(Path(sys.argv[1]), create=True) as case:
    database = connect(case.scratch)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what is started in the background ignores it
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    try:
        with engine_errors(case.folder):
            database.execute("SELECT sum(range % 7) FROM range(1_000_000_000_000)")
    except KeyboardInterrupt:
        print("interrupted")
    finally:
        close(database)
"""


def test_an_interrupt_while_the_column_engine_works_is_one(tmp_path: Path) -> None:
    """DuckDB looks for signals while it works, in a main thread, which tests are not always in; it raises an error of its own."""
    command = [sys.executable, "-c", _INTERRUPTED, str(tmp_path / "case")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "interrupted\n", "")


def test_any_other_runtime_error_is_a_bug(tmp_path: Path) -> None:
    with open_writer(tmp_path / "case", create=True) as case, pytest.raises(RuntimeError, match=r"^a bug$"), engine_errors(case.folder):
        raise RuntimeError("a bug")
