"""Killed at any moment, a case goes on from what is committed: nothing committed is lost, nothing is there twice.

Real processes, real SIGKILL, real logs. ``GRAPHCORR_KILLS`` sets how many kills each test does (10 and 5 without it).
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import psutil
import pytest

from graphcorr.case.writer import open_writer
from graphcorr.findings.inputs import describe
from graphcorr.model.progress import Silent
from graphcorr.model.report import Report
from graphcorr.service.detecting import detect
from graphcorr.service.hunting import HuntOptions, hunt
from tests.case.logs import places, write_log
from tests.conftest import REPOSITORY
from tests.settings import own_settings

_FEW = ("sbousseaden+EVTX-ATTACK-SAMPLES", "sans-blue-team+DeepBlueCLI", "brimdata+zed-sample-data/zeek-json")
_CHAIN = "OTRF+Security-Datasets/datasets/atomic/windows/lateral_movement/host/empire_msbuild_dcerpc_wmi_smb.zip"

_CHILD = """
import os, signal, sys
from pathlib import Path
from graphcorr.model.progress import Silent
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.service.reading import ingest
from graphcorr.settings import Settings
from graphcorr.case import compaction, reading, tasks

# One input is one commit, and processes pay at once: as many moments as a terabyte has.
tasks._FULL_INPUTS = 1
reading._PARALLEL_BYTES = 0
verb, case, workers, moment, *paths = sys.argv[1:]

def count(event, arguments):
    # The files of a case and its folder are touched at the moments that matter: before, between and after commits.
    global left
    if event in ("os.rename", "os.remove", "os.mkdir", "shutil.rmtree", "tempfile.mkdtemp") or (
        event == "open" and str(arguments[0]).startswith(case)
    ):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

settings = Settings(state=Path(case).parent / "state", workers=int(workers))
left = int(moment)
if left:
    sys.addaudithook(count)
else:
    print("ready", flush=True)
if verb == "ingest":
    ingest(paths, Path(case), settings, Silent())
else:
    hunt(HuntOptions(paths=tuple(paths), case=Path(case)), settings, Silent())
"""


def kills(default: int) -> int:
    return int(os.environ.get("GRAPHCORR_KILLS") or default)


def start(verb: str, case: Path, workers: int, moment: int, paths: list[str]) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "GRAPHCORR_STATE": str(case.parent / "state")}
    command = [sys.executable, "-c", _CHILD, verb, str(case), str(workers), str(moment), *paths]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def committed(case: Path) -> set[tuple[str, str | None, int]]:
    """File, member and events of each input that is committed."""
    if not (case / "state.sqlite").exists():
        return set()
    database = sqlite3.connect(case / "state.sqlite")
    try:
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'inputs'").fetchall():
            return set()
        return set(database.execute("SELECT file, member, events FROM inputs"))
    finally:
        database.close()


@pytest.fixture(scope="module")
def logs(shared: Path) -> list[str]:
    return [str(shared / "datasets" / name) for name in (*_FEW, _CHAIN)]


@pytest.fixture(scope="module")
def undisturbed(logs: list[str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    case = tmp_path_factory.mktemp("undisturbed") / "case"
    return case, hunt(HuntOptions(paths=tuple(logs), case=case), own_settings(state=case.parent / "state"), Silent())


def without_case(report: Report) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(report, case=None))


def test_reading_that_is_killed_goes_on(logs: list[str], undisturbed: tuple[Path, Report], tmp_path: Path) -> None:
    case = tmp_path / "case"
    rng = random.Random(20240311)
    # The first moments are those in which a case comes to be; later ones lie anywhere between two and five commits.
    moments = [1, 2, 3, 5, *(rng.randrange(6, 40) for _ in range(kills(10) - 4))]
    before: set[tuple[str, str | None, int]] = set()
    for moment in moments:
        process = start("hunt", case, 1, moment, logs)
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (-signal.SIGKILL, b""), moment
        assert before <= committed(case), moment
        before = committed(case)

    assert 0 < len(before) < len(undisturbed[1].inputs.files)
    _check(case, logs, undisturbed)


def test_hunting_in_two_processes_that_is_killed_goes_on(logs: list[str], undisturbed: tuple[Path, Report], tmp_path: Path) -> None:
    case = tmp_path / "case"
    rng = random.Random(20240312)
    before: set[tuple[str, str | None, int]] = set()
    for _ in range(kills(5)):
        process = start("hunt", case, 2, 0, logs)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(rng.uniform(0.2, 3))
        family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.kill()
        process.communicate(timeout=60)
        _, alive = psutil.wait_procs(family, timeout=10)
        assert alive == []
        assert before <= committed(case)
        before = committed(case)

    _check(case, logs, undisturbed)


def _check(case: Path, logs: list[str], undisturbed: tuple[Path, Report]) -> None:
    report = hunt(HuntOptions(paths=tuple(logs), case=case), own_settings(state=case.parent / "state"), Silent())

    assert {one.file is None for one in report.findings} == {True, False}
    assert without_case(report) == without_case(undisturbed[1])
    assert places(case) == places(undisturbed[0])
    assert not list((case / "scratch").glob("*"))


def test_ctrl_c_leaves_a_case_to_go_on_with(logs: list[str], undisturbed: tuple[Path, Report], tmp_path: Path) -> None:
    """A terminal sends SIGINT to every process of the group: none of them may answer with a traceback."""
    case = tmp_path / "case"
    arguments = ["hunt", "--case", str(case), "--workers", "2", *logs]
    script = "\n".join(
        [
            "import sys",
            "from graphcorr.case import reading, tasks",
            "tasks._FULL_INPUTS, reading._PARALLEL_BYTES = 1, 0",
            "from graphcorr.cli.main import main",
            f"sys.argv[1:] = {arguments!r}",
            "main()",
        ]
    )
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "GRAPHCORR_STATE": str(tmp_path / "state")}
    process = subprocess.Popen(
        [sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    while len(committed(case)) < 5:
        assert process.poll() is None
        time.sleep(0.02)
    family = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=30)

    told = f"Interrupted. What was read is kept in {case}: the same command goes on from there.\n"
    assert (process.returncode, output, errors.decode()) == (130, b"", told)
    assert psutil.wait_procs(family, timeout=10)[1] == []
    held = committed(case)
    assert 5 <= len(held) < len(undisturbed[1].inputs.files)
    report = detect(case, own_settings(), Silent())
    assert {(file.path, file.member, file.events) for file in report.inputs.files} == held
    _check(case, logs, undisturbed)


def test_two_processes_never_have_one_case_open(tmp_path: Path) -> None:
    write_log(tmp_path / "a.json", 1, 3)
    with open_writer(tmp_path / "case", create=True) as case:
        process = start("ingest", tmp_path / "case", 1, 0, [str(tmp_path / "a.json")])
        _, errors = process.communicate(timeout=60)
        assert describe(case).files == []

    assert process.returncode == 1
    said = f"graphcorr.errors.CaseInUseError: {tmp_path / 'case'} is in use by another graphcorr process"
    assert errors.decode().splitlines()[-1] == said
