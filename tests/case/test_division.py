"""A large file read by several processes gives the case that one process gives."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from graphcorr.case import division, reading, tasks
from graphcorr.case.folder import open_case
from graphcorr.case.state import InputRow
from graphcorr.normalize.catalog import wanted
from tests.case.logs import Counting, Place, ingest, places, sysmon, write_log
from tests.sources.test_evtx import CHUNK, WRITES, at


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_PARALLEL_BYTES", 0)
    monkeypatch.setattr(division, "_LARGE", 1)
    monkeypatch.setattr(tasks, "_FULL_INPUTS", 1)


def contents(folder: Path) -> tuple[list[InputRow], list[tuple[str, int | None, str]], list[Place]]:
    with open_case(folder) as case:
        rows = [msgspec.structs.replace(row, logs=0) for row in case.state.inputs()]
        skips = [(skip.file, skip.record, skip.reason) for skip in case.state.skips(100)]
    return rows, skips, places(folder)


def segment_count(folder: Path) -> int:
    return len(list((folder / "events").iterdir()))


def test_parts_become_one_input(tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.json", 1, 30)
    ingest(tmp_path / "two", log, workers=2)
    ingest(tmp_path / "one", log, workers=1)
    assert contents(tmp_path / "two") == contents(tmp_path / "one")
    assert (segment_count(tmp_path / "two"), segment_count(tmp_path / "one")) == (2, 1)


def test_skips_of_all_parts_are_told_with_their_numbers(tmp_path: Path) -> None:
    log = tmp_path / "a.json"
    log.write_text("\n".join([sysmon(1), "{broken", *map(sysmon, range(2, 20)), "{broken too", sysmon(20), ""]), encoding="utf-8")
    ingest(tmp_path / "two", log, workers=2)
    ingest(tmp_path / "one", log, workers=1)
    rows, skips, _ = contents(tmp_path / "two")
    assert [(row.status, row.reason, row.records, row.events, row.skipped) for row in rows] == [
        ("partly", "2 of 22 records skipped", 22, 20, 2)
    ]
    assert [record for _, record, _ in skips] == [2, 21]
    assert contents(tmp_path / "two") == contents(tmp_path / "one")


def test_a_damaged_file_is_read_again_as_a_whole(shared: Path, tmp_path: Path) -> None:
    """The records behind the damage have the numbers that they have without parts."""
    content = bytearray((shared / "datasets" / WRITES).read_bytes())
    content[at(2) + 512 : at(2) + CHUNK] = bytes(CHUNK - 512)
    log = tmp_path / "x.evtx"
    log.write_bytes(content)
    ingest(tmp_path / "two", log, workers=2)
    ingest(tmp_path / "one", log, workers=1)
    assert contents(tmp_path / "two") == contents(tmp_path / "one")
    assert segment_count(tmp_path / "two") == 1


def test_more_skips_than_are_kept_are_counted_by_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(division, "KEPT_SKIPS", 3)
    log = tmp_path / "a.json"
    log.write_text("\n".join(["{broken", sysmon(1), sysmon(2), "{broken", "{broken", "{broken", ""]), encoding="utf-8")
    ingest(tmp_path / "two", log, workers=2)
    assert segment_count(tmp_path / "two") == 1
    assert [row.skipped for row in contents(tmp_path / "two")[0]] == [4]


def test_the_same_content_is_known_however_it_was_read(tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.json", 1, 30)
    ingest(tmp_path / "case", log, workers=2)
    before = contents(tmp_path / "case")[0]
    log.touch()
    ingest(tmp_path / "case", log, workers=1)
    after = contents(tmp_path / "case")[0]
    assert [(row.number, row.digest) for row in after] == [(row.number, row.digest) for row in before]


def test_progress_is_that_of_the_whole(tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.json", 1, 30)
    progress = Counting()
    with open_case(tmp_path / "case", create=True) as case:
        reading.read_inputs(case, [str(log)], wanted(), 2, progress)
    assert (progress.done, progress.phases[0]) == (log.stat().st_size, ("Reading", log.stat().st_size))
