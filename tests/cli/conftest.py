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
from graphcorr.service import Explanation, HuntOptions, Step

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

    def hunt(self, options: HuntOptions, _progress: object) -> Report:
        return self._answer(options)

    def detect(self, case: Path, options: HuntOptions, _progress: object) -> Report:
        return self._answer((case, options))

    def ingest(self, paths: tuple[str, ...], case: Path, _progress: object, *, store: str | None = None) -> Inputs:
        return self._answer((paths, case, store) if store else (paths, case)).inputs

    def rebuild(self, case: Path, _progress: object, *, store: str | None = None, full: bool = False) -> None:
        self._answer((case, store, full) if store or full else case)

    def find_case(self, case: Path | None) -> Path:
        found = case or self.case
        if found is None:
            raise UsageError("there is no case yet")
        return found

    def load_report(self, case: Path) -> Report:
        return self._answer(case)

    def explain(self, case: Path, identity: str) -> Explanation:
        finding = self._answer((case, identity)).findings[0]
        return Explanation(finding, [Step(evidence, '{"EventID":1}', 0.0) for evidence in finding.evidence])

    @staticmethod
    def options(**values: object) -> HuntOptions:
        """What a verb is to ask for."""
        return HuntOptions(**values)  # type: ignore[arg-type]

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
    for name in ("hunt", "detect", "ingest", "rebuild", "find_case", "load_report", "explain"):
        monkeypatch.setattr(f"graphcorr.service.{name}", getattr(stand_in, name))
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
