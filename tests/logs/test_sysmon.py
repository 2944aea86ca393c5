"""Sysmon's records by hand: WMI's spelling of text, what a field of the export stands over, and processes that nobody knows."""

from __future__ import annotations

import pytest

from graphcorr.logs.catalog import log_types
from graphcorr.logs.columns import EVENT_COLUMNS
from tests.logs.records import columns, make, read_own

SERVICE = r"HKLM\System\CurrentControlSet\Services\svc"
WHO = {"user": "alice", "user_domain": "CORP"}


@pytest.mark.parametrize(
    ("fields", "action"),
    [
        ({"EventType": "CreateKey"}, "CreateKey"),
        ({"EventType": "INFO"}, None),
        ({"EventType": ["CreateKey"]}, None),
        ({"EventType": "-"}, None),
        (
            {"EventType": "INFO", "Message": "Registry object added or deleted:\r\nRuleName: -\r\nEventType: DeleteKey\r\nImage: x"},
            "DeleteKey",
        ),
        ({"Message": "EventType: INFO"}, None),
    ],
)
def test_what_was_done_to_a_key(fields: dict[str, object], action: str | None) -> None:
    found = read_own("sysmon-12", {"TargetObject": SERVICE} | fields)
    assert (found.pop("action", None), found) == (action, {"target_object": SERVICE})


def test_a_value_has_what_it_was_set_to_and_a_renamed_key_its_new_name() -> None:
    by: dict[str, object] = {"Image": r"C:\x.exe", "ProcessId": "7", "User": r"CORP\alice", "TargetObject": SERVICE}
    told = {"image": r"C:\x.exe", "pid": 7, **WHO, "target_object": SERVICE}
    assert read_own("sysmon-13", {**by, "Details": "C:\\a b.exe -x"}) == {**told, "action": "SetValue", "details": "C:\\a b.exe -x"}
    assert read_own("sysmon-13", {**by, "Details": "-"}) == {**told, "action": "SetValue"}
    assert read_own("sysmon-14", {**by, "EventType": "RenameKey", "NewName": "HKLM\\y"}) == {
        **told,
        "action": "RenameKey",
        "details": "HKLM\\y",
    }


WMI: dict[str, object] = {"Operation": "Created", "User": r"CORP\alice"}
BY: dict[str, object] = {"action": "Created", **WHO}


def test_a_subscription_is_read_as_it_was_given_to_wmi() -> None:
    query = "SELECT * FROM __InstanceModificationEvent WHERE TargetInstance ISA 'Win32_Service' AND TargetInstance.Name = \"x\""
    logged = query.replace('"', '\\"')
    assert read_own("sysmon-19", {**WMI, "Name": ' "updates"', "Query": f' "{logged}"'}) == BY | {"subscription": "updates", "wql": query}
    consumer: dict[str, object] = {**WMI, "Name": ' "updates"', "Type": "Command Line", "Destination": r' "C:\\Windows\\x.exe -a \"b c\""'}
    assert read_own("sysmon-20", consumer) == BY | {"subscription": "updates", "command_line": r'C:\Windows\x.exe -a "b c"'}


@pytest.mark.parametrize("root", [r"\\\\.\\ROOT\\subscription:", ""])
def test_a_binding_has_the_names_of_both(root: str) -> None:
    bound: dict[str, object] = {
        "Consumer": rf' "{root}CommandLineEventConsumer.Name=\"run \\\"it\\\"\""',
        "Filter": rf' "{root}__EventFilter.Name=\"at noon\""',
    }
    assert read_own("sysmon-21", {**WMI, **bound}) == BY | {"subscription": r"run \"it\"", "wmi_filter": "at noon"}


@pytest.mark.parametrize(("value", "name"), [("updates", "updates"), ('"', '"'), ('""', None), ("-", None), ("", None)])
def test_what_is_not_quoted_stays_and_what_is_empty_is_absent(value: str, name: str | None) -> None:
    assert read_own("sysmon-20", {"Name": value, "Destination": "x"}).get("subscription") == name


def test_answers_are_addresses_and_names() -> None:
    asked: dict[str, object] = {
        "QueryName": "www.example.org",
        "QueryResults": "type:  5 cdn.example.org;::ffff:192.0.2.7;fe80::1;type:  33 ;",
    }
    assert read_own("sysmon-22", asked) == {"query": "www.example.org", "answers": ["cdn.example.org", "192.0.2.7", "fe80::1"]}
    assert read_own("sysmon-22", {"QueryName": "wpad", "QueryResults": "-"}) == {"query": "wpad"}


def test_the_time_of_a_query_is_that_of_its_header() -> None:
    event = columns(make("sysmon-22", {"QueryName": "x", "UtcTime": "1999-01-01 00:00:00.000"}))
    assert (event["time_field"], str(event["time"])[:4]) == ("TimeCreated", "2021")


@pytest.mark.parametrize("log", ["sysmon-8", "sysmon-10"])
@pytest.mark.parametrize("unknown", ["<unknown process>", "&lt;unknown process&gt;", "-"])
def test_a_process_that_is_not_known_is_none(log: str, unknown: str) -> None:
    pair: dict[str, object] = {
        "SourceImage": unknown,
        "SourceProcessId": "5",
        "TargetImage": r"C:\y.exe",
        "TargetProcessId": "0",
        "SourceUser": "-",
    }
    assert read_own(log, pair) == {"pid": 5, "target_image": r"C:\y.exe"}


def test_a_pair_of_processes() -> None:
    guid = "0fd50764-2949-6440-0009-000000001800"
    pair: dict[str, object] = {
        "SourceProcessGUID": guid,
        "SourceProcessId": "5",
        "SourceImage": r"C:\x.exe",
        "TargetProcessGUID": f"{{{guid}}}",
        "TargetProcessId": "640",
        "TargetImage": r"C:\Windows\System32\lsass.exe",
        "SourceUser": r"CORP\alice",
        "TargetUser": r"NT AUTHORITY\SYSTEM",
        "GrantedAccess": "0x1410",
        "CallTrace": "a.dll+1|b.dll+2",
    }
    assert read_own("sysmon-10", pair) == {
        "image": r"C:\x.exe",
        "pid": 5,
        "process_guid": guid,
        **WHO,
        "target_image": r"C:\Windows\System32\lsass.exe",
        "target_pid": 640,
        "target_process_guid": guid,
        "access_mask": 0x1410,
        "call_trace": "a.dll+1|b.dll+2",
    }
    row = dict.fromkeys(EVENT_COLUMNS) | {"image": "x.exe", "access_mask": 0x1410}
    saying = log_types()["sysmon-10"].says
    assert saying is not None
    assert saying.say(row) == "x.exe opened another with access 0x1410"


def test_a_creation_time_that_was_set() -> None:
    fields = {
        "TargetFilename": r"C:\a.exe",
        "CreationUtcTime": "2010-01-02 03:04:05.000",
        "PreviousCreationUtcTime": "2024-05-06 07:08:09.123",
    }
    found = read_own("sysmon-2", {**fields, "Image": r"C:\x.exe"})
    assert [str(found[name]) for name in ("file_created", "previous_created")] == ["2010-01-02 03:04:05", "2024-05-06 07:08:09.123000"]
    assert (found["path"], found["image"]) == (r"C:\a.exe", r"C:\x.exe")
