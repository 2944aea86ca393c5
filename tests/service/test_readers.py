"""``show``, ``paths`` and ``explain`` read: many at once, beside a writer, on a medium that can only be read, and cases of before."""

from __future__ import annotations

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import msgspec
import pytest

from graphcorr.case.writer import open_writer
from graphcorr.detection import engine_errors
from graphcorr.errors import CaseError, UsageError
from graphcorr.model.report import Report
from graphcorr.service.cases import find_case, load_report
from graphcorr.service.detecting import detect, rebuild
from graphcorr.service.explaining import Explanation, explain
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.service.planning import plan
from graphcorr.service.reading import ingest
from graphcorr.simulate.demo import write_demo
from graphcorr.store.ladybug import LadybugStore
from graphcorr.syntax.times import parse_time
from tests.case.logs import Quiet, generation, make_layout_2
from tests.powerless import only_readable
from tests.settings import own_settings


@pytest.fixture(scope="module")
def hunted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    folder = tmp_path_factory.mktemp("readers")
    write_demo(folder / "logs")
    settings = own_settings(state=folder / "state")
    return folder / "case", hunt(HuntOptions(paths=(str(folder / "logs"),), case=folder / "case"), settings, Quiet())


@pytest.fixture
def case(hunted: tuple[Path, Report], tmp_path: Path) -> Path:
    """A copy of a hunted case, to be changed."""
    return shutil.copytree(hunted[0], tmp_path / "case")


def records(explanation: Explanation) -> list[tuple[str, float]]:
    return [(step.raw, step.offset_seconds) for step in explanation.steps]


def test_an_explanation_has_each_record_as_it_stood_in_its_file(hunted: tuple[Path, Report]) -> None:
    case, report = hunted
    for finding in report.findings:
        told = explain(case, finding.id)
        assert told.finding == finding
        assert len(told.steps) == len(finding.evidence) > 0
        for step, evidence in zip(told.steps, finding.evidence, strict=True):
            assert step.raw == Path(evidence.file).read_text(encoding="utf-8").splitlines()[evidence.record - 1]


def test_many_explain_at_once_beside_a_writer(hunted: tuple[Path, Report], case: Path) -> None:
    report = hunted[1]
    expected = [records(explain(case, finding.id)) for finding in report.findings]
    started = threading.Barrier(6)

    def ask(number: int) -> list[tuple[str, float]]:
        started.wait()
        return records(explain(case, report.findings[number % 3].id))

    with open_writer(case) as opened, ThreadPoolExecutor(6) as pool:
        (opened.scratch / "half.parquet").write_text("somebody's work")
        answers = list(pool.map(ask, range(6)))
        assert load_report(case) == report
        assert (opened.scratch / "half.parquet").exists()  # opening to read sweeps nothing
    assert answers == [expected[number % 3] for number in range(6)]


@pytest.mark.parametrize("layout", [2, 3])
def test_a_medium_that_can_only_be_read(hunted: tuple[Path, Report], case: Path, layout: int) -> None:
    report = hunted[1]
    expected = records(explain(case, report.findings[0].id))
    if layout == 2:
        make_layout_2(case)
    with only_readable(case):
        assert find_case(case, own_settings()) == case
        assert load_report(case) == report
        assert records(explain(case, report.findings[0].id)) == expected


def test_an_explanation_needs_no_place_to_write(hunted: tuple[Path, Report], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all of the system can only be read there is no folder for what is temporary."""
    case, report = hunted
    expected = records(explain(case, report.findings[0].id))

    def refuse(**_: object) -> object:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("graphcorr.service.explaining.TemporaryDirectory", refuse)
    assert records(explain(case, report.findings[0].id)) == expected


def test_what_is_lost_of_a_case_is_told_by_name_and_without_our_statements(hunted: tuple[Path, Report], case: Path) -> None:
    segment = next((case / "events").iterdir())
    aside = segment.rename(case / "aside")
    with pytest.raises(CaseError) as lost:
        explain(case, hunted[1].findings[0].id)
    assert str(lost.value) == f"{segment} is missing; remove the case folder and read the logs again"
    aside.rename(segment)
    (case / "state.sqlite").unlink()
    for ask in (load_report, lambda folder: explain(folder, "x"), lambda folder: detect(folder, own_settings(), Quiet())):
        with pytest.raises(CaseError) as lost:
            ask(case)
        assert str(lost.value).startswith(f"{case / 'state.sqlite'} is lost, and the events beside it are worth nothing without it; ")


def test_what_the_engine_says_is_told_without_the_statement() -> None:
    with pytest.raises(CaseError) as told, engine_errors(Path("case")):
        raise duckdb.IOException('IO Error: No files found that match "x"\n\nLINE 1: SELECT * FROM read_parquet(?)\n        ^')
    assert str(told.value) == 'case cannot be worked on: IO Error: No files found that match "x"'


def test_a_plan_of_what_was_not_read_to_its_end_says_so(hunted: tuple[Path, Report], case: Path) -> None:
    assert plan(case, own_settings(), Quiet()).unfinished == []
    with open_writer(case) as opened:
        opened.state.begin_reading({"/somewhere/logs": "logs"})
    planned = plan(case, own_settings(), Quiet())
    assert (planned.unfinished, len(planned.made) > 10) == (["logs"], True)


def test_a_plan_compares_with_a_baseline_as_a_detection_does(hunted: tuple[Path, Report], case: Path) -> None:
    compared = own_settings(baseline_until="2030-01-01T00:00:00Z")
    names = [{one.name for one in plan(case, settings, Quiet()).made if one.rows} for settings in (own_settings(), compared)]
    assert "habits" in names[1] - names[0]


def test_a_case_of_before_is_read_and_then_brought_along(hunted: tuple[Path, Report], case: Path) -> None:
    """Nothing is lost on the way, and the report of before is one until there is a new one."""
    report = hunted[1]
    make_layout_2(case)
    older = msgspec.to_builtins(report)
    for finding in older["findings"]:
        for name in ("time", "started_by", "steps"):
            del finding[name]
    (case / "report.json").write_bytes(msgspec.json.encode(older))
    shown = load_report(case)
    assert [(one.id, one.time, one.steps) for one in shown.findings] == [(one.id, one.time, []) for one in report.findings]
    before = [records(explain(case, finding.id)) for finding in report.findings]
    with open_writer(case):
        pass
    assert load_report(case) == shown
    assert (case / "case.toml").read_text(encoding="utf-8").startswith("layout = 3\n")
    again = detect(case, own_settings(), Quiet())
    assert msgspec.structs.replace(again, case=report.case) == report
    assert [records(explain(case, finding.id)) for finding in again.findings] == before
    assert {path.name for path in case.iterdir()} == {"case.toml", "case.lock", "events", "generations", "state.sqlite"}


def test_a_rebuilt_case_has_its_findings_in_its_graph(hunted: tuple[Path, Report], case: Path) -> None:
    report = hunted[1]
    first = report.findings[1].time
    since = detect(case, own_settings(), Quiet(), since=_moment(first))
    assert len(since.findings) == 3
    before = generation(case)
    rebuild(case, own_settings(), Quiet(), full=True)
    assert load_report(case) == since
    assert generation(case) != before
    store = LadybugStore(generation(case).graph)
    [found] = store.query("MATCH (f:Finding)-[:EVIDENCE]->(w:Write) RETURN count(DISTINCT f.id) AS findings")
    store.close()
    assert found == {"findings": 2}


def test_what_cannot_be_rebuilt_as_it_was_is_told(hunted: tuple[Path, Report], tmp_path: Path, case: Path) -> None:
    own = tmp_path / "patterns"
    own.mkdir()
    built_in = next(Path("cypher").rglob("smb-write-then-image.cypher"))
    (own / "mine.cypher").write_text(built_in.read_text(encoding="utf-8").replace("id: smb-write-then-image", "id: mine"), encoding="utf-8")
    detect(case, own_settings(patterns=(own,)), Quiet())
    with pytest.raises(UsageError, match=r"^the last detection also ran mine: name the folder of those patterns in GRAPHCORR_PATTERNS, "):
        rebuild(case, own_settings(), Quiet())
    rebuild(case, own_settings(patterns=(own,)), Quiet())


def test_a_case_that_was_only_read_has_nothing_to_rebuild(tmp_path: Path) -> None:
    write_demo(tmp_path / "logs")
    ingest([str(tmp_path / "logs")], tmp_path / "case", own_settings(), Quiet())
    with pytest.raises(UsageError, match=r"is not detected yet: run graphcorr detect"):
        rebuild(tmp_path / "case", own_settings(), Quiet())


def _moment(text: str) -> int:
    parsed = parse_time(text)
    assert parsed is not None
    return parsed[0]
