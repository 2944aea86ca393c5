"""What rows that are read out of packets tell of, and what they do not."""

from __future__ import annotations

import pytest

from graphcorr.logs.batch import normalize
from graphcorr.logs.catalog import log_types
from graphcorr.model.kinds import Kind
from tests.logs.records import make, read_own

ENDS = {"uid": "u1", "client": "10.1.2.3", "client_port": 50_001, "server": "10.1.2.9", "server_port": 445}
OWN_ENDS = {"uid": "u1", "source_address": "10.1.2.3", "source_port": 50_001, "target_address": "10.1.2.9", "target_port": 445}


def test_a_write() -> None:
    row = {"action": "write", "share": r"\\srv9\C$", "name": r"t\x.exe", "size": 7, "user": "ann", "domain": "EX", "workstation": "WS3"}
    assert read_own("capture-smb", ENDS | row) == OWN_ENDS | {
        "action": "write",
        "share": r"\\srv9\C$",
        "relative_path": r"t\x.exe",
        "size": 7,
        "target_user": "ann",
        "target_user_domain": "EX",
        "source_host": "WS3",
    }


def test_a_pipe() -> None:
    assert read_own("capture-smb", ENDS | {"action": "open", "pipe": "PSEXESVC-WS3-77-stdin"})["pipe"] == "psexesvc-ws3-77-stdin"


@pytest.mark.parametrize(
    ("answer", "success"), [({"code": 0}, True), ({"code": 1053}, True), ({"code": 5}, False), ({"fault": True}, False), ({}, None)]
)
def test_what_became_of_a_call(answer: dict[str, object], success: bool | None) -> None:
    row = {"interface": "svcctl", "operation": "StartServiceW", "service": "Upd", "path": r"C:\t\x.exe"}
    event = read_own("capture-dce-rpc", ENDS | row | answer)
    assert event.get("success") is success
    assert (event["endpoint"], event["action"], event["service"], event["path"]) == ("svcctl", "StartServiceW", "Upd", r"C:\t\x.exe")


def test_a_logon_names_both_machines() -> None:
    row = {"user": "ann", "domain": "EX", "workstation": "WS3", "server_name": "srv9.example.org"}
    event = read_own("capture-ntlm", ENDS | row)
    assert (event["source_host"], event["target_host"], event["target_user"]) == ("WS3", "srv9.example.org", "ann")


def test_a_row_without_what_it_is_about_is_a_skip() -> None:
    for log in ("capture-smb", "capture-dce-rpc", "capture-ntlm", "capture-blind-spot"):
        batches, skips = normalize([make(log, dict(ENDS))])
        assert (batches, len(skips)) == ([], 1), log


def test_what_they_testify_to() -> None:
    kinds = {name: found.kinds for name, found in log_types().items() if name.startswith("capture-")}
    assert kinds == {
        "capture-blind-spot": {Kind.BLIND_SPOT},
        "capture-connection": {Kind.CONNECTION},
        "capture-dce-rpc": {Kind.CALL},
        "capture-ntlm": {Kind.NAME, Kind.AUTHENTICATION},
        "capture-smb": {Kind.WRITE, Kind.REMOVAL, Kind.SHARE_ACCESS, Kind.PIPE_OPEN, Kind.NAME},
    }
