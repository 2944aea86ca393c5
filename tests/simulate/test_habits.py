"""An estate with habits: what is new in it is told, and nothing else; and so is the history, however its logs are read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from graphcorr.model.findings import Confidence
from graphcorr.model.progress import Silent
from graphcorr.model.report import Report
from graphcorr.service.cases import load_report
from graphcorr.service.detecting import rebuild
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.simulate.habits import Habits, Novel, write_habits
from graphcorr.syntax.times import format_time
from tests.settings import own_settings


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Habits]:
    folder = tmp_path_factory.mktemp("habits")
    return folder / "logs", write_habits(folder)


def compared(report: Report) -> tuple[Any, ...]:
    """What is said of the history, without where its records lie."""
    seen = [msgspec.structs.replace(one, examples=[]) for one in report.observations if one.history]
    return report.baseline, seen, [(one.file, one.confidence, one.why[-1]) for one in report.findings]


def search(paths: list[Path], until: int) -> Report:
    options = HuntOptions(paths=tuple(str(path) for path in paths), ephemeral=True)
    return hunt(options, own_settings(baseline_until=format_time(until)), Silent())


def test_what_is_new_is_told_and_nothing_else(estate: tuple[Path, Habits]) -> None:
    logs, habits = estate
    report = search([logs], habits.until)
    things = {"uncommon-account": "account", "uncommon-smb-client": "client", "uncommon-shared-file-type": "file type"}
    seen = []
    for one in report.observations:
        if one.history:
            what = one.account or (one.source.address if one.source else None) or (one.way or "").removeprefix("connections of ")
            what = what.partition(" files ")[0].removeprefix(".")
            seen.append(Novel(things.get(one.pattern, "program"), one.target.host or "", what))
    assert sorted(seen) == habits.new
    assert report.baseline is not None
    assert {one.host for each in report.baseline.histories for one in each.not_judged} == {habits.unjudged}
    assert len(report.baseline.histories) == 4
    found = {one.file: (one.confidence, one.why[-1].partition(":")[0]) for one in report.findings}
    assert found.pop(habits.strange) == (Confidence.HIGH, "new here")
    assert found.pop(habits.usual)[0] is Confidence.MEDIUM
    assert {confidence for confidence, _ in found.values()} == {Confidence.HIGH}
    assert len(found) == 8


def test_equal_arguments_give_equal_bytes(estate: tuple[Path, Habits], tmp_path: Path) -> None:
    logs, habits = estate
    assert write_habits(tmp_path) == habits
    assert {path.name: path.read_bytes() for path in (tmp_path / "logs").iterdir()} == {
        path.name: path.read_bytes() for path in logs.iterdir()
    }


def test_the_history_is_the_same_twice_in_pieces_and_in_another_order(estate: tuple[Path, Habits], tmp_path: Path) -> None:
    logs, habits = estate
    whole = compared(search([logs], habits.until))
    again, other = tmp_path / "again", tmp_path / "other"
    for folder in (again, other):
        folder.mkdir()
    pieces = []
    for path in sorted(logs.iterdir()):
        lines = path.read_bytes().splitlines(keepends=True)
        (again / path.name).write_bytes(b"".join(lines))
        # The copies overlap, and their records stand the other way round.
        for number, part in enumerate((lines[: len(lines) * 2 // 3], lines[len(lines) // 3 :])):
            pieces.append(other / f"{number}-{path.name}")
            pieces[-1].write_bytes(b"".join(reversed(part)))
    assert compared(search([logs, again], habits.until)) == whole
    assert compared(search(pieces[::-1], habits.until)) == whole
    settings = own_settings(baseline_until=format_time(habits.until))
    reports = [hunt(HuntOptions(paths=(str(piece),), case=tmp_path / "case"), settings, Silent()) for piece in pieces]
    assert compared(reports[0]) != whole
    assert compared(reports[-1]) == whole


def test_a_case_made_anew_is_compared_as_before(estate: tuple[Path, Habits], tmp_path: Path) -> None:
    logs, habits = estate
    settings = own_settings(baseline_until=format_time(habits.until))
    before = hunt(HuntOptions(paths=(str(logs),), case=tmp_path / "case"), settings, Silent())
    rebuild(tmp_path / "case", replace(settings, baseline_until=None), Silent())
    assert compared(load_report(tmp_path / "case")) == compared(before)
