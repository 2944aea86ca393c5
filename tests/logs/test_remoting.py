"""Remote desktops, remote management, WMI and services, by the logs that every Windows has."""

from __future__ import annotations

import pytest

from graphcorr.model.kinds import Kind
from tests.facts.test_relation import told
from tests.logs.records import read_own

BOB = {"target_user": "bob", "target_user_domain": "CORP"}


@pytest.mark.parametrize("log", [f"terminalservices-lsm-{number}" for number in (21, 22, 24, 25)])
def test_a_desktops_session_is_by_its_fields_or_by_its_text(log: str) -> None:
    from_there: dict[str, object] = {**BOB, "terminal_session": 2, "source_address": "10.0.0.5"}
    assert read_own(log, {"User": r"CORP\bob", "SessionID": "2", "Address": "10.0.0.5"}) == from_there
    text = "Remote Desktop Services: it happened:\r\n\r\nUser: CORP\\bob\r\nSession ID: 2\r\nSource Network Address: 10.0.0.5\r\n"
    assert read_own(log, {"Message": text}) == from_there
    assert read_own(log, {"User": r"CORP\bob", "SessionID": "1", "Address": "LOCAL"}) == {**BOB, "terminal_session": 1}
    assert read_own(log, {"User": "bob", "Address": "-", "Message": "Benutzer: CORP\\bob"}) == {"target_user": "bob"}


@pytest.mark.parametrize("number", [21, 22, 25])
@pytest.mark.parametrize(("address", "logon_type"), [("10.0.0.5", 10), (None, None)])
def test_a_desktop_is_remote_where_an_address_stands(number: int, address: str | None, logon_type: int | None) -> None:
    event: dict[str, object] = {"id": "e", "log": f"terminalservices-lsm-{number}", "host": "t.corp", "source_address": address, **BOB}
    [fact] = told(Kind.LOGON, event)
    assert (fact["logon_type"], fact["account"], fact["account_domain"], fact["session"], fact["strength"]) == (
        *(logon_type, "bob", "CORP", None, "stated"),
    )


@pytest.mark.parametrize(("number", "how"), [(23, "ended"), (24, "disconnected")])
def test_a_desktop_is_left(number: int, how: str) -> None:
    [fact] = told(Kind.LOGOFF, {"id": "e", "log": f"terminalservices-lsm-{number}", "host": "t.corp", **BOB})
    assert (fact["how"], fact["account"]) == (how, "bob")
    assert read_own("terminalservices-lsm-23", {"User": r"CORP\bob", "SessionID": "2"}) == {**BOB, "terminal_session": 2}


def test_who_comes_for_a_desktop_has_only_asked() -> None:
    found = {**BOB, "source_address": "10.0.0.5"}
    assert read_own("terminalservices-rcm-1149", {"Param1": "bob", "Param2": "CORP", "Param3": "10.0.0.5"}) == found
    text = "Remote Desktop Services: User authentication succeeded:\r\n\r\nUser: bob\r\nDomain: CORP\r\nSource Network Address: 10.0.0.5"
    assert read_own("terminalservices-rcm-1149", {"Message": text}) == found
    assert read_own("terminalservices-rcm-1149", {"Param1": "", "Param2": "", "Param3": "10.0.0.5"}) == {"source_address": "10.0.0.5"}
    [fact] = told(Kind.LOGON, {"id": "e", "log": "terminalservices-rcm-1149", "host": "t.corp", **found})
    assert (fact["logon_type"], fact["strength"], fact["account"], fact["source_address"]) == (10, "asked", "bob", "10.0.0.5")


@pytest.mark.parametrize(("log", "field"), [("rdpclient-1024", "Value"), ("rdpclient-1102", "Value"), ("winrm-6", "connection")])
@pytest.mark.parametrize(("typed", "host", "address"), [
    ("srv01", "srv01", None),
    ("srv01.corp.example:3390", "srv01.corp.example", None),
    ("10.0.0.9", "10.0.0.9", "10.0.0.9"),
    ("10.0.0.9:3390", "10.0.0.9", "10.0.0.9"),
    ("srv01/wsman?PSVersion=5.1.19041.1", "srv01", None),
    ("http://srv01.corp.example:5985/wsman", "srv01.corp.example", None),
    ("https://10.0.0.9:5986/wsman?x=1", "10.0.0.9", "10.0.0.9"),
    ("[fd00::9]:5985/wsman", "fd00::9", "fd00::9"),
    ("fd00::9", "fd00::9", "fd00::9"),
    ("localhost", "localhost", None),
])  # fmt: skip
def test_a_client_names_the_server_that_was_typed(log: str, field: str, typed: str, host: str, address: str | None) -> None:
    assert read_own(log, {field: typed, "Name": "Server Name"}) == {"target_host": host} | ({"target_address": address} if address else {})


def test_whoever_typed_it_is_named_by_one_converter() -> None:
    logged: dict[str, object] = {
        "Value": "srv01",
        "AccountName": "alice",
        "Domain": "CORP",
        "AccountType": "User",
        "UserID": "S-1-5-18",
    }
    assert read_own("rdpclient-1024", logged) == {
        "target_host": "srv01",
        "user": "alice",
        "user_domain": "CORP",
        "user_sid": "S-1-5-18",
    }
    hosts = {"named_hosts": [{"name": "srv01", "host": "srv01.corp", "loopback": False}]}
    event = {"id": "e", "host": "ws.corp", "target_host": "srv01", "user": "alice", "user_domain": "CORP"}
    [logon] = told(Kind.LOGON, {**event, "log": "rdpclient-1024"}, **hosts)
    assert (logon["host"], logon["client"], logon["vantage"], logon["strength"], logon["account"], logon["logon_type"]) == (
        *("srv01.corp", "ws.corp", "client", "asked", None, 10),
    )
    [call] = told(Kind.CALL, {**event, "log": "winrm-6"}, **hosts)
    assert (call["host"], call["client"], call["interface"], call["account"], call["strength"]) == (
        *("srv01.corp", "ws.corp", "wsman", "alice", "asked"),
    )


@pytest.mark.parametrize(("uri", "read"), [
    ("http://schemas.microsoft.com/powershell/Microsoft.PowerShell", {"action": "Microsoft.PowerShell"}),
    ("http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd/", {"action": "cmd"}),
    (r"http://schemas.microsoft.com/powershell/Microsoft.PowerShell (CORP\bob clientIP: 10.0.0.5)",
        {"action": "Microsoft.PowerShell", **BOB, "source_address": "10.0.0.5"}),
])  # fmt: skip
def test_a_shell_is_opened_for_a_client(uri: str, read: dict[str, object]) -> None:
    assert read_own("winrm-91", {"resourceUri": uri}) == read
    [fact] = told(Kind.CALL, {"id": "e", "log": "winrm-91", "host": "t.corp", **read})
    assert (fact["interface"], fact["operation"], fact["account"]) == ("wsman", read["action"], read.get("target_user"))
    assert (fact["vantage"], fact["source_address"]) == ("own", read.get("source_address"))


STATE = "UpdSvc/4\0".encode("utf-16-le").hex().upper()


@pytest.mark.parametrize(("fields", "read"), [
    ({"param1": "Updater", "param2": "running"}, {"service": "Updater", "action": "started"}),
    ({"param1": "Updater", "param2": "stopped"}, {"service": "Updater", "action": "stopped"}),
    ({"param1": "Updater", "param2": "läuft", "Binary": STATE}, {"service": "Updater", "service_key": "UpdSvc", "action": "started"}),
])  # fmt: skip
def test_a_service_is_started_or_stopped(fields: dict[str, object], read: dict[str, object]) -> None:
    assert read_own("system-7036", fields) == read
    [fact] = told(Kind.SERVICE_CHANGE, {"id": "e", "log": "system-7036", "host": "t.corp", **read})
    assert (fact["service"], fact["change"], fact["start_type"]) == ("Updater", read["action"], None)


def test_a_service_is_given_another_start_or_fails() -> None:
    logged: dict[str, object] = {"param1": "Updater", "param2": "demand start", "param3": "disabled", "param4": "UpdSvc"}
    read = {"service": "Updater", "service_key": "UpdSvc", "start_type": "disabled"}
    assert read_own("system-7040", logged) == read
    [fact] = told(Kind.SERVICE_CHANGE, {"id": "e", "log": "system-7040", "user": "alice", **read})
    assert (fact["change"], fact["start_type"], fact["account"]) == ("start type", "disabled", "alice")
    assert read_own("system-7000", {"param1": "Updater", "param2": "%%1053"}) == {"service": "Updater"}
    assert read_own("system-7009", {"param1": "30000", "param2": "Updater"}) == {"service": "Updater"}
    for log in ("system-7000", "system-7009"):
        assert [fact["change"] for fact in told(Kind.SERVICE_CHANGE, {"id": "e", "log": log, "service": "Updater"})] == ["failed"]


METHOD = r"Start IWbemServices::ExecMethod - root\cimv2 : Win32_Process::Create"


@pytest.mark.parametrize("fields", [
    {"ClientMachine": "WS1", "User": r"CORP\alice", "ClientProcessId": "7", "Operation": METHOD, "ResultCode": "0x80041032"},
    {"Message": "Id = {0}; ClientMachine = WS1; User = CORP\\alice; ClientProcessId = 7; Component = Unknown; "
        f"Operation = {METHOD}; ResultCode = 0x80041032; PossibleCause = Unknown"},
])  # fmt: skip
def test_what_another_machine_asked_of_wmi(fields: dict[str, object]) -> None:
    read = {"source_host": "WS1", "user": "alice", "user_domain": "CORP", "action": METHOD}
    assert read_own("wmi-activity-5858", fields) == read
    event: dict[str, object] = {"id": "e", "log": "wmi-activity-5858", "host": "t.corp", "computer": "t.corp", **read}
    [fact] = told(Kind.CALL, event)
    assert (fact["interface"], fact["operation"], fact["account"], fact["source_host"]) == ("iwbemservices", "ExecMethod", "alice", "WS1")
    assert told(Kind.CALL, event | {"source_host": "T"}) == []
    [other] = told(Kind.CALL, event | {"action": "Provider::GetObject"})
    assert other["operation"] == "Provider::GetObject"


@pytest.mark.parametrize(("code", "count"), [("0x0", 1), ("0x80041010", 0)])
def test_a_provider_that_was_loaded(code: str, count: int) -> None:
    path = r"%systemroot%\system32\wbem\x.dll"
    fields: dict[str, object] = {
        "ProviderName": "x",
        "Code": code,
        "HostProcess": "wmiprvse.exe",
        "ProcessID": "3036",
        "ProviderPath": path,
    }
    read = {"path": path, "image": "wmiprvse.exe", "pid": 3036, "success": bool(count)}
    assert read_own("wmi-activity-5857", fields) == read
    text = f"x provider started with result code {code}. HostProcess = wmiprvse.exe; ProcessID = 3036; ProviderPath = {path}"
    assert read_own("wmi-activity-5857", {"Message": text}) == read
    assert len(told(Kind.MODULE_LOAD, {"id": "e", "log": "wmi-activity-5857", **read})) == count


WQL = "SELECT * FROM __InstanceCreationEvent WITHIN 5 WHERE TargetInstance.Name = 'a.exe'"
CAUSE = (
    'Binding EventFilter: \ninstance of __EventFilter\n{\n\tName = "F1";\n\tQuery = "' + WQL + '";\n};\nPerm. Consumer: \n'
    'instance of CommandLineEventConsumer\n{\n\tCommandLineTemplate = "cmd.exe /c \\"C:\\\\a b\\\\x.exe\\" -q";\n\tName = "C1";\n};\n'
)


@pytest.mark.parametrize("fields", [
    {"Namespace": "//./root/subscription", "ESS": "F1", "CONSUMER": 'CommandLineEventConsumer="C1"', "PossibleCause": CAUSE},
    {"Message": "Namespace = //./root/subscription; Eventfilter = F1 (refer to its activate eventid:5859); "
        f'Consumer = CommandLineEventConsumer="C1"; PossibleCause = {CAUSE}'},
])  # fmt: skip
def test_a_binding_says_what_runs_and_when(fields: dict[str, object]) -> None:
    read = {"subscription": "C1", "wmi_filter": "F1", "wql": WQL, "command_line": r'cmd.exe /c "C:\a b\x.exe" -q'}
    assert read_own("wmi-activity-5861", fields) == read
    [fact] = told(Kind.SUBSCRIPTION, {"id": "e", "log": "wmi-activity-5861", **read})
    assert (fact["what"], fact["name"], fact["filter"], fact["query"], fact["path"]) == ("binding", "C1", "F1", WQL, read["command_line"])


@pytest.mark.parametrize(("number", "what", "fields"), [
    (5859, "filter", {"Query": WQL, "User": r"CORP\alice"}),
    (5859, "filter", {"Message": f"Namespace = //./root/subscription; NotificationQuery = {WQL}; OwnerName = CORP\\alice; "
        "HostProcessID = 7; Provider = x, queryID = 0; PossibleCause = Permanent"}),
    (5860, "temporary", {"Query": WQL, "User": r"CORP\alice"}),
    (5860, "temporary", {"Message": f"Namespace = ROOT\\CIMV2; NotificationQuery = {WQL}; UserName = CORP\\alice; ClientProcessID = 7, "
        "PossibleCause = Temporary"}),
])  # fmt: skip
def test_what_is_watched_for_and_for_whom(number: int, what: str, fields: dict[str, object]) -> None:
    read = {"wql": WQL, "user": "alice", "user_domain": "CORP"}
    assert read_own(f"wmi-activity-{number}", fields) == read
    [fact] = told(Kind.SUBSCRIPTION, {"id": "e", "log": f"wmi-activity-{number}", **read})
    assert (fact["what"], fact["query"], fact["account"]) == (what, WQL, "alice")
