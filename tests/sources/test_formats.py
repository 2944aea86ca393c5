"""Formats and shapes are found by folder, and no content is claimed twice."""

from __future__ import annotations

from types import ModuleType

import pytest

import graphcorr.sources
import graphcorr.sources.shapes
from graphcorr.errors import RecordError
from graphcorr.sources.base import Wanted
from graphcorr.sources.formats import load_formats, load_members
from graphcorr.sources.rows import load_shapes
from tests.sources.reads import flat


def test_formats_and_shapes_are_found_by_folder() -> None:
    assert [known.name for known in load_formats()] == [
        "capture",
        "csv",
        "elastic_response",
        "evtx",
        "json_array",
        "ndjson",
        "parquet",
        "xml",
        "zeek_tsv",
    ]
    shapes = [
        "elastic_zeek",
        "event_log",
        "evtxecmd",
        "flat",
        "graylog",
        "opentelemetry",
        "powershell",
        "splunk",
        "wazuh",
        "winlogbeat",
        "zeek",
    ]
    assert sorted(shape.name for shape in load_shapes()) == shapes


def test_two_members_of_one_name_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from graphcorr.sources.shapes import flat as one
    from graphcorr.sources.shapes import zeek as other

    monkeypatch.setattr(other, "SHAPE", one.SHAPE)
    with pytest.raises(TypeError, match="no name of its own: 'flat'"):
        load_members(graphcorr.sources.shapes, "SHAPE")


def test_a_folder_without_members_gives_none() -> None:
    assert load_members(graphcorr.sources.shapes, "FORMAT") == []
    assert isinstance(graphcorr.sources, ModuleType)


HEADS = [
    (b"ElfFile\0" + bytes(200), "evtx"),
    (flat(1) + b"\n", "ndjson"),
    (flat(1), "ndjson"),
    (b'{"a": "' + b"x" * 70_000, "ndjson"),
    (b'broken":1}\n' + flat(1) + b"\n", "ndjson"),
    (b'[{"EventID":1}]', "json_array"),
    (b'{\n  "EventID": 1\n}\n', "json_array"),
    (b"<Event xmlns='x'><System>", "xml"),
    (b"<?xml version='1.0'?><Events><Event ", "xml"),
    (b"#separator \\x09\n", "zeek_tsv"),
    (b"### written by a test tool\n#separator \\x09\n", "zeek_tsv"),
    (b"EventId,Computer,Payload\n1,a,b\n", "csv"),
    (b'EventId;Computer;Payload\n1;a;"\n{}\n"\n', "csv"),
    (b"#!/bin/sh\necho\n", None),
    (b"<Eventual/>", None),
    (b"[section]\nkey=value\n", None),
]


@pytest.mark.parametrize(("head", "expected"), HEADS)
def test_at_most_one_format_claims_a_head(head: bytes, expected: str | None) -> None:
    assert [known.name for known in load_formats() if known.recognizes(head[:65536])] == ([expected] if expected else [])


def test_a_record_is_told_by_its_provider_and_only_without_one_by_its_channel() -> None:
    wanted = Wanted({("sysmon", 1): "sysmon-1"}, {("system", 1): "other"}, {"conn": "zeek-conn"})
    assert wanted.windows_log("SysMon", "System", 1) == "sysmon-1"
    assert wanted.windows_log("Kernel-General", "System", 1) is None
    assert wanted.windows_log(None, "SYSTEM", 1) == "other"
    assert wanted.windows_log(None, None, 2) is None
    with pytest.raises(RecordError, match="neither its provider nor its channel"):
        wanted.windows_log(None, None, 1)
    assert (wanted.zeek_log("Conn"), wanted.zeek_log("ssl"), sorted(wanted.event_ids)) == ("zeek-conn", None, [1])
