"""Fields that do not fit their names: the record is refused with field and value, and nobody is taken for who he is not."""

from __future__ import annotations

import pickle
from pathlib import Path

import orjson
import pytest

from graphcorr.logs.batch import normalize
from graphcorr.logs.catalog import find_misfit, log_types, wanted
from graphcorr.logs.fields import Field, Joint
from graphcorr.sources.inputs import discover
from graphcorr.sources.positions import LAYOUTS
from graphcorr.sources.reading import read
from tests.logs.records import make
from tests.sources.reads import read_bytes

GUID = "{b3a2c1d0-e2e7-65e6-1c05-000000001a00}"
VALUES = {
    "RuleName": "-",
    "UtcTime": "2024-03-05 09:14:31.500",
    "ProcessGuid": GUID,
    "ProcessId": "6120",
    "Image": "C:\\Windows\\Temp\\inv32.exe",
    "OriginalFileName": "inv32.exe",
    "CommandLine": "C:\\Windows\\Temp\\inv32.exe -q",
    "CurrentDirectory": "C:\\Windows\\system32\\",
    "User": "CORP\\adm.koch",
    "LogonGuid": GUID,
    "LogonId": "0x3e7",
    "TerminalSessionId": "0",
    "IntegrityLevel": "System",
    "Hashes": "SHA256=" + "1F" * 32,
    "ParentProcessGuid": GUID,
    "ParentProcessId": "712",
    "ParentImage": "C:\\Windows\\System32\\services.exe",
    "ParentCommandLine": "C:\\Windows\\system32\\services.exe -k",
    "ParentUser": "NT AUTHORITY\\SYSTEM",
    "Protocol": "tcp",
    "Initiated": "true",
    "SourceIsIpv6": "false",
    "SourceIp": "10.1.1.1",
    "SourceHostname": "ws",
    "SourcePort": "50000",
    "DestinationIsIpv6": "false",
    "DestinationIp": "10.1.1.2",
    "DestinationHostname": "fs",
    "DestinationPort": "445",
    "DestinationPortName": "microsoft-ds",
    "TargetFilename": "C:\\Windows\\Temp\\inv32.exe",
    "CreationUtcTime": "2024-03-05 09:14:31.500",
    "ImageLoaded": "C:\\Windows\\Temp\\x.dll",
    "Signed": "true",
    "Signature": "Example Corporation",
    "SignatureStatus": "Valid",
    "IsExecutable": "true",
    "Archived": "true",
    "PipeName": "\\svcctl",
    "EventType": "CreatePipe",
    "SubjectUserSid": "S-1-5-21-1-2-3-1105",
    "SubjectUserName": "adm.koch",
    "SubjectDomainName": "CORP",
    "SubjectLogonId": "0x5a1b2c",
    "TargetUserSid": "S-1-5-21-1-2-3-1106",
    "TargetUserName": "bob",
    "TargetDomainName": "CORP",
    "TargetLogonId": "0x1234",
    "LogonType": "3",
    "LogonProcessName": "NtLmSsp",
    "AuthenticationPackageName": "NTLM",
    "WorkstationName": "WS-1",
    "LmPackageName": "NTLM V2",
    "KeyLength": "128",
    "ProcessName": "C:\\Windows\\System32\\svchost.exe",
    "IpAddress": "10.20.30.41",
    "IpPort": "51515",
    "TargetLogonGuid": GUID,
    "TargetServerName": "fs",
    "TargetInfo": "fs",
    "NewProcessId": "0x1c58",
    "NewProcessName": "C:\\Windows\\System32\\cmd.exe",
    "TokenElevationType": "%%1936",
    "ParentProcessName": "C:\\Windows\\explorer.exe",
    "MandatoryLabel": "S-1-16-8192",
    "ServiceName": "svc",
    "ServiceFileName": "%SystemRoot%\\x.exe",
    "ServiceType": "0x10",
    "ServiceStartType": "3",
    "ServiceAccount": "LocalSystem",
    "ImagePath": "C:\\x.exe",
    "StartType": "demand start",
    "AccountName": "LocalSystem",
    "ObjectType": "File",
    "ShareName": "\\\\*\\C$",
    "ShareLocalPath": "\\??\\C:\\",
    "RelativeTargetName": "Windows\\Temp\\inv32.exe",
    "AccessMask": "0x120196",
    "AccessList": "%%1538",
    "SourceProcessGuid": GUID,
    "SourceProcessGUID": GUID,
    "SourceProcessId": "6120",
    "SourceThreadId": "7",
    "SourceImage": "C:\\Windows\\Temp\\inv32.exe",
    "TargetProcessGuid": GUID,
    "TargetProcessGUID": GUID,
    "TargetProcessId": "712",
    "TargetImage": "C:\\Windows\\System32\\lsass.exe",
    "NewThreadId": "9784",
    "StartAddress": "0x00000228C1DF0000",
    "GrantedAccess": "0x1410",
    "CallTrace": "C:\\Windows\\SYSTEM32\\ntdll.dll+9c584",
    "SourceUser": "CORP\\adm.koch",
    "TargetUser": "NT AUTHORITY\\SYSTEM",
    "PreviousCreationUtcTime": "2024-03-05 09:14:31.500",
    "TargetObject": "HKLM\\System\\CurrentControlSet\\Services\\svc\\ImagePath",
    "Details": "C:\\x.exe",
    "NewName": "HKLM\\System\\CurrentControlSet\\Services\\new",
    "Operation": "Created",
    "EventNamespace": '"root\\\\cimv2"',
    "Name": '"updates"',
    "Query": '"SELECT * FROM __InstanceModificationEvent"',
    "Type": "Command Line",
    "Destination": '"C:\\\\x.exe"',
    "Consumer": '"CommandLineEventConsumer.Name=\\"updates\\""',
    "Filter": '"__EventFilter.Name=\\"updates\\""',
    "QueryName": "fs.corp.example",
    "QueryStatus": "0",
    "QueryResults": "::ffff:10.0.0.5;",
    "param1": "Available",
    "param2": "None",
    "param3": "\tHostName=ConsoleHost\r\n\tHostApplication=powershell.exe\r\n\tEngineVersion=5.1",
    "ContextInfo": "Severity = Informational",
    "Payload": "CommandInvocation(Get-Item)",
    "MessageNumber": "1",
    "MessageTotal": "2",
    "ScriptBlockText": "Get-Item x",
    "ScriptBlockId": GUID,
    "Path": "C:\\Windows\\Temp\\x.ps1",
    "AccountDomain": "CORP",
    "LogonID": "0x1234",
    "SessionName": "RDP-Tcp#1",
    "ClientName": "WS-1",
    "ClientAddress": "10.20.30.41",
    "Application": "\\device\\harddiskvolume2\\windows\\system32\\svchost.exe",
    "Direction": "%%14592",
    "SourceAddress": "10.1.1.1",
    "DestAddress": "10.1.1.2",
    "DestPort": "445",
    "Status": "0x0",
    "TargetSid": "S-1-5-21-1-2-3-1106",
    "ObjectDN": "CN=x,DC=corp,DC=example",
    "OperationType": "%%14674",
    "TaskName": "\\Updates\\Nightly",
    "TaskContent": "<Task><Actions><Exec><Command>C:\\x.exe</Command></Exec></Actions></Task>",
    "TaskContentNew": "<Task><Actions><Exec><Command>C:\\x.exe</Command></Exec></Actions></Task>",
    "UserContext": "CORP\\adm.koch",
    "UserName": "CORP\\adm.koch",
    "ProcessID": "6120",
    "ActionName": "C:\\x.exe",
}
OWN_VALUES = {
    "system-7036": {"param1": "Updater", "param2": "running"},
    "system-7040": {"param1": "Updater", "param2": "auto start", "param3": "disabled", "param4": "upd"},
    **{key: {"Name": "Server Name", "Value": "srv01", "CustomLevel": "Info"} for key in ("rdpclient-1024", "rdpclient-1102")},
    "terminalservices-rcm-1149": {"Param1": "bob", "Param2": "CORP", "Param3": "10.20.30.41"},
    **{f"terminalservices-lsm-{number}": {"Address": "10.20.30.41", "SessionID": "2"} for number in (21, 22, 24, 25)},
    "winrm-6": {"connection": "srv01/wsman?PSVersion=5.1"},
    "winrm-91": {"resourceUri": "http://schemas.microsoft.com/powershell/Microsoft.PowerShell"},
}
"""What fields of one name hold in logs that use it for something else."""
TELLING = (
    "user",
    "target_user",
    "image",
    "parent_image",
    "command_line",
    "path",
    "share",
    "pipe",
    "source_address",
    "target_address",
    "pid",
)
"""Columns in which a wrong value is a person, a program, a file or a machine that was not there."""


def shifts() -> list[tuple[str, tuple[str, ...]]]:
    known = wanted().windows
    return [(log, tuple(layout.split())) for key, layouts in LAYOUTS.items() if (log := known.get(key)) for layout in layouts]


def event(log: str, fields: dict[str, object]) -> dict[str, object] | None:
    """The event of one record, None where it is a skip, which then says why."""
    batches, skips = normalize([make(log, fields)])
    if batches:
        assert skips == []
        return batches[0].to_pylist()[0]
    [skip] = skips
    assert skip.reason.startswith(("the fields do not fit their names: ", "no "))
    return None


@pytest.mark.parametrize(("log", "names"), shifts(), ids=str)
def test_values_that_moved_by_one_name_are_refused_or_harmless(log: str, names: tuple[str, ...]) -> None:
    """As where one empty field is left out, or one is too many."""
    values = [(VALUES | OWN_VALUES.get(log, {})).get(name, "-") for name in names]
    if log == "system-7045":
        values[2] = "user mode service"
    true = event(log, dict(zip(names, values, strict=True)))
    assert true is not None
    refused = 0
    for place in range(len(names) - 1):
        for moved in ([*values[:place], *values[place + 1 :]], [*values[:place], "-", *values[place:]]):
            found = event(log, dict(zip(names, moved, strict=False)))
            refused += found is None
            wrong = {name: found[name] for name in TELLING if found and found[name] not in (None, true[name])}
            if names[place] != "ParentImage" and log != "system-104":  # its values are all names
                assert wrong == {}, (names[place], moved)
    assert refused >= len(names) // 2 or log == "system-104"


@pytest.mark.parametrize(
    ("log", "name", "value", "kind"),
    [
        ("sysmon-1", "User", GUID, "an account"),
        ("sysmon-1", "Image", "C:\\Windows\\system32\\", "a program"),
        ("sysmon-1", "ProcessId", "six", "a number"),
        ("sysmon-1", "Hashes", "SHA256=1F", "a list of hashes"),
        ("sysmon-1", "UtcTime", "C:\\Windows\\x.exe", "a time"),
        ("sysmon-11", "CreationUtcTime", "C:\\Windows\\x.exe", "a time"),
        ("security-4624", "IpAddress", "File", "an IP address"),
        ("security-4624", "TargetUserName", GUID.strip("{}"), "an account"),
        ("security-5145", "SubjectLogonId", "CORP", "the id of a session"),
        ("security-5145", "SubjectDomainName", "{'a': 1}", "a domain"),
        ("security-5145", "SubjectUserName", "\ufffd", "an account"),
        ("security-4624", "TargetDomainName", "[]", "a domain"),
        ("security-5140", "SubjectDomainName", "10.1.1.9", "a domain"),
        ("security-5145", "SubjectDomainName", "1234", "a domain"),
        ("security-4624", "TargetDomainName", "10.0.0.7", "a domain"),
        ("security-4634", "TargetDomainName", "1234", "a domain"),
        ("sysmon-1", "User", "1234\\alice", "an account"),
        ("sysmon-23", "User", "10.0.0.7\\bob", "an account"),
        ("security-5145", "SubjectUserName", "ali\x85ce", "an account"),
        ("security-5145", "SubjectUserSid", "S-1-5-21-1-x-3-1105", "a SID"),
        ("zeek-files", "md5", "0a" * 20, "a hash of its kind"),
        ("zeek-conn", "id.orig_h", "C7WW", "an IP address"),
    ],
)
def test_the_reason_names_field_and_value_and_the_neighbors_stay(log: str, name: str, value: str, kind: str) -> None:
    zeek = {"uid": "C1", "fuid": "F1", "seen_bytes": 3, "id.orig_h": "10.0.0.1", "id.resp_h": "10.0.0.2", "conn_state": "SF"}
    whole: dict[str, object] = dict(zeek) if log.startswith("zeek") else dict(VALUES)
    records = [make(log, fields, number=number) for number, fields in enumerate((whole, whole | {name: value}, whole), 1)]
    (batch,), [skip] = normalize(records)
    assert batch.column("record").to_pylist() == [1, 3]
    shown = "md5" if name == "md5" else name
    assert skip == (1, 2, f"the fields do not fit their names: {shown} {value!r} is not {kind}")
    assert find_misfit(log, whole | {name: value}) == skip.reason
    assert find_misfit(log, whole) is None


@pytest.mark.parametrize("log", ["security-5140", "security-5145"])
@pytest.mark.parametrize("name", ["SubjectUserName", "SubjectDomainName"])
def test_a_share_is_of_files_and_who_has_changed_places_with_that_is_nobody(log: str, name: str) -> None:
    swapped = VALUES | {"ObjectType": VALUES[name], name: VALUES["ObjectType"]}
    assert find_misfit(log, swapped) == f"the fields do not fit their names: ObjectType {VALUES[name]!r} is not the type of a file"
    assert find_misfit(log, VALUES | {"ObjectType": "-"}) is None


def test_a_value_of_a_wrong_type_is_absence_and_its_neighbor_is_looked_at() -> None:
    records = [make("sysmon-11", VALUES | {"ProcessId": value}, number=number) for number, value in enumerate(([1], "x", {}, "7", True), 1)]
    (batch,), skips = normalize(records)
    assert batch.column("record").to_pylist() == [1, 3, 4, 5]
    assert [skip.number for skip in skips] == [2]


CREATE = tuple(LAYOUTS["microsoft-windows-sysmon", 1][0].split())
"""What an older Sysmon logs; newer ones have a name more, OriginalFileName."""


def exported(names: tuple[str, ...], properties: list[str] | None) -> bytes:
    """A record as Get-WinEvent exports it, its values under ``names`` in the message."""
    values = [VALUES.get(name, "-") for name in CREATE]
    message = "\r\n".join(["Process Create:", *map(": ".join, zip(names, values, strict=False))])
    row = {
        "Id": 1,
        "ProviderName": "Microsoft-Windows-Sysmon",
        "LogName": "x",
        "MachineName": "ws5",
        "TimeCreated": "/Date(1709630071500)/",
    }
    return orjson.dumps(row | {"Message": message} | ({"Properties": [{"Value": value} for value in properties]} if properties else {}))


def test_a_message_of_another_manifest_gives_way_to_the_values_by_position(tmp_path: Path) -> None:
    newer = LAYOUTS["microsoft-windows-sysmon", 1][1].split()
    values = [VALUES.get(name, "-") for name in CREATE]
    lines = [exported(CREATE, values), exported(tuple(newer), values), exported(tuple(newer), None), exported(tuple(newer), values[1:])]
    result = read_bytes(tmp_path, b"\n".join(lines), wanted=wanted())
    for record in result.records:
        record.input = 1
    (batch,), skips = normalize(result.records)
    assert skips == []
    columns = batch.select(["record", "user", "image", "command_line", "parent_image", "parent_pid", "hashes"]).to_pylist()
    assert [row.pop("record") for row in columns] == [1, 2]
    assert columns[0] == columns[1]
    assert columns[0]["user"] == "adm.koch"
    assert columns[0]["parent_pid"] == 712
    reason = "the fields do not fit their names: ProcessGuid"
    assert [number for number, _ in result.skips] == [3, 4]
    assert all("the fields do not fit their names: " in said and reason not in said for _, said in result.skips)


def test_every_log_type_declares_what_its_people_programs_and_addresses_can_be() -> None:
    for log_type in log_types().values():
        for column in ("user", "target_user", "image", "parent_image", "hashes", "source_address", "target_address", "pid", "logon_id"):
            read = log_type.columns.get(column)
            if (isinstance(read, Field) and not log_type.name.startswith("zeek")) or (isinstance(read, Joint) and column != "user"):
                said = f"{log_type.name} reads {column} as any text: a reader of graphcorr/logs/readers.py says what it can be"
                assert read.fit is not None, said


def test_whoever_reads_in_another_process_asks_the_same() -> None:
    assert pickle.loads(pickle.dumps(wanted())).misfit("sysmon-1", VALUES | {"User": GUID}) is not None  # noqa: S301


def test_no_record_of_the_public_logs_is_refused(shared: Path) -> None:
    every = wanted()
    names = [*sorted((shared / "datasets").rglob("*.evtx"))[::4], *sorted((shared / "datasets").rglob("*.zip"))[::6]]
    events = 0
    for source in discover([*map(str, names), str(shared / "datasets/brimdata+zed-sample-data")]):
        for batch in read(source, every, lambda *_: None):
            for record in batch:
                record.input = 1
            batches, skips = normalize(batch)
            assert [skip for skip in skips if "fit" in skip.reason] == []
            events += sum(one.num_rows for one in batches)
    assert events > 10_000
