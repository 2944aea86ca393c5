"""Sessions and connections of a host by its audit: refused, ended, privileged, come back to; accounts and directory objects."""

from __future__ import annotations

import pytest

from graphcorr.model.kinds import Kind
from tests.facts.test_relation import told
from tests.logs.records import read_own

SUBJECT: dict[str, object] = {
    "SubjectUserSid": "S-1-5-21-1-2-3-1104",
    "SubjectUserName": "alice",
    "SubjectDomainName": "CORP",
    "SubjectLogonId": "0x7a",
}
ACTOR = {"user": "alice", "user_domain": "CORP", "user_sid": "S-1-5-21-1-2-3-1104", "logon_id": "0x7a"}
TARGET: dict[str, object] = {"TargetUserSid": "S-1-5-21-1-2-3-1106", "TargetUserName": "bob", "TargetDomainName": "CORP"}
WHOSE = {"target_user": "bob", "target_user_domain": "CORP"}


def test_a_refused_logon_says_who_tried_what_from_where() -> None:
    logged: dict[str, object] = {
        **SUBJECT,
        **TARGET,
        "LogonType": "3",
        "AuthenticationPackageName": "NTLM",
        "WorkstationName": "WS-1",
        "IpAddress": "10.0.0.5",
        "IpPort": "50123",
        "ProcessId": "0x0",
        "ProcessName": "-",
    }
    assert read_own("security-4625", logged) == {
        **ACTOR,
        **WHOSE,
        "logon_type": 3,
        "auth_package": "NTLM",
        "source_host": "WS-1",
        "source_address": "10.0.0.5",
        "source_port": 50123,
    }
    absent = {"WorkstationName": "-", "IpAddress": "-", "IpPort": "0", "LogonType": "", "AuthenticationPackageName": "-"}
    assert read_own("security-4625", logged | absent) == {**ACTOR, **WHOSE}
    event = {"id": "e", "log": "security-4625", "host": "t.corp", "user": "alice", "logon_id": "0x7a", "logon_type": 3, **WHOSE}
    [fact] = told(Kind.ATTEMPT, event)
    assert (fact["sought"], fact["account"], fact["account_domain"], fact["session"]) == ("Logon", "bob", "CORP", None)
    assert (fact["host"], fact["logon_type"]) == ("t.corp", 3)
    assert told(Kind.LOGON, event) == []


def test_a_refused_key_is_a_refused_logon() -> None:
    logged: dict[str, object] = {"TargetUserName": "bob", "ServiceName": "krbtgt/CORP", "IpAddress": "::ffff:10.0.0.5", "IpPort": "50123"}
    assert read_own("security-4771", logged) == {"target_user": "bob", "source_address": "10.0.0.5", "source_port": 50123}
    [fact] = told(Kind.ATTEMPT, {"id": "e", "log": "security-4771", "host": "dc.corp", "target_user": "bob", "source_address": "10.0.0.5"})
    assert (fact["sought"], fact["account"], fact["source_address"], fact["host"]) == ("Logon", "bob", "10.0.0.5", "dc.corp")


@pytest.mark.parametrize(("log", "fields", "read", "how"), [
    ("security-4634", {**TARGET, "TargetLogonId": "0x1234", "LogonType": "10"}, {**WHOSE, "logon_type": 10}, "ended"),
    ("security-4647", {**TARGET, "TargetLogonId": "0x1234"}, WHOSE, "asked"),
    ("security-4779", {"AccountName": "bob", "AccountDomain": "CORP", "LogonID": "0x1234", "SessionName": "RDP-Tcp#1",
        "ClientName": "WS-1", "ClientAddress": "10.0.0.5"}, {**WHOSE, "source_host": "WS-1", "source_address": "10.0.0.5"}, "disconnected"),
])  # fmt: skip
def test_how_a_session_ended(log: str, fields: dict[str, object], read: dict[str, object], how: str) -> None:
    assert read_own(log, fields) == {**read, "target_logon_id": "0x1234"}
    [fact] = told(Kind.LOGOFF, {"id": "e", "log": log, "host": "t.corp", "target_logon_id": "0x1234", **WHOSE})
    assert (fact["how"], fact["account"], fact["session"]) == (how, "bob", "0x1234")


@pytest.mark.parametrize(("client", "read", "logon_type"), [
    ({"ClientName": "WS-1", "ClientAddress": "10.0.0.5"}, {"source_host": "WS-1", "source_address": "10.0.0.5"}, 10),
    ({"ClientName": "LOCAL", "ClientAddress": "LOCAL"}, {}, None),
    ({"ClientName": "Unknown", "ClientAddress": "Unknown"}, {}, None),
    ({"ClientName": "-", "ClientAddress": ""}, {}, None),
])  # fmt: skip
def test_a_session_is_come_back_to_from_elsewhere_or_at_the_console(
    client: dict[str, object], read: dict[str, object], logon_type: int | None
) -> None:
    logged: dict[str, object] = {"AccountName": "bob", "AccountDomain": "CORP", "LogonID": "0x1234", "SessionName": "RDP-Tcp#1", **client}
    assert read_own("security-4778", logged) == {**WHOSE, "target_logon_id": "0x1234", **read}
    event = {"id": "e", "log": "security-4778", "host": "t.corp", "target_logon_id": "0x1234", **WHOSE, **read}
    [fact] = told(Kind.LOGON, event)
    assert (fact["logon_type"], fact["session"], fact["account"], fact["vantage"]) == (logon_type, "0x1234", "bob", "own")


def test_privileges_stand_with_commas() -> None:
    logged: dict[str, object] = {**SUBJECT, "PrivilegeList": "SeSecurityPrivilege\r\n\t\t\tSeDebugPrivilege"}
    assert read_own("security-4672", logged) == {**ACTOR, "privileges": "SeSecurityPrivilege,SeDebugPrivilege"}
    [fact] = told(Kind.PRIVILEGE, {"id": "e", "log": "security-4672", "host": "t.corp", "user": "alice", "logon_id": "0x7a"})
    assert (fact["account"], fact["session"]) == ("alice", "0x7a")


def test_a_process_that_ended() -> None:
    logged: dict[str, object] = {**SUBJECT, "Status": "0x0", "ProcessId": "0x1a2c", "ProcessName": r"C:\a.exe"}
    assert read_own("security-4689", logged) == {**ACTOR, "pid": 0x1A2C, "image": r"C:\a.exe"}
    [fact] = told(Kind.PROCESS_END, {"id": "e", "log": "security-4689", "pid": 7, "image": r"C:\a.exe", "user": "alice"})
    assert (fact["pid"], fact["image"], fact["account"]) == (7, r"C:\a.exe", "alice")


def test_nobody_acts_as_the_account_that_was_made() -> None:
    logged: dict[str, object] = {**SUBJECT, "TargetUserName": "svc1", "TargetDomainName": "CORP", "SamAccountName": "svc1"}
    assert read_own("security-4720", logged) == {**ACTOR, "object_name": r"CORP\svc1"}
    assert read_own("security-4720", logged | {"TargetDomainName": "-"})["object_name"] == "svc1"
    [fact] = told(Kind.ACCOUNT_CHANGE, {"id": "e", "log": "security-4720", "object_name": "svc1", "user": "alice", "logon_id": "0x7a"})
    assert (fact["object_name"], fact["change"], fact["account"], fact["session"]) == ("svc1", "created", "alice", "0x7a")


@pytest.mark.parametrize(("logged", "change"), [
    ("%%14674", "added"), ("Value Added", "added"), ("%%14675", "deleted"), ("Value Deleted", "deleted"), ("Wert", None), (None, None),
])  # fmt: skip
def test_a_value_of_the_directory_was_added_or_deleted(logged: str | None, change: str | None) -> None:
    dn = "CN={31B2},CN=Policies,CN=System,DC=corp,DC=example"
    fields: dict[str, object] = {**SUBJECT, "ObjectDN": dn, "ObjectClass": "groupPolicyContainer", "OperationType": logged}
    fields["AttributeLDAPDisplayName"] = "gPCMachineExtensionNames"
    told_of = {"object_name": dn, "object_type": "groupPolicyContainer", "attribute": "gPCMachineExtensionNames"}
    assert read_own("security-5136", fields) == {**ACTOR, **told_of} | ({"action": logged} if logged else {})
    [fact] = told(Kind.DIRECTORY_CHANGE, {"id": "e", "log": "security-5136", "action": logged, **told_of})
    assert (fact["change"], fact["attribute"]) == (change, "gPCMachineExtensionNames")


@pytest.mark.parametrize(("direction", "initiated"), [
    ("%%14593", True), ("Outbound", True), ("%%14592", False), ("Inbound", False), ("Ausgehend", None), ("-", None),
])  # fmt: skip
@pytest.mark.parametrize("process", ["ProcessID", "ProcessId"])
def test_who_opened_a_connection(direction: str, initiated: bool | None, process: str) -> None:
    logged: dict[str, object] = {
        process: "3832",
        "Application": r"\device\harddiskvolume2\windows\system32\svchost.exe",
        "Direction": direction,
        "SourceAddress": "10.0.0.5",
        "SourcePort": "50123",
        "DestAddress": "10.0.0.9",
        "DestPort": "445",
        "Protocol": "6",
    }
    found = read_own("security-5156", logged)
    assert found.pop("initiated", None) is initiated
    assert found == {
        "pid": 3832,
        "image": r"\device\harddiskvolume2\windows\system32\svchost.exe",
        "source_address": "10.0.0.5",
        "source_port": 50123,
        "target_address": "10.0.0.9",
        "target_port": 445,
        "protocol": "tcp",
    }


def test_who_asks_for_an_address_has_none_yet() -> None:
    logged: dict[str, object] = {"ProcessID": "4", "Application": "System", "Direction": "%%14593", "SourceAddress": "0.0.0.0"}  # noqa: S104
    logged |= {"SourcePort": "0", "DestAddress": "-", "DestPort": "0", "Protocol": "2"}
    assert read_own("security-5156", logged) == {"pid": 4, "image": "System", "initiated": True, "protocol": "2"}
    [fact] = told(Kind.CONNECTION, {"id": "e", "log": "security-5156", "host": "t.corp", "image": "System", "initiated": True})
    assert (fact["host"], fact["vantage"], fact["image"], fact["account"]) == ("t.corp", "own", "System", None)
