"""Many small segments become one, the events stay the same, and a kill in the middle changes nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from graphcorr.case import compaction
from graphcorr.case import segments as parts
from graphcorr.case.compaction import compact
from graphcorr.case.segments import store_records
from graphcorr.case.view import SegmentRow
from graphcorr.case.writer import CaseWriter, open_writer
from graphcorr.errors import CaseError
from graphcorr.model.kinds import Kind
from tests.case.logs import ingest, places, places_of, segments, write_log
from tests.conftest import REPOSITORY
from tests.findings.logs import Logs

BATCHES = 6

_CHILD = """
import os, signal, sys
from pathlib import Path
from graphcorr.case import compaction
from graphcorr.case import segments as parts
from graphcorr.case.writer import open_writer

compaction._MANY = 3
left = int(sys.argv[2])

def count(event, arguments):
    global left
    if event in ("os.rename", "os.remove", "tempfile.mkdtemp") or (event == "open" and str(arguments[0]).startswith(sys.argv[1])):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

with open_writer(Path(sys.argv[1])) as case:
    sys.addaudithook(count)
    compaction.compact(case)
print("done", left)
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case that grew by six batches of two events; the fourth batch was read twice, first without its events."""
    for number in range(BATCHES):
        log = write_log(tmp_path / "logs" / f"{number}.json", 10 * number, 10 * number + 1)
        if number == 3:
            ingest(tmp_path / "case", log, kinds=frozenset({Kind.WRITE}))
        ingest(tmp_path / "case", tmp_path / "logs")
    return tmp_path / "case"


def test_few_segments_stay(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "_MANY", BATCHES)
    before = segments(case)
    with open_writer(case) as opened:
        compact(opened)
    assert (segments(case), len(before)) == (before, BATCHES)


def test_many_become_one_with_the_same_events(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "_MANY", BATCHES - 1)
    before = places(case)
    with open_writer(case) as opened:
        compact(opened)
        [row] = opened.state.segments()
        after = places_of(opened)
        number = opened.state.next_number()

    assert after == before
    assert (row.events, len(before), segments(case)) == (2 * BATCHES, 2 * BATCHES, [row.name])
    assert (row.first, row.last, number) == (1, BATCHES + 1, BATCHES + 2)
    assert places(case) == before


def test_log_types_of_merged_segments_take_no_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_OWN_GROUP", 2)
    logs = Logs()
    for second in range(3):
        logs.sysmon_11(f"10:00:0{second}").sysmon_1(f"10:00:0{second}")
    with open_writer(tmp_path / "case", create=True) as opened:
        for record in logs.records:
            store_records(opened, f"{record.number}", [record])
        compaction.merge(opened, opened.state.segments())
        [row] = opened.state.segments()
        file = pq.ParquetFile(opened.events / row.name)
        held = [set(file.read_row_group(number, columns=["log"])["log"].to_pylist()) for number in range(file.num_row_groups)]
    assert held == [{"sysmon-1"}, {"sysmon-11"}]


def test_whatever_the_order_a_merged_segment_knows_its_inputs(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By their numbers it is told whether any is left: merged ones have names in no order, and a wrong end would drop live events."""
    monkeypatch.setattr(compaction, "_HELD_ROWS", 1)
    before = places(case)
    with open_writer(case) as opened:
        compaction.merge(opened, opened.state.segments()[::-1])
        [row] = opened.state.segments()
    assert (row.events, row.first, row.last, places(case)) == (2 * BATCHES, 1, BATCHES + 1, before)


def test_large_segments_stay_and_groups_are_bounded(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = places(case)
    with open_writer(case) as opened:
        sizes = sorted(segment.bytes for segment in opened.state.segments())
        monkeypatch.setattr(compaction, "_MANY", 4)
        monkeypatch.setattr(compaction, "_WHOLE_BYTES", 1)
        compact(opened)
        monkeypatch.setattr(compaction, "_WHOLE_BYTES", 2**30)
        monkeypatch.setattr(compaction, "_WHOLE_EVENTS", 2)
        compact(opened)
        assert [segment.events for segment in opened.state.segments()] == [2] * BATCHES
        monkeypatch.setattr(compaction, "_WHOLE_EVENTS", 3)
        monkeypatch.setattr(compaction, "_MERGED_BYTES", 3 * sizes[-1])
        compact(opened)
        # The last three might stay in their tier, and would be written anew whenever it has many.
        assert sorted(segment.events for segment in opened.state.segments()) == [2, 2, 2, 6]
    assert places(case) == before


def test_a_case_that_grows_by_single_events_rewrites_each_a_bounded_number_of_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small by their bytes were once all segments of a case, and each time that there were many of them all were written anew."""
    many, tiers, batches = 4, 3, 200
    monkeypatch.setattr(compaction, "_MANY", many)
    monkeypatch.setattr(compaction, "_TIER", many)
    monkeypatch.setattr(compaction, "_WHOLE_EVENTS", many**tiers)
    rewritten: Counter[object] = Counter()
    merge = compaction.merge

    def count(case: CaseWriter, group: list[SegmentRow]) -> None:
        for segment in group:
            rewritten.update(pq.read_table(case.events / segment.name, columns=["input"])["input"].to_pylist())
        merge(case, group)

    monkeypatch.setattr(compaction, "merge", count)
    [record] = Logs().sysmon_1("10:00:00").records
    with open_writer(tmp_path / "case", create=True) as case:
        for number in range(batches):
            record.record_id = number
            store_records(case, f"batch-{number:03d}", [record])
            compact(case)
            small = [segment for segment in case.state.segments() if segment.events < many**tiers]
            assert len(small) <= tiers * many
        segments = case.state.segments()
    assert sum(segment.events for segment in segments) == batches
    assert max(segment.events for segment in segments) >= many**tiers
    assert (max(rewritten.values()), len(rewritten)) == (tiers, batches - len([one for one in segments if one.events == 1]))


def test_events_without_an_input_are_left_behind(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bundle in which one file was only touched holds that file's events once more."""
    os.utime(tmp_path / "logs" / "0.json", (1, 1))
    write_log(tmp_path / "logs" / "new.json", 100, 100)
    ingest(case, tmp_path / "logs")
    before = places(case)
    monkeypatch.setattr(compaction, "_MANY", 2)
    with open_writer(case) as opened:
        stored = sum(segment.events for segment in opened.state.segments())
        compact(opened)
        [merged] = opened.state.segments()
    assert (stored, merged.events, len(before)) == (2 * BATCHES + 3, 2 * BATCHES + 1, 2 * BATCHES + 1)
    assert places(case) == before


def test_a_damaged_segment_is_told_and_stays(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "_MANY", 2)
    damaged = case / "events" / segments(case)[2]
    damaged.write_bytes(b"x" * damaged.stat().st_size)
    before = segments(case)
    with open_writer(case) as opened, pytest.raises(CaseError, match=rf"^{damaged} cannot be read: "):
        compact(opened)
    assert segments(case) == before


@pytest.mark.parametrize("moment", [1, 2, 3, 4, 5, 8])
def test_killed_anywhere_the_events_are_the_same(case: Path, moment: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the merged file is opened (1), written (2), moved (3), committed (4), and while the old ones are removed."""
    before, small = places(case), segments(case)
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(case), str(moment)],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    left = set(segments(case))

    assert (done.returncode, done.stderr) == (-signal.SIGKILL, b"")
    assert len(left - set(small)) == (0 if moment <= 3 else 1)
    assert len(set(small) - left) == {8: 3}.get(moment, 0)
    assert places(case) == before
    assert len(segments(case)) == (BATCHES if moment <= 4 else 1)
    monkeypatch.setattr(compaction, "_MANY", 3)
    with open_writer(case) as opened:
        compact(opened)
    assert places(case) == before
    assert [name.partition("-")[0] for name in segments(case)] == ["merged"]
