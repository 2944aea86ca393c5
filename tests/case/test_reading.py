"""The same content read again changes nothing; content that changed is read again; nothing that was read is lost."""

from __future__ import annotations

import io
import os
import tarfile
import warnings
import zipfile
from pathlib import Path

import pytest

from graphcorr.case import reading, tasks
from graphcorr.case.reading import read_inputs
from graphcorr.case.view import InputRow, earlier_contents
from graphcorr.case.writer import open_writer
from graphcorr.engine.database import connect
from graphcorr.findings.inputs import describe
from graphcorr.logs import memos
from graphcorr.logs.catalog import wanted
from graphcorr.model.kinds import Kind
from graphcorr.model.report import InputFile
from graphcorr.resolve.events import load_events
from graphcorr.resolve.identity import learn
from graphcorr.sources.base import OnSkip, Wanted
from graphcorr.sources.inputs import Input
from graphcorr.sources.reading import Reading, read
from tests.case.logs import Counting, ingest, places, record_numbers, segments, sysmon, write_log


def inputs(folder: Path) -> list[InputRow]:
    with open_writer(folder) as case:
        return case.state.inputs()


def listed(folder: Path) -> list[InputFile]:
    with open_writer(folder) as case:
        database = connect(case.scratch)
        try:
            load_events(database, case.segment_paths(), case.state.inputs())
            learn(database)
            return describe(case, database).files
        finally:
            database.close()


def zip_of(path: Path, *members: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def tar_of(path: Path, *members: tuple[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def grow(path: Path, first: int, last: int) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.writelines(sysmon(number) + "\n" for number in range(first, last + 1))


def replace_log(path: Path, first: int, last: int) -> None:
    """Other content of the same length, written at another time."""
    before = path.stat().st_mtime_ns
    write_log(path, first, last)
    os.utime(path, ns=(before + 10**9, before + 10**9))


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_equal_content_under_several_names_is_told_under_the_first(tmp_path: Path, names: tuple[str, str]) -> None:
    log = write_log(tmp_path / names[0] / "log.json", 1, 3)
    (tmp_path / "z.zip").write_bytes(zip_of(tmp_path / "made", ("log.json", log.read_bytes())).read_bytes())
    ingest(tmp_path / "case", tmp_path / "z.zip", log)
    (tmp_path / names[1]).mkdir()
    (tmp_path / names[1] / "log.json").write_bytes(log.read_bytes())
    ingest(tmp_path / "case", tmp_path / names[1])

    first = str(tmp_path / "a" / "log.json")
    assert places(tmp_path / "case") == [(first, None, number) for number in (1, 2, 3)]
    assert [(file.path, file.member, file.records, file.events, file.duplicates) for file in listed(tmp_path / "case")] == [
        (first, None, 3, 3, 0),
        (str(tmp_path / "b" / "log.json"), None, 3, 3, 3),
        (str(tmp_path / "z.zip"), "log.json", 3, 3, 3),
    ]


def test_overlapping_files_hold_each_event_once(tmp_path: Path) -> None:
    """A collector that sent its queue twice: the event that both files hold is the first file's."""
    ingest(tmp_path / "case", write_log(tmp_path / "b.json", 2, 5), write_log(tmp_path / "a.json", 1, 3))

    a, b = str(tmp_path / "a.json"), str(tmp_path / "b.json")
    assert places(tmp_path / "case") == [(a, None, 1), (a, None, 2), (a, None, 3), (b, None, 3), (b, None, 4)]
    assert [file.duplicates for file in listed(tmp_path / "case")] == [0, 2]


def test_what_readers_remembered_goes_when_all_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred megabytes after millions of records, which the rest of a hunt would have to do without."""
    write_log(tmp_path / "a.json", 1, 3)
    held: list[int] = []

    def count_and_forget() -> None:
        held.append(len(memos._KNOWN.memos))
        memos.forget()

    monkeypatch.setattr(reading, "forget", count_and_forget)
    ingest(tmp_path / "case", tmp_path / "a.json")
    assert held[0] > 0
    assert not memos._KNOWN.memos


def test_reading_again_reads_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_log(tmp_path / "logs" / "a.json", 1, 3)
    zip_of(tmp_path / "logs" / "b.zip", ("x", sysmon(4).encode()), ("y", sysmon(5).encode()))
    tar_of(tmp_path / "logs" / "c.tgz", ("x", sysmon(6).encode()), ("y", sysmon(7).encode()))
    ingest(tmp_path / "case", tmp_path / "logs")
    before = inputs(tmp_path / "case")
    monkeypatch.setattr(tasks, "read", lambda *_: pytest.fail("read again"))
    ingest(tmp_path / "case", tmp_path / "logs")

    assert [(row.number, row.events) for row in before] == [(1, 3), (2, 1), (3, 1), (4, 1), (5, 1)]
    assert inputs(tmp_path / "case") == before


def test_a_touched_file_is_read_once_more_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = write_log(tmp_path / "a.json", 1, 3)
    ingest(tmp_path / "case", log)
    [before] = inputs(tmp_path / "case")
    os.utime(log, (1, 1))
    ingest(tmp_path / "case", log)
    [after] = inputs(tmp_path / "case")
    monkeypatch.setattr(tasks, "read", lambda *_: pytest.fail("read a third time"))
    ingest(tmp_path / "case", log)

    assert (after.number, after.digest, after.stamp) == (before.number, before.digest, f"{log.stat().st_size}:1000000000")


def test_a_file_that_grew_is_listed_once_as_it_is_now(tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.json", 1, 3)
    ingest(tmp_path / "case", log)
    grow(log, 4, 5)
    ingest(tmp_path / "case", log)

    assert places(tmp_path / "case") == [(str(log), None, number) for number in range(1, 6)]
    [file] = listed(tmp_path / "case")
    assert (file.status, file.reason, file.records, file.events, file.duplicates) == ("read", None, 5, 5, 0)


def test_a_file_that_was_rotated_keeps_the_events_of_before(tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.json", 11, 13)
    ingest(tmp_path / "case", log)
    replace_log(log, 12, 14)
    ingest(tmp_path / "case", log)

    assert record_numbers(tmp_path / "case") == [11, 12, 13, 14]
    [file] = listed(tmp_path / "case")
    assert (file.records, file.events, file.duplicates) == (3, 4, 0)
    assert file.reason == "its content changed since it was first read; 1 event of before are kept"


def test_a_file_that_went_back_is_listed_as_it_is_now(tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.json", 11, 12)
    ingest(tmp_path / "case", log)
    for first, last in ((13, 14), (11, 12)):
        replace_log(log, first, last)
        ingest(tmp_path / "case", log)

    rows = inputs(tmp_path / "case")
    assert record_numbers(tmp_path / "case") == [11, 12, 13, 14]
    assert [row.number for row in rows if row.number not in earlier_contents(rows)] == [3]
    assert [row.number for row in rows] == [2, 3]


def test_what_was_not_understood_and_was_mended_is_listed_once(tmp_path: Path) -> None:
    log = tmp_path / "a.json"
    log.write_bytes(b"")
    ingest(tmp_path / "case", log)
    [empty] = listed(tmp_path / "case")
    write_log(log, 1, 2)
    ingest(tmp_path / "case", log)

    assert (empty.status, empty.events) == ("not_understood", 0)
    assert [(file.status, file.events) for file in listed(tmp_path / "case")] == [("read", 2)]


def test_what_is_not_understood_is_listed_once_however_often_it_is_tried(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    write_log(logs / "a.json", 1, 2)
    (logs / "b.txt").write_bytes(b"no log")
    with zipfile.ZipFile(logs / "c.zip", "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two members of one name
        archive.writestr("x", "no log")
        archive.writestr("x", "nor this")
    seen = []
    for _ in range(3):
        ingest(tmp_path / "case", logs)
        seen.append([(Path(file.path).name, file.member, file.status) for file in listed(tmp_path / "case")])
    refused = "not_understood"
    assert seen == [[("a.json", None, "read"), ("b.txt", None, refused), ("c.zip", "x", refused), ("c.zip", "x", refused)]] * 3


def test_a_file_that_cannot_be_opened_any_more_keeps_its_events_and_is_tried_again(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    log = write_log(logs / "a.json", 1, 2)
    ingest(tmp_path / "case", logs)
    log.rename(tmp_path / "away")
    log.symlink_to("nowhere")
    ingest(tmp_path / "case", logs)
    [broken] = listed(tmp_path / "case")
    log.unlink()
    (tmp_path / "away").rename(log)
    ingest(tmp_path / "case", logs)
    [mended] = listed(tmp_path / "case")

    assert (broken.status, broken.events) == ("not_understood", 2)
    assert broken.reason == (
        "cannot be opened: No such file or directory; its content changed since it was first read; 2 events of before are kept"
    )
    assert (mended.status, mended.reason, mended.events) == ("read", None, 2)
    assert record_numbers(tmp_path / "case") == [1, 2]


def test_more_kinds_of_events_are_read_when_they_are_asked_for(tmp_path: Path) -> None:
    """A hunt keeps what its patterns need; the same files ingested afterwards give the rest."""
    log = write_log(tmp_path / "a.json", 1, 2)
    log.write_text(log.read_text() + sysmon(3, event_id=5) + "\n", encoding="utf-8")
    ingest(tmp_path / "case", log, kinds=frozenset({Kind.WRITE}))
    few = record_numbers(tmp_path / "case")
    ingest(tmp_path / "case", log)
    [row] = inputs(tmp_path / "case")

    assert (few, record_numbers(tmp_path / "case"), row.number, row.events) == ([1, 2], [1, 2, 3], 2, 3)
    assert segments(tmp_path / "case") == ["task-00000002-0.parquet"]


def test_fewer_kinds_of_events_are_there_already(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = write_log(tmp_path / "a.json", 1, 2)
    ingest(tmp_path / "case", log)
    monkeypatch.setattr(tasks, "read", lambda *_: pytest.fail("read again"))
    ingest(tmp_path / "case", log, kinds=frozenset({Kind.WRITE}))

    assert [row.number for row in inputs(tmp_path / "case")] == [1]


def test_members_of_one_name_are_both_read_and_equal_ones_once(tmp_path: Path) -> None:
    members = [("log", sysmon(1).encode()), ("log", sysmon(2).encode()), ("log", sysmon(2).encode())]
    with pytest.warns(UserWarning, match="Duplicate name"):
        archive = zip_of(tmp_path / "a.zip", *members)
    for path in (archive, tar_of(tmp_path / "b.tgz", *members)):
        case = tmp_path / f"case-{path.name}"
        ingest(case, path)
        ingest(case, path)
        assert record_numbers(case) == [1, 2]
        assert [(row.member, row.events) for row in inputs(case)] == [("log", 1), ("log", 1)]


def test_a_tar_is_committed_by_bundles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_FULL_INPUTS", 4)
    members = [(f"log{number}", sysmon(number).encode()) for number in range(1, 11)]
    ingest(tmp_path / "case", tar_of(tmp_path / "a.tgz", *members))

    assert record_numbers(tmp_path / "case") == list(range(1, 11))
    assert len(segments(tmp_path / "case")) == 3


def test_a_file_that_grows_while_it_is_read_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = write_log(tmp_path / "a.json", 1, 3)

    def read_while_it_grows(source: Input, demanded: Wanted, on_skip: OnSkip) -> Reading:
        grow(log, 4, 5)
        return read(source, demanded, on_skip)

    with monkeypatch.context() as patch:
        patch.setattr(tasks, "read", read_while_it_grows)
        ingest(tmp_path / "case", log)
    first = record_numbers(tmp_path / "case")
    ingest(tmp_path / "case", log)

    assert (first, record_numbers(tmp_path / "case")) == ([1, 2, 3], [1, 2, 3, 4, 5])
    assert [(file.status, file.events) for file in listed(tmp_path / "case")] == [("read", 5)]


def test_numbers_of_events_that_lost_their_input_are_not_given_again(tmp_path: Path) -> None:
    """One bundle with a touched file: its events lie in the new segment, and must never be taken for another input's."""
    old = write_log(tmp_path / "logs" / "z.json", 1, 2)
    ingest(tmp_path / "case", tmp_path / "logs")
    os.utime(old, (1, 1))
    write_log(tmp_path / "logs" / "a.json", 3, 3)
    ingest(tmp_path / "case", tmp_path / "logs")
    write_log(tmp_path / "logs" / "b.json", 4, 4)
    ingest(tmp_path / "case", tmp_path / "logs")

    assert [(row.file.rpartition("/")[2], row.number) for row in inputs(tmp_path / "case")] == [("a.json", 2), ("b.json", 4), ("z.json", 1)]
    assert [place[0].rpartition("/")[2] for place in places(tmp_path / "case")] == ["a.json", "b.json", "z.json", "z.json"]


def test_strange_names_are_read_and_shown_as_text(tmp_path: Path) -> None:
    names = [b"\xff\xfe.json", b"two\nlines", b"l" * 200, b" spaces ", "日本語 🕸.log".encode(), b"\x1b[2J"]
    folder = tmp_path / "logs"
    folder.mkdir()
    for number, name in enumerate(names):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(sysmon(number) + "\n", encoding="utf-8")
    ingest(tmp_path / "case", folder)
    ingest(tmp_path / "case", folder)

    shown = [r"\xff\xfe.json", "two\nlines", "l" * 200, " spaces ", "日本語 🕸.log", "\x1b[2J"]
    assert sorted(place[0] for place in places(tmp_path / "case")) == sorted(f"{folder}/{name}" for name in shown)
    assert sorted(row.number for row in inputs(tmp_path / "case")) == [1, 2, 3, 4, 5, 6]


def test_progress_counts_the_bytes_of_the_files(tmp_path: Path) -> None:
    """Of unwanted records, too: a log with nothing in it moves as fast as any."""
    log = write_log(tmp_path / "a.json", 1, 3000, event_id=22)
    progress = Counting()
    with open_writer(tmp_path / "case", create=True) as case:
        read_inputs(case, [str(log)], wanted(), 1, progress)

    size = log.stat().st_size
    assert (progress.done, progress.phases) == (size, [("Reading", size)])


def test_two_processes_read_what_one_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        write_log(tmp_path / "logs" / f"{number}.json", 20 * number, 20 * number + 24)
    zip_of(tmp_path / "logs" / "z.zip", ("x", sysmon(500).encode()))
    monkeypatch.setattr(tasks, "_FULL_INPUTS", 2)
    ingest(tmp_path / "one", tmp_path / "logs")
    monkeypatch.setattr(reading, "_PARALLEL_BYTES", 0)
    ingest(tmp_path / "two", tmp_path / "logs", workers=2)

    assert places(tmp_path / "two") == places(tmp_path / "one")
    assert len(places(tmp_path / "one")) == 126
    assert inputs(tmp_path / "two") == inputs(tmp_path / "one")
    assert listed(tmp_path / "two") == listed(tmp_path / "one")


def test_all_skips_are_in_the_case_and_the_first_thousand_in_a_report(tmp_path: Path) -> None:
    log = tmp_path / "a.json"
    log.write_text("".join(f"{sysmon(number)}\nno json\n" for number in range(1100)), encoding="utf-8")
    ingest(tmp_path / "case", log)
    with open_writer(tmp_path / "case") as case:
        described, everything = describe(case), case.state.skips(5000)

    assert (described.files[0].status, described.files[0].reason) == ("partly", "1100 of 2200 records skipped")
    assert (described.skipped, len(described.skips), len(everything)) == (1100, 1000, 1100)
    assert [skip.record for skip in everything] == list(range(2, 2201, 2))
    assert described.skips == everything[:1000]
