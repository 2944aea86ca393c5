"""Feeds as they are published, matched with a hunt: every indicator is sighted, not sighted, or listed with the true reason."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from graphcorr.model.progress import Silent
from graphcorr.model.report import Report
from graphcorr.service.hunting import HuntOptions, hunt
from graphcorr.service.intel import load_files
from tests.settings import own_settings

MD5 = "d41d8cd98f00b204e9800998ecf8427e"
LOG = {
    "EventID": 1,
    "Channel": "Microsoft-Windows-Sysmon/Operational",
    "Hostname": "ws07.field.example",
    "EventRecordID": 7,
    "SourceName": "Microsoft-Windows-Sysmon",
    "UtcTime": "2026-04-01 08:00:00.000",
    "ProcessGuid": "{11111111-2222-3333-4444-555555555555}",
    "ProcessId": 77,
    "Image": "C:\\Tools\\quiet.exe",
    "CommandLine": "C:\\Tools\\quiet.exe http://198.51.100.7/",
    "User": "FIELD\\me",
    "Hashes": f"MD5={MD5}",
}


def indicator(number: int, pattern: str) -> dict[str, object]:
    return {
        "type": "indicator",
        "id": f"indicator--22222222-2222-4222-8222-{number:012}",
        "name": str(number),
        "pattern": pattern,
        "valid_from": "2000-01-01T00:00:00Z",
    }


def report_of(feed: Path, logs: Sequence[Path]) -> Report:
    load_files([str(feed)], own_settings())
    return hunt(HuntOptions(paths=tuple(str(log) for log in logs), ephemeral=True), own_settings(), Silent())


def test_each_indicator_has_its_end(tmp_path: Path) -> None:
    patterns = [
        "[domain-name:value = '198.51.100.7']",
        "[ipv4-addr:value ISSUBSET '198.51.100.0/24']",
        f"[file:name = 'C:\\\\Tools\\\\quiet.exe' AND file:hashes.MD5 = '{MD5}' AND file:size = 9]",
        "[ipv4-addr:value = '198.51.100.7/32']",
        "[ipv4-addr:value = '203.0.113.0/24']",
        f"[file:hashes.MD5 = '{MD5}' OR file:hashes.SSDEEP = '3:a:b']",
        "[mutex:name = 'x']",
    ]
    (tmp_path / "feed.json").write_text(json.dumps([indicator(number, pattern) for number, pattern in enumerate(patterns)]))
    (tmp_path / "log.json").write_text(json.dumps(LOG))

    report = report_of(tmp_path / "feed.json", [tmp_path / "log.json"])
    assert sorted({one.name for one in report.sightings if one.name}) == ["0", "1", "2", "3", "5"]
    assert report.indicators_looked_for == 6
    assert [one.reason.partition(":")[0] for one in report.indicators_not_evaluated] == ["looked for in part only", "mutex"]


@pytest.mark.parametrize(
    ("case", "sighted"),
    [
        ("30-misp-stix21-attributes/misp-event.stix21.json", 9),
        ("31-stix-cidr-32/feed.json", 4),
        ("32-malware-without-name/MAR.stix21.json", 1),
        ("33-ip-in-domain-pattern/feed.stix2", 1),
    ],
)
def test_reported_feeds(shared: Path, case: str, sighted: int) -> None:
    """Shapes of MISP, OpenCTI, CISA and AmnestyTech, all of whose indicators name what the log has."""
    feed = shared / "cases" / case
    report = report_of(feed, [feed.parent / "in"])
    assert (len({one.indicator for one in report.sightings}), report.indicators_looked_for) == (sighted, sighted)
    assert report.indicators_not_evaluated == []
