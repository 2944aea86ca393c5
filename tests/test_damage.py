"""The bench of damaged records sees what it looks for, and a small run of it has no faults."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from benchmarks.damage import event_logs, slices
from benchmarks.damage.formats import WINDOWS, winlogbeat
from benchmarks.damage.mutations import BYTES, FIELDS, damage
from benchmarks.damage.world import Server, windows
from graphcorr.sources.reading import Reading


@pytest.fixture
def unhunted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is looked for, which takes most of the time; one finding stands for all."""
    monkeypatch.setattr(slices, "_hunt", lambda _: [])
    monkeypatch.setattr(slices, "expect", lambda *_: frozenset({("x",)}))


@pytest.mark.usefixtures("unhunted")
@pytest.mark.parametrize("name", slices.formats())
def test_every_damaged_record_is_accounted_for(tmp_path: Path, name: str) -> None:
    outcome = slices.run(tmp_path, name, 7, 400)
    assert outcome.faults == []
    assert outcome.damaged > 60
    assert outcome.read + outcome.skipped + outcome.unwanted == outcome.put_in
    assert outcome.skipped > 20
    assert outcome.unwanted < outcome.damaged / 5


@pytest.mark.usefixtures("unhunted")
def test_a_record_that_is_lost_in_silence_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reading, "records", property(lambda self: self._context.records - 1))
    [fault, *_] = slices.run(tmp_path, "flat", 7, 100).faults
    assert "records were put in" in fault


def test_a_traceback_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "_account", lambda *_: 1 / 0)
    [fault] = slices.run(tmp_path, "flat", 7, 100).faults
    assert "ZeroDivisionError" in fault


def test_equal_seeds_damage_alike_and_every_kind_of_damage_occurs() -> None:
    events = [event for number in range(20) for event in windows(Server(number))]

    def spoil(seed: int) -> list[tuple[str, bytes]]:
        random = Random(seed)
        return [damage(random, event, winlogbeat) for event in events]

    assert spoil(1) == spoil(1) != spoil(2)
    assert {kind for kind, _ in spoil(1)} == {change.__name__ for change in (*FIELDS, *BYTES)}


def test_whole_records_are_all_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "SHARE", 0.0)
    monkeypatch.setattr(slices, "_hunt", lambda _: [])
    monkeypatch.setattr(slices, "expect", lambda *_: frozenset())
    for name in WINDOWS:
        folder = tmp_path / name
        folder.mkdir()
        outcome = slices.run(folder, name, 1, 300)
        assert (outcome.read, outcome.skipped, outcome.unwanted) == (outcome.put_in, 0, 0)


def test_event_logs_with_damage_have_no_faults(tmp_path: Path, shared: Path) -> None:
    outcome = event_logs.run(tmp_path, 3, 60)
    assert (outcome.faults, outcome.damaged >= 60) == ([], True)
    assert outcome.read > outcome.skipped > 20
