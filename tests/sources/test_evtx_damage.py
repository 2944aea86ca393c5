"""Event logs with damage in them: a record costs itself, and headers that lie are told."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

import pytest

from graphcorr.sources.evtx_chunks import Chunk
from graphcorr.sources.inputs import discover
from tests.sources.reads import Pass, read_bytes, read_input

WRITES = "sbousseaden+EVTX-ATTACK-SAMPLES/Lateral Movement/LM_5145_Remote_FileCopy.evtx"
"""10 chunks with 869 records, of which the last chunk has old ones in its free space, then 7 chunks of zeros."""
CHUNK = 65536
FIRST = 437472
"""The EventRecordID of the record that the file counts as its first."""


def at(index: int) -> int:
    """Offset of the chunk, counted from 1."""
    return 4096 + (index - 1) * CHUNK


@pytest.fixture
def content(shared: Path) -> bytearray:
    return bytearray((shared / "datasets" / WRITES).read_bytes())


def read(folder: Path, content: bytes | bytearray) -> Pass:
    return read_bytes(folder, bytes(content), "x.evtx")


def places(content: bytes | bytearray, chunk: int) -> list[tuple[int, int]]:
    """Where the records of a sound chunk begin in the file, and their sizes."""
    found, start = [], at(chunk) + 512
    (free,) = struct.unpack_from("<I", content, at(chunk) + 48)
    while start < at(chunk) + free:
        (size,) = struct.unpack_from("<I", content, start + 4)
        found.append((start, size))
        start += size
    return found


def ids(result: Pass) -> list[int]:
    return [record.record_id - FIRST + 1 for record in result.records if record.record_id is not None]


def without(*lost: int) -> list[int]:
    return [number for number in range(1, 870) if number not in lost]


def seal(content: bytearray, chunk: int) -> None:
    """Right checksums for whatever the chunk's header says."""
    start = at(chunk)
    (free,) = struct.unpack_from("<I", content, start + 48)
    struct.pack_into("<I", content, start + 52, zlib.crc32(content[start + 512 : start + free]))
    header = zlib.crc32(content[start + 128 : start + 512], zlib.crc32(content[start : start + 120]))
    struct.pack_into("<I", content, start + 124, header)


@pytest.mark.parametrize("size", [0, 1, 27, 28, 60000, 2**32 - 1])
@pytest.mark.parametrize("place", [0, 1, 57, 97])
def test_a_record_that_states_a_wrong_size_costs_itself(tmp_path: Path, content: bytearray, size: int, place: int) -> None:
    (start, true) = places(content, 1)[place]
    assert true != size
    struct.pack_into("<I", content, start + 4, size)
    result = read(tmp_path, content)
    assert ids(result) == without(place + 1)
    assert result.skips == [(None, f"chunk 1 is damaged: record {place + 1} at byte {start - at(1)} could not be read")]
    assert result.numbers == list(range(1, 869))


@pytest.mark.parametrize("where", ["magic", "end"])
def test_so_does_one_whose_frame_is_broken(tmp_path: Path, content: bytearray, where: str) -> None:
    (start, size) = places(content, 3)[7]
    content[start if where == "magic" else start + size - 4] ^= 0xFF
    lost = 2 * 98 + 8
    result = read(tmp_path, content)
    number = int(re.findall(r"record (\d+)", result.skips[0][1])[0])
    assert ids(result) == without(number)
    assert abs(number - lost) < 5
    assert len(result.skips) == 1


def test_records_in_a_row_are_one_loss_that_says_how_many(tmp_path: Path, content: bytearray) -> None:
    rows = places(content, 1)
    content[rows[10][0] : rows[13][0]] = b"\xaa" * (rows[13][0] - rows[10][0])
    result = read(tmp_path, content)
    assert ids(result) == without(11, 12, 13)
    assert result.skips == [(None, f"chunk 1 is damaged: records 11-13 at byte {rows[10][0] - at(1)} could not be read")]


@pytest.mark.parametrize("size", [4, 8, 28, 64])
@pytest.mark.parametrize("place", [1, 40])
def test_rubbish_between_records_is_told_and_costs_nothing(tmp_path: Path, content: bytearray, size: int, place: int) -> None:
    """The last record makes room for it: without its template's place a record behind it could not be read."""
    del content[at(2) :]
    rows = places(content, 1)
    fresh = [start for start, length in rows if length < 700]
    assert rows[place][0] in fresh
    end = rows[-1][0]
    content[rows[place][0] + size : end + size] = content[rows[place][0] : end]
    content[rows[place][0] : rows[place][0] + size] = b"\xaa" * size
    content[end + size : at(1) + CHUNK] = bytes(at(1) + CHUNK - end - size)
    struct.pack_into("<I", content, at(1) + 48, end + size - at(1))
    struct.pack_into("<QQQQ", content, at(1) + 8, 1, 97, 1, 97)
    seal(content, 1)
    result = read(tmp_path, content)
    assert ids(result) == list(range(1, 98))
    assert result.skips == []
    assert f"chunk 1 is damaged: {size} bytes at byte {rows[place][0] - at(1)} are no record" in (result.reason or "")


LIES: list[tuple[int, str, tuple[int, ...]]] = [
    (48, "<I", (512,)),
    (48, "<I", (30000,)),
    (48, "<I", (0,)),
    (48, "<I", (CHUNK,)),
    (48, "<I", (2**32 - 1,)),
    (8, "<QQQQ", (1, 5, 1, 5)),
    (8, "<QQQQ", (1, 150, 1, 150)),
    (8, "<QQQQ", (0, 0, 0, 0)),
    (8, "<QQQQ", (1, 2**40, 1, 2**40)),
    (32, "<Q", (3,)),
    (52, "<I", (7,)),
    (124, "<I", (7,)),
    (128, "<II", (0xFFFFFFF0, 0x1234)),
]
"""Where in a chunk's header, and what it says there."""


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("lie", LIES, ids=str)
@pytest.mark.parametrize("chunk", [1, 10])
def test_a_chunks_header_that_lies_is_told_and_its_records_are_read_once(
    tmp_path: Path, content: bytearray, chunk: int, lie: tuple[int, str, tuple[int, ...]], sealed: bool
) -> None:
    """The last chunk has whole old records in its free space: none of them is read again."""
    offset, form, values = lie
    struct.pack_into(form, content, at(chunk) + offset, *values)
    if sealed:
        seal(content, chunk)
    result = read(tmp_path, content)
    if sealed and (chunk, values) == (10, (CHUNK,)):
        assert set(range(1, 870)) <= set(ids(result))  # nothing is left that tells old from new
        return
    assert ids(result) == without()
    assert result.skips == []
    if not sealed:
        assert f"the header of chunk {chunk} is wrong" in (result.reason or "")
    assert (result.status == "read") == (sealed and offset in (52, 124, 128))


@pytest.mark.parametrize("length", [8, 128, 512])
@pytest.mark.parametrize("chunk", [1, 5, 10])
def test_a_chunk_without_its_header_is_read(tmp_path: Path, content: bytearray, chunk: int, length: int) -> None:
    content[at(chunk) : at(chunk) + length] = bytes(length)
    result = read(tmp_path, content)
    assert ids(result) == without()
    assert (result.skips, result.status) == ([], "partly")
    assert f"the header of chunk {chunk} is wrong (it does not begin as a chunk does)" in (result.reason or "")


def test_a_chunk_without_header_and_records_is_a_loss(tmp_path: Path, content: bytearray) -> None:
    content[at(3) : at(4)] = b"\x01" * CHUNK
    result = read(tmp_path, content)
    assert result.skips == [(None, "chunk 3 is damaged: it does not begin as a chunk does")]
    assert 700 < len(result.records) < 869


@pytest.mark.parametrize("header", [b"", bytes(4096), b"\xff" * 4096])
def test_a_log_without_its_file_header_is_read(tmp_path: Path, content: bytearray, header: bytes) -> None:
    result = read(tmp_path, header + content[4096:])
    assert ids(result) == without()
    assert result.status == "partly"
    assert "the file header is" in (result.reason or "")


def test_a_file_header_that_is_no_longer_its_own_is_told(tmp_path: Path, content: bytearray) -> None:
    content[42] ^= 1
    result = read(tmp_path, content)
    assert (ids(result), result.reason) == (without(), "the file header is damaged: its checksum is wrong")


@pytest.mark.parametrize("cut", [600, 5000, 30000, 65000])
def test_a_file_that_ends_inside_a_chunk_loses_what_is_behind(tmp_path: Path, content: bytearray, cut: int) -> None:
    rows = places(content, 2)
    kept = sum(start + size <= at(2) + cut for start, size in rows)
    result = read(tmp_path, content[: at(2) + cut])
    assert ids(result) == list(range(1, 98 + kept + 1))
    [(number, reason)] = result.skips
    assert number is None
    if kept:
        assert f"{99 + kept}-{98 + len(rows)}" in reason or f"record {99 + kept} " in reason


@pytest.mark.parametrize("missing", [1, 8, 100, 600, 40000])
def test_bytes_that_are_missing_cost_what_stood_there(tmp_path: Path, content: bytearray, missing: int) -> None:
    """The chunks behind them begin elsewhere."""
    del content[at(2) + 20000 : at(2) + 20000 + missing]
    result = read(tmp_path, content)
    assert set(range(1, 99)) | set(range(220, 870)) <= set(ids(result))
    assert len(result.records) + len(result.skips) <= 869
    assert result.skips
    assert len(set(ids(result))) == len(ids(result))
    assert f"chunk 2 is {missing} bytes too short" in (result.reason or "")


@pytest.mark.parametrize("extra", [1, 512, 5000])
def test_bytes_between_chunks_cost_nothing(tmp_path: Path, content: bytearray, extra: int) -> None:
    result = read(tmp_path, content[: at(3)] + b"\x07" * extra + content[at(3) :])
    assert ids(result) == without()
    assert result.status == "partly"


def test_records_whose_template_is_lost_are_each_a_skip(tmp_path: Path, content: bytearray) -> None:
    """All records of this log are of one template, which the first of each chunk brings."""
    (start, size) = places(content, 1)[0]
    content[start : start + size] = b"\xaa" * size
    result = read(tmp_path, content)
    assert ids(result) == list(range(99, 870))
    assert len(result.skips) == 98
    assert result.skips[0] == (None, "chunk 1 is damaged: record 1 at byte 512 could not be read")
    assert all(f"record {number} " in reason for number, (_, reason) in enumerate(result.skips, 1))


def count_whole(content: bytes) -> int:
    """Whole records of a log, told by bytes alone: the runs from each chunk's beginning that follow one another."""
    count = 0
    for start in range(4096, len(content), CHUNK):
        chunk = content[start : start + CHUNK]
        if not chunk.startswith(b"ElfChnk\0"):
            continue
        place = 512
        while chunk[place : place + 4] == b"**\0\0":
            size = int.from_bytes(chunk[place + 4 : place + 8], "little")
            if size < 28 or chunk[place + size - 4 : place + size] != chunk[place + 4 : place + 8]:
                break
            count, place = count + 1, place + size
    return count


def test_as_many_records_are_read_as_stand_whole_in_each_public_log(shared: Path) -> None:
    names = sorted((shared / "datasets").rglob("*.evtx"))
    assert len(names) > 40
    for name in names[::3]:
        [source] = discover([str(name)])
        result = read_input(source)
        assert (name.name, result.count, result.status) == (name.name, count_whole(name.read_bytes()), "read")


def test_a_chunk_that_is_walked_has_the_records_that_are_found_by_looking(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also with any byte of frames and headers changed: then it is looked through, or it is the same."""
    walked = 0
    damage = [None, 8, 24, 40, 48, 512, 516, 520, *range(560, 1600, 97)]
    for path in sorted((shared / "datasets").rglob("*.evtx"))[:12]:
        data = path.read_bytes()
        for start in range(4096, min(len(data) - 65535, 4096 + 4 * 65536), 65536):
            for place in damage:
                chunk = bytearray(data[start : start + 65536])
                if not chunk.startswith(b"ElfChnk\0"):
                    continue
                if place is not None:
                    chunk[place] ^= 0x01
                    struct.pack_into("<I", chunk, 124, zlib.crc32(chunk[128:512], zlib.crc32(chunk[:120])))
                found = Chunk(1, bytes(chunk))
                walked += found._plain() is not None
                with monkeypatch.context() as patch:
                    patch.setattr(Chunk, "_plain", lambda _: None)
                    looked = Chunk(1, bytes(chunk))
                is_same = (found.whole, found.gaps, found.lies()) == (looked.whole, looked.gaps, looked.lies())
                assert is_same, (path.name, start, place)
    assert walked > 50
