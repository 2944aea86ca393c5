"""Events of OCSF by hand, as a security lake gives them: nested objects, classes as numbers, milliseconds."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphcorr.findings.confidence import Doubt
from graphcorr.logs.catalog import log_types, wanted
from graphcorr.logs.columns import EVENT_SCHEMA
from graphcorr.model.kinds import Kind
from graphcorr.model.progress import Silent
from graphcorr.model.records import Record
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.sources.base import Context
from graphcorr.sources.nesting import flat as flatten
from graphcorr.sources.rows import read_row
from tests.logs.records import columns
from tests.settings import own_settings
from tests.sources.reads import ignore

HEAD: Final[dict[str, object]] = {
    "metadata": {"version": "1.3.0", "product": {"name": "Agent"}},
    "device": {"hostname": "pump.werk.example"},
    "severity": "Informational",
}
FILE: Final[dict[str, object]] = {
    **HEAD,
    "class_uid": 1001,
    "activity_id": 1,
    "time": 1772442843204,
    "actor": {"process": {"name": "System", "pid": 4}, "user": {"name": "SYSTEM", "domain": "NT AUTHORITY"}},
    "file": {
        "name": "tool.exe",
        "path": "C:\\Temp\\tool.exe",
        "size": 4096,
        "hashes": [{"algorithm": "SHA-256", "algorithm_id": 3, "value": "ab" * 32}, {"algorithm_id": 1, "value": "cd" * 16}],
    },
}
PROCESS: Final[dict[str, object]] = {
    **HEAD,
    "class_uid": 1007,
    "activity_id": 1,
    "time": 1772442849500,
    "actor": {"process": {"file": {"path": "C:\\Windows\\System32\\services.exe"}, "pid": 700}},
    "process": {
        "file": {"path": "C:\\Temp\\tool.exe"},
        "pid": 5120,
        "cmd_line": "C:\\Temp\\tool.exe -q",
        "user": {"name": "SYSTEM", "domain": "NT AUTHORITY"},
    },
}
LOGON: Final[dict[str, object]] = {
    **HEAD,
    "class_uid": 3002,
    "activity_id": 1,
    "status_id": 1,
    "time": 1772442843100,
    "logon_type_id": 3,
    "user": {"name": "otto", "domain": "WERK"},
    "src_endpoint": {"ip": "10.9.0.5", "port": 50123},
}


def record(row: dict[str, object]) -> Record:
    found = read_row(row, orjson.dumps(row), 1, Context(wanted(), "x", ignore))
    assert found is not None
    return found


def told_of(row: dict[str, object], kind: Kind) -> bool:
    """Whether the row tells of the kind."""
    event = columns(record(row))
    kept = {name: value for name, value in event.items() if name in EVENT_SCHEMA.names and name != "time"}
    database = duckdb.connect()
    database.register("events", pa.Table.from_pylist([kept], schema=EVENT_SCHEMA))
    (claim,) = (one for one in log_types()[str(event["log"])].testifies if one.kind is kind)
    ((found,),) = database.execute(f"SELECT coalesce({claim.when}, FALSE) FROM events").fetchall()
    return bool(found)


def test_a_file_and_its_writer() -> None:
    event = columns(record(FILE))
    assert (event["log"], event["computer"], event["path"]) == ("ocsf-file-activity", "pump.werk.example", "C:\\Temp\\tool.exe")
    assert (event["image"], event["pid"], event["hashes"]) == ("System", 4, f"MD5={'CD' * 16},SHA256={'AB' * 32}")
    assert (str(event["time"]), event["precision"]) == ("2026-03-02 09:14:03.204000", 1000)


def test_a_process_and_its_creator() -> None:
    event = columns(record(PROCESS))
    assert (event["image"], event["pid"], event["user"]) == ("C:\\Temp\\tool.exe", 5120, "SYSTEM")
    assert (event["parent_image"], event["parent_pid"]) == ("C:\\Windows\\System32\\services.exe", 700)


@pytest.mark.parametrize(("status", "success"), [(1, True), ("2", False), (99, None)])
def test_logons(status: object, success: bool | None) -> None:
    event = columns(record({**LOGON, "status_id": status}))
    assert (event["target_user"], event["source_address"], event["logon_type"]) == ("otto", "10.9.0.5", 3)
    assert event.get("success") is success


@pytest.mark.parametrize(("direction", "initiated"), [(1, False), (2, True), (0, None)])
def test_connections(direction: int, initiated: bool | None) -> None:
    ends = {"src_endpoint": {"ip": "10.9.0.8", "port": 49000}, "dst_endpoint": {"ip": "10.9.0.5", "port": 445}}
    row = {**HEAD, "class_uid": 4001, "activity_id": 1, "time": 1772442843100, "connection_info": {"direction_id": direction}, **ends}
    event = columns(record(row))
    assert (event["source_address"], event["target_port"], event.get("initiated")) == ("10.9.0.8", 445, initiated)


def test_a_finding_of_a_product() -> None:
    attack = {"technique": {"uid": "T1569"}, "sub_technique": {"uid": "T1569.002"}, "tactics": [{"uid": "TA0002"}]}
    info = {"title": "Odd service", "uid": "7", "attacks": [attack, "no object"]}
    event = columns(record({**HEAD, "class_uid": 2004, "activity_id": 1, "time": 1772442849500, "severity": "High", "finding_info": info}))
    assert (event["alert"], event["severity"], event["techniques"]) == ("Odd service", "high", ["T1569", "T1569.002"])


SMB: Final[dict[str, object]] = {
    **HEAD,
    "class_uid": 4006,
    "activity_id": 6,
    "status_id": 1,
    "time": 1772442843200,
    "actor": {"user": {"name": "otto", "domain": "WERK"}},
    "src_endpoint": {"ip": "10.9.0.5", "port": 50123},
    "dst_endpoint": {"ip": "10.9.0.8", "port": 445},
    "share": "\\\\pump\\C$",
    "file": {"name": "tool.exe", "path": "Temp\\tool.exe", "type_id": 1},
}


@pytest.mark.parametrize(
    ("path", "relative", "local"),
    [
        ("Temp\\tool.exe", "Temp\\tool.exe", None),
        ("\\\\pump\\C$\\Temp\\tool.exe", "Temp\\tool.exe", None),
        ("C:\\Temp\\tool.exe", None, "C:\\Temp\\tool.exe"),
        (None, "tool.exe", None),
    ],
)
def test_a_file_of_a_share(path: str | None, relative: str | None, local: str | None) -> None:
    event = columns(record({**SMB, "file": {"name": "tool.exe", "path": path}}))
    assert (event["log"], event["computer"], event["share"], event["action"]) == (
        "ocsf-smb-activity",
        "pump.werk.example",
        "\\\\pump\\C$",
        "6",
    )
    assert (event.get("relative_path"), event.get("path"), event["user"], event["source_address"]) == (relative, local, "otto", "10.9.0.5")


def test_a_pipe_of_a_share() -> None:
    event = columns(record({**SMB, "share": "\\\\pump\\IPC$", "file": {"name": "svcctl"}, "status_id": 2}))
    assert (event["pipe"], event["success"]) == ("svcctl", False)


@pytest.mark.parametrize(
    ("class_uid", "own", "seen"), [(4006, "ocsf-smb-activity", "ocsf-smb-seen"), (4001, "ocsf-network-activity", "ocsf-network-seen")]
)
def test_a_monitor_is_told_from_the_machine_itself(class_uid: int, own: str, seen: str) -> None:
    row = {**SMB, "class_uid": class_uid}
    assert columns(record(row))["log"] == own
    event = columns(record({**row, "device": None}))
    assert (event["log"], event.get("computer"), event["target_address"]) == (seen, None, "10.9.0.8")


@pytest.mark.parametrize(("opnum", "action"), [(12, "CreateServiceW"), ("19", "StartServiceW"), (99, None), (None, None)])
def test_a_call_through_a_pipe(opnum: object, action: str | None) -> None:
    call = {"opnum": opnum, "rpc_interface": {"uuid": "367ABB81-9844-35F1-AD32-98F038001003"}}
    event = columns(record({**SMB, "device": None, "dce_rpc": call}))
    assert (event["endpoint"], event.get("action")) == ("svcctl", action)


@pytest.mark.parametrize(("action", "success"), [(1, True), (2, False)])
def test_a_connection_that_was_denied(action: int, success: bool) -> None:
    row = {**SMB, "device": None, "class_uid": 4001, "activity_id": 6, "action_id": action}
    assert columns(record(row)).get("success") is success


@pytest.mark.parametrize(
    ("said", "success"),
    [
        ({}, None),
        ({"status": "Success"}, True),
        ({"status": "Failure"}, False),
        ({"status_id": 99, "status": "STATUS_ACCESS_DENIED"}, False),
        ({"status_code": "0xC0000022"}, False),
        ({"status_code": "3221225506"}, False),
        ({"status_code": "0x0"}, True),
        ({"status_code": "0x103"}, None),
        ({"status_code": "other"}, None),
        ({"action_id": 2}, False),
        ({"disposition_id": 2}, False),
        ({"disposition_id": 15}, None),
        ({"status_id": 1, "action_id": 2}, False),
        ({"status_id": 1, "action_id": 1, "disposition_id": 1}, True),
    ],
)
def test_what_was_asked_for_was_done_or_not(said: dict[str, object], success: bool | None) -> None:
    without = {name: value for name, value in SMB.items() if name != "status_id"}
    assert columns(record({**without, **said})).get("success") is success


@pytest.mark.parametrize(
    ("row", "kind"), [(FILE, Kind.WRITE), ({**FILE, "activity_id": 4}, Kind.REMOVAL), (PROCESS, Kind.PROCESS_START), (SMB, Kind.WRITE)]
)
def test_what_was_not_done_is_told_of_nowhere(row: dict[str, object], kind: Kind) -> None:
    for said, found in (({"status_id": None}, True), ({"status_id": 1}, True), ({"status_id": 2}, False), ({"disposition_id": 2}, False)):
        assert told_of({**row, **said}, kind) is found, said


SERVER: Final = {"hostname": "PUMP.werk.example", "ip": "10.9.0.8"}
CLIENT: Final = {"hostname": "desk", "ip": "10.9.0.5", "port": 50123}
SENSOR: Final = {"hostname": "tap", "ip": "10.9.9.9"}


@pytest.mark.parametrize(
    ("device", "target", "own"),
    [
        ({"hostname": "pump"}, SERVER, True),
        ({"name": "pump"}, SERVER, True),
        ({"hostname": "other-name", "ip": "10.9.0.8"}, SERVER, True),
        ({"hostname": "pump", "ip": "10.8.0.1"}, {"ip": "10.9.0.8"}, True),
        ({"hostname": "desk"}, SERVER, False),
        ({"hostname": "other-name", "ip": "10.9.0.5"}, {"ip": "10.9.0.8"}, False),
        (SENSOR, SERVER, False),
        ({**SENSOR, "type_id": 9}, {"ip": "10.9.0.8"}, False),
        (None, SERVER, False),
    ],
)
@pytest.mark.parametrize("flat", [False, True])
def test_who_speaks_of_an_access(device: dict[str, object] | None, target: dict[str, object], own: bool, flat: bool) -> None:
    """A client's agent and a monitor name themselves as well: the file is on the machine that was connected to."""
    row: dict[str, object] = {**SMB, "device": device, "src_endpoint": CLIENT, "dst_endpoint": target}
    if flat:
        row = dict(flatten(row))
    event = columns(record(row))
    speaker = None if device is None or not own else device.get("hostname", device.get("name"))
    assert (event["log"], event.get("computer")) == ("ocsf-smb-activity" if own else "ocsf-smb-seen", speaker)


@pytest.mark.parametrize(
    ("device", "log"),
    [(SERVER, "ocsf-network-activity"), (SENSOR, "ocsf-network-activity"), ({**SENSOR, "type_id": 9}, "ocsf-network-seen")],
)
def test_a_firewall_is_no_end_of_a_connection(device: dict[str, object], log: str) -> None:
    row = {**SMB, "class_uid": 4001, "activity_id": 1, "device": device, "src_endpoint": CLIENT, "dst_endpoint": SERVER}
    assert columns(record(row))["log"] == log


@pytest.mark.parametrize("device", [{"hostname": "desk", "ip": "10.9.0.5"}, SENSOR, {"hostname": "pump.werk.example"}])
def test_both_ends_have_the_names_that_the_record_gives_them(tmp_path: Path, device: dict[str, object]) -> None:
    row = {**SMB, "device": device, "share": "C$", "src_endpoint": CLIENT, "dst_endpoint": SERVER}
    (tmp_path / "a.json").write_bytes(b"\n".join(map(orjson.dumps, [row, PROCESS])))
    (finding,) = hunt(HuntOptions(paths=(str(tmp_path),), ephemeral=True), own_settings(), Silent()).findings
    assert finding.source is not None
    assert (finding.source.host, finding.source.address, finding.target.host) == ("desk", "10.9.0.5", "pump.werk.example")
    assert Doubt.OUTCOME_OPEN.sentence not in finding.why


def test_numbers_of_a_table_are_read_as_whole_ones() -> None:
    for row, action in ((SMB, "6"), (FILE, "1"), (PROCESS, "1")):
        number = row["activity_id"]
        assert isinstance(number, int)
        assert columns(record({**row, "activity_id": float(number)}))["action"] == action


OPENED: Final = (2, 4)
MADE: Final = (1, 3, 5, 6)


@pytest.mark.parametrize("seen", [False, True], ids=["server", "monitor"])
@pytest.mark.parametrize(
    ("change", "written"),
    [
        *(({"activity_id": number}, True) for number in MADE),
        *(({"activity_id": number}, False) for number in OPENED),
        ({"status_id": 2}, False),
        ({"file": {"path": "Temp", "type_id": 2}}, False),
    ],
)
def test_what_makes_a_file_is_a_write(change: dict[str, object], written: bool, seen: bool) -> None:
    assert told_of({**SMB, **change, **({"device": None} if seen else {})}, Kind.WRITE) is written


def test_another_class_is_told(tmp_path: Path) -> None:
    row = {**HEAD, "class_uid": 6003, "activity_id": 1, "time": 1772442849500}
    (tmp_path / "a.json").write_bytes(orjson.dumps(row) + b"\n" + orjson.dumps(FILE))
    report = hunt(HuntOptions(paths=(str(tmp_path),), ephemeral=True), own_settings(), Silent())
    assert [(skip.record, skip.reason) for skip in report.inputs.skips] == [(1, "no known shape: no log type reads class_uid 6003")]


@pytest.mark.parametrize("form", ["json", "parquet"])
def test_the_chain_with_its_source(tmp_path: Path, form: str) -> None:
    """A client makes a file over a share that its server knows, and it runs: one finding with its source, in either form."""
    rows = [LOGON, SMB, PROCESS]
    if form == "json":
        (tmp_path / "a.json").write_bytes(b"\n".join(map(orjson.dumps, rows)))
    else:  # a lake has a file for each class
        for row in rows:
            pq.write_table(pa.Table.from_pylist([row]), tmp_path / f"{row['class_uid']}.gz.parquet", compression="gzip")
    report = hunt(HuntOptions(paths=(str(tmp_path),), ephemeral=True), own_settings(), Silent())
    assert [file.reason for file in report.inputs.files if file.status != "read"] == []
    (finding,) = report.findings
    assert (finding.file, finding.target.host, finding.execution) == ("C:\\Temp\\tool.exe", "pump.werk.example", "service")
    assert (finding.write_time, finding.execution_time) == ("2026-03-02T09:14:03.200000Z", "2026-03-02T09:14:09.500000Z")
    assert (finding.source and finding.source.address, finding.account) == ("10.9.0.5", "WERK\\otto")
    assert sorted(one.record for one in finding.evidence) == ([2, 3] if form == "json" else [1, 1])


def test_a_file_that_was_written_for_a_client_and_run(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"\n".join(map(orjson.dumps, (LOGON, FILE, PROCESS))))
    (finding,) = hunt(HuntOptions(paths=(str(tmp_path),), ephemeral=True), own_settings(), Silent()).findings
    assert (finding.file, finding.target.host, finding.execution) == ("C:\\Temp\\tool.exe", "pump.werk.example", "service")
    assert (finding.write_time, finding.execution_time) == ("2026-03-02T09:14:03.204000Z", "2026-03-02T09:14:09.500000Z")
    assert finding.basis == "inferred"
