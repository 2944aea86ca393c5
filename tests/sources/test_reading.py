"""Hostile and broken content, whatever the format: explained, and never more lost than is broken."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
import xxhash

from graphcorr.errors import InputError
from graphcorr.sources.base import Batch, Context, Stream
from graphcorr.sources.inputs import discover
from graphcorr.sources.reading import read
from tests.sources.reads import WANTED, flat, ignore, read_bytes

LINES = flat(1, CommandLine="café \U0001f40d") + b"\n" + flat(11) + b"\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_encodings_with_and_without_a_mark(tmp_path: Path, encoding: str) -> None:
    result = read_bytes(tmp_path, LINES.decode().encode(encoding))
    assert (result.format, result.status, result.numbers) == ("ndjson", "read", [1, 2])
    assert result.records[0].fields["CommandLine"] == "café \U0001f40d"
    assert result.records[0].raw == LINES.splitlines()[0]


def test_utf_16_with_a_mark_in_the_other_order(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, b"\xfe\xff" + LINES.decode().encode("utf-16-be"))
    assert (result.status, result.numbers) == ("read", [1, 2])


def test_bytes_that_are_no_utf_8_are_a_skip_and_no_guess(tmp_path: Path) -> None:
    line = flat(1, CommandLine="caf?").replace(b"?", b"\xe9")
    result = read_bytes(tmp_path, flat(1) + b"\n" + line + b"\n" + flat(11))
    assert result.numbers == [1, 3]
    assert result.skips == [(2, f"byte {line.index(0xE9)} (0xe9) is not UTF-8")]


def test_bytes_that_are_no_utf_8_in_the_event_id_itself(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, flat(1) + b'\n{"EventID":"1\xe9"}\n{"_raw":"\xe9"}\n' + flat(11))
    assert (result.numbers, [number for number, _ in result.skips]) == ([1, 4], [2, 3])


def test_a_lone_surrogate_is_read_and_replaced(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, flat(1, Image="?").replace(b"?", b"C:\\\\\\ud800.exe"))
    assert (result.status, result.records[0].fields["Image"]) == ("read", "C:\\\ufffd.exe")


def test_numbers_of_hundreds_of_digits_are_read(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, flat(1, n=7).replace(b":7", b":" + b"9" * 400))
    assert (result.status, result.records[0].fields["n"]) == ("read", 10**400 - 1)
    result = read_bytes(tmp_path, flat(11) + b"\n" + flat(1, n=7).replace(b":7", b":" + b"9" * 5000))
    assert result.skips == [(2, "a number has too many digits")]


def test_deep_nesting_is_a_skip(tmp_path: Path) -> None:
    deep = flat(1, x=7).replace(b":7", b":" + b"[" * 100_000 + b"]" * 100_000)
    result = read_bytes(tmp_path, flat(1) + b"\n" + deep + b"\n" + flat(11))
    assert (result.numbers, result.skips) == ([1, 3], [(2, "JSON nested too deeply")])


def test_of_duplicate_keys_the_last_one_counts(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, b'{"EventID":3,"SourceName":"Microsoft-Windows-Sysmon","EventID":1}\n' + flat(1)[:-1] + b',"EventID":3}')
    assert (result.numbers, result.count, result.skips) == ([1], 2, [])


def test_nul_bytes(tmp_path: Path) -> None:
    inside = flat(1, Image="a?b").replace(b"?", b"\0")
    result = read_bytes(tmp_path, flat(1) + b"\n" + inside + b"\n" + bytes(512) + b"\n" + bytes(40) + flat(11) + b"\n" + bytes(99))
    assert result.numbers == [1, 2, 4]
    assert result.records[1].fields["Image"] == "a\0b"
    assert [number for number, _ in result.skips] == [3, 5]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"\r\n \n", "the file holds only blank lines"),
        (b'{"client_id":"C.1","agent_information":{"version":"0.7"},"os_info":{}}\n', "what Velociraptor knows of the machine, not a log"),
        (
            b'{\n "session_id": "F.1",\n "total_uploaded_files": 3,\n "artifacts_with_results": []\n}\n',
            "what Velociraptor was asked to collect, not a log",
        ),
        (
            b'{"Timestamp":"2026-01-05T10:00:00Z","vfs_path":"uploads/auto/C%3A/x.evtx","file_size":9,"uploaded_size":9}\n',
            "Velociraptor's list of what it collected, not a log",
        ),
        (b'{"_ts":1767607200,"client_time":1767607200,"level":"INFO","message":"done"}\n', "Velociraptor's own messages, not a log"),
        (
            b'{"CopiedOnTimestamp":1,"SourceFile":"C:\\\\a","DestinationFile":"C:\\\\a","FileSize":1}\n',
            "Velociraptor's list of what it collected, not a log",
        ),
        (
            b"CopiedTimestamp,SourceFile,DestinationFile,FileSize,DeferredCopy\n2026-01-05,C:\\a,D:\\a,9,False\n",
            "KAPE's list of what it copied, not a log",
        ),
        (bytes(5000), "the file begins with nothing but NUL bytes"),
        (bytes(range(256)) * 20, "binary content of no known format"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n",
            "a pointer of Git LFS, not the file itself; fetch it with git lfs pull",
        ),
        (b"\x30\0\0\0LfLe\1\0\0\0", "an event log of Windows XP or 2003 (.evt) is not read; only .evtx is"),
        (b"a,b,c\n1,2,3\n", "a table whose columns no log type reads: a, b, c"),
        (b"a,b,c,d,e,f,g,h,i,j\n", "a table whose columns no log type reads: a, b, c, d, e, f, g, h and 2 more"),
        (b"1,2,3\n4,5,6\n", "looks like CSV whose first row does not name its columns; export it with them"),
        (b"<html><body>hello</body></html>", "XML without Windows events"),
        (
            b"<14>1 2024-05-01T10:00:00Z ws5 x - - - y",
            "syslog messages are not read; export the events themselves as JSON, XML or EVTX",
        ),
        (b"{\n bad", "looks like JSON, but no complete object stands at its beginning"),
        (b"just some words\n", "text of no known format"),
        (b'{"some":"settings","not":"a log"}\n', "no record has a known shape"),
        (b'A text\nwith an example:\n{"some":"settings"}\n', "no record has a known shape"),
    ],
)
def test_what_is_no_log_says_why(tmp_path: Path, content: bytes, reason: str) -> None:
    result = read_bytes(tmp_path, content)
    assert (result.status, result.reason, result.records) == ("not_understood", reason, [])


def test_event_traces_are_told_by_name_only_where_content_says_nothing(tmp_path: Path) -> None:
    reason = "event trace logs (.etl) are not read; convert it with tracerpt or wevtutil"
    assert read_bytes(tmp_path, bytes(range(256)), "trace.etl").reason == reason
    assert read_bytes(tmp_path, flat(1), "log.etl").status == "read"


def test_the_digest_is_that_of_the_whole_content(tmp_path: Path) -> None:
    content = LINES * 50_000
    assert read_bytes(tmp_path, content).digest == xxhash.xxh3_128_hexdigest(content)


class _Greedy:
    name = "greedy"
    is_binary = False

    def recognizes(self, head: bytes) -> bool:  # noqa: ARG002
        return True

    def read(self, stream: Stream, context: Context) -> Iterator[Batch]:  # noqa: ARG002
        yield []


class _Hungry(_Greedy):
    name = "hungry"


def test_two_formats_that_claim_one_content_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"anything")
    (source,) = discover([str(path)])
    with pytest.raises(InputError, match="greedy and hungry both claim this content"):
        list(read(source, WANTED, ignore, [_Greedy(), _Hungry()]))


def test_progress_moves_and_memory_does_not(tmp_path: Path) -> None:
    path = tmp_path / "x"
    line = flat(3, Message="m" * 1000) + b"\n"
    path.write_bytes(line * 30_000)
    (source,) = discover([str(path)])
    reading = read(source, WANTED, ignore)
    tracemalloc.start()
    done = [reading.bytes_done for _ in reading]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(done) > 10
    assert done == sorted(done)
    assert reading.bytes_read == len(line) * 30_000
    assert peak < 4 << 20
