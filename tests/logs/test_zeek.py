"""Zeek rows by hand: names that are pipes, both generations of files.log and dhcp.log, and what is not a name."""

from __future__ import annotations

import pytest

from graphcorr.logs.wire import elements, seconds
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
