"""Documents of Zeek logs in ECS: the line as Zeek wrote it where they have it, and else what the pipelines left of it."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tests.sources.reads import read_bytes

ROW: dict[str, object] = {
    "ts": 1709630042.123456,
    "uid": "CHhAvVGS1DHFjwGM9",
    "id.orig_h": "10.0.0.5",
    "id.orig_p": 51515,
    "id.resp_h": "10.0.0.9",
    "id.resp_p": 445,
    "action": "SMB::FILE_OPEN",
    "path": "\\\\h\\C$",
    "name": "a.exe",
    "size": 0,
}
LINE = orjson.dumps(ROW).decode()
TOLD = {"uid": "CHhAvVGS1DHFjwGM9", "id.orig_h": "10.0.0.5", "id.resp_h": "10.0.0.9", "path": "\\\\h\\C$", "name": "a.exe"}
ECS: dict[str, object] = {
    "@timestamp": "2024-03-05T09:14:02.123Z",
    "source": {"ip": "10.0.0.5", "port": 51515},
    "destination": {"address": "10.0.0.9", "port": 445},
}
MODULE: dict[str, object] = {
    "event": {"dataset": "zeek.smb_files"},
    "zeek": {"session_id": ROW["uid"], "smb_files": {"action": "SMB::FILE_OPEN", "path": "\\\\h\\C$", "name": "a.exe"}},
    "file": {"path": "\\\\h\\C$\\a.exe"},
}
ONION: dict[str, object] = {
    "event": {"module": "zeek", "dataset": "smb_files"},
    "log": {"id": {"uid": ROW["uid"]}},
    "file": {"action": "SMB::FILE_OPEN", "path": "\\\\h\\C$", "name": "a.exe"},
}


@pytest.mark.parametrize(
    "row",
    [
        {**ECS, **MODULE},
        {**ECS, "event": {"dataset": "zeek.smb_files", "original": LINE}},
        {**ECS, **ONION},
        {**ECS, "event": {"module": "zeek", "dataset": "smb_files"}, "message": LINE},
        {"_index": "x", "_source": {**ECS, **MODULE}},
        {**ECS, "event.dataset": "zeek.smb_files", "event.original": LINE},
        {"fields": {"@timestamp": [ECS["@timestamp"]], "event.dataset": ["zeek.smb_files"], "event.original": [LINE]}},
        {"@timestamp": "later", "message": LINE, "log": {"file": {"path": "/opt/zeek/smb_files.log"}}},
    ],
    ids=["module", "original", "onion", "onion's message", "dumped", "dots", "kibana", "shipped"],
)
def test_one_row_in_every_document(tmp_path: Path, row: dict[str, object]) -> None:
    result = read_bytes(tmp_path, orjson.dumps(row))
    assert (result.skips, len(result.records)) == ([], 1)
    (record,) = result.records
    assert (record.log, record.created) in [("zeek-smb-files", ROW["ts"]), ("zeek-smb-files", ECS["@timestamp"])]
    assert record.fields.items() >= TOLD.items()


def test_what_a_document_leaves_out_is_told(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, orjson.dumps({"@timestamp": "2024-03-05T09:14:02Z", "event": {"dataset": "zeek.smb_files"}, "file": {}}))
    assert result.skips == [(1, "the document has neither Zeek's line nor fields of it under a known name")]


def test_other_logs_of_zeek_are_not_wanted(tmp_path: Path) -> None:
    result = read_bytes(tmp_path, orjson.dumps({**ECS, "event": {"dataset": "zeek.ssl"}}))
    assert (result.records, result.skips, result.status) == ([], [], "read")


def test_sender_and_receiver_of_a_file_are_no_ends(tmp_path: Path) -> None:
    row = {**ECS, "event": {"dataset": "zeek.dns"}, "zeek": {"dns": {"is_orig": True, "fuid": "F1"}}}
    (record,) = read_bytes(tmp_path, orjson.dumps(row)).records
    assert not {"id.orig_h", "id.resp_h"} & record.fields.keys()
