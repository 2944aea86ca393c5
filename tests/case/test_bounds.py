"""What reading and merging hold at one time is bounded, by rows and by bytes: a case may be larger than memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphcorr.case import compaction, segments, tasks
from graphcorr.case.segments import Segment, SegmentWriter
from graphcorr.case.tasks import Task
from graphcorr.case.view import SegmentRow
from graphcorr.logs.batch import Normalized, normalize
from graphcorr.logs.columns import EVENT_SCHEMA
from graphcorr.model.records import Record
from tests.case.logs import ingest, places, write_log

MEBIBYTE = 1 << 20


def batch(rows: int, number: int, raw: bytes = b"{}", log: str = "sysmon-11") -> pa.RecordBatch:
    """So many events of one input and one log type."""
    columns: dict[str, pa.Array[Any]] = {"input": pa.array([number] * rows, pa.int32()), "raw": pa.array([raw] * rows, pa.binary())}
    columns["log"] = pa.array([log] * rows, pa.string())
    arrays = [columns[field.name] if field.name in columns else pa.nulls(rows, field.type) for field in EVENT_SCHEMA]
    return pa.RecordBatch.from_arrays(arrays, schema=EVENT_SCHEMA)


def written(folder: Path, batches: Sequence[pa.RecordBatch]) -> list[tuple[int, int, int]]:
    """(events, first input, last input) of each segment that these become; what is in the files is what the segments say."""
    writer = SegmentWriter(folder, "s")
    for one in batches:
        writer.add(one)
    made: list[Segment] = writer.finish()
    assert [pq.read_metadata(segment.path).num_rows for segment in made] == [segment.events for segment in made]
    return [(segment.events, segment.first, segment.last) for segment in made]


def test_a_segment_is_written_once_so_many_events_are_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "_ROWS", 6)
    found = written(tmp_path, [batch(3, 7), batch(3, 5), batch(5, 8), batch(2, 9), batch(1, 2)])
    assert found == [(6, 5, 7), (7, 8, 9), (1, 2, 2)]


def test_or_so_many_bytes(tmp_path: Path) -> None:
    large = b"x" * (13 * MEBIBYTE)
    assert written(tmp_path, [batch(1, number, large) for number in range(1, 6)]) == [(4, 1, 4), (1, 5, 5)]


def groups(path: Path) -> list[list[tuple[str, int]]]:
    """(log type, input) of the events in each row group."""
    file = pq.ParquetFile(path)
    tables = [file.read_row_group(number, columns=["log", "input"]).to_pylist() for number in range(file.num_row_groups)]
    return [[(row["log"], row["input"]) for row in table] for table in tables]


def test_a_log_type_with_many_events_is_read_without_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taking turns, all of them would be read once for each."""
    monkeypatch.setattr(segments, "_OWN_GROUP", 4)
    writer = SegmentWriter(tmp_path, "s")
    for log, number, rows in (("c", 1, 2), ("b", 1, 1), ("a", 1, 1), ("c", 2, 2), ("e", 2, 1), ("d", 2, 1)):
        writer.add(batch(rows, number, log=log))
    [segment] = writer.finish()
    assert groups(Path(segment.path)) == [[("a", 1), ("b", 1)], [("c", 1), ("c", 1), ("c", 2), ("c", 2)], [("d", 2), ("e", 2)]]
    monkeypatch.setattr(segments, "_OWN_GROUP", 5)
    assert len(list(segments.row_groups(pq.read_table(segment.path)))) == 1


def test_without_events_there_is_no_segment(tmp_path: Path) -> None:
    assert (written(tmp_path, []), list(tmp_path.iterdir())) == ([], [])


def test_a_task_has_room_for_sixteen_mebibytes_or_a_hundred_inputs() -> None:
    """What is committed as one is read again as one after a kill; a large input is a task of its own."""
    assert Task([]).has_room(1 << 40)
    filled = Task([None], 10 * MEBIBYTE)  # type: ignore[list-item]
    assert [filled.has_room(size) for size in (6 * MEBIBYTE, 6 * MEBIBYTE + 1)] == [True, False]
    assert [Task([None] * count).has_room(0) for count in (99, 100)] == [True, False]  # type: ignore[list-item]


@pytest.mark.parametrize(("records", "size"), [(3, 1 << 40), (1 << 40, 700)])
def test_records_become_events_once_so_many_are_gathered(records: int, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many small inputs together, because a batch costs by its log types; never more than one batch of a format beyond that."""
    gathered: list[int] = []

    def count(found: Sequence[Record]) -> Normalized:
        gathered.append(len(found))
        return normalize(found)

    monkeypatch.setattr(tasks, "normalize", count)
    monkeypatch.setattr(tasks, "_BATCH_RECORDS", records)
    monkeypatch.setattr(tasks, "_BATCH_BYTES", size)
    for number in range(7):
        write_log(tmp_path / "logs" / f"{number}.json", number, number)
    ingest(tmp_path / "case", tmp_path / "logs")
    assert len(places(tmp_path / "case")) == 7
    raw = len((tmp_path / "logs" / "0.json").read_bytes()) - 1
    each = min(records, -(-size // raw))
    assert [count for count in gathered if count] == [each] * (7 // each) + [7 % each] * bool(7 % each)


def test_what_is_merged_is_written_once_so_many_rows_or_bytes_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = [pa.table({"a": pa.array([0] * rows, pa.int64())}) for rows in (3, 3, 4, 1, 2)]
    monkeypatch.setattr(compaction, "_HELD_ROWS", 6)
    assert [table.num_rows for table in compaction._gather(tables)] == [6, 7]
    monkeypatch.setattr(compaction, "_HELD_BYTES", 8 * 4)
    assert [table.num_rows for table in compaction._gather(tables)] == [6, 4, 3]
    assert list(compaction._gather([])) == []


def test_what_is_merged_climbs_to_a_higher_tier_and_what_reading_fills_is_never_merged() -> None:
    """The numbers on which it rests that an event is written anew a bounded number of times, and that few files are small."""
    assert compaction._MANY + 1 >= compaction._TIER
    assert compaction._WHOLE_EVENTS * 2 <= segments._ROWS
    assert compaction._MERGED_BYTES - compaction._WHOLE_BYTES >= compaction._WHOLE_BYTES
    tiers = [tier for tier in range(10) if compaction._TIER**tier < compaction._WHOLE_EVENTS]
    assert (len(tiers), len(tiers) * compaction._MANY) == (3, 192)


def test_a_tier_begins_at_sixty_four_times_the_events_of_the_one_below() -> None:
    """… up to half of what reading fills, by events or, where they are large, by bytes: those stay as they are."""
    events = (1, 63, 64, 4_095, 4_096, 19_999, 20_000)
    assert [compaction._tier(SegmentRow("s", count, 1, 1, 1)) for count in events] == [0, 0, 1, 1, 2, 2, None]
    assert [compaction._tier(SegmentRow("s", 1, size, 1, 1)) for size in (4 * MEBIBYTE - 1, 4 * MEBIBYTE)] == [0, None]
