"""Arrays and objects one after another, across chunk borders, with broken elements."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graphcorr.sources import json_array
from tests.sources.reads import flat, read_bytes

ROWS = [json.loads(flat(number, CommandLine='a "]},{[" \\ café')) for number in (1, 3, 11)]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ROWS),
        json.dumps(ROWS, indent=4, ensure_ascii=False),
        "\n".join(json.dumps(row, indent=2) for row in ROWS),
        "\r\n".join(("[", ",\r\n".join(json.dumps(row) for row in ROWS), "]")),
        "[" + ",".join(json.dumps(row) for row in ROWS),  # its end is missing
        "".join(f"Record {number}\n{json.dumps(row)}\n" for number, row in enumerate(ROWS, 9)),
        "".join(f"Record {number}\r\n{json.dumps(row, indent=2)}\r\n" for number, row in enumerate(ROWS, 9)),
    ],
)
@pytest.mark.parametrize("size", [3, 100, 1 << 18])
def test_elements_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, size: int) -> None:
    monkeypatch.setattr(json_array, "CHUNK_SIZE", size)
    result = read_bytes(tmp_path, text.encode())
    assert (result.format, result.status, result.count, result.numbers) == ("json_array", "read", 3, [1, 3])
    assert [record.fields for record in result.records] == [ROWS[0], ROWS[2]]
    assert json.loads(result.records[0].raw) == ROWS[0]


def test_a_bad_element_loses_only_itself(tmp_path: Path) -> None:
    parts = [
        flat(1),
        b'{"EventID": oops, "n": 2}',
        flat(11),
        flat(1, x="?").replace(b"?", b"\xe9"),
        b"7",
        flat(1, x="?").replace(b"?", b"\\ud800"),
    ]
    result = read_bytes(tmp_path, b"[" + b",\n".join(parts) + b"]")
    assert result.numbers == [1, 3, 6]
    assert result.records[2].fields["x"] == "\ufffd"
    assert result.skips == [
        (2, "not JSON: Expecting value"),
        (4, f"byte {parts[3].index(0xE9)} (0xe9) is not UTF-8"),
        (5, "no known shape: not a JSON object"),
    ]


def test_a_bad_element_between_record_lines(tmp_path: Path) -> None:
    parts = [flat(1), b'{"EventID": oops}', flat(11)]
    result = read_bytes(tmp_path, b"".join(b"Record %d\n%b\n" % part for part in enumerate(parts, 1)))
    assert (result.numbers, result.skips) == ([1, 3], [(2, "not JSON: Expecting value")])


def test_an_array_that_breaks_off_inside_an_element(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, b"[" + flat(1) + b"," + flat(11)[:-9])
    assert result.numbers == [1]
    assert result.skips == [(2, "not JSON: Unterminated string starting at")] or len(result.skips) == 1
    assert result.status == "partly"


def test_deep_nesting_is_a_skip(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, b"[" + flat(1) + b',{"x":' + b"[" * 200_000 + b"]" * 200_000 + b"}," + flat(11) + b"]")
    assert result.skips == [(2, "JSON nested too deeply")]
    assert result.numbers == [1, 3]


def test_an_empty_array_is_a_log_without_records(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, b" [ ]\n")
    assert (result.format, result.status, result.count) == ("json_array", "read", 0)


def test_arrays_with_byte_order_marks_put_together_lose_nothing(tmp_path: Path) -> None:
    array = b"\xef\xbb\xbf[" + flat(1) + b"," + flat(11) + b"]\r\n"
    result = read_bytes(tmp_path, array + array)
    assert (result.numbers, result.skips, result.status) == ([1, 2, 3, 4], [], "read")
