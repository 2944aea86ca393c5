"""Zeek's rows in JSON, from Zeek itself and from those who ship them: which log a row is of, its time, its fields by their own names."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tests.sources.reads import read_bytes, read_one

ZEEK = {"ts": 1588316975.913849, "uid": "CpIn", "id.orig_h": "10.0.1.4", "id.resp_h": "10.0.0.4", "conn_state": "SF"}


@pytest.mark.parametrize(
    "row",
    [
        {"_path": "conn", **ZEEK},
        ZEEK,
        {"@stream": "conn", "ts": ZEEK["ts"], "uid": "CpIn", "id_orig_h": "10.0.1.4", "id_resp_h": "10.0.0.4", "conn_state": "SF"},
        {"ts": ZEEK["ts"], "uid": "CpIn", "id": {"orig_h": "10.0.1.4", "resp_h": "10.0.0.4"}, "conn_state": "SF"},
        {"ts": ZEEK["ts"], "uid": "CpIn", "id-orig_h": "10.0.1.4", "id:resp_h": "10.0.0.4", "conn_state": "SF"},
        {"ts": ZEEK["ts"], "uid": "CpIn", "src_ip": "10.0.1.4", "dst_ip": "10.0.0.4", "conn_state": "SF"},
        {"conn": ZEEK},
        {"@timestamp": "later", "json": ZEEK},
        {"path": "conn", **ZEEK},
        {"fields": {name: [value] for name, value in ZEEK.items()}},
        {"_time": "later", "_raw": orjson.dumps({"_path": "conn", **ZEEK}).decode(), "host": "sensor"},
        {"@timestamp": "later", "message": orjson.dumps(ZEEK).decode(), "log": {"file": {"path": "/opt/zeek/logs/current/conn.log"}}},
    ],
)
def test_zeek(tmp_path: Path, row: dict[str, object]) -> None:
    record = read_one(tmp_path, row)
    assert (record.log, record.created) == ("zeek-conn", 1588316975.913849)
    assert record.fields.items() >= ZEEK.items()


@pytest.mark.parametrize(
    ("time", "created"),
    [
        ({"ts": 1588316975913}, 1588316975913.0),
        ({"ts": "2020-05-01T07:09:35.913849Z"}, "2020-05-01T07:09:35.913849Z"),
        ({"timestamp": "2020-05-01T07:09:35.913849Z"}, "2020-05-01T07:09:35.913849Z"),
        ({"_write_ts": "2020-05-01T07:09:36.000000Z"}, None),
    ],
    ids=["milliseconds", "text", "renamed", "written"],
)
def test_times_of_zeek_rows(tmp_path: Path, time: dict[str, object], created: object) -> None:
    row = {**ZEEK, "_path": "conn", **time}
    record = read_one(tmp_path, row if "ts" in time else {name: value for name, value in row.items() if name != "ts"})
    assert (record.created, record.ingested) == (created, None if created else time["_write_ts"])


def test_a_zeek_row_of_a_wanted_file_is_told_where_its_fields_are_renamed(tmp_path: Path) -> None:
    row: dict[str, object] = {"ts": 1.5e9, "uid": "C1", "id.orig_h": "10.0.1.4", "id.resp_h": "10.0.0.4", "action": "SMB::FILE_OPEN"}
    assert read_one(tmp_path, row, "smb_files.log").log == "zeek-smb-files"  # Zeek leaves out a name that it does not know
    row["what"] = row.pop("action")
    result = read_bytes(tmp_path, orjson.dumps(row), "smb_files.log")
    assert result.skips == [(1, "the file is named smb_files, and the row has no action and no name")]
    assert (result.records, result.status) == ([], "partly")


def test_zeek_rows_that_do_not_name_their_log(tmp_path: Path) -> None:
    both = {**ZEEK, "query": "example.org"}
    assert read_one(tmp_path, both, "dns.2020-05-01.log").log == "zeek-dns"
    assert read_one(tmp_path, both, "conn.log").log == "zeek-conn"
    for row, name in ((both, "x.log"), ({"ts": 1, "uid": "C", "version": "TLSv12"}, "ssl.log")):
        result = read_bytes(tmp_path, orjson.dumps(row), name)
        assert (result.records, result.count, result.skips) == ([], 1, [])


@pytest.mark.parametrize(
    "row",
    [
        {"ts": 1.5e9, "peer": "zeek", "mem": 66, "pkts_proc": 1},
        {"ts": 1.5e9, "node": "zeek", "filter": "ip or not ip", "init": True},
        {"ts": 1.5e9, "fingerprint": "aa", "certificate.version": 3},
    ],
    ids=["stats", "packet_filter", "x509"],
)
def test_zeek_rows_about_no_connection_are_not_wanted(tmp_path: Path, row: dict[str, object]) -> None:
    result = read_bytes(tmp_path, orjson.dumps(row))
    assert (result.records, result.count, result.skips, result.status) == ([], 1, [], "read")
