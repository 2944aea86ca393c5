"""Zeek rows by hand: names that are pipes, both generations of files.log and dhcp.log, and what is not a name."""

from __future__ import annotations

import pytest

from graphcorr.logs.catalog import wanted
from graphcorr.logs.wire import elements, seconds
from graphcorr.sources.base import Context
from graphcorr.sources.shapes.zeek import SHAPE as ZEEK
from tests.logs.records import columns, make, read_own

CONNECTION = {"uid": "C1", "id.orig_h": "10.0.0.5", "id.orig_p": 49188, "id.resp_h": "10.0.0.6", "id.resp_p": 445}
ENDS = {"uid": "C1", "source_address": "10.0.0.5", "source_port": 49188, "target_address": "10.0.0.6", "target_port": 445}


def smb_file(**fields: object) -> dict[str, object]:
    found = read_own("zeek-smb-files", CONNECTION | fields)
    return {name: value for name, value in found.items() if name not in ENDS and name != "action"}


def test_file_in_a_share() -> None:
    found = smb_file(
        action="SMB::FILE_RENAME",
        path="\\\\10.0.0.6\\C$",
        name="Temp\\b.exe",
        prev_name="Temp\\a.exe",
        size=7000,
        **{"times.created": 1549643138.25},
    )
    assert found.pop("file_created") is not None
    assert found == {
        "share": "\\\\10.0.0.6\\C$",
        "relative_path": "Temp\\b.exe",
        "previous_path": "Temp\\a.exe",
        "path": "\\\\10.0.0.6\\C$\\Temp\\b.exe",
        "size": 7000,
    }


def test_share_with_a_slash_at_its_end() -> None:
    assert smb_file(path="\\\\h\\s\\", name="\\a.exe")["path"] == "\\\\h\\s\\a.exe"


def test_the_root_of_a_share_is_no_file() -> None:
    assert smb_file(path="\\\\h\\s", name="<share_root>") == {"share": "\\\\h\\s"}


@pytest.mark.parametrize(
    ("fields", "pipe"),
    [
        ({"path": "\\\\h\\IPC$", "name": "svcctl"}, "svcctl"),
        ({"action": "SMB::PIPE_OPEN", "path": "\\\\h\\x", "name": "atsvc"}, "atsvc"),
        ({"name": "\\browser"}, "browser"),
        ({"name": "\\browser.exe"}, None),
        ({"name": "\\dir\\browser"}, None),
        ({"name": "browser"}, None),
        ({"path": "\\\\h\\C$", "name": "\\browser"}, None),
    ],
)
def test_pipe_or_file(fields: dict[str, object], pipe: str | None) -> None:
    found = smb_file(**fields)
    assert found.get("pipe") == pipe
    assert ("path" in found) == (pipe is None and "path" in fields)


FILE = {
    "fuid": "F1",
    "source": "SMB",
    "filename": "Temp\\a.exe",
    "seen_bytes": 7000,
    "duration": 0.07397,
    "mime_type": "application/x-dosexec",
}
READ = {
    "fuid": "F1",
    "protocol": "SMB",
    "relative_path": "Temp\\a.exe",
    "size": 7000,
    "duration": 73970,
    "mime_type": "application/x-dosexec",
    "from_originator": True,
}


def test_file_of_one_connection() -> None:
    found = read_own("zeek-files", CONNECTION | FILE | {"is_orig": True, "md5": "ab" * 16, "sha256": "cd" * 32})
    assert found == READ | ENDS | {"hashes": f"MD5={'AB' * 16},SHA256={'CD' * 32}"}


@pytest.mark.parametrize(("is_orig", "source", "target"), [("T", "10.0.0.5", "10.0.0.6"), ("F", "10.0.0.6", "10.0.0.5")])
def test_file_before_zeek_5(is_orig: str, source: str, target: str) -> None:
    found = read_own("zeek-files", FILE | {"is_orig": is_orig, "tx_hosts": ["10.0.0.5"], "rx_hosts": "10.0.0.6", "conn_uids": ["C1", "C2"]})
    expected = {"uid": "C1", "source_address": source, "target_address": target, "from_originator": is_orig == "T"}
    assert found == READ | expected


def test_a_file_of_several_hosts_has_no_end() -> None:
    found = read_own("zeek-files", FILE | {"is_orig": True, "tx_hosts": ["10.0.0.5", "10.0.0.7"], "rx_hosts": ["10.0.0.6"]})
    assert found == READ | {"target_address": "10.0.0.6"}


def test_pipe_of_a_call() -> None:
    call = CONNECTION | {"endpoint": "svcctl", "operation": "CreateServiceW"}
    told = ENDS | {"endpoint": "svcctl", "action": "CreateServiceW"}
    assert read_own("zeek-dce-rpc", call | {"named_pipe": "\\pipe\\ntsvcs"}) == told | {"pipe": "ntsvcs"}
    assert read_own("zeek-dce-rpc", call | {"named_pipe": "49676"}) == told


@pytest.mark.parametrize(
    ("client", "user", "realm"),
    [
        ("alice/CORP.EXAMPLE", "alice", "CORP.EXAMPLE"),
        ("host/web.corp.example/CORP", "host/web.corp.example", "CORP"),
        ("/NM", None, "NM"),
        ("bob", "bob", None),
    ],
)
def test_principal(client: str, user: str | None, realm: str | None) -> None:
    row = {"client": client, "service": "cifs/srv.corp.example", "request_type": "TGS", "success": "T"}
    found = read_own("zeek-kerberos", CONNECTION | row)
    assert (found.get("target_user"), found.get("target_user_domain")) == (user, realm)
    # The responder is a domain controller, not the service's host.
    assert "target_host" not in found


@pytest.mark.parametrize(("full", "short", "name"), [
    ("srv.corp.example", "SRV", "srv.corp.example"),
    ("a-rather-long-name.corp.example", "A-RATHER-LONG-N", "a-rather-long-name.corp.example"),
    ("srv.corp.example", None, "srv.corp.example"),
    (None, "SRV", "SRV"),
    ("CORP", "SRV", None),
    ("srv.corp.example", "SR", None),
    ("-1", "SRV", None),
    (None, None, None),
])  # fmt: skip
def test_two_names_of_a_server_are_one_servers(full: str | None, short: str | None, name: str | None) -> None:
    """Where they are not, fields were shifted: the domain would be a machine."""
    stated = {"server_dns_computer_name": full, "server_nb_computer_name": short}
    assert read_own("zeek-ntlm", CONNECTION | {key: value for key, value in stated.items() if value}).get("target_host") == name


def test_ntlm_names() -> None:
    found = read_own("zeek-ntlm", CONNECTION | {"username": "alice", "hostname": "WS01", "server_nb_computer_name": "SRV", "success": "T"})
    assert found == ENDS | {"target_user": "alice", "source_host": "WS01", "target_host": "SRV", "success": True}


def test_a_question_names_nobody() -> None:
    row = CONNECTION | {
        "id.resp_p": 53,
        "proto": "udp",
        "query": "srv.corp.example",
        "qtype_name": "A",
        "answers": ["x.corp.example", "10.0.0.9"],
    }
    assert read_own("zeek-dns", row) == ENDS | {
        "target_port": 53,
        "protocol": "udp",
        "query": "srv.corp.example",
        "query_type": "A",
        "answers": ["x.corp.example", "10.0.0.9"],
    }
    assert read_own("zeek-dns", CONNECTION | {"answers": "10.0.0.9,-,10.0.0.8"}) == ENDS | {"answers": ["10.0.0.9", "10.0.0.8"]}


def test_lease() -> None:
    row = {
        "uids": ["C1", "C2"],
        "client_addr": "10.0.0.4",
        "server_addr": "10.0.0.1",
        "assigned_addr": "10.0.0.5",
        "host_name": "WS01",
        "client_fqdn": "-",
        "lease_time": 3600.0,
        "msg_types": ["REQUEST", "ACK"],
    }
    assert read_own("zeek-dhcp", row) == {
        "uid": "C1",
        "source_address": "10.0.0.5",
        "source_host": "WS01",
        "target_address": "10.0.0.1",
        "action": "REQUEST,ACK",
        "duration": 3_600_000_000,
    }


def test_lease_before_zeek_2_6() -> None:
    row: dict[str, object] = {
        "uid": "C1",
        "id.orig_h": "0.0.0.0",  # noqa: S104
        "id.resp_h": "10.0.0.1",
        "mac": "00:0d:3a:9a:33:1a",
        "assigned_ip": "10.0.0.5",
        "lease_time": "3600.000000",
    }
    assert read_own("zeek-dhcp", row) == {
        "uid": "C1",
        "source_address": "10.0.0.5",
        "target_address": "10.0.0.1",
        "duration": 3_600_000_000,
    }


def test_time_of_a_row() -> None:
    event = columns(make("zeek-conn", CONNECTION, created=1588316833.740819))
    assert (event["time_field"], event["precision"], event["original_time"]) == ("ts", 1, "1588316833.740819")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0.064170", 64170), (0, 0), (-1.0, None), (float("nan"), None), (float("inf"), None), ("x", None), (True, None), (1e300, None)],
)
def test_seconds(value: object, expected: int | None) -> None:
    assert seconds("d")({"d": value}) == expected


def test_elements() -> None:
    assert elements(["a", "-", None, 7]) == ["a", "7"]
    assert elements("a,b") == ["a", "b"]
    assert elements({"a": 1}) == []
    assert elements(None) == []


def test_a_request() -> None:
    row = CONNECTION | {
        "trans_depth": 1,
        "method": "GET",
        "host": "files.corp.example",
        "uri": "/a b?x=1",
        "user_agent": "curl/8",
        "status_code": 200,
        "request_body_len": 0,
        "response_body_len": 7000,
        "resp_fuids": ["F1", "F2"],
        "resp_mime_types": "application/x-dosexec",
        "orig_fuids": "-",
        "password": "hunter2",
    }
    found = read_own("zeek-http", row)
    assert found == ENDS | {
        "method": "GET",
        "http_host": "files.corp.example",
        "uri": "/a b?x=1",
        "user_agent": "curl/8",
        "status_code": 200,
        "sent_bytes": 0,
        "received_bytes": 7000,
        "received_fuids": ["F1", "F2"],
        "received_types": ["application/x-dosexec"],
    }


@pytest.mark.parametrize("compiled", ["1278971178.000000", 1278971178, "2010-07-12T21:46:18.000000Z"])
def test_when_a_program_says_that_it_was_built(compiled: object) -> None:
    found = read_own("zeek-pe", {"id": "F1", "machine": "I386", "compile_ts": compiled})
    assert (found["fuid"], found["machine"], str(found["compiled"])) == ("F1", "I386", "2010-07-12 21:46:18")
    assert read_own("zeek-pe", {"id": "F1", "machine": "-"}) == {"fuid": "F1"}


@pytest.mark.parametrize(("cookie", "name"), [("mstshash=alice", "alice"), ("alice", "alice"), ("mstshash=", None), ("-", None)])
def test_what_a_client_of_remote_desktop_calls_itself(cookie: str, name: str | None) -> None:
    found = read_own("zeek-rdp", CONNECTION | {"cookie": cookie, "result": "encrypted", "client_name": "WS01"})
    told = ENDS | {"action": "encrypted", "source_host": "WS01"}
    assert found == told | ({"cookie": name} if name else {})


@pytest.mark.parametrize(("logged", "success"), [("T", True), (False, False), ("-", None), (None, None)])
def test_whether_ssh_let_somebody_in(logged: object, success: bool | None) -> None:
    found = read_own("zeek-ssh", CONNECTION | {"auth_success": logged, "auth_attempts": 1, "client": "SSH-2.0-x"})
    assert found == ENDS | {"user_agent": "SSH-2.0-x"} | ({} if success is None else {"success": success})


def test_a_notice_about_no_connection_has_its_addresses() -> None:
    row = {
        "note": "Scan::Port_Scan",
        "msg": "10.0.0.5 scanned",
        "src": "10.0.0.5",
        "dst": "10.0.0.6",
        "p": 445,
        "actions": "Notice::ACTION_LOG",
    }
    told: dict[str, object] = {"alert": "Scan::Port_Scan", "message": "10.0.0.5 scanned", "source_address": "10.0.0.5"}
    told |= {"target_address": "10.0.0.6", "target_port": 445}
    assert read_own("zeek-notice", row | {"id.orig_h": "-", "id.resp_h": "-", "id.resp_p": "-"}) == told
    assert read_own("zeek-notice", row) == told


def test_what_was_not_followed() -> None:
    assert read_own("zeek-dpd", CONNECTION | {"proto": "tcp", "analyzer": "SMB", "failure_reason": "too short"}) == ENDS | {
        "protocol": "tcp",
        "analyzer": "SMB",
        "reason": "too short",
    }
    weird: dict[str, object] = {"name": "truncated_IP", "notice": "F", "peer": "zeek", "source": "IP", "addl": "-"}
    assert read_own("zeek-weird", weird) == {"reason": "truncated_IP", "analyzer": "IP"}
    failed: dict[str, object] = {
        "analyzer_kind": "protocol",
        "analyzer_name": "SMB",
        "failure_reason": "x",
        "cause": "violation",
        "fuid": "F1",
    }
    assert read_own("zeek-analyzer", failed) == {"fuid": "F1", "action": "violation", "analyzer": "SMB", "reason": "x"}


@pytest.mark.parametrize(
    ("row", "log"),
    [
        ({"id": "F1", "machine": "I386", "compile_ts": 1278971178.0, "is_exe": True}, "zeek-pe"),
        ({"name": "truncated_IP", "notice": False, "peer": "zeek"}, "zeek-weird"),
        ({"analyzer_kind": "protocol", "analyzer_name": "SMB", "failure_reason": "x"}, "zeek-analyzer"),
        (CONNECTION | {"proto": "tcp", "analyzer": "SMB", "failure_reason": "x"}, "zeek-dpd"),
        (CONNECTION | {"note": "X::Y", "msg": "x", "actions": [], "suppress_for": 3600.0}, "zeek-notice"),
        (CONNECTION | {"cert_count": 0, "result": "encrypted"}, "zeek-rdp"),
        (CONNECTION | {"auth_attempts": 1, "auth_success": True}, "zeek-ssh"),
        (CONNECTION | {"trans_depth": 1, "request_body_len": 0, "response_body_len": 0, "tags": []}, "zeek-http"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_row_that_names_no_log_is_told_by_its_fields(row: dict[str, object], log: str) -> None:
    def refuse(number: int | None, reason: str) -> None:
        raise AssertionError(f"record {number}: {reason}")

    ts_row = {"ts": 1588316833.5, **row}
    assert ZEEK.claims(ts_row)
    record = ZEEK.read(ts_row, b"{}", 1, Context(wanted(), "rows.json", refuse))
    assert record is not None
    assert record.log == log
