"""Suricata's records of SMB by hand: who is client and who server, what was written, and by whom."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import orjson
import pytest

from graphcorr.logs.batch import normalize
from graphcorr.model.progress import Silent
from graphcorr.service.hunting import HuntOptions, hunt
from tests.logs.records import make, read_own
from tests.settings import own_settings

FLOW: Final[dict[str, object]] = {"flow_id": 15, "src_ip": "10.9.0.5", "src_port": 50123, "dest_ip": "10.9.0.8", "dest_port": 445}
ENDS: Final = {"uid": "15", "source_address": "10.9.0.5", "source_port": 50123, "target_address": "10.9.0.8", "target_port": 445}
BACK: Final[dict[str, object]] = {"flow_id": 15, "src_ip": "10.9.0.8", "src_port": 445, "dest_ip": "10.9.0.5", "dest_port": 50123}


def test_connecting_a_share_is_no_action_on_a_file() -> None:
    row = {"smb.command": "SMB2_COMMAND_TREE_CONNECT", "smb.share": "\\\\pump\\ADMIN$", "smb.status": "STATUS_SUCCESS"}
    names = {"smb.ntlmssp.host": "DESK9", "smb.ntlmssp.user": "otto", "smb.ntlmssp.domain": "WERK"}
    assert read_own("suricata-smb", FLOW | row | names) == ENDS | {
        "share": "\\\\pump\\ADMIN$",
        "success": True,
        "source_host": "DESK9",
        "target_user": "otto",
        "target_user_domain": "WERK",
    }


def test_a_name_on_ipc_is_a_pipe() -> None:
    row = {
        "smb.command": "SMB2_COMMAND_CREATE",
        "smb.share": "\\\\pump\\IPC$",
        "smb.filename": "svcctl",
        "smb.status": "STATUS_ACCESS_DENIED",
    }
    assert read_own("suricata-smb", FLOW | row) == ENDS | {
        "share": "\\\\pump\\IPC$",
        "pipe": "svcctl",
        "relative_path": "svcctl",
        "action": "SMB2_COMMAND_CREATE",
        "success": False,
    }
    assert read_own("suricata-smb", FLOW | {"smb.named_pipe": "\\PIPE\\atsvc"})["pipe"] == "atsvc"


@pytest.mark.parametrize(("flow", "sent"), [(FLOW, True), (BACK, False)])
def test_the_sender_of_a_file_is_client_or_server(flow: dict[str, object], sent: bool) -> None:
    row = {"app_proto": "smb", "fileinfo.filename": "Temp\\tool.exe", "fileinfo.size": 4096, "fileinfo.sha256": "ab"}
    told = {"protocol": "smb", "relative_path": "Temp\\tool.exe", "size": 4096, "hashes": "SHA256=AB", "from_originator": sent}
    assert read_own("suricata-fileinfo", flow | row) == ENDS | told


def test_where_no_port_tells_the_server_nothing_is_taken() -> None:
    row = FLOW | {"dest_port": 8080, "fileinfo.filename": "a.exe", "fileinfo.size": 1}
    assert normalize([make("suricata-fileinfo", row)]).skips[0].reason.startswith("no target address")


RUN: Final = {
    "EventID": 1,
    "SourceName": "Microsoft-Windows-Sysmon",
    "Hostname": "pump.werk.example",
    "UtcTime": "2023-11-14 22:13:30.500",
    "Image": "C:\\Windows\\Temp\\tool.exe",
    "CommandLine": "C:\\Windows\\Temp\\tool.exe",
    "ParentImage": "C:\\Windows\\System32\\services.exe",
}
FILE: Final = {"filename": "Temp\\tool.exe", "size": 4096, "state": "CLOSED"}


@pytest.mark.parametrize(("flow", "found"), [(FLOW, 1), (BACK, 0)], ids=["written", "read"])
def test_what_a_client_sends_is_written_to_the_share_of_its_session(tmp_path: Path, flow: dict[str, object], found: int) -> None:
    time = "2023-11-14T22:13:20.250000+0000"
    share = {"command": "SMB2_COMMAND_TREE_CONNECT", "share": "\\\\PUMP\\ADMIN$", "ntlmssp": {"host": "DESK9", "user": "otto"}}
    rows = [
        {"timestamp": time, "event_type": "smb", **FLOW, "smb": share},
        {"timestamp": time, "event_type": "fileinfo", "app_proto": "smb", **flow, "fileinfo": FILE},
    ]
    (tmp_path / "eve.json").write_bytes(b"\n".join(map(orjson.dumps, rows)))
    (tmp_path / "run.json").write_bytes(orjson.dumps(RUN))
    report = hunt(HuntOptions(paths=(str(tmp_path),), ephemeral=True), own_settings(), Silent())
    sources = [(one.file, one.source.host, one.source.address) for one in report.findings if one.source]
    assert (sources, report.inputs.skipped) == ([("C:\\Windows\\Temp\\tool.exe", "desk9", "10.9.0.5")] * found, 0)


def test_field_case(shared: Path) -> None:
    report = hunt(HuntOptions(paths=(str(shared / "cases" / "27-suricata-eve-smb" / "in"),), ephemeral=True), own_settings(), Silent())
    (finding,) = report.findings
    assert finding.source is not None
    assert (finding.source.host, finding.target.host, report.inputs.skipped) == ("ws-0417", "fs-berlin-01.corp.example", 0)


def test_a_ticket_of_a_computer_tells_whose_address_it_is() -> None:
    row = {
        "flow_id": 16,
        "src_ip": "10.9.0.2",
        "src_port": 88,
        "dest_ip": "10.9.0.5",
        "dest_port": 50200,
        "krb5.msg_type": "KRB_TGS_REP",
        "krb5.cname": "DESK9$",
        "krb5.realm": "WERK.EXAMPLE",
        "krb5.sname": "cifs/pump",
    }
    assert read_own("suricata-krb5", row) == {
        "uid": "16",
        "source_address": "10.9.0.5",
        "source_port": 50200,
        "target_address": "10.9.0.2",
        "target_port": 88,
        "action": "KRB_TGS_REP",
        "target_user": "DESK9$",
        "target_user_domain": "WERK.EXAMPLE",
        "service": "cifs/pump",
        "success": True,
    }
    assert read_own("suricata-krb5", row | {"krb5.msg_type": "KRB_ERROR"})["success"] is False


def test_an_alert() -> None:
    named = {"alert.signature": "X", "alert.severity": 1, "alert.category": "Y", "alert.action": "allowed"}
    row = FLOW | {"alert.signature_id": 7, "proto": "TCP"} | named
    told = {"protocol": "TCP", "alert": "X", "severity": "1", "category": "Y", "action": "allowed"}
    assert read_own("suricata-alert", row) == ENDS | told
