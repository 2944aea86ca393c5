"""Graylog, Vector and OpenTelemetry's collector: the same event as the others tell it, its outcome, and what is no machine."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from graphcorr.logs.catalog import wanted
from graphcorr.sources.inputs import discover
from graphcorr.sources.reading import read
from tests.sources.reads import read_one
from tests.sources.shapes.test_shapes import CHANNEL, DATA, PROVIDER, WINLOG, XML

OTEL: dict[str, object] = {
    "channel": CHANNEL,
    "computer": "ws5.example.org",
    "event_id": {"id": 1, "qualifiers": 0},
    "provider": {"name": PROVIDER, "guid": "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}"},
    "record_id": 7,
    "system_time": "2020-10-19T07:30:46.257Z",
    "event_data": DATA,
}

COLLECTED: dict[str, dict[str, object]] = {
    "vector": {
        "timestamp": "2020-10-19T07:30:46.257Z",
        "event_id": 1,
        "provider_name": PROVIDER,
        "channel": CHANNEL,
        "computer": "ws5.example.org",
        "record_id": 7,
        "event_data": DATA,
        "string_inserts": list(DATA.values()),
        "source_type": "windows_event_log",
    },
    "winlogbeat in graylog": {
        "gl2_message_id": "01EN",
        "source": "collector",
        "timestamp": "2020-10-19T07:30:46.257Z",
        **{f"winlogbeat_winlog_{name}": value for name, value in WINLOG.items() if name != "event_data"},
        **{f"winlogbeat_winlog_event_data_{name}": value for name, value in DATA.items()},
        "winlogbeat_event_code": "1",
    },
    "winlogbeat in graylog without its prefix": {
        "timestamp": "2020-10-19T07:30:46.257Z",
        **{f"winlog_{name}": value for name, value in WINLOG.items() if name != "event_data"},
        **{f"winlog_event_data_{name}": value for name, value in DATA.items()},
    },
    "opentelemetry": OTEL,
    "opentelemetry in elasticsearch": {"_source": {"@timestamp": "later", "body": {"structured": OTEL}}},
    "opentelemetry with a list of data": {"body": {**OTEL, "event_data": {"data": [{name: value} for name, value in DATA.items()]}}},
    "opentelemetry's record": {
        "timeUnixNano": "1603092646257000000",
        "body": {
            "kvlistValue": {
                "values": [
                    {"key": "channel", "value": {"stringValue": CHANNEL}},
                    {"key": "computer", "value": {"stringValue": "ws5.example.org"}},
                    {"key": "event_id", "value": {"kvlistValue": {"values": [{"key": "id", "value": {"intValue": "1"}}]}}},
                    {"key": "provider", "value": {"kvlistValue": {"values": [{"key": "name", "value": {"stringValue": PROVIDER}}]}}},
                    {"key": "record_id", "value": {"intValue": "7"}},
                    {"key": "system_time", "value": {"stringValue": "2020-10-19T07:30:46.257Z"}},
                    {
                        "key": "event_data",
                        "value": {
                            "kvlistValue": {"values": [{"key": name, "value": {"stringValue": value}} for name, value in DATA.items()]}
                        },
                    },
                ]
            }
        },
    },
    "opentelemetry's record as it was": {"body": {"stringValue": XML}},
}


@pytest.mark.parametrize("shape", COLLECTED)
def test_the_same_event_of_every_collector(tmp_path: Path, shape: str) -> None:
    record = read_one(tmp_path, COLLECTED[shape])
    assert (record.log, record.computer, record.channel, record.record_id) == ("sysmon-1", "ws5.example.org", CHANNEL, 7)
    assert (record.created, record.fields, record.event_time) == ("2020-10-19T07:30:46.257Z", DATA, None)


@pytest.mark.parametrize(
    ("row", "created"),
    [
        ({"version": "1.1", "host": "ws5.example.org", "timestamp": 1603092646.257, "short_message": "Process"}, 1603092646.257),
        ({"gl2_message_id": "01EN", "source": "ws5.example.org", "timestamp": "2020-10-19T07:30:46.257Z"}, "2020-10-19T07:30:46.257Z"),
    ],
)
def test_gelf_on_its_way_and_in_graylog(tmp_path: Path, row: dict[str, object], created: object) -> None:
    own = {"EventID": 1, "SourceName": PROVIDER, "Channel": CHANNEL, "RecordNumber": 7, **DATA}
    mark = "_" if "version" in row else ""
    record = read_one(tmp_path, {**row, **{f"{mark}{name}": value for name, value in own.items()}})
    assert (record.log, record.computer, record.record_id, record.created) == ("sysmon-1", "ws5.example.org", 7, created)
    assert record.fields["Image"] == DATA["Image"]


def test_what_is_called_source_elsewhere_is_no_machine(tmp_path: Path) -> None:
    row = {"EventID": 1, "SourceName": PROVIDER, "source": "Security", "timestamp": "2020-10-19T07:30:46Z", **DATA}
    record = read_one(tmp_path, row)
    assert (record.computer, record.created) == (None, None)


@pytest.mark.parametrize(
    ("shape", "outcome"),
    [
        ({"_EventID": 5145, "_EventType": "AUDIT_FAILURE", "host": "fs1"}, "failure"),
        ({"winlogbeat_winlog_event_id": 5145, "winlogbeat_winlog_keywords": ["Audit Failure"]}, "failure"),
        ({"winlogbeat_winlog_event_id": 5145, "winlogbeat_event_outcome": "failure"}, "failure"),
        ({"event_id": 5145, "channel": "Security", "event_data": {}, "keywords": "0x8010000000000000"}, "failure"),
        ({"event_id": {"id": 5145}, "keywords": ["Audit Failure"]}, "failure"),
        ({"event_id": {"id": 5145}, "keywords": ["Audit Success"]}, "success"),
    ],
)
def test_what_collectors_say_of_an_audit(tmp_path: Path, shape: dict[str, object], outcome: str) -> None:
    provider = "Microsoft-Windows-Security-Auditing"
    names = {
        "_SourceName": provider,
        "winlogbeat_winlog_provider_name": provider,
        "provider_name": provider,
        "provider": {"name": provider},
    }
    assert read_one(tmp_path, {**names, **shape}).outcome == outcome


def test_records_of_opentelemetry_that_stand_together(tmp_path: Path) -> None:
    first = {"resourceLogs": [{"resource": {}, "scopeLogs": [{"scope": {}, "logRecords": [COLLECTED["opentelemetry's record"]] * 2}]}]}
    path = tmp_path / "otlp.json"
    path.write_bytes(orjson.dumps(first) + b"\n" + orjson.dumps(first) + b"\n")
    [source] = discover([str(path)])
    records = [record for batch in read(source, wanted(), lambda _, reason: pytest.fail(reason)) for record in batch]
    assert [(record.log, record.number, record.computer) for record in records] == [
        ("sysmon-1", number, "ws5.example.org") for number in (1, 2, 3, 4)
    ]
