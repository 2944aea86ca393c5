"""Zeek's text logs: columns by header, escapes, lists, rows that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.reads import read_bytes

HEADER = """#separator \\x09
#set_separator\t,
#empty_field\t(empty)
#unset_field\t-
#path\tsmb_files
#open\t2024-04-12-19-29-27
#fields\tts\tuid\tname\tsize\ttags
#types\ttime\tstring\tstring\tcount\tset[string]"""


def log(*rows: str, header: str = HEADER, end: str = "#close\t2024-04-12-20-00-00") -> bytes:
    return "\n".join((header, *rows, end, "")).encode()


def test_rows_are_text_by_column_name_and_unset_columns_are_not_there(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, log("1521911754.600639\tC6WW\ta\\\\b\\x09c\t0\tx,y", "1.5\tC7\t(empty)\t-\t(empty)", "2.5\tC8\t-\t-\t-"))
    assert (result.format, result.status, result.count) == ("zeek_tsv", "read", 3)
    assert [record.fields for record in result.records] == [
        {"ts": "1521911754.600639", "uid": "C6WW", "name": "a\\b\tc", "size": "0", "tags": ["x", "y"]},
        {"ts": "1.5", "uid": "C7", "tags": []},
        {"ts": "2.5", "uid": "C8"},
    ]
    assert [(record.log, record.created) for record in result.records[:1]] == [("zeek-smb-files", "1521911754.600639")]
    assert result.numbers == [9, 10, 11]
    assert result.records[1].raw == b"1.5\tC7\t(empty)\t-\t(empty)"


def test_columns_may_change_inside_a_file(tmp_path: Path) -> None:
    second = (
        HEADER.replace("smb_files", "conn")
        .replace("#fields\tts\tuid", "#fields\tuid\tts")
        .replace("#types\ttime\tstring", "#types\tstring\ttime")
    )
    content = (
        log("1.5\tA\tn\t1\t-") + log("B\t2.5\tn\t1\t-", header=second) + log("3\tC\tn\t1\t-", header=HEADER.replace("smb_files", "ssl"))
    )
    result = read_bytes(tmp_path, content)
    assert [(record.log, record.created, record.fields["uid"]) for record in result.records] == [
        ("zeek-smb-files", "1.5", "A"),
        ("zeek-conn", "2.5", "B"),
    ]
    assert (result.count, result.status) == (3, "read")


def test_other_separators(tmp_path: Path) -> None:
    header = HEADER.replace("\t", "|").replace("\\x09", "\\x7c").replace("_separator|,", "_separator|;").replace("field|-", "field|?")
    result = read_bytes(tmp_path, log("1|A|n|?|x;y", header=header, end=""))
    assert [record.fields for record in result.records] == [{"ts": "1", "uid": "A", "name": "n", "tags": ["x", "y"]}]


@pytest.mark.parametrize(
    ("ends", "own"),
    [
        ("id_orig_h\tid_resp_h", {"id.orig_h": "10.0.0.5", "id.resp_h": "10.0.0.9"}),
        ("id::orig_h\tID-resp_h", {"id.orig_h": "10.0.0.5", "id.resp_h": "10.0.0.9"}),
        ("src\tdst", {"id.orig_h": "10.0.0.5", "id.resp_h": "10.0.0.9"}),
        ("tx\tid.resp_h", {"tx": "10.0.0.5", "id.resp_h": "10.0.0.9"}),
    ],
)
def test_columns_have_zeeks_own_names_whatever_the_settings_call_them(tmp_path: Path, ends: str, own: dict[str, str]) -> None:
    header = HEADER.replace("\tuid", f"\tuid\t{ends}").replace("\ttime\tstring", "\ttime\tstring\taddr\taddr")
    result = read_bytes(tmp_path, log("1.5\tA\t10.0.0.5\t10.0.0.9\tn\t1\tx", header=header))
    assert [record.fields for record in result.records] == [{"ts": "1.5", "uid": "A", **own, "name": "n", "size": "1", "tags": ["x"]}]


def test_a_header_without_a_path_is_told_by_its_columns(tmp_path: Path) -> None:
    header = "#fields\tts\tuid\tid.orig_h\tid.resp_h\taction\tname"
    result = read_bytes(tmp_path, log("2024-03-05T09:14:02+0000\tA\t10.0.0.5\t10.0.0.9\tSMB::FILE_OPEN\tn", header=header, end=""))
    assert [(record.log, record.created) for record in result.records] == [("zeek-smb-files", "2024-03-05T09:14:02+0000")]
    result = read_bytes(tmp_path, log("1.5\tA\tn", header="#fields\tts\tuid\twhat", end=""))
    assert result.skips == [(2, "a row before the #path and #fields lines that describe it")]


def test_a_bad_row_loses_only_itself(tmp_path: Path) -> None:
    rows = ["1\tA\tn\t1\t-", "1\tA\tn\t1", "XXXXXXXXXX.XXXXXX\tA\tn\t1\t-", "soon\tA\tn\t1\t-", "-\tA\tn\t1\t-", "2\tB\tn\t1\t-"]
    result = read_bytes(tmp_path, log(*rows))
    assert result.numbers == [9, 14]
    assert result.skips == [
        (10, "4 columns where #fields names 5"),
        (11, "the time is masked: XXXXXXXXXX.XXXXXX"),
        (12, "the time is not a number: soon"),
        (13, "the row has no time"),
    ]
    assert (result.status, result.reason) == ("partly", "4 of 6 records skipped")


def test_a_row_before_its_header_and_bytes_that_are_no_text(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, b"#separator \\x09\n1\tA\n" + log("1\tA\t?\t1\t-").replace(b"?", b"\xe9"))
    assert result.records == []
    assert result.skips == [(2, "a row before the #path and #fields lines that describe it"), (11, "byte 4 (0xe9) is not UTF-8")]


def test_carriage_returns_and_no_final_newline(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, log("1\tA\tn\t1\tx").replace(b"\n", b"\r\n") + b"2\tB\tn\t1\ty")
    assert [record.fields["tags"] for record in result.records] == [["x"], ["y"]]
