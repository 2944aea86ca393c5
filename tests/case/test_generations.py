"""What was found is published whole: readers get one generation or the next, whatever is killed, collected or held meanwhile."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path

import pytest

from graphcorr.case import compaction
from graphcorr.case.compaction import compact
from graphcorr.case.reader import open_reader
from graphcorr.case.writer import is_used, open_writer
from graphcorr.errors import CaseError, NotDetectedError
from graphcorr.locks import held_together
from tests.case.logs import generation, ingest, segments, write_log
from tests.case.publishing import publish_number, read_number, run


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case of which nothing was published."""
    with open_writer(tmp_path / "case", create=True):
        pass
    return tmp_path / "case"


def publish(case: Path, number: int) -> None:
    with open_writer(case) as opened:
        publish_number(opened, number)


def folders(case: Path) -> list[str]:
    return sorted(path.name for path in (case / "generations").iterdir())


def test_a_generation_has_what_its_page_says(case: Path) -> None:
    with pytest.raises(NotDetectedError, match=rf"^{case} is not detected yet: run graphcorr detect --case {case}$"):
        read_number(case)
    publish(case, 1)
    publish(case, 2)
    assert read_number(case) == 2
    [folder] = (case / "generations").iterdir()
    assert {path.name for path in folder.iterdir()} == {"report.json", "findings.sqlite", "graph.lbug", "held"}


def test_a_reader_keeps_its_generation_while_others_are_published(case: Path) -> None:
    publish(case, 1)
    with open_reader(case) as held:
        assert held.generation is not None
        publish(case, 2)
        publish(case, 3)
        assert is_used(case)
        assert held.generation.graph.read_text(encoding="utf-8") == "1"
        assert read_number(case) == 3
        assert len(folders(case)) == 2
    assert not is_used(case)
    publish(case, 4)
    assert folders(case) == [generation(case).name]


def test_a_reader_begins_again_where_its_generation_was_collected_before_it_held_it(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways: the folder is gone when it is to be held, and the lock is got of a file that is gone by now."""
    publish(case, 1)
    asked: list[Path] = []

    def late(path: Path) -> AbstractContextManager[None]:
        asked.append(path)
        if len(asked) < 3:
            publish(case, len(asked) + 1)
        return nullcontext() if len(asked) == 2 else held_together(path)

    monkeypatch.setattr("graphcorr.case.reader.held_together", late)
    assert read_number(case) == 3
    assert len({path.parent.name for path in asked}) == 3


def test_a_generation_that_failed_leaves_the_one_before(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(case, 1)

    def refuse(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(CaseError, match=rf"^{case}/generations cannot be written: No space left on device$"):
        publish(case, 2)
    assert read_number(case) == 1
    assert folders(case) == [generation(case).name]


def test_what_a_kill_left_is_swept_by_whoever_writes_next(case: Path) -> None:
    publish(case, 1)
    for name in ("0123456789abcdef.building", "0123456789abcdef"):
        (case / "generations" / name).mkdir()
        (case / "generations" / name / "graph.lbug").write_text("half")
    assert read_number(case) == 1
    assert len(folders(case)) == 3  # a reader sweeps nothing
    with open_writer(case):
        pass
    assert folders(case) == [generation(case).name]


def test_everything_is_on_the_disk_before_the_row_is(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power failure may take what was only in memory: files, the folder, its name in the folder above, then the row, synced."""
    done: list[str] = []
    flush, rename = os.fsync, Path.rename

    def count(handle: int) -> None:
        done.append(f"flush {Path(f'/proc/self/fd/{handle}').readlink().name}")
        flush(handle)

    def move(self: Path, target: Path) -> Path:
        done.append("rename")
        return rename(self, target)

    def trace(statement: str) -> None:
        if statement.startswith(("PRAGMA synchronous", "INSERT")):
            done.append(statement[:22])

    monkeypatch.setattr(os, "fsync", count)
    monkeypatch.setattr(Path, "rename", move)
    with open_writer(case) as opened:
        opened.state._file._db.set_trace_callback(trace)
        publish_number(opened, 1)
    name = generation(case).name
    parts = [f"flush {part}" for part in ("findings.sqlite", "graph.lbug", "held", "report.json")]
    assert sorted(done[:4]) == parts
    assert done[4:] == [
        f"flush {name}.building",
        "rename",
        "flush generations",
        "PRAGMA synchronous = F",
        "INSERT INTO generation",
        "PRAGMA synchronous = N",
    ]


def test_segments_that_a_generation_names_outlive_their_merging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records of findings are told by segment and row."""
    monkeypatch.setattr(compaction, "_MANY", 1)
    case = tmp_path / "case"
    for number in (1, 2, 3):
        ingest(case, write_log(tmp_path / f"{number}.json", number, number))
    before = segments(case)
    publish(case, 1)
    with open_reader(case):
        with open_writer(case) as opened:
            compact(opened)
        assert len(segments(case)) == 4
        publish(case, 2)
        assert set(before) < set(segments(case))
    publish(case, 3)
    assert [name.partition("-")[0] for name in segments(case)] == ["merged"]


def test_a_row_whose_folder_is_lost_says_what_to_do(case: Path) -> None:
    publish(case, 1)
    generation(case).held.unlink()
    with pytest.raises(CaseError, match=rf"is missing or not whole; run graphcorr detect --case {case}$"):
        read_number(case)
    publish(case, 2)
    assert read_number(case) == 2
    with closing(sqlite3.connect(case / "state.sqlite")) as state:
        assert state.execute("SELECT count(*) FROM generations").fetchall() == [(1,)]


@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
def test_many_publications_with_kills_and_readers_beside(tmp_path: Path) -> None:
    counted = run(tmp_path / "case", publications=30)
    assert counted["publications"] == 30
    assert counted["left"] == 1
    assert int(str(counted["kills"])) > 10
    for each in counted["readers"]:  # type: ignore[attr-defined]
        assert each["wrong"] == []
        assert each["numbers"] > 5
