"""Reading one field: absence in all its spellings, wrong types, and the values that look right and are not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphcorr.logs.catalog import log_types
from graphcorr.logs.readers import (
    account,
    address,
    cleared_channel,
    domain,
    flag,
    guid,
    if_present,
    integer,
    logon_id,
    moment,
    names,
    object_file,
    pipe,
    port,
    relative_pipe,
    sid,
    start_type,
    text,
)
from tests.logs.records import MICROSECONDS, TIME, read_own

ABSENT = (None, "", " ", "-", "N/A", "(null)", "\0")


@pytest.mark.parametrize("value", ABSENT)
@pytest.mark.parametrize("reader", [text, integer, port, flag, guid, logon_id, address, sid, account, domain, pipe, moment, start_type])
def test_absence_is_none(reader: object, value: object) -> None:
    assert callable(reader)
    assert reader("a")({"a": value}) is None


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (text("a"), " C:\\a.exe\0", "C:\\a.exe"),
        (text("a"), {"inner": 1}, None),
        (text("a"), 7, "7"),
        (integer("a"), "0x17019f", 0x17019F),
        (integer("a"), 2**63, None),
        (integer("a"), True, None),
        (integer("a"), "0", 0),
        (integer("a", zero=False), "0x0", None),
        (port("a"), "65536", None),
        (port("a"), "445", 445),
        (port("a"), "0", None),
        (flag("a"), "%%1842", None),
        (flag("a"), "true", True),
        (flag("a"), False, False),
        (guid("a"), "{8A03D666-385A-A2CA-1849-70CA55FA3CFE}", "8a03d666-385a-a2ca-1849-70ca55fa3cfe"),
        (guid("a"), "00000000-0000-0000-0000-000000000000", None),
        (logon_id("a"), "0xC61D9", "0xc61d9"),
        (logon_id("a"), "0x00000000000c61d9", "0xc61d9"),
        (logon_id("a"), 811481, "0xc61d9"),
        (logon_id("a"), "0x0", None),
        (address("a"), "fe80::1%12", "fe80::1"),
        (address("a"), "::ffff:10.0.0.1", "10.0.0.1"),
        (address("a"), "fe80:0:0:0:90e:17af:263c:5209", "fe80::90e:17af:263c:5209"),
        (address("a"), "0.0.0.0", None),  # noqa: S104
        (address("a"), "LOCAL", None),
        (address("a"), 10, None),
        (sid("a"), "S-1-0-0", None),
        (sid("a"), "S-1-5-18", "S-1-5-18"),
        (account("a"), "NT AUTHORITY\\SYSTEM", "SYSTEM"),
        (domain("a"), "NT AUTHORITY\\SYSTEM", "NT AUTHORITY"),
        (domain("a"), "alice", None),
        (pipe("a"), "\\PSEXESVC-WS01-4711-stdin", "psexesvc-ws01-4711-stdin"),
        (pipe("a"), "<Anonymous Pipe>", None),
        (moment("a"), TIME, MICROSECONDS),
        (moment("a"), "1601-01-01 00:00:00.000", None),
        (start_type("a"), "2", "auto start"),
        (start_type("a"), 3, "demand start"),
        (start_type("a"), "auto start", "auto start"),
    ],
)
def test_value(read: object, value: object, expected: object) -> None:
    assert callable(read)
    found = read({"a": value})
    assert found == expected
    assert type(found) is type(expected)


def test_the_first_name_that_says_something_wins() -> None:
    assert text("a", "b")({"a": "-", "b": "x"}) == "x"
    assert text("a", "b")({"a": "y", "b": "x"}) == "y"
    assert text("a", "b")({}) is None


def test_a_relative_name_is_a_pipe_on_ipc_only() -> None:
    read = relative_pipe("s", "n")
    assert read({"s": "\\\\*\\IPC$", "n": "svcctl"}) == "svcctl"
    assert read({"s": "\\\\*\\ipc$ ", "n": "SVCCTL"}) == "svcctl"
    assert read({"s": "\\\\*\\C$", "n": "svcctl"}) is None
    assert read({"s": ["\\\\*\\IPC$"], "n": "svcctl"}) is None


def test_names_of_program_and_command_line() -> None:
    read = names("c", "i")
    assert read({"c": "rundll32.exe C:\\Temp\\Evil.dll,Start", "i": "C:\\Windows\\System32\\rundll32.exe"}) == ["evil.dll", "rundll32.exe"]
    assert read({"i": "C:\\A.EXE"}) == ["a.exe"]
    assert read({"c": "-"}) is None


def test_if_present() -> None:
    read = if_present("marker", text("a"))
    assert read({"a": "x", "marker": "User"}) == "x"
    assert read({"a": "x"}) is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        # The event's own data, as EVTX and winlogbeat give it.
        ({"Channel": "Windows PowerShell"}, "windows powershell"),
        # A flat export: Channel is where the record stands, the message says what was cleared.
        ({"EventID": 104, "Channel": "System", "Message": "The Windows PowerShell log file was cleared."}, "windows powershell"),
        ({"EventID": 104, "Channel": "System", "Message": "Le fichier journal a été effacé."}, None),
        ({"EventID": 104, "Channel": "System"}, None),
    ],
)
def test_cleared_channel(fields: dict[str, object], expected: str | None) -> None:
    assert cleared_channel("Channel", "Message")(fields) == expected


def test_service_account_is_not_the_acting_account() -> None:
    service = {"ServiceName": "x", "ImagePath": "C:\\x.exe", "StartType": "demand start", "AccountName": "LocalSystem"}
    assert "user" not in read_own("system-7045", dict(service))
    acting = service | {"AccountName": "pgustavo", "Domain": "THESHIRE", "AccountType": "User"}
    found = read_own("system-7045", dict(acting))
    assert (found["user"], found["user_domain"]) == ("pgustavo", "THESHIRE")


def test_the_logging_service_is_never_the_process() -> None:
    found = read_own("sysmon-1", {"Image": "C:\\a.exe", "ExecutionProcessID": 3120, "AccountName": "SYSTEM", "UserID": "S-1-5-18"})
    assert found == {"image": "C:\\a.exe", "names": ["a.exe"]}


def test_4688_takes_the_new_process() -> None:
    found = read_own("security-4688", {"NewProcessId": "0x1c58", "ProcessId": "0x850", "NewProcessName": "C:\\a.exe", "CommandLine": ""})
    assert found == {"image": "C:\\a.exe", "names": ["a.exe"], "pid": 0x1C58, "parent_pid": 0x850}


def test_sysmon_without_a_process_id() -> None:
    """A share's client writes as System with pid 4; idle's 0 is nobody."""
    written: dict[str, object] = {"Image": "System", "TargetFilename": "C:\\a"}
    assert read_own("sysmon-11", {"ProcessId": 4, **written}) == {"image": "System", "path": "C:\\a", "pid": 4}
    assert read_own("sysmon-11", {"ProcessId": "0", **written}) == {"image": "System", "path": "C:\\a"}


_ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.lists(st.text(max_size=3)),
    st.just({"a": {}}),
    st.just("é" * 9),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(_ODD, min_size=60, max_size=60))
def test_no_reader_raises(values: list[object]) -> None:
    for log_type in log_types().values():
        for column, read in log_type.columns.items():
            fields = dict(zip(_FIELDS, values * 3, strict=False))
            try:
                read(fields)
            except (TypeError, ValueError, KeyError, AttributeError) as error:
                pytest.fail(f"{log_type.name}.{column}: {error!r}")


_FIELDS = (
    *("Image", "ProcessId", "ProcessGuid", "User", "CommandLine", "CurrentDirectory", "OriginalFileName", "ParentImage", "ParentProcessId"),
    *(
        "Hashes",
        "LogonId",
        "LogonGuid",
        "SourceIp",
        "SourcePort",
        "Initiated",
        "Protocol",
        "ImageLoaded",
        "Signed",
        "Signature",
        "PipeName",
    ),
    *(
        "TargetFilename",
        "CreationUtcTime",
        "Hash",
        "SubjectUserName",
        "SubjectUserSid",
        "SubjectLogonId",
        "IpAddress",
        "IpPort",
        "ShareName",
    ),
    *(
        "ShareLocalPath",
        "RelativeTargetName",
        "AccessMask",
        "TargetUserName",
        "TargetLogonId",
        "LogonType",
        "NewProcessId",
        "NewProcessName",
    ),
    *("ServiceName", "ServiceFileName", "ServiceStartType", "StartType", "ImagePath", "AccountType", "AccountName", "UserID", "Channel"),
    *("Message", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "fuid", "action", "path", "name", "prev_name", "size", "uids"),
    *("times.created", "proto", "duration", "orig_bytes", "is_orig", "tx_hosts", "rx_hosts", "conn_uids", "md5", "filename", "seen_bytes"),
    *(
        "named_pipe",
        "endpoint",
        "operation",
        "client",
        "success",
        "query",
        "answers",
        "msg_types",
        "lease_time",
        "client_fqdn",
        "assigned_addr",
    ),
)


@pytest.mark.parametrize(
    ("kind", "name", "path"),
    [
        ("File", "C:\\x.exe", "C:\\x.exe"),
        ("file", "\\Device\\HarddiskVolume3\\x.exe", "\\Device\\HarddiskVolume3\\x.exe"),
        ("Key", "\\REGISTRY\\MACHINE\\x.exe", None),
        ("File", "0x1c4", None),
        ("File", "-", None),
        (None, "C:\\x.exe", None),
    ],
)
def test_an_accessed_object_is_a_file_by_its_type_and_its_path(kind: str | None, name: str, path: str | None) -> None:
    assert object_file("t", "n")({"t": kind, "n": name}) == path
