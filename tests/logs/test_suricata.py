"""Suricata's records of SMB by hand: who is client and who server, what was written, and by whom."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import orjson
import pytest

from graphcorr.logs.batch import normalize
from graphcorr.logs.catalog import log_types
from graphcorr.model.kinds import Kind
from graphcorr.model.progress import Silent
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.sources.nesting import flat
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


def test_a_request_over_http() -> None:
    row = {
        "http.hostname": "pump.werk.example",
        "http.url": "/a?b=1",
        "http.http_user_agent": "x",
        "http.http_method": "GET",
        "http.status": 200,
        "http.length": 12,
    }
    asked = {"method": "GET", "http_host": "pump.werk.example", "uri": "/a?b=1", "user_agent": "x"}
    assert read_own("suricata-http", FLOW | row) == ENDS | asked | {"status_code": 200, "received_bytes": 12}


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


SVCCTL: Final = "367abb81-9844-35f1-ad32-98f038001003"
ATSVC: Final = "1ff70682-0a51-30e8-076d-740be8cee98b"
WMI: Final = "9556dc99-828c-11cf-a37e-00aa003240c7"
TCP: Final = FLOW | {"dest_port": 49670}


def call(opnum: int | None, *uuids: str, over: str = "tcp", response: str = "RESPONSE", **more: object) -> dict[str, object]:
    """A request as Suricata tells it: of TCP its number lies one object deeper than of SMB."""
    interfaces = [{"uuid": uuid, "version": "2.0", **more} for uuid in uuids]
    told: dict[str, object] = {"request": "REQUEST", "response": response, "call_id": 3} | ({"interfaces": interfaces} if uuids else {})
    if over == "smb":
        smb = {"command": "SMB2_COMMAND_IOCTL", "status": "STATUS_SUCCESS", "dcerpc": told | {"opnum": opnum, "req": {"frag_cnt": 1}}}
        return {**FLOW, "event_type": "smb", "smb": smb}
    return {**TCP, "event_type": "dcerpc", "dcerpc": told | {"req": {"opnum": opnum, "frag_cnt": 1}, "rpc_version": "5.0"}}


def read_call(row: dict[str, object]) -> dict[str, object]:
    found = read_own(f"suricata-{row['event_type']}", dict(flat(row)))
    return {name: found[name] for name in ("endpoint", "action", "success", "analyzer") if name in found}


@pytest.mark.parametrize("over", ["tcp", "smb"])
def test_calls_by_their_interface_and_number(over: str) -> None:
    done: dict[str, object] = {"success": True} if over == "smb" else {}
    for opnum, uuid, endpoint, action in (
        (12, SVCCTL, "svcctl", "CreateServiceW"),
        (19, SVCCTL.upper(), "svcctl", "StartServiceW"),
        (0, ATSVC, "atsvc", "NetrJobAdd"),
        (24, WMI, "IWbemServices", "ExecMethod"),
    ):
        assert read_call(call(opnum, uuid, over=over)) == done | {"endpoint": endpoint, "action": action}
    smb = {"action": "SMB2_COMMAND_IOCTL"} if over == "smb" else {}
    # Of other interfaces and numbers nothing is told, and nothing is missing.
    assert read_call(call(12, "12345778-1234-abcd-ef00-0123456789ab", over=over)) == done | smb
    assert read_call(call(99, SVCCTL, over=over)) == done | smb | {"endpoint": "svcctl"}
    assert read_call(call(None, SVCCTL, over=over)) == done | smb | {"endpoint": "svcctl"}


@pytest.mark.parametrize("over", ["tcp", "smb"])
def test_a_call_whose_binding_was_not_seen_is_none_and_is_counted(over: str) -> None:
    found = read_call(call(12, over=over))
    assert found.get("analyzer") == "DCE/RPC"
    assert "endpoint" not in found
    claims = log_types()["suricata-smb" if over == "smb" else "suricata-dcerpc"].testifies
    assert [claim.kind for claim in claims if claim.when == "analyzer IS NOT NULL"] == [Kind.BLIND_SPOT]


@pytest.mark.parametrize("over", ["tcp", "smb"])
def test_what_was_refused_is_no_call(over: str) -> None:
    assert read_call(call(12, SVCCTL, over=over, response="FAULT"))["success"] is False
    assert "endpoint" not in read_call(call(12, SVCCTL, over=over, ack_result=2))
    assert read_call(call(12, SVCCTL, over=over, ack_result=0))["action"] == "CreateServiceW"
    # Two of one context: which was called is not clear.
    assert "endpoint" not in read_call(call(12, SVCCTL, ATSVC, over=over))


def test_a_binding_is_no_call() -> None:
    bound = call(None, SVCCTL)
    bound["dcerpc"] = {"request": "BIND", "response": "BINDACK", "interfaces": [{"uuid": SVCCTL, "ack_result": 0}]}
    assert read_call(bound) == {}


@pytest.mark.parametrize("interfaces", [None, "x", [], ["x"], [{}], [{"uuid": 5}], {"uuid": SVCCTL}])
def test_odd_interfaces_are_none(interfaces: object) -> None:
    row = call(12)
    row["dcerpc"] = {"request": "REQUEST", "req": {"opnum": 12}, "interfaces": interfaces}
    assert "endpoint" not in read_call(row)


@pytest.mark.parametrize("over", ["tcp", "smb"])
def test_a_service_made_and_started_by_calls_is_a_finding(tmp_path: Path, over: str) -> None:
    calls = [call(opnum, SVCCTL, over=over) for opnum in (15, 12, 19)]
    rows = [{"timestamp": f"2023-11-14T22:13:2{place}.250000+0000", **one} for place, one in enumerate(calls)]
    log = tmp_path / "eve.json"
    log.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    report = hunt(HuntOptions(paths=(str(log),), ephemeral=True), own_settings(), Silent())
    assert report.inputs.skipped == 0
    (finding,) = report.findings
    assert (finding.patterns, finding.source and finding.source.address, finding.target.address) == (
        ["remote-call"],
        "10.9.0.5",
        "10.9.0.8",
    )
    unbound = [row | {"timestamp": "2023-11-14T22:13:20.250000+0000"} for row in (call(15, over=over), call(12, over=over))]
    log.write_bytes(b"\n".join(map(orjson.dumps, unbound)))
    assert hunt(HuntOptions(paths=(str(log),), ephemeral=True), own_settings(), Silent()).findings == []
