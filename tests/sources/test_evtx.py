"""Event logs: whole, damaged chunk by chunk, cut off."""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import orjson
import pytest

from graphcorr.logs.batch import normalize
from graphcorr.logs.catalog import wanted
from graphcorr.sources.evtx_chunks import Chunk
from graphcorr.sources.inputs import discover
from tests.sources.reads import Pass, read_bytes, read_input, read_path

WRITES = "sbousseaden+EVTX-ATTACK-SAMPLES/Lateral Movement/LM_5145_Remote_FileCopy.evtx"
"""10 chunks with 869 records, all of them 5145, then 7 chunks of zeros."""
CHUNK = 65536


@pytest.fixture
def content(shared: Path) -> bytearray:
    return bytearray((shared / "datasets" / WRITES).read_bytes())


def at(index: int) -> int:
    """Offset of the chunk, counted from 1."""
    return 4096 + (index - 1) * CHUNK


def read(folder: Path, content: bytes | bytearray) -> Pass:
    return read_bytes(folder, bytes(content), "x.evtx")


def test_records_are_numbered_in_order_and_say_where_they_come_from(shared: Path) -> None:
    result = read_path(shared / "datasets" / WRITES)
    assert (result.format, result.status, result.count, result.skips) == ("evtx", "read", 869, [])
    assert result.numbers == list(range(1, 870))
    first = result.records[0]
    assert (first.log, first.computer, first.channel, first.record_id) == ("security-5145", "PC01.example.corp", "Security", 437472)
    assert (first.created, first.collector, first.event_time, first.ingested) == ("2019-03-18T14:23:22.134722Z", None, None, None)
    assert first.fields["ShareName"] == "\\\\*\\C$"
    assert orjson.loads(first.raw)["Event"]["EventData"] == first.fields


def test_the_header_count_of_chunks_is_not_believed(tmp_path: Path, content: bytearray) -> None:
    struct.pack_into("<H", content, 42, 2)
    assert len(read(tmp_path, content).records) == 869


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (bytes(CHUNK - 512), "chunk 2 is damaged: 99 of its records 99-197 could not be read"),
        (b"\xff" * (CHUNK - 512), "chunk 2 is damaged: 99 of its records 99-197 could not be read"),
    ],
)
def test_a_damaged_chunk_loses_only_itself_and_says_how_much(tmp_path: Path, content: bytearray, damage: bytes, reason: str) -> None:
    content[at(2) + 512 : at(3)] = damage
    result = read(tmp_path, content)
    assert len(result.records) == 770
    assert result.numbers == list(range(1, 771))
    ((number, said),) = result.skips
    assert number is None
    assert said.split(" (")[0] == reason
    assert result.status == "partly"


def test_a_cut_off_chunk_gives_the_records_that_it_holds(tmp_path: Path, content: bytearray) -> None:
    whole = len(read(tmp_path, content[: at(4)]).records)
    result = read(tmp_path, content[: at(4) + CHUNK // 2])
    assert result.status == "partly"
    assert result.reason is not None
    assert result.reason.startswith("the file is cut off inside chunk 4")
    assert whole < len(result.records) < whole + 99
    assert len(result.skips) == 1


def test_a_header_alone_and_a_piece_of_one(tmp_path: Path, content: bytearray) -> None:
    lone = read(tmp_path, content[:4096])
    assert (lone.status, lone.count) == ("partly", 0)
    assert lone.reason == "10 of the 10 chunks that the file header counts are missing or empty"
    assert read(tmp_path, content[:900]).reason == "the file is cut off inside its header"


def test_user_data_is_opened_and_the_headers_account_kept(shared: Path) -> None:
    result = read_path(
        shared
        / "datasets"
        / "Yamato-Security+hayabusa-sample-evtx/YamatoSecurity/LateralMovement"
        / ("T1210_Zerologon_WindowsDefaultLogging.evtx")
    )
    cleared = result.records[0]
    assert cleared.log == "security-1102"
    assert cleared.fields == {
        "SubjectUserSid": "S-1-5-21-3684832485-3471852018-3987709081-500",
        "SubjectUserName": "Administrator",
        "SubjectDomainName": "TEST",
        "SubjectLogonId": "0x67589",
    }


def test_the_fields_that_are_decoded_are_those_that_the_events_are_made_of(shared: Path) -> None:
    every = wanted()
    whole = dataclasses.replace(every, names={})
    count = 0
    for source in discover([str(shared / "datasets/sbousseaden+EVTX-ATTACK-SAMPLES")]):
        some, all_ = read_input(source, every).records, read_input(source, whole).records
        assert normalize(some) == normalize(all_)
        count += sum(len(one.fields) < len(other.fields) for one, other in zip(some, all_, strict=True))
    assert count > 900


def test_a_damaged_file_header_does_not_hide_the_chunks(tmp_path: Path, content: bytearray) -> None:
    content[:8] = bytes(8)
    result = read(tmp_path, content)
    assert (len(result.records), result.status) == (869, "partly")
    assert result.reason == "the file header is damaged; the chunks behind it were read"


def test_chunks_that_the_header_counts_and_the_file_lacks_are_told(tmp_path: Path, content: bytearray) -> None:
    result = read(tmp_path, content[: at(8)])
    assert (result.status, result.reason) == ("partly", "3 of the 10 chunks that the file header counts are missing or empty")


class _Parser:
    """In the place of the real one: the records that it is told, as text."""

    texts: ClassVar[list[str]] = []

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def records_json(self) -> Iterator[dict[str, object]]:
        return iter([{"event_record_id": number, "data": text} for number, text in enumerate(self.texts, 1)])


def test_a_record_that_the_parser_writes_otherwise_is_read_or_explained(
    tmp_path: Path, content: bytearray, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = {"EventID": 5145, "EventRecordID": 7, "Provider": {"#attributes": {"Name": "Microsoft-Windows-Security-Auditing"}}}
    events: list[object] = [
        {"Event": {"System": system, "EventData": {"ShareName": "a"}}},
        {"Event": {"System": system | {"EventID": "5145", "EventRecordID": "8"}, "EventData": {"ShareName": "b"}}},
        {"Event": {"System": system | {"EventID": {"#attributes": {"Qualifiers": 1}, "#text": 5145}, "Security": None}}},
        {"Event": {"System": {"Computer": "x"}}},
        {"Event": {"EventData": {}}},
        ["nothing"],
    ]
    monkeypatch.setattr(_Parser, "texts", [*(orjson.dumps(event).decode() for event in events), "{"])
    monkeypatch.setattr("graphcorr.sources.evtx.PyEvtxParser", _Parser)
    result = read(tmp_path, content[: at(2)])
    starts = [(place.number, place.start) for place in Chunk(1, bytes(content[at(1) : at(2)])).whole[7:]]
    assert [(one.record_id, one.fields.get("ShareName")) for one in result.records] == [(7, "a"), (8, "b"), (7, None)]
    assert [(number, reason.partition(" (")[0]) for number, reason in result.skips] == [
        (4, "the event has no EventID"),
        (5, "the event has no System part"),
        (6, "the record is no event"),
        (7, "the record cannot be decoded"),
        *((None, f"chunk 1 is damaged: record {number} at byte {start} could not be read") for number, start in starts),
    ]
