"""What a case holds is for its user alone, whatever the user's umask is; what an ephemeral run held is gone however it ends."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphcorr.case.naming import remembered
from graphcorr.case.writer import open_writer
from graphcorr.service.detecting import detect
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.simulate.demo import write_demo
from tests.case.logs import Quiet, make_layout_2, write_log
from tests.conftest import REPOSITORY
from tests.settings import own_settings


@pytest.fixture(autouse=True)
def lax() -> Iterator[None]:
    before = os.umask(0)
    yield
    assert os.umask(before) == 0  # what the user set is set again


def open_to_others(folder: Path) -> list[str]:
    """What somebody else may read, write or enter in a folder, itself included."""
    return [str(path) for path in (folder, *folder.rglob("*")) if stat.S_IMODE(path.lstat().st_mode) & 0o077]


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    write_demo(tmp_path / "logs")
    return tmp_path / "logs"


def test_case_state_folder_and_graph_are_private(logs: Path, tmp_path: Path) -> None:
    settings = own_settings(state=tmp_path / "above" / "state", store=f"ladybug://{tmp_path / 'graph.lbug'}")
    hunt(HuntOptions(paths=(str(logs),)), settings, Quiet())
    hunt(HuntOptions(paths=(str(logs),), case=tmp_path / "case"), settings, Quiet())
    places = [settings.state, tmp_path / "case", *tmp_path.glob("graph.lbug*")]
    assert len(places) > 3
    assert [open_to_others(place) for place in places] == [[]] * len(places)


def test_scratch_files_are_private(tmp_path: Path) -> None:
    with open_writer(tmp_path / "case", create=True) as case:
        (case.scratch / "spill").mkdir()
        (case.scratch / "spill" / "events").write_text("password")
        assert open_to_others(tmp_path / "case") == []


def test_a_case_of_before_is_tightened_when_it_is_written(logs: Path, tmp_path: Path) -> None:
    hunt(HuntOptions(paths=(str(logs),), case=tmp_path / "case"), own_settings(), Quiet())
    make_layout_2(tmp_path / "case")
    assert len(open_to_others(tmp_path / "case")) > 5
    detect(tmp_path / "case", own_settings(), Quiet())
    assert open_to_others(tmp_path / "case") == []


def test_a_state_folder_of_before_is_tightened(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o755)
    with open_writer(state / "cases" / "one", create=True) as case, remembered(state, case.folder):
        pass
    assert open_to_others(state) == []


_SLOW = """
import sys, time
from graphcorr.case import tasks
from graphcorr.cli.main import main
read = tasks.TaskReader.read
def read_and_wait(self, piece):
    read(self, piece)
    self._normalize()
    self._writer.finish()
    print("reading", flush=True)
    time.sleep(60)
tasks.TaskReader.read = read_and_wait
main()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda number: number.name)
def test_an_ephemeral_run_that_is_ended_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    log = write_log(tmp_path / "a.json", 1, 100)
    held = tmp_path / "tmp"
    held.mkdir()
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "GRAPHCORR_STATE": str(tmp_path / "state"), "TMPDIR": str(held)}
    # Whoever runs the tests may ignore a signal (nohup), and a process that was started so goes on ignoring it.
    heard = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_DFL)\nsignal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
    command = [sys.executable, "-c", heard + _SLOW, "hunt", "--ephemeral", str(log)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "reading\n"
        assert len(list(held.rglob("*.parquet"))) == 1
        assert open_to_others(held) == [str(held)]
        process.send_signal(number)
        began = time.monotonic()
        output, errors = process.communicate(timeout=30)
    assert (process.returncode, output, errors) == (128 + number, "", "Interrupted; nothing is kept of an ephemeral run.\n")
    assert time.monotonic() - began < 20
    assert list(held.iterdir()) == []
    assert not (tmp_path / "state").exists()


def test_what_was_started_to_ignore_a_hang_up_goes_on(tmp_path: Path) -> None:
    """``nohup graphcorr hunt …``."""
    log = write_log(tmp_path / "a.json", 1, 100)
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "GRAPHCORR_STATE": str(tmp_path / "state")}
    command = [sys.executable, "-c", _SLOW.replace("time.sleep(60)", "time.sleep(1)"), "hunt", "--ephemeral", "--json", str(log)]
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert process.stdout is not None
    assert process.stdout.readline() == "reading\n"
    process.send_signal(signal.SIGHUP)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert output.startswith('{"schema"')
