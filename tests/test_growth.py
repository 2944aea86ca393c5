"""What may not grow with the events: what the second phase holds in Python, where every event would be a hundred bytes and more."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from graphcorr import detection
from graphcorr.engine import database
from graphcorr.findings import evidence, observe
from graphcorr.model.progress import Silent
from graphcorr.service.detecting import detect
from graphcorr.service.reading import ingest
from graphcorr.settings import Settings
from graphcorr.simulate.estate import EstateSpec
from graphcorr.simulate.writer import write_estate

FEW, MANY = 16_000, 40_000
MOST_BYTES = 48
"""For each event more: a reference and the smallest object are more than that."""


def python_peaks(folder: Path, events: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The most bytes that Python's own objects took in each step of a detection in so many events, beyond what they took before it."""
    write_estate(folder / "estate", EstateSpec(seed=11, hosts=8, events=events, chains=3, decoys=3))
    settings = Settings(state=folder)
    ingest([str(folder / "estate" / "logs")], folder / "case", settings, Silent())
    peaks: list[int] = []
    begun = 0

    def mark(timer: detection.Timer, step: str) -> None:
        nonlocal begun
        now, peak = tracemalloc.get_traced_memory()
        peaks.append(peak - begun)
        begun = now
        tracemalloc.reset_peak()

    monkeypatch.setattr(detection.Timer, "mark", mark)
    tracemalloc.start()
    try:
        report = detect(folder / "case", settings, Silent())
    finally:
        tracemalloc.stop()
    assert len(report.findings) == 3
    return peaks


def test_no_object_is_held_for_each_event(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are Python objects at one time, and are made small here; machines, files and accounts are, and hardly grow with the events."""
    for module, name in ((database, "BATCH"), (observe, "BATCH"), (evidence, "_PAGE")):
        monkeypatch.setattr(module, name, 500)
    # What is known of actors takes as much whatever was read, and so much that the rest would not show beside it.
    monkeypatch.setattr(detection, "attribute_paths", lambda *_: [])
    python_peaks(tmp_path / "first", 100, monkeypatch)  # what is imported, and kept, at the first time
    few, many = (python_peaks(tmp_path / str(events), events, monkeypatch) for events in (FEW, MANY))
    assert len(few) == len(many) > 3
    grown = [(after - before) / (MANY - FEW) for before, after in zip(few, many, strict=True)]
    assert max(grown) < MOST_BYTES, grown
