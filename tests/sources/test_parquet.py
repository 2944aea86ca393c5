"""Parquet: its rows are the objects that the same records are in JSON, and damage costs what is damaged."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphcorr.sources.base import Wanted
from graphcorr.sources.declared import DeclaredShape
from graphcorr.sources.mapping import Clock, RowMapping, Rule
from graphcorr.sources.parquet import FORMAT
from tests.sources.reads import Pass, read_bytes, read_path

SHAPE: Final = DeclaredShape("acme-any", {"kind": "started", "at": None}, "at", "device.name", None)
WANTED: Final = Wanted({}, {}, {}, declared=(SHAPE,), asked=frozenset({"acme-any"}))
ROW: Final[dict[str, object]] = {"kind": "started", "at": "2026-03-02T09:14:03Z", "device": {"name": "ws", "ip": None}, "list": [{"a": 1}]}


def write(folder: Path, rows: list[dict[str, object]], schema: pa.Schema | None = None, group: int = 1 << 20) -> Path:
    path = folder / "a.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path, row_group_size=group)
    return path


def read(path: Path) -> Pass:
    return read_path(path, WANTED)


def test_rows_are_objects_without_what_is_absent(tmp_path: Path) -> None:
    result = read(write(tmp_path, [ROW, {**ROW, "device": {"name": None, "ip": None}}]))
    assert (result.format, result.status, result.count, result.numbers) == ("parquet", "read", 2, [1, 2])
    first, second = result.records
    assert (first.log, first.computer, first.created) == ("acme-any", "ws", "2026-03-02T09:14:03Z")
    assert orjson.loads(first.raw) == {**ROW, "device": {"name": "ws"}}
    assert "device" not in orjson.loads(second.raw)


def test_it_is_told_by_content(tmp_path: Path) -> None:
    assert FORMAT.recognizes(write(tmp_path, [ROW]).read_bytes())
    assert not FORMAT.recognizes(b"parquet")
    assert not FORMAT.recognizes(b"")


def test_types_that_json_has_none_for(tmp_path: Path) -> None:
    row = ROW | {"when": dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC), "bytes": b"\xff\x00", "odd": float("nan")}
    (record,) = read(write(tmp_path, [row])).records
    raw = orjson.loads(record.raw)
    assert (raw["when"], raw["bytes"], raw["odd"]) == ("2026-03-02T09:00:00+00:00", "ff00", None)


def test_many_rows_keep_their_numbers(tmp_path: Path) -> None:
    rows = [{**ROW, "kind": "started" if number % 3 else "ended"} for number in range(1, 3001)]
    result = read(write(tmp_path, rows, group=700))
    assert result.numbers == [number for number in range(1, 3001) if number % 3]
    assert (result.count, len(result.skips)) == (3000, 1000)
    assert {reason for _, reason in result.skips} == {"no known shape: no log type reads kind ended"}


def test_text_that_is_none_costs_its_row(tmp_path: Path) -> None:
    texts = pa.array([b"started", b"\xff\xfe", b"started"], pa.binary())
    text = pa.Array.from_buffers(pa.string(), 3, texts.buffers())
    at = pa.array([str(ROW["at"])] * 3)
    pq.write_table(pa.table({"kind": text, "at": at}), tmp_path / "a.parquet")
    result = read(tmp_path / "a.parquet")
    assert result.numbers == [1, 3]
    (skip,) = result.skips
    assert skip[0] == 2
    assert skip[1].startswith("a value cannot be decoded: ")


@pytest.mark.parametrize("content", [b"PAR1", b"PAR1" + b"x" * 400 + b"PAR1", b"PAR1\0\0\0\0\xff\xff\xff\x7fPAR1"])
def test_a_file_without_its_directory_is_an_error(tmp_path: Path, content: bytes) -> None:
    result = read_bytes(tmp_path, content, "a.parquet", WANTED)
    assert (result.status, result.records) == ("not_understood", [])
    assert str(result.reason).startswith("a damaged Parquet file: ")


def test_one_that_is_cut_off_is_an_error(tmp_path: Path) -> None:
    whole = write(tmp_path, [ROW] * 500).read_bytes()
    for end in (len(whole) // 2, len(whole) - 1, 12):
        assert str(read_bytes(tmp_path, whole[:end], "b.parquet", WANTED).reason).startswith("a damaged Parquet file: ")


def test_an_encrypted_one_is_told(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, b"PARE" + bytes(40) + b"PARE", "a", WANTED).reason == "a Parquet file that is encrypted"


def test_a_damaged_group_costs_its_rows_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    rows = [{**ROW, "list": [{"a": number}]} for number in range(300)]
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=100, compression="zstd")
    whole = bytearray(path.read_bytes())
    column = pq.ParquetFile(path).metadata.row_group(1).column(0)
    start = column.dictionary_page_offset or column.data_page_offset
    whole[start : start + column.total_compressed_size] = b"\xee" * column.total_compressed_size
    result = read_bytes(tmp_path, bytes(whole), "b.parquet", WANTED)
    assert result.numbers == [*range(1, 101), *range(201, 301)]
    ((number, reason),) = result.skips
    assert (number, reason.partition(" (")[0]) == (None, "damaged: rows 101-200 could not be read")
    assert (result.count, result.status, result.reason) == (200, "partly", "1 damaged region skipped")


def _number(value: int) -> bytes:
    """As Thrift's compact protocol writes a positive one."""
    value <<= 1
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])


def test_a_directory_that_states_more_rows_than_there_can_be_is_not_believed(tmp_path: Path) -> None:
    """Nothing is done for each of them."""
    rows = 7777
    pq.write_table(pa.table({"kind": ["started"] * rows, "at": [str(ROW["at"])] * rows}), tmp_path / "a.parquet", compression="none",
                   use_dictionary=False, write_statistics=False)  # fmt: skip
    whole = (tmp_path / "a.parquet").read_bytes()
    start = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    footer = whole[start:-8].replace(_number(rows), _number(1 << 40))
    damaged = whole[:4] + b"\xff" * (start - 4) + footer + len(footer).to_bytes(4, "little") + whole[-4:]
    result = read_bytes(tmp_path, damaged, "b.parquet", WANTED)
    ((number, reason),) = result.skips
    assert (number, reason.partition(" (")[0]) == (None, "damaged: the rows from 1 on of group 1 could not be read")
    assert (result.count, result.status) == (0, "partly")


def test_a_zone_that_nobody_knows_costs_the_rows_that_have_it(tmp_path: Path) -> None:
    when = pa.array([None, 1, None], pa.timestamp("us", tz="Foo/Bar"))
    pq.write_table(pa.table({"kind": ["started"] * 3, "at": [str(ROW["at"])] * 3, "when": when}), tmp_path / "a.parquet")
    result = read(tmp_path / "a.parquet")
    assert (result.numbers, result.skips) == ([1, 3], [(2, "a value cannot be decoded: no time zone is named 'Foo/Bar'")])


def test_a_table_that_nobody_reads_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, [{"a": 1, "b": 2}])
    assert read(path).reason == "a table whose columns no log type reads: a, b"


def test_rows_as_a_mapping_says(tmp_path: Path) -> None:
    rule = Rule({}, "process_start", "own-start", {"image": "p.path", "computer": "h"}, {})
    mapping = RowMapping("m.toml", "0", ("a.parquet",), frozenset({"p.path"}), Clock("t", None, "ms"), (rule,), {"t": "time.column"})
    wanted = Wanted({}, {}, {}, mappings=(mapping,), asked=frozenset({"own-start"}))
    path = write(tmp_path, [{"t": 1772442843250, "h": "ws", "p": {"path": "x.exe"}}])
    (record,) = read_path(path, wanted).records
    assert (record.fields, record.computer, record.created) == ({"image": "x.exe"}, "ws", "1772442843.250")
