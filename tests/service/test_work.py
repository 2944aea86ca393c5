"""Work that is asked to stop: it ends at its next step with an error of its own, and what was committed stays."""

from __future__ import annotations

import json
import pkgutil
import re
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from graphcorr import service
from graphcorr.errors import CancelledError
from graphcorr.model.progress import Silent
from graphcorr.service.cases import load_report
from graphcorr.service.demo import hunt_demo
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


def test_the_seconds_of_each_step_are_written_where_the_settings_say(tmp_path: Path) -> None:
    """By a detection in a case as well as by a hunt."""
    write_demo(tmp_path / "logs")
    timed = replace(own_settings(), timings=tmp_path / "hunt.json")
    hunt(HuntOptions(paths=(str(tmp_path / "logs"),), case=tmp_path / "case"), timed, Silent())
    detect(tmp_path / "case", replace(timed, timings=tmp_path / "detect.json"), Silent())
    steps = {name: json.loads((tmp_path / f"{name}.json").read_bytes()) for name in ("hunt", "detect")}
    assert steps["hunt"].keys() - steps["detect"].keys() == {"read"}
    assert all(spent["wall"] > 0 for told in steps.values() for spent in told.values())


def test_the_demonstration_touches_neither_a_teams_graph_nor_ones_own_patterns(tmp_path: Path) -> None:
    own = own_settings(state=tmp_path / "state", store=f"ladybug://{tmp_path / 'team.lbug'}", patterns=(tmp_path / "none",))
    folder, report = hunt_demo(own, Silent())
    assert (folder, len(report.findings)) == (tmp_path / "state" / "demo", 4)
    assert not (tmp_path / "team.lbug").exists()


def test_the_room_names_its_modules() -> None:
    named = re.findall(r"^    ([a-z_]+)  ", service.__doc__ or "", re.MULTILINE)
    assert sorted(named) == sorted({module.name for module in pkgutil.iter_modules(service.__path__)} - {"work"})
