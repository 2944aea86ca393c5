"""Each shape on the JSON that its collector writes, and the same event told the same way by all of them."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tests.sources.reads import read_bytes, read_one

XML = (
    "<Event xmlns='x'><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID>"
    "<TimeCreated SystemTime='2020-10-19T07:30:46.257Z'/>"
    "<EventRecordID>7</EventRecordID><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>ws5.example.org</Computer></System>"
    "<EventData><Data Name='UtcTime'>2020-10-19 07:30:46.251</Data><Data Name='Image'>C:\\x.exe</Data></EventData></Event>"
)
PROVIDER = "Microsoft-Windows-Sysmon"
CHANNEL = "Microsoft-Windows-Sysmon/Operational"
DATA = {"UtcTime": "2020-10-19 07:30:46.251", "Image": "C:\\x.exe"}
WINLOG: dict[str, object] = {
    "event_id": 1,
    "provider_name": PROVIDER,
    "channel": CHANNEL,
    "computer_name": "ws5.example.org",
    "record_id": 7,
    "event_data": DATA,
}
BEAT: dict[str, object] = {
    "@timestamp": "2020-10-19T07:30:46.257Z",
    "winlog": WINLOG,
    "agent": {"hostname": "collector"},
    "event": {"created": "later"},
}
SHAPES: dict[str, dict[str, object]] = {
    "winlogbeat": BEAT,
    "winlogbeat with text ids": {**BEAT, "winlog": {**WINLOG, "event_id": "1", "record_id": "7"}},
    "winlogbeat dumped from elasticsearch": {"_index": "winlogbeat", "_source": BEAT},
    "winlogbeat with the machine's other name": {
        **BEAT,
        "winlog": {"computer" if name == "computer_name" else name: value for name, value in WINLOG.items()},
        "host": {"name": "collector"},
    },
    "security onion's wazuh": {
        "@timestamp": "2020-10-19T07:31:00.000Z",
        "winlog": {
            "eventID": "1",
            "providerName": PROVIDER,
            "channel": CHANNEL,
            "computer": "ws5.example.org",
            "eventRecordID": "7",
            "systemTime": "2020-10-19T07:30:46.257Z",
            "event_data": DATA,
        },
    },
    "winlogbeat with dots": {
        "@timestamp": "2020-10-19T07:30:46.257Z",
        **{f"winlog.{name}": value for name, value in WINLOG.items() if name != "event_data"},
        **{f"winlog.event_data.{name}": value for name, value in DATA.items()},
        "winlog.computer_name.keyword": "ws5.example.org",
    },
    "kibana's fields": {
        "_index": "winlogbeat",
        "fields": {
            "@timestamp": ["2020-10-19T07:30:46.257Z"],
            **{f"winlog.{name}": [str(value)] for name, value in WINLOG.items() if name != "event_data"},
            **{f"winlog.event_data.{name}": [value] for name, value in DATA.items()},
            "tags": ["a", "b"],
        },
    },
    "elastic's original": {
        "@timestamp": "2020-10-19T07:30:46.251Z",
        "winlog": {name: value for name, value in WINLOG.items() if name != "event_data"},
        "event": {"original": XML},
    },
    "an original of nothing else": {"@timestamp": "later", "event": {"original": XML}},
    "winlogbeat 6": {
        "@timestamp": "2020-10-19T07:30:46.257Z",
        "event_id": 1,
        "source_name": PROVIDER,
        "log_name": CHANNEL,
        "computer_name": "ws5.example.org",
        "record_number": "7",
        "event_data": DATA,
        "beat": {"hostname": "collector"},
    },
    "event log": {
        "Event": {
            "System": {
                "Provider": {"#attributes": {"Name": PROVIDER}},
                "EventID": {"#attributes": {"Qualifiers": ""}, "#text": 1},
                "TimeCreated": {"#attributes": {"SystemTime": "2020-10-19T07:30:46.257Z"}},
                "EventRecordID": 7,
                "Channel": CHANNEL,
                "Computer": "ws5.example.org",
            },
            "EventData": DATA,
        }
    },
    "event log with a list of data": {
        "Event": {
            "System": {
                "Provider": {"@Name": PROVIDER},
                "EventID": "1",
                "TimeCreated": {"@SystemTime": "2020-10-19T07:30:46.257Z"},
                "EventRecordID": "7",
                "Channel": CHANNEL,
                "Computer": "ws5.example.org",
            },
            "EventData": {"Data": [{"@Name": name, "#text": value} for name, value in DATA.items()]},
        }
    },
    "event log with attributes beside their elements": {
        "Event": {
            "System": {
                "Provider": None,
                "Provider_attributes": {"Name": PROVIDER},
                "EventID_attributes": {"Qualifiers": 0},
                "EventID": 1,
                "TimeCreated_attributes": {"SystemTime": "2020-10-19T07:30:46.257Z"},
                "EventRecordID": 7,
                "Channel": CHANNEL,
                "Computer": "ws5.example.org",
            },
            "EventData": DATA,
        },
        "Event_attributes": {"xmlns": "x"},
    },
    "event log of a Go tool": {
        "Event": {
            "System": {
                "Provider": {"Name": PROVIDER},
                "EventID": {"Qualifiers": "0", "Value": "1"},
                "TimeCreated": {"SystemTime": "2020-10-19T07:30:46.257Z"},
                "EventRecordID": "7",
                "Channel": CHANNEL,
                "Computer": "ws5.example.org",
            },
            "EventData": DATA,
        }
    },
    "evtxecmd": {
        "PayloadData1": "ProcessID: 5",
        "Computer": "ws5.example.org",
        "Payload": orjson.dumps({"EventData": {"Data": [{"@Name": name, "#text": value} for name, value in DATA.items()]}}).decode(),
        "Channel": CHANNEL,
        "Provider": PROVIDER,
        "EventId": 1,
        "EventRecordId": "7",
        "ProcessId": 2980,
        "TimeCreated": "2020-10-19T07:30:46.257Z",
        "RecordNumber": 3,
    },
    "wazuh": {
        "timestamp": "2020-10-19T07:30:47.000+0000",
        "agent": {"name": "collector"},
        "data": {
            "win": {
                "system": {
                    "providerName": PROVIDER,
                    "eventID": "1",
                    "systemTime": "2020-10-19T07:30:46.257Z",
                    "eventRecordID": "7",
                    "channel": CHANNEL,
                    "computer": "ws5.example.org",
                },
                "eventdata": {"utcTime": "2020-10-19 07:30:46.251", "image": "C:\\\\x.exe"},
            }
        },
    },
    "splunk": {"preview": False, "result": {"_raw": XML, "host": "collector"}},
    "splunk without its wrapper": {"_raw": XML, "EventID": "1", "host": "collector"},
    "splunk's copy of JSON": {"result": {"_raw": orjson.dumps(BEAT).decode(), "host": "collector"}},
    "a shipped line of JSON": {"@timestamp": "later", "message": orjson.dumps(BEAT).decode(), "agent": {"name": "filebeat"}},
    "a shipped line of XML": {"_source": {"@timestamp": "later", "message": XML}},
    "powershell": {
        "Id": 1,
        "ProviderName": PROVIDER,
        "LogName": CHANNEL,
        "MachineName": "ws5.example.org",
        "RecordId": 7,
        "TimeCreated": "/Date(1603092646257)/",
        "Message": "Process Create:\r\nUtcTime: 2020-10-19 07:30:46.251\r\nImage: C:\\x.exe",
        "Properties": [{"Value": "-"}],
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_event_in_every_shape(tmp_path: Path, shape: str) -> None:
    record = read_one(tmp_path, SHAPES[shape])
    assert (record.log, record.computer, record.channel, record.record_id) == ("sysmon-1", "ws5.example.org", CHANNEL, 7)
    assert (record.created, record.fields, record.event_time) == ("2020-10-19T07:30:46.257Z", DATA, None)


@pytest.mark.parametrize(
    ("shape", "collector"),
    [("winlogbeat", "collector"), ("winlogbeat 6", "collector"), ("splunk", "collector"), ("wazuh", "collector"), ("event log", None)],
)
def test_the_collector_is_never_the_machine(tmp_path: Path, shape: str, collector: str | None) -> None:
    assert read_one(tmp_path, SHAPES[shape]).collector == collector


@pytest.mark.parametrize(
    ("escaped", "logged"),
    [
        ("\\\\\\\\*\\\\C$", "\\\\*\\C$"),
        ('\\"C:\\\\a b\\\\x.exe\\" 1 &amp; dir &gt; y', '"C:\\a b\\x.exe" 1 & dir > y'),
        ("C:\\temp\\x.exe", "C:\\temp\\x.exe"),
        ("\\\\fs1\\x", "\\\\fs1\\x"),
        ("a &amp;amp; b", "a &amp; b"),
        ("", ""),
    ],
)
def test_wazuh_values_are_what_was_logged(tmp_path: Path, escaped: str, logged: str) -> None:
    header = {"providerName": PROVIDER, "eventID": "1", "channel": CHANNEL}
    record = read_one(tmp_path, {"win": {"system": header, "eventdata": {"commandLine": escaped}}})
    assert record.fields == {"CommandLine": logged}


def test_wazuh_user_data(tmp_path: Path) -> None:
    header = {"providerName": "Microsoft-Windows-Eventlog", "eventID": "1102", "channel": "Security"}
    record = read_one(tmp_path, {"data": {"win": {"system": header, "logFileCleared": {"subjectUserName": "ann"}}}})
    assert (record.log, record.fields) == ("security-1102", {"SubjectUserName": "ann"})


def test_velociraptor(tmp_path: Path) -> None:
    header = {
        "Provider": {"Name": PROVIDER},
        "EventID": {"Value": 1},
        "TimeCreated": {"SystemTime": 1603092646.257},
        "EventRecordID": 7,
        "Channel": CHANNEL,
        "Computer": "ws5.example.org",
    }
    record = read_one(tmp_path, {"System": header, "EventData": DATA, "Message": "Process Create"})
    assert (record.log, record.computer, record.record_id) == ("sysmon-1", "ws5.example.org", 7)
    assert (record.created, record.fields) == (1603092646.257, DATA)


def test_user_data_with_attributes_beside_it(tmp_path: Path) -> None:
    header = {
        "Provider_attributes": {"Name": "Microsoft-Windows-Eventlog"},
        "Security_attributes": {"UserID": "S-1-5-18"},
        "EventID": 1102,
        "Channel": "Security",
    }
    data = {"LogFileCleared_attributes": {"xmlns": "x"}, "LogFileCleared": {"SubjectUserName": "ann"}}
    record = read_one(tmp_path, {"Event": {"System": header, "UserData": data}})
    assert (record.log, record.fields) == ("security-1102", {"SubjectUserName": "ann", "UserID": "S-1-5-18"})


def test_flat(tmp_path: Path) -> None:
    row: dict[str, object] = {
        "EventID": 1,
        "SourceName": PROVIDER,
        "Channel": CHANNEL,
        "Hostname": "ws5.example.org",
        "host": "wec.example.org",
        "RecordNumber": 657502,
        "EventTime": "2020-10-09 18:27:49",
        "@timestamp": "2020-10-09T22:30:02.015Z",
    }
    record = read_one(tmp_path, row | DATA)
    assert (record.computer, record.collector, record.record_id, record.channel) == ("ws5.example.org", "wec.example.org", 657502, CHANNEL)
    assert (record.created, record.event_time, record.ingested) == (None, "2020-10-09 18:27:49", "2020-10-09T22:30:02.015Z")
    assert record.fields.items() >= DATA.items()
    del row["SourceName"], row["EventTime"]
    record = read_one(tmp_path, row | {"TimeCreated": row["@timestamp"]})
    assert (record.log, record.created, record.ingested) == ("sysmon-1", "2020-10-09T22:30:02.015Z", None)


CREATED = "2022-06-20T06:42:45Z"
PROCESS = {"SubjectLogonId": "0x3e7", "NewProcessId": "0x164", "NewProcessName": "C:\\x.exe", "ParentProcessName": "C:\\p.exe"}
NUMBERS: list[object] = ["S-1-5-18", "WS5$", "EX", 999, 356, "C:\\x.exe", "%%1936", 4, "x.exe", "S", "-", "-", 0, "C:\\p.exe", "S"]
TEXTS: list[object] = [hex(value) if isinstance(value, int) else value for value in NUMBERS]
SECURITY: dict[str, object] = {"ProviderName": "Microsoft-Windows-Security-Auditing", "Channel": "Security", "EventRecordID": 7}


@pytest.mark.parametrize(
    "row",
    [
        {"EventID": 4688, "Computer": "ws5", "TimeCreated": CREATED, **SECURITY, "StringInserts": NUMBERS},
        {"EventID": "4688", "Computer": "ws5", "TimeCreated": CREATED, **SECURITY, "EventData": TEXTS},
        {"EventID": 4688, "Computer": "ws5", "EventTime": CREATED, "Channel": "Security", "EventData": PROCESS, "UserData": None},
        {
            "EventID": 4688,
            "InstanceId": 4688,
            "MachineName": "ws5",
            "Source": "Microsoft-Windows-Security-Auditing",
            "ReplacementStrings": TEXTS,
            "TimeGenerated": CREATED,
        },
        {
            "EventID": 4688,
            "Computer": "ws5",
            "Source": "Microsoft-Windows-Security-Auditing",
            "EventLog": "Security",
            "TimeGenerated": CREATED,
            "EventData": '<DataItem type="System.XmlData"><EventData xmlns="x">'
            + "".join(f'<Data Name="{name}">{value}</Data>' for name, value in PROCESS.items())
            + "</EventData></DataItem>",
        },
        {"EventID": 4688, "Computer": "ws5", "Channel": "Security", "TimeGenerated": CREATED, "EventData": "", **PROCESS},
        {
            "EventID": 4688,
            "Computer": "ws5",
            "Provider": "Microsoft-Windows-Security-Auditing",
            "EventRecordId": "7",
            "TimeGenerated": CREATED,
            "EventData": orjson.dumps(PROCESS).decode(),
        },
        {"EventID": 4688, "Computer": "ws5", "Provider_Name": "Microsoft-Windows-Security-Auditing", "ts": CREATED, **PROCESS},
    ],
    ids=["fluent bit", "fluentd", "velociraptor", "get-eventlog", "Event", "SecurityEvent", "WindowsEvent", "dissect"],
)
def test_flat_headers_with_data_of_any_kind(tmp_path: Path, row: dict[str, object]) -> None:
    record = read_one(tmp_path, row)
    assert (record.log, record.computer, record.created or record.event_time) == ("security-4688", "ws5", CREATED)
    assert record.fields.items() >= PROCESS.items()


def test_powershell_values_without_names(tmp_path: Path) -> None:
    values: list[object] = [{"BinaryLength": 12, "Value": "S-1-5-18"}, "u", "D", 999, "\\\\*\\C$", "\\??\\C:\\"]
    names = ["SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId", "ObjectType", "IpAddress", "IpPort"]
    names += ["ShareName", "ShareLocalPath", "RelativeTargetName", "AccessMask", "AccessList", "AccessReason"]
    values = [*values[:4], "File", "10.0.0.5", "49152", *values[4:], "x.exe", 0x120196, "%%1541", "-"]
    row = {
        "Id": 5145,
        "ProviderName": "Microsoft-Windows-Security-Auditing",
        "LogName": "Security",
        "TimeCreated": "2020-10-19T09:30:46.257+02:00",
    }
    record = read_one(tmp_path, row | {"Properties": [{"Value": value} for value in values], "UserId": None})
    expected = dict(zip(names, values, strict=True)) | {"SubjectUserSid": "S-1-5-18", "SubjectLogonId": "0x3e7", "AccessMask": "0x120196"}
    assert (record.fields, record.created) == (expected, "2020-10-19T09:30:46.257+02:00")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"Id": 1, "ProviderName": PROVIDER}, "the event has no Properties"),
        ({"Id": 1, "ProviderName": PROVIDER, "Properties": [{"Value": 1}]}, f"no names known for the 1 values of event 1 of {PROVIDER}"),
        (
            {"Id": 1, "ProviderName": PROVIDER, "Properties": ["System.Diagnostics.Eventing.Reader.EventProperty"]},
            "the values are cut off: ConvertTo-Json needs -Depth 3 or more",
        ),
        ({"Id": "x", "LogName": CHANNEL}, "Id is not a number"),
        ({"EventID": "x"}, "EventID is not a number"),
        ({"EventID": 1}, "the event names neither its provider nor its channel"),
        (
            {"EventID": 4688, "StringInserts": ["x"], "ProviderName": "Microsoft-Windows-Security-Auditing"},
            "no names known for the 1 values of event 4688 of Microsoft-Windows-Security-Auditing",
        ),
        ({"EventID": {"a": 1}}, "EventID is not a number"),
        ({"winlog": {"event_id": None}}, "winlog.event_id is not a number"),
        ({"Event": {"System": {}, "EventData": {}}}, "the event has no EventID"),
        ({"Event": {"System": "x"}}, "the event has no System part"),
        ({"_raw": "10/19/2020 LogName=Security"}, "Splunk's _raw is not an XML event (set renderXml = true at the source)"),
        ({"_raw": "{"}, "not JSON: Expecting property name enclosed in double quotes at character 1"),
        ({"message": "{"}, "no known shape"),
        ({"message": "<Event>"}, "not XML: Premature end of data in tag Event line 1, line 1, column 8"),
        ({"message": '{"message": "{}"}'}, "no known shape"),
        ({"EventId": "x", "Payload": "{}"}, "EventId is not a number"),
        ({"EventId": 1, "Payload": "x", "Provider": PROVIDER}, "not JSON: Expecting value at character 0"),
        ({"data": {"win": {"system": {"message": "x"}}}}, "win.system.eventID is not a number"),
        ({"_path": "conn", "uid": "C"}, "ts is missing or no time"),
        ({"Id": 1, "LogName": CHANNEL, "event_id": 1, "log_name": CHANNEL, "ts": 1, "uid": "C"}, "shape not clear: winlogbeat or zeek"),
    ],
)
def test_what_cannot_be_used_says_why(tmp_path: Path, row: dict[str, object], reason: str) -> None:
    result = read_bytes(tmp_path, orjson.dumps(row))
    assert (result.records, result.skips) == ([], [(1, reason)])
