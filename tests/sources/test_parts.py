"""Large files read in parts: the same records with the same numbers, or no parts at all."""

from __future__ import annotations

import gzip
import struct
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphcorr.model.records import Record
from graphcorr.sources import parts as parts_room
from graphcorr.sources.inputs import Input, discover
from graphcorr.sources.lines import count_lines
from graphcorr.sources.parts import digest_whole, divide
from tests.sources.reads import Pass, flat, read_input
from tests.sources.test_evtx import CHUNK, WRITES, at
from tests.sources.test_zeek_tsv import log

TWO_HEADERS = log("1.5\tC1\ta\\\\b\t1\tx", "2.5\tC2\tb\t1\t-") + log(
    "3.5\tname\tC3", "4.5\tname\tC4", header="#separator \\x09\n#path\tsmb_files\n#fields\tts\tname\tuid"
)
MARK = b"\xef\xbb\xbf"
LINES = b"\n".join(
    [flat(1, RecordNumber=1), b"", b"  \t\r", flat(2), b"{broken", flat(11, RecordNumber=4) + b"\r", b"", b"", flat(1, RecordNumber=5), b""]
)


def source_of(path: Path, content: bytes) -> Input:
    path.write_bytes(content)
    (source,) = discover([str(path)])
    return source


def together(parts: list[Input]) -> tuple[list[tuple[int, bytes, object]], list[tuple[int | None, str]], int]:
    """Records, skips and the count of all parts, one after the other."""
    passes = [read_input(part) for part in parts]
    records = [record for one in passes for record in one.records]
    return records_of(records), [skip for one in passes for skip in one.skips], sum(one.count for one in passes)


def records_of(records: list[Record]) -> list[tuple[int, bytes, object]]:
    return [(record.number, record.raw, record.fields) for record in records]


def expected(whole: Pass) -> tuple[list[tuple[int, bytes, object]], list[tuple[int | None, str]], int]:
    return records_of(whole.records), whole.skips, whole.count


@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize(
    "content",
    [LINES, TWO_HEADERS, LINES + MARK + LINES, TWO_HEADERS + MARK + TWO_HEADERS],
    ids=["ndjson", "zeek_tsv", "marks", "zeek marks"],
)
def test_parts_of_a_text_are_the_whole(tmp_path: Path, content: bytes, count: int) -> None:
    source = source_of(tmp_path / "x.log", content)
    parts = divide(source, count)
    assert 2 <= len(parts) <= count
    assert together(parts) == expected(read_input(source))
    assert {(digest_whole(part) or b"").hex() for part in parts} == {read_input(source).digest}


@pytest.mark.parametrize("count", [2, 3, 40])
def test_parts_of_an_event_log_are_the_whole(shared: Path, count: int) -> None:
    """Ten chunks with records and seven without: more parts than chunks are as many as there are chunks."""
    (source,) = discover([str(shared / "datasets" / WRITES)])
    parts = divide(source, count)
    assert len(parts) == min(count, 17)
    assert together(parts) == expected(read_input(source))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([b"", b" ", b"\r", b"\t \x0b", b"a", b" a", b"a\r", b"\0"]), max_size=12), st.booleans())
def test_lines_are_counted_as_they_are_read(lines: list[bytes], ended: bool) -> None:
    """A block of whole lines, of which only the last of a file may lack its newline; it is never blank then."""
    block = b"\n".join(lines) + (b"\n" if ended or not lines or not lines[-1].strip() else b"")
    assert count_lines(block) == sum(bool(line.strip()) for line in block.split(b"\n"))


def test_a_line_that_is_too_long_counts_as_one() -> None:
    assert count_lines(None) == 1


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(LINES),
        b"\xef\xbb\xbf" + LINES,
        LINES.decode().encode("utf-16-le"),
        LINES.decode().encode("utf-32-le"),
        b"[" + flat() + b",\n" + flat() + b"]",
        b"no log\nat all\n",
        flat(),
        b"",
    ],
    ids=["compressed", "byte order mark", "UTF-16", "UTF-32", "array", "not understood", "one line", "empty"],
)
def test_what_is_read_as_a_whole(tmp_path: Path, content: bytes) -> None:
    assert divide(source_of(tmp_path / "x.log", content), 3) == []


def test_a_chunk_that_holds_more_than_it_states_makes_its_part_not_plain(shared: Path, tmp_path: Path) -> None:
    """The parts behind it would count from what is stated. As a whole the file is read, and what it states is told."""
    content = bytearray((shared / "datasets" / WRITES).read_bytes())
    first, last = struct.unpack_from("<QQ", content, at(2) + 8)
    struct.pack_into("<QQQQ", content, at(2) + 8, *(first, last - 1) * 2)
    source = source_of(tmp_path / "x.evtx", bytes(content))
    assert [read_input(part).plain for part in divide(source, 3)] == [False, True, True]
    whole = read_input(source)
    assert (whole.count, whole.skips, whole.status) == (869, [], "partly")


def test_a_file_that_shrank_or_went_away_has_no_digest(tmp_path: Path) -> None:
    [part, _] = divide(source_of(tmp_path / "x.log", LINES), 2)
    (tmp_path / "x.log").write_bytes(LINES[:-1])
    assert digest_whole(part) is None
    (tmp_path / "x.log").unlink()
    assert digest_whole(part) is None


def test_a_part_whose_file_went_away_before_it_is_not_understood(tmp_path: Path) -> None:
    parts = divide(source_of(tmp_path / "x.log", LINES), 2)
    (tmp_path / "x.log").unlink()
    passes = [read_input(part) for part in parts]
    assert {(one.status, one.reason, one.plain, one.count) for one in passes} == {
        ("not_understood", "the file went away before it was read", False, 0)
    }


def test_a_part_that_cannot_be_numbered_is_not_plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands before a part is opened after the part: the file may be gone by then."""
    [_, part] = divide(source_of(tmp_path / "x.log", LINES), 2)

    def refuse(*_: object) -> None:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(parts_room, "LimitedFile", refuse)
    found = read_input(part)
    assert (found.status, found.reason, found.plain) == ("partly", "reading failed: No such file or directory", False)


def test_one_process_has_no_use_for_parts(tmp_path: Path) -> None:
    assert divide(source_of(tmp_path / "x.log", LINES), 1) == []


def test_members_of_archives_and_standard_input_are_read_as_a_whole(tmp_path: Path) -> None:
    source = source_of(tmp_path / "x.log", LINES)
    assert divide(replace(source, member="x"), 3) == []
    assert divide(replace(source, problem="gone"), 3) == []
    assert divide(Input("-"), 3) == []


@pytest.mark.parametrize("damage", ["cut off", "no chunk", "too many records", "chunks missing", "no header"])
def test_an_event_log_that_is_not_sound_is_read_as_a_whole(shared: Path, tmp_path: Path, damage: str) -> None:
    content = bytearray((shared / "datasets" / WRITES).read_bytes())
    if damage == "cut off":
        del content[-100:]
    elif damage == "no chunk":
        content[at(3) : at(3) + 8] = b"XXXXXXXX"
    elif damage == "too many records":
        struct.pack_into("<QQ", content, at(3) + 8, 1, 5000)
    elif damage == "chunks missing":
        del content[at(8) :]
    else:
        content[:8] = bytes(8)
    assert divide(source_of(tmp_path / "x.evtx", bytes(content)), 3) == []


def test_a_chunk_that_turns_out_to_be_damaged_makes_its_part_not_plain(shared: Path, tmp_path: Path) -> None:
    content = bytearray((shared / "datasets" / WRITES).read_bytes())
    content[at(2) + 512 : at(2) + CHUNK] = bytes(CHUNK - 512)
    parts = divide(source_of(tmp_path / "x.evtx", bytes(content)), 3)
    assert [read_input(part).plain for part in parts] == [False, True, True]
