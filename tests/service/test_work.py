"""Work that is asked to stop: it ends at its next step with an error of its own, and what was committed stays."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from graphcorr.errors import CancelledError
from graphcorr.model.progress import Silent
from graphcorr.service.cases import load_report
from graphcorr.service.detecting import detect
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.service.reading import ingest
from graphcorr.simulate.demo import write_demo
from tests.settings import own_settings


class StopsIn(Silent):
    """Asks for the end as soon as a phase of this name begins."""

    def __init__(self, phase: str) -> None:
        self.stop_in = phase
        self.begun: list[str] = []
        self.cancel = threading.Event()

    def phase(self, name: str, total: int | None) -> None:
        super().phase(name, total)
        self.begun.append(name)
        if name == self.stop_in:
            self.cancel.set()


@pytest.mark.parametrize("phase", ["Reading", "Resolving", "Building the graph"])
def test_a_hunt_ends_where_it_is_and_goes_on_from_there(tmp_path: Path, phase: str) -> None:
    write_demo(tmp_path / "logs")
    options = HuntOptions(paths=(str(tmp_path / "logs"),), case=tmp_path / "case")
    stopper = StopsIn(phase)
    with pytest.raises(CancelledError, match=r"^stopped before the end; what was read is kept$"):
        hunt(options, own_settings(), stopper, stopper.cancel)
    assert stopper.begun[-1] == phase

    whole = hunt(HuntOptions(paths=options.paths, case=tmp_path / "other"), own_settings(), Silent())
    assert hunt(options, own_settings(), Silent()).findings == whole.findings != []


def test_what_was_stopped_before_it_began_did_nothing(tmp_path: Path) -> None:
    stopped = threading.Event()
    stopped.set()
    write_demo(tmp_path / "logs")
    with pytest.raises(CancelledError):
        ingest([str(tmp_path / "logs")], tmp_path / "case", own_settings(), Silent(), stopped)
    assert list((tmp_path / "case" / "events").iterdir()) == []


def test_a_detection_that_is_stopped_leaves_the_last_report(tmp_path: Path) -> None:
    write_demo(tmp_path / "logs")
    before = hunt(HuntOptions(paths=(str(tmp_path / "logs"),), case=tmp_path / "case"), own_settings(), Silent())
    stopper = StopsIn("Building the graph")
    with pytest.raises(CancelledError):
        detect(tmp_path / "case", own_settings(), stopper, stopper.cancel)
    assert load_report(tmp_path / "case") == before
