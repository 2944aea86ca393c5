"""A case outlives the columns of an event: what was read without one stays readable, and it is known that it was read without it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphcorr.case import compaction
from graphcorr.case.compaction import compact
from graphcorr.case.state import State
from graphcorr.case.writer import open_writer
from graphcorr.engine.database import close, connect
from graphcorr.model.report import Report
from graphcorr.outputs import text
from graphcorr.resolve.events import load_events
from graphcorr.service.cases import load_report
from graphcorr.service.detecting import detect
from graphcorr.service.explaining import explain
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.service.reading import ingest
from graphcorr.simulate.demo import write_demo
from tests.case.logs import Quiet, write_log
from tests.settings import own_settings


def rewrite(case: Path, segment: Path, table: pa.Table) -> None:
    """The segment as another version would have written it."""
    pq.write_table(table, segment)
    state = State(case / "state.sqlite")
    state._file.change("UPDATE segments SET bytes = ? WHERE name = ?", segment.stat().st_size, segment.name)
    state.close()


def drop(case: Path, segment: Path, *names: str) -> None:
    rewrite(case, segment, pq.read_table(segment).drop_columns(list(names)))


@pytest.fixture
def case(tmp_path: Path) -> Path:
    write_demo(tmp_path / "logs")
    hunt(HuntOptions(paths=(str(tmp_path / "logs"),), case=tmp_path / "case"), own_settings(), Quiet())
    return tmp_path / "case"


def without_inputs(report: Report) -> tuple[object, ...]:
    return report.findings, report.observations, report.paths, report.coverage


def test_a_column_less_is_nothing_and_known_to_be_so(case: Path) -> None:
    before = load_report(case)
    [segment] = (case / "events").iterdir()
    drop(case, segment, "ingested", "answers")
    report = detect(case, own_settings(), Quiet())
    assert without_inputs(report) == without_inputs(before)
    assert report.inputs.lacking == ["ingested", "answers"]
    told = " ".join(text.render(report).plain().split())
    assert "read by an earlier version, without ingested, answers: reading the logs again adds it" in told
    assert [step.raw for step in explain(case, report.findings[0].id).steps]


def test_a_column_more_is_not_looked_at(case: Path) -> None:
    before = load_report(case)
    [segment] = (case / "events").iterdir()
    table = pq.read_table(segment)
    rewrite(case, segment, table.append_column("mood", pa.array(["glad"] * table.num_rows)))
    report = detect(case, own_settings(), Quiet())
    assert without_inputs(report) == without_inputs(before)
    assert report.inputs.lacking == []
    assert [step.raw for step in explain(case, report.findings[0].id).steps]


def test_segments_of_both_kinds_are_one_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Merging keeps them apart: a null of a merged segment would look like the log's own."""
    case = tmp_path / "case"
    for number in range(1, 7):
        ingest([str(write_log(tmp_path / f"{number}.json", number, number))], case, own_settings(), Quiet())
    for number, segment in enumerate(sorted((case / "events").iterdir())):
        if number % 2:
            drop(case, segment, "image", "pid")
    monkeypatch.setattr(compaction, "_MANY", 2)
    for _ in range(2):
        assert images(case) == (["System", None] * 3, {"image", "pid"})
        with open_writer(case) as opened:
            compact(opened)
            assert len(opened.segment_paths()) == 2


def images(case: Path) -> tuple[list[str | None], set[str]]:
    """The program of each event in the order of the events, and what some were read without."""
    with open_writer(case) as opened:
        database = connect(opened.scratch)
        try:
            load_events(database, opened.segment_paths(), opened.state.inputs())
            found = [image for (image,) in database.execute("SELECT image FROM logged ORDER BY record_id").fetchall()]
            return found, {name for (name,) in database.execute("SELECT name FROM not_read").fetchall()}
        finally:
            close(database)


def test_reading_again_adds_what_was_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version with a column more does not take what was read with fewer for known."""
    case, log = tmp_path / "case", write_log(tmp_path / "a.json", 1, 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("graphcorr.case.reading.EVENT_COLUMNS", {"id": None, "time": None})
        ingest([str(log)], case, own_settings(), Quiet())
    [segment] = (case / "events").iterdir()
    drop(case, segment, "image")
    assert images(case) == ([None] * 3, {"image"})
    ingest([str(log)], case, own_settings(), Quiet())
    assert images(case) == (["System"] * 3, set())
    before = sorted((case / "events").iterdir())
    ingest([str(log)], case, own_settings(), Quiet())
    assert sorted((case / "events").iterdir()) == before


def test_a_folder_whose_name_looks_like_a_pattern(tmp_path: Path) -> None:
    write_demo(tmp_path / "logs")
    case = tmp_path / "case [1] it's"
    report = hunt(HuntOptions(paths=(str(tmp_path / "logs"),), case=case), own_settings(), Quiet())
    assert len(report.findings) == 4
    assert explain(case, report.findings[0].id).steps
