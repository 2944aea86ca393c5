"""A large file read by several processes gives the case that one process gives."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

import msgspec
import pytest

from graphcorr.case import division, reading, tasks
from graphcorr.case.division import divide_tasks, join
from graphcorr.case.tasks import Demand, Outcome, Piece, Task, read_task, stamp_of
from graphcorr.case.view import InputRow
from graphcorr.case.workers import read_parallel
from graphcorr.case.writer import open_writer
from graphcorr.logs.catalog import wanted
from graphcorr.sources.inputs import discover
from tests.case.logs import Counting, Place, ingest, places, sysmon, write_log
from tests.sources.test_evtx import CHUNK, WRITES, at


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_PARALLEL_BYTES", 0)
    monkeypatch.setattr(division, "_LARGE", 1)
    monkeypatch.setattr(tasks, "_FULL_INPUTS", 1)


def contents(folder: Path) -> tuple[list[InputRow], list[tuple[str, int | None, str]], list[Place]]:
    with open_writer(folder) as case:
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
    with open_writer(tmp_path / "case", create=True) as case:
        reading.read_inputs(case, [str(log)], wanted(), 2, progress)
    assert (progress.done, progress.phases[0]) == (log.stat().st_size, ("Reading", log.stat().st_size))


def test_a_file_that_went_away_before_its_parts_are_read_is_told_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, stays = write_log(tmp_path / "logs" / "a.json", 1, 30), write_log(tmp_path / "logs" / "b.json", 31, 60)

    def late(read: Sequence[Task], *arguments: object) -> Generator[Outcome]:
        gone.unlink()
        return read_parallel(read, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "read_parallel", late)
    ingest(tmp_path / "case", tmp_path / "logs", workers=2)
    assert [(row.file, row.status, row.reason, row.events) for row in contents(tmp_path / "case")[0]] == [
        (gone.as_posix(), "not_understood", "the file went away before it was read", 0),
        (stays.as_posix(), "read", None, 30),
    ]


def test_a_file_that_went_away_while_its_parts_are_read_keeps_what_was_read(tmp_path: Path) -> None:
    """As one process has it, which reads on in a file that has lost its name."""
    log = write_log(tmp_path / "a.json", 1, 30)
    (source,) = discover([str(log)])
    first, second = divide_tasks([Task([Piece(1, source, stamp_of(source))], source.size or 0)], 2)
    demand = Demand(wanted(), 1)
    outcomes = [
        read_task(first, demand, tmp_path, lambda _: log.unlink(missing_ok=True)),
        read_task(second, demand, tmp_path, lambda _: None),
    ]
    assert join(outcomes) is None, "the second part was not there any more"

    write_log(log, 1, 30)
    behind = read_task(second, demand, tmp_path, lambda _: None)
    before = read_task(first, demand, tmp_path, lambda _: log.unlink(missing_ok=True))
    joined = join([before, behind])
    assert joined is not None
    [row] = joined.rows
    assert (row.status, row.reason, row.records, row.digest) == ("partly", "the file went away while it was read", 30, None)
    assert row.stamp != stamp_of(source)
