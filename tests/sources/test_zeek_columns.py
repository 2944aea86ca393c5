"""Rows of Zeek by columns are what they are one by one, whatever stands in them, and so are those that are none."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphcorr.model.blocks import Block
from graphcorr.sources import zeek_columns
from graphcorr.sources.inputs import discover
from graphcorr.sources.reading import read
from tests.sources.reads import WANTED, Pass, read_path

if TYPE_CHECKING:
    from pathlib import Path

    from graphcorr.model.records import Record

HEADER = """#separator \\x09
#set_separator\t,
#empty_field\t(empty)
#unset_field\t-
#path\tsmb_files
#fields\tts\tuid\tname\tsize\ttags
#types\ttime\tstring\tstring\tcount\tset[string]
"""
TIMES = st.sampled_from(["1521911754.600639"] * 6 + ["1.5", "-", "(empty)", "", "XXXX.XXXX", "2018-03-24T17:15:54", "1521911754.6006390"])
CELLS = st.one_of(
    st.sampled_from(
        ["-", "(empty)", "", "C6WW", "a\\\\b", "\\x09", "a\\x5cb", "\\", "\\\\\\", "C:\\x64\\a", "\\xc3\\xbc", "\\xff", '"', "ü", "#"]
    ),
    st.text(string.ascii_letters + "\\x09cb\"' ,-()\0\v\u2028ü\ud83d", max_size=6),
)
SETS = st.sampled_from(["-", "(empty)", "", "x", "x,y", "x,-,y", ",", "a\\x2cb,\\\\", "-,-"])
ROWS = st.tuples(TIMES, CELLS, CELLS, CELLS, SETS).map("\t".join)
BROKEN = st.sampled_from(
    ["", " ", "\t\t\t\t", "\r", "1521911754.600639\ta\tb", "a\tb\tc\td\te\tf", "#close\tnow", "1521911754.600639\ta\rb\tc\td\te"]
)
ENDS = st.sampled_from(["\n"] * 5 + ["\r\n", "\r\r\n"])
CONTENT = st.lists(st.tuples(st.one_of(ROWS, ROWS, ROWS, BROKEN), ENDS), max_size=40)


def by_number(result: Pass) -> tuple[list[Record], list[tuple[int | None, str]], object]:
    return (
        sorted(result.records, key=lambda record: record.number),
        result.skips,
        (result.count, result.status, result.reason, result.digest),
    )


@settings(max_examples=300, deadline=None)
@given(CONTENT, st.sampled_from([b"", b"\xff\xfe", b"\xe4rgere gr\xfc\xdfe", "ü".encode()]))
def test_rows_are_the_same_by_columns_and_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, content: list[tuple[str, str]], more: bytes
) -> None:
    path = tmp_path_factory.mktemp("rows") / "smb_files.log"
    rows = b"".join((row + end).encode("utf-8", "surrogatepass") for row, end in content)
    path.write_bytes(HEADER.encode() + rows + b"1521911754.600639\t" + more + b"\tn\t1\t-")
    one_by_one = read_path(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zeek_columns, "_LEAST", 1)
        assert by_number(read_path(path)) == by_number(one_by_one)


def blocks_of(path: Path) -> list[Block]:
    (source,) = discover([str(path)])
    return [batch for batch in read(source, WANTED, lambda *_: None) if isinstance(batch, Block)]


def test_a_damaged_row_costs_itself_and_the_others_stay_together(tmp_path: Path) -> None:
    rows = [f"1521911754.{place:06d}\tC{place}\ta\\\\b\t1\t-" for place in range(200)]
    rows[50], rows[150] = rows[50] + "\tmore", "garbage"
    path = tmp_path / "smb_files.log"
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    (block,) = blocks_of(path)
    assert (len(block), block.number[0].as_py(), block.number[-1].as_py()) == (198, 8, 207)
    assert next(iter(block)).fields["name"] == "a\\b"
    assert read_path(path).skips == [(58, "6 columns where #fields names 5"), (158, "1 columns where #fields names 5")]


@pytest.mark.parametrize(
    "header", [HEADER.replace("\tname\t", "\tuid\t"), HEADER.replace("\tts\t", "\ttime\t"), HEADER.replace("\\x09", "\\x0d")]
)
def test_headers_that_columns_cannot_stand_for_are_read_row_by_row(tmp_path: Path, header: str) -> None:
    path = tmp_path / "smb_files.log"
    path.write_text(header + "1521911754.600639\tC\tn\t1\t-\n" * 100, encoding="utf-8")
    assert blocks_of(path) == [] or "\ttime\t" in header


def test_only_names_that_are_read_are_columns(tmp_path: Path) -> None:
    path = tmp_path / "smb_files.log"
    path.write_text(HEADER + "1521911754.600639\tC\tn\t1\t-\n" * 100, encoding="utf-8")
    (source,) = discover([str(path)])
    wanted = type(WANTED)(WANTED.windows, WANTED.channels, WANTED.zeek, read={"zeek-smb-files": frozenset({"name"})})
    (block,) = [batch for batch in read(source, wanted, lambda *_: None) if len(batch)]
    assert isinstance(block, Block)
    assert list(block.fields) == ["ts", "name"]
