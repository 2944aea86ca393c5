"""Runs ``graphcorr`` in this process over a service that gives what a test wants: verbs are thin, and tested as such."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from graphcorr.cli.main import build_app
from graphcorr.errors import UsageError
from graphcorr.model.report import Inputs, Report
from graphcorr.service.explaining import Explanation, Step
from graphcorr.service.hunting import HuntOptions
from graphcorr.settings import Settings

REPORT = Path(__file__).parents[1] / "outputs" / "golden" / "report.json"


@dataclass
class Service:
    """Answers with ``report``, or raises ``error``; remembers what it was asked."""

    report: Report
    error: BaseException | None = None
    case: Path | None = Path("cases/9f2c")
    next_case: Path | None = None
    """The last case once a hunt was interrupted."""
    asked: list[object] = field(default_factory=list)

    def hunt(self, options: HuntOptions, settings: Settings, _progress: object) -> Report:
        return self._answer((options, settings))

    def detect(self, case: Path, settings: Settings, _progress: object, **options: object) -> Report:
        return self._answer((case, settings, options))

    def ingest(self, paths: tuple[str, ...], case: Path, settings: Settings, _progress: object) -> Inputs:
        return self._answer((paths, case, settings.store)).inputs

    def rebuild(self, case: Path, settings: Settings, _progress: object, *, full: bool = False) -> None:
        self._answer((case, settings.store, full))

    def find_case(self, case: Path | None, _settings: Settings) -> Path:
        found = case or self.case
        if found is None:
            raise UsageError("there is no case yet")
        return found

    def is_last(self, folder: Path, _settings: Settings) -> bool:
        return folder == self.case

    def load_report(self, case: Path) -> Report:
        return self._answer(case)

    def explain(self, case: Path, identity: str) -> Explanation:
        finding = self._answer((case, identity)).findings[0]
        return Explanation(finding, [Step(evidence, '{"EventID":1}', 0.0) for evidence in finding.evidence])

    def _answer(self, asked: object) -> Report:
        self.asked.append(asked)
        if isinstance(self.error, KeyboardInterrupt):
            self.case = self.next_case
        if self.error is not None:
            raise self.error
        return self.report


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    stand_in = Service(msgspec.json.decode(REPORT.read_bytes(), type=Report))
    for place in (
        *("hunting.hunt", "detecting.detect", "reading.ingest", "detecting.rebuild"),
        *("cases.find_case", "cases.is_last", "cases.load_report", "explaining.explain"),
    ):
        monkeypatch.setattr(f"graphcorr.service.{place}", getattr(stand_in, place.partition(".")[2]))
    return stand_in


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """``run("hunt", "logs")``; a bug fails the test with its own traceback. In an empty folder without settings, 100 columns wide."""
    monkeypatch.chdir(tmp_path)
    for name in ("STORE", "MIN_LEVEL", "WORKERS", "PATTERNS"):
        monkeypatch.delenv(f"GRAPHCORR_{name}", raising=False)
    monkeypatch.setenv("GRAPHCORR_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "100")

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(build_app(), list(arguments), prog_name="graphcorr", catch_exceptions=False)

    return invoke
