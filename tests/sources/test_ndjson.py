"""JSON lines: numbering, mixed shapes, bad lines, and the proof that the prefilter loses nothing."""

from __future__ import annotations

import io
import json
from pathlib import Path

import msgspec
import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graphcorr.errors import RecordError
from graphcorr.model.records import Record
from graphcorr.sources import streams
from graphcorr.sources.base import Context
from graphcorr.sources.inputs import discover
from graphcorr.sources.json_text import decode_json
from graphcorr.sources.ndjson import Head, WideHead, is_unwanted
from graphcorr.sources.rows import read_row
from tests.sources.reads import WANTED, flat, ignore, read_bytes, read_path

PSEXEC = "OTRF+Security-Datasets/datasets/atomic/windows/lateral_movement/host/empire_psexec_dcerpc_tcp_svcctl.zip"


def fully(line: bytes) -> Record | None:
    """What the line is without any prefilter."""
    return read_row(decode_json(line), line, 1, Context(WANTED, "input.log", ignore))


def dismissed(line: bytes) -> bool:
    """Whether a prefilter, the short or the wide one, dismisses the line."""
    for head in (Head, WideHead):
        try:
            if is_unwanted(msgspec.json.decode(line, type=head), WANTED):
                return True
        except (msgspec.DecodeError, RecursionError):
            pass
    return False


IDS = st.sampled_from([1, 11, 4624, 4688, 3, 5156, "1", " 11 ", "3", "x", 1.0, 3.5, None, True, -1, 10**30, ""])
NAMES = st.sampled_from(["Microsoft-Windows-Sysmon", "MICROSOFT-WINDOWS-SECURITY-AUDITING", "Other", None, 7])
EVENT = st.fixed_dictionaries(
    {},
    optional={"System": st.fixed_dictionaries({}, optional={"EventID": st.one_of(IDS, st.fixed_dictionaries({"#text": IDS}))}) | IDS},
)
WINLOG = st.fixed_dictionaries({}, optional={"event_id": IDS, "provider_name": NAMES, "event_data": st.just({"EventID": 3})})
XML = st.sampled_from(
    [
        '<Event xmlns="x"><System><Provider Name="Microsoft-Windows-Sysmon"/><EventID>1</EventID></System></Event>',
        "<Event><System><EventID>3</EventID></System></Event>",
        "text",
    ]
)
ROWS: st.SearchStrategy[dict[str, object]] = st.fixed_dictionaries(
    {},
    optional={
        "EventID": IDS,
        "SourceName": NAMES,
        "ProviderName": NAMES,
        "winlog": WINLOG | IDS,
        "Event": EVENT | IDS,
        "event_id": IDS,
        "computer_name": st.just("ws5"),
        "Id": IDS,
        "Properties": st.just([]),
        "_path": st.sampled_from(["conn", "CONN", "ssl", None, 7]),
        "@stream": st.sampled_from(["conn", "ssl", None]),
        "ts": st.sampled_from([1.5, None]),
        "uid": st.just("C1"),
        "_raw": XML | IDS,
        "_source": st.fixed_dictionaries({}, optional={"EventID": IDS, "SourceName": NAMES}),
        "result": st.fixed_dictionaries({}, optional={"_raw": XML}),
        "text": st.sampled_from(['"EventID":3', '\\"EventID\\":3,', "\ud800", 'x"_raw":"']),
    },
)
ESCAPES = {'"EventID"': '"\\u0045ventID"', '"_raw"': '"\\u005fraw"', '"winlog"': '"winlo\\u0067"'}


@given(ROWS, st.sets(st.sampled_from(sorted(ESCAPES))), IDS)
@example({"EventID": 3, "text": '\\"EventID\\":1'}, set(), None)
@example({"winlog": {"event_id": 1, "event_data": {"EventID": 3}, "provider_name": "Microsoft-Windows-Sysmon"}}, set(), None)
def test_what_the_prefilter_dismisses_is_never_wanted(row: dict[str, object], escaped: set[str], second: object) -> None:
    text = json.dumps(row)
    for key in escaped:
        text = text.replace(key, ESCAPES[key])
    duplicated = text[:-1] + (", " if row else "") + f'"EventID": {json.dumps(second)}}}'
    for line in (text.encode(), duplicated.encode()):
        if dismissed(line):
            try:
                assert fully(line) is None
            except RecordError as error:
                # Dismissed and counted as a record; unread it would have been a skip. Only the reader knows better.
                pytest.fail(f"dismissed, but the full decode explains: {error.reason}")


def test_the_prefilter_loses_no_record_of_a_real_log(shared: Path) -> None:
    path = shared / "datasets" / PSEXEC
    (source,) = discover([str(path)])
    opened = source.open()
    pieces = []
    while piece := opened.read(1 << 20):
        pieces.append(piece)
    opened.close()
    expected = [number for number, line in enumerate(b"".join(pieces).splitlines(), 1) if fully(line) is not None]
    assert read_path(path).numbers == expected
    assert len(expected) == 47


def test_records_are_numbered_by_non_empty_lines(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + flat(3) + b"\r\n\r\n   \n" + flat(1) + b"\n\n" + flat(3) + b"\r\n" + flat(11)
    result = read_bytes(tmp_path, content)
    assert (result.format, result.status, result.count, result.numbers) == ("ndjson", "read", 4, [2, 4])
    assert result.records[0].raw == flat(1)
    assert result.records[1].raw == flat(11)


def test_shapes_may_be_mixed_line_by_line(tmp_path: Path) -> None:
    zeek = b'{"_path":"conn","ts":1.5,"uid":"C1","id.orig_h":"10.0.0.1"}'
    beat = orjson.dumps({"@timestamp": "2020-01-01T00:00:00Z", "winlog": {"event_id": 1, "provider_name": "Microsoft-Windows-Sysmon"}})
    result = read_bytes(tmp_path, b"\n".join([flat(1), zeek, beat, flat(3), b'{"_path":"ssl","ts":1}', flat(11)]))
    assert [(record.number, record.log) for record in result.records] == [
        (1, "sysmon-1"),
        (2, "zeek-conn"),
        (3, "sysmon-1"),
        (6, "sysmon-11"),
    ]
    assert (result.count, result.skips) == (6, [])


def test_a_bad_line_loses_only_itself(tmp_path: Path) -> None:
    lines = [flat(1), b'{"EventID":1,"x":', flat(11), b'["EventID"]', b'{"other":1}', b"plain text", flat(1)]
    result = read_bytes(tmp_path, b"\n".join(lines))
    assert result.numbers == [1, 3, 7]
    assert result.skips == [
        (2, "not JSON: Expecting value at character 17"),
        (4, "no known shape: not a JSON object"),
        (5, "no known shape"),
        (6, "not JSON: Expecting value at character 0"),
    ]
    assert (result.status, result.reason) == ("partly", "4 of 7 records skipped")


def test_a_line_over_the_limit_is_one_skip_and_never_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LINE_LIMIT", 4096)
    monkeypatch.setattr(streams, "CHUNK_SIZE", 256)
    result = read_bytes(tmp_path, flat(1) + b"\n" + flat(1, x="y" * 20_000) + b"\n" + flat(11) + b"\n" + flat(1, x="y" * 20_000))
    assert result.numbers == [1, 3]
    assert result.skips == [(2, "the line is longer than 64 MiB"), (4, "the line is longer than 64 MiB")]


@pytest.mark.parametrize("size", [1, 7, 64, 256, 1000])
@pytest.mark.parametrize("before", [1, 100, 200])
def test_only_its_length_makes_a_line_too_long(monkeypatch: pytest.MonkeyPatch, before: int, size: int) -> None:
    """Not where the chunks end. Blank lines are no exception."""
    monkeypatch.setattr(streams, "LINE_LIMIT", 4096)
    monkeypatch.setattr(streams, "CHUNK_SIZE", size)
    lines = [b"a" * before, b"b" * 4096, b"c" * 4097, b"d", b" " * 4096, b" " * 4097, b"e" * 4096]
    read = [line for block in streams.split_lines(io.BytesIO(b"\n".join(lines))) for line in block if line != b""]
    assert read == [None if len(line) > 4096 else line for line in lines]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_byte_order_marks_of_files_put_together_are_no_part_of_a_line(tmp_path: Path, encoding: str) -> None:
    lines = [flat(1, x="\ufeff"), flat(11), b"", flat(1)]
    text = "".join(f"\ufeff{line.decode()}\n" for line in lines) + "\ufeff\ufeff" + flat(11).decode() + "\n\ufeff"
    result = read_bytes(tmp_path, text.encode(encoding))
    assert [record.raw for record in result.records] == [*lines[:2], lines[3], flat(11)]
    assert (result.numbers, result.count, result.status) == ([1, 2, 3, 4], 4, "read")


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_chunks_do_not_change_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(streams, "CHUNK_SIZE", size)
    result = read_bytes(tmp_path, b"\n\n".join(flat(1, n=number) for number in range(20)))
    assert [record.fields["n"] for record in result.records] == list(range(20))
    assert result.numbers == list(range(1, 21))


def test_batches_stay_small_and_keep_every_record(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, b'{"EventID":1,"SourceName":"Microsoft-Windows-Sysmon"}\n' * 10_000)
    assert result.numbers == list(range(1, 10_001))
