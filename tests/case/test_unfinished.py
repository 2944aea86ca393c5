"""What was not read to its end is known, and every report that is made of it says so until it is read or given up."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from graphcorr.case import reading, tasks
from graphcorr.case.reading import read_inputs
from graphcorr.case.writer import open_writer
from graphcorr.cli.main import build_app
from graphcorr.errors import CaseError, UsageError
from graphcorr.logs.catalog import wanted
from graphcorr.service.cases import load_report
from graphcorr.service.detecting import detect
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.service.reading import ingest
from graphcorr.simulate.demo import write_demo
from tests.case.logs import Quiet, write_log
from tests.conftest import REPOSITORY
from tests.settings import own_settings

Done = subprocess.CompletedProcess[str]

_STOPPED = """
import os, signal, sys
from graphcorr.case import reading, tasks
from graphcorr.cli.main import main
tasks._FULL_INPUTS = 1
commit, left = reading.commit, int(sys.argv.pop(1))
def commit_and_stop(*arguments):
    global left
    commit(*arguments)
    left -= 1
    if not left:
        os.kill(os.getpid(), getattr(signal, stop))
stop = sys.argv.pop(1)
reading.commit = commit_and_stop
main()
"""


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    write_demo(tmp_path / "logs")
    return tmp_path / "logs"


def stopped(stop: str, *arguments: str | Path) -> Done:
    """``graphcorr`` in a process of its own, which gets a signal right after its first commit."""
    command = [sys.executable, "-c", _STOPPED, "1", stop, *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def graphcorr(*arguments: str | Path) -> Result:
    return CliRunner().invoke(build_app(), [str(each) for each in arguments], prog_name="graphcorr", catch_exceptions=False)


def unfinished(case: Path) -> tuple[list[str], list[str]]:
    with open_writer(case) as opened:
        told = opened.state.unfinished()
        return told.open, told.given_up


@pytest.mark.parametrize(("stop", "status"), [("SIGKILL", -9), ("SIGINT", 130), ("SIGTERM", 143)])
def test_a_report_of_a_part_is_marked_until_the_rest_is_read(logs: Path, tmp_path: Path, stop: str, status: int) -> None:
    case = tmp_path / "case"
    ended = stopped(stop, "ingest", logs, "--case", case)
    assert (ended.returncode, ended.stdout) == (status, "")
    report = detect(case, own_settings(), Quiet())
    assert report.inputs.unfinished == [str(logs)]
    assert 0 < len(report.inputs.files) < len(list(logs.iterdir()))
    again = hunt(HuntOptions(paths=(str(logs),), case=case), own_settings(), Quiet())
    assert (again.inputs.unfinished, len(again.inputs.files)) == ([], len(list(logs.iterdir())))
    assert unfinished(case) == ([], [])


def test_every_way_to_see_a_report_of_a_part_says_so(logs: Path, tmp_path: Path) -> None:
    """… although it has findings: what is missing may be what matters."""
    case, more = tmp_path / "case", write_log(tmp_path / "more.json", 1, 9)
    ingest([str(logs)], case, own_settings(), Quiet())
    begun(case, more)
    said = f"Incomplete: {more} was not read to its end."
    found = graphcorr("detect", "--case", case)
    assert (found.exit_code, " ".join(found.stdout.split())[: len(said)]) == (2, said)
    assert "3 files were written over the network and then run" in " ".join(found.stdout.split())
    assert "graphcorr detect --as-read takes what was read as all there is" in " ".join(found.stdout.split())
    assert found.stderr == "Not everything that was named was read to its end: what is missing was not judged.\n"
    [first, *_] = load_report(case).findings
    for verb, status in ((("show",), 2), (("paths",), 0), (("explain", first.id), 0)):
        shown = graphcorr(*verb, "--case", case)
        assert (shown.exit_code, " ".join(shown.stdout.split())[: len(said)]) == (status, said)
    for verb in (("paths",), ("explain", first.id)):
        assert json.loads(graphcorr(*verb, "--case", case, "--json").stdout)["unfinished"] == [str(more)]
    assert json.loads(graphcorr("show", "--case", case, "--json").stdout)["inputs"]["unfinished"] == [str(more)]


def test_it_is_given_up_on_demand_alone(tmp_path: Path) -> None:
    case, log = tmp_path / "case", write_log(tmp_path / "more.json", 1, 9)
    begun(case, log)
    assert detect(case, own_settings(), Quiet()).inputs.unfinished == [str(log)]
    report = detect(case, own_settings(), Quiet(), as_read=True)
    assert (report.inputs.unfinished, report.inputs.given_up) == ([], [str(log)])
    assert f"not read to its end, and given up: {log}" in " ".join(graphcorr("show", "--case", case).stdout.split())
    # It was given up for now: who begins to read it again is told of the rest again.
    begun(case, log)
    assert unfinished(case) == ([str(log)], [])


def full_disk(*_: object) -> None:
    raise CaseError("no space left")


def test_a_disk_that_is_full_while_reading_is_one_of_the_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer of the second file's segment is refused."""
    monkeypatch.setattr(tasks, "_FULL_INPUTS", 1)
    for name in ("a.json", "b.json"):
        write_log(tmp_path / "logs" / name, 1, 9)
    flushed: list[int] = []

    def refuse(handle: int) -> None:
        flushed.append(handle)
        if len(flushed) == 3:  # the first segment and its folder are on the disk
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    case = tmp_path / "case"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(CaseError, match=rf"^{case}.* cannot be written: No space left on device$"):
            ingest([str(tmp_path / "logs")], case, own_settings(), Quiet())
    report = detect(case, own_settings(), Quiet())
    assert report.inputs.unfinished == [str(tmp_path / "logs")]
    assert len(report.inputs.files) < 2
    ingest([str(tmp_path / "logs")], case, own_settings(), Quiet())
    assert detect(case, own_settings(), Quiet()).inputs.unfinished == []


def begun(case: Path, *paths: Path | str) -> None:
    """Reading that was stopped before anything was committed."""
    with open_writer(case, create=True) as opened, pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "commit", full_disk)
        with pytest.raises(CaseError):
            read_inputs(opened, [str(path) for path in paths], wanted(), 1, Quiet())


def test_what_is_read_later_covers_what_lies_below_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = tmp_path / "case"
    for name in ("logs/a.json", "logs/deep/b.json", "logs2/c.json"):
        write_log(tmp_path / name, 1, 3)
    begun(case, tmp_path / "logs" / "deep", tmp_path / "logs2" / "c.json")
    assert unfinished(case) == ([str(tmp_path / "logs" / "deep"), str(tmp_path / "logs2" / "c.json")], [])
    ingest([str(tmp_path / "logs")], case, own_settings(), Quiet())
    assert unfinished(case)[0] == [str(tmp_path / "logs2" / "c.json")]
    monkeypatch.chdir(tmp_path / "logs2")
    ingest(["c.json"], case, own_settings(), Quiet())
    assert unfinished(case) == ([], [])


def test_what_names_nothing_is_no_reading_that_was_begun(tmp_path: Path) -> None:
    case = tmp_path / "case"
    write_log(tmp_path / "a.json", 1, 3)
    with pytest.raises(UsageError):
        ingest([str(tmp_path / "a.json"), str(tmp_path / "typo.json")], case, own_settings(), Quiet())
    assert unfinished(case) == ([], [])


def test_a_whole_case_says_nothing(logs: Path, tmp_path: Path) -> None:
    case = tmp_path / "case"
    report = hunt(HuntOptions(paths=(str(logs),), case=case), own_settings(), Quiet())
    assert (report.inputs.unfinished, report.inputs.given_up, report.inputs.lacking) == ([], [], [])
    assert load_report(case) == report
    assert not graphcorr("paths", "--case", case).stdout.startswith("Incomplete")
