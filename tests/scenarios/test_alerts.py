"""What Hayabusa, Chainsaw and Zircolite say of the chain's records stands beside the finding, and is no finding and no witness itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import orjson
import pytest

from graphcorr.model.report import Report
from tests.scenarios.chain import CHAIN, COMPUTER, Event, as_dump, as_table, as_xml, report_of, tell

RUN: Final = CHAIN[3]
NAME: Final = "Rare Service Program"
HAYABUSA: Final = {
    "Timestamp": "2026-03-02 10:14:09.505 +01:00",
    "RuleTitle": NAME,
    "Level": "high",
    "Computer": COMPUTER,
    "Channel": "Sysmon",
    "EventID": RUN.id,
    "RecordID": RUN.number,
    "MitreTactics": "Exec ¦ LatMov",
    "MitreTags": "T1569.002 ¦ T1021.002 ¦ attack.g0001",
    "Details": "Cmd: tool & key.exe -q ¦ User: SYSTEM",
    "RuleID": "5f0c8a7e-0000-4000-8000-1b2c3d4e5f60",
}


def noted(event: Event) -> dict[str, object]:
    """What it notes of every event, below any alert."""
    about = {"EventID": event.id, "RecordID": event.number, "Level": "info", "RuleTitle": "Proc Exec", "MitreTags": "T1059"}
    return {**HAYABUSA, **about}


def as_hayabusa_table() -> dict[str, bytes]:
    return {"timeline.csv": as_table([{name: str(value) for name, value in row.items()} for row in (HAYABUSA, noted(RUN))])}


def as_hayabusa_lines() -> dict[str, bytes]:
    row = {**HAYABUSA, "Level": "high", "MitreTags": ["T1569.002", "T1021.002"], "Details": {"Cmd": "tool & key.exe -q", "User": "SYSTEM"}}
    return {"timeline.jsonl": b"\n".join(map(orjson.dumps, (row, noted(RUN)))) + b"\n"}


def as_hayabusa_objects() -> dict[str, bytes]:
    return {"timeline.json": b"\n".join(orjson.dumps(row, option=orjson.OPT_INDENT_2) for row in (HAYABUSA, noted(RUN)))}


def as_chainsaw() -> dict[str, bytes]:
    event = orjson.loads(as_dump((RUN,))["all.jsonl"])
    row = {
        "group": "Sigma",
        "kind": "individual",
        "document": {"kind": "evtx", "path": "Sysmon.evtx", "data": event},
        "name": NAME,
        "timestamp": "2026-03-02T09:14:09.505123+00:00",
        "authors": ["somebody"],
        "level": "high",
        "source": "sigma",
        "status": "test",
        "id": "5f0c8a7e-0000-4000-8000-1b2c3d4e5f60",
        "tags": ["attack.execution", "attack.t1569.002", "attack.T1021.002", "car.2013-05-005"],
    }
    return {"chainsaw.json": orjson.dumps([row])}


def as_zircolite() -> dict[str, bytes]:
    match = {
        "row_id": 4,
        "EventID": RUN.id,
        "EventRecordID": RUN.number,
        "Computer": COMPUTER,
        "SystemTime": RUN.time.replace(" ", "T") + "Z",
    }
    rule = {
        "title": NAME,
        "id": "5f0c8a7e-0000-4000-8000-1b2c3d4e5f60",
        "description": "A service that nobody knows",
        "sigmafile": "rare.yml",
        "sigma": ["SELECT 1"],
        "rule_level": "high",
        "tags": ["attack.t1569.002", "attack.t1021.002"],
        "count": 2,
        "matches": [match, {**match, "EventRecordID": 9_999}],
    }
    return {"zircolite.json": orjson.dumps([rule], option=orjson.OPT_INDENT_2)}


TOOLS: Final[dict[str, tuple[str, Callable[[], dict[str, bytes]]]]] = {
    "hayabusa csv": ("hayabusa-timeline", as_hayabusa_table),
    "hayabusa jsonl": ("hayabusa-timeline", as_hayabusa_lines),
    "hayabusa json": ("hayabusa-timeline", as_hayabusa_objects),
    "chainsaw": ("chainsaw-detection", as_chainsaw),
    "zircolite": ("zircolite-match", as_zircolite),
}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return report_of(tmp_path_factory.mktemp("bare"), as_xml(CHAIN))


@pytest.mark.parametrize("tool", TOOLS)
def test_an_alert_is_put_to_the_record_that_it_names(tmp_path: Path, bare: Report, tool: str) -> None:
    log, make = TOOLS[tool]
    report = report_of(tmp_path, as_xml(CHAIN) | make())
    assert report.inputs.skipped == 0
    (finding,), (expected,) = report.findings, bare.findings
    # It is a word beside, and no witness: nothing that is concluded is another.
    assert (tell(finding), finding.id, finding.why, finding.limits) == (tell(expected), expected.id, expected.why, expected.limits)
    (alert,) = finding.alerts
    assert (alert.name, alert.by, alert.severity, alert.techniques) == (NAME, log, "high", ["T1021.002", "T1569.002"])
    about, own = (finding.evidence[place] for place in alert.evidence)
    assert (about.record_id, about.role) == (RUN.number, "execution")
    assert (own.role, own.host, own.summary.partition(":")[2]) == ("alert", COMPUTER, f" {NAME} (high)")


def test_alerts_alone_are_no_finding(tmp_path: Path) -> None:
    report = report_of(tmp_path, as_hayabusa_table() | as_chainsaw() | as_zircolite())
    assert (report.findings, report.paths, report.inputs.skipped) == ([], [], 0)


def test_one_timeline_in_two_formats_says_it_once(tmp_path: Path) -> None:
    (finding,) = report_of(tmp_path, as_xml(CHAIN) | as_hayabusa_table() | as_hayabusa_lines()).findings
    assert [alert.name for alert in finding.alerts] == [NAME]


@pytest.mark.parametrize(
    "wrong", [{"RecordID": 10}, {"Computer": "other.werk.example"}, {"EventID": 11}, {"Timestamp": "2026-03-03 09:14:09Z"}]
)
def test_an_alert_about_another_record(tmp_path: Path, wrong: dict[str, object]) -> None:
    row = {name: str(value) for name, value in {**HAYABUSA, **wrong}.items()}
    (finding,) = report_of(tmp_path, as_xml(CHAIN) | {"timeline.csv": as_table([row])}).findings
    assert finding.alerts == []
