"""What is uploaded and detected over HTTP is what the command line finds in the same files, on the public telemetry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from graphcorr.model.progress import Silent
from graphcorr.service.cases import load_report
from graphcorr.service.detecting import detect
from graphcorr.service.reading import ingest
from graphcorr.settings import Settings
from tests.api.conftest import Running, serving
from tests.api.test_jobs import new_case


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("equal")) as found:
        yield found


def chains(shared: Path) -> list[Path]:
    """The sets of which a label says that a file was written over the network and run."""
    labels = json.loads((shared / "datasets" / "labels.json").read_text(encoding="utf-8"))
    return [shared / "datasets" / each["repo"].replace("/", "+") / each["dataset"] for each in labels["cases"] if each["true_chain"]]


def of(report: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in report.items() if name not in {"engine", "case"}}


def test_reports_of_both_ways_are_equal(shared: Path, running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = chains(shared)
    assert len(places) >= 5
    found = 0
    for number, place in enumerate(places):
        assert place.exists(), place
        files = sorted(path for path in place.rglob("*") if path.is_file()) if place.is_dir() else [place]
        top = place if place.is_dir() else place.parent
        names = [path.relative_to(top).as_posix() for path in files]
        case = new_case(running, place.name)
        with_names = [("file", (name, path.read_bytes())) for name, path in zip(names, files, strict=True)]
        job = running.client.post(f"{case}/events", files=with_names).json()["job"]
        assert running.wait(job["id"], 300)["state"] == "done"
        job = running.client.post(f"{case}/detect", json={}).json()["job"]
        assert running.wait(job["id"], 300)["state"] == "done"

        settings = Settings(state=tmp_path / "state", workers=1)
        monkeypatch.chdir(top)
        ingest(names, tmp_path / str(number), settings, Silent())
        detect(tmp_path / str(number), settings, Silent())
        expected: dict[str, Any] = json.loads(msgspec.json.encode(load_report(tmp_path / str(number))))
        assert of(running.json(f"{case}/report")) == of(expected), place.name
        found += len(expected["findings"])
    assert found >= len(places)
