"""``--since`` and ``--until`` choose what is told; they never cut a finding in half."""

from __future__ import annotations

import pytest

from graphcorr.findings.window import Chosen
from graphcorr.model.findings import Finding
from graphcorr.model.report import Window
from graphcorr.syntax.times import parse_time
from tests.findings.logs import Logs, only, stamp


def at(time: str) -> int:
    parsed = parse_time(stamp(time))
    assert parsed is not None
    return parsed[0]


@pytest.fixture(scope="module")
def found() -> Finding:
    """Written at 10:00:00, run at 10:00:05 and at 12:00:00."""
    return only(Logs().security_5145("10:00:00").sysmon_1("10:00:05").sysmon_1("12:00:00", pid=9).hunt())


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [
        (None, None, True),
        ("10:00:02", None, True),
        ("10:00:05", "10:00:05", True),
        ("10:00:05.000001", "11:59:59.999999", False),
        ("11:00:00", None, True),
        ("12:00:00.000001", None, False),
        (None, "10:00:04.999999", False),
        ("09:00:00", "10:00:01", False),
    ],
)
def test_a_finding_is_told_if_one_of_its_runs_lies_in_the_window(found: Finding, since: str | None, until: str | None, told: bool) -> None:
    chosen = Chosen(at(since) if since else None, at(until) if until else None)
    assert chosen.holds(found) is told


def test_without_a_run_the_write_counts() -> None:
    logs = Logs().security_5145("10:00:00", "evil.exe")
    logs.add("system-7045", "10:00:02", {"ServiceName": "e", "ImagePath": r"%SystemRoot%\\evil.exe"}, computer="target.corp.example")
    finding = only(logs.hunt())
    assert (finding.execution, Chosen(until=at("10:00:00")).holds(finding), Chosen(since=at("10:00:01")).holds(finding)) == (
        None,
        True,
        False,
    )


def test_the_report_states_the_window() -> None:
    assert Chosen().stated() is None
    assert Chosen(since=at("10:00:00")).stated() == Window("2026-01-05T10:00:00.000000Z", None)
