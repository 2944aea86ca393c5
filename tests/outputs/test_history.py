"""What is new or rare in the report for people: which history it rests on, and where none is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graphcorr.model.findings import Endpoint, Observation
from graphcorr.model.report import Baseline, History, Report, ShortHistory
from graphcorr.outputs.history import SHOWN, add_history
from graphcorr.outputs.layout import Page

Tell = Callable[[list[History] | None, list[Observation]], str]

TARGET = Endpoint("t.corp.example", None)
CLIENT = Endpoint(None, "10.0.0.5")
WHEN = "2026-01-05T10:00:00.000000Z"


def seen(**more: object) -> Observation:
    values: dict[str, object] = {
        "pattern": "uncommon-account", "source": None, "target": TARGET, "account": None, "count": 2, "first": WHEN, "last": WHEN,
        "examples": [], "way": "logon", "history": "not seen here",
    }  # fmt: skip
    return Observation(**(values | more))  # type: ignore[arg-type]


def history(**more: object) -> History:
    values: dict[str, object] = {
        "thing": "account", "hosts": 3, "days": 8, "seen_once": 2, "days_before": 40, "seen_since": 10, "new_since": 1, "rare_since": 0,
        "expected": 0.5, "not_judged": [],
    }  # fmt: skip
    return History(**(values | more))  # type: ignore[arg-type]


@pytest.fixture
def told(report: Report) -> Tell:
    def tell(histories: list[History] | None, observations: list[Observation]) -> str:
        report.baseline = None if histories is None else Baseline(WHEN, histories)
        report.observations = observations
        page = Page(200)
        add_history(page, report)
        return page.plain()

    return tell


def test_nothing_where_nobody_said_until_when(told: Tell) -> None:
    assert told(None, []) == ""


def test_what_was_compared_and_what_was_not(told: Tell) -> None:
    text = told([history(not_judged=[ShortHistory("a", 1), ShortHistory("b", 0)]), history(thing="client", hosts=0)], [])
    assert "accounts that log on: 1 new and 0 rare of 10 seen since, on 3 hosts with up to 8 days of history; 0.5 new ones expected" in text
    assert "as 2 of 40 before were seen on one day only\n" in text
    assert "accounts that log on: not judged on a and b: at most 1 day of history\n" in text
    assert "machines that write" not in text
    assert "no history" in told([history(hosts=0, not_judged=[ShortHistory("a", 0)])], [])
    assert "No log tells of" in told([], [])


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({"account": "CORP\\a"}, "on t.corp.example, by CORP\\a, logon, 2 ×"),
        ({"source": CLIENT}, "10.0.0.5 → t.corp.example, logon, 2 ×"),
        ({"machines": 30, "target": Endpoint(None, None)}, "on 30 machines, logon, 2 ×"),
        ({"machines": 30, "target": Endpoint(None, None), "source": CLIENT}, "10.0.0.5 → 30 machines, logon, 2 ×"),
        ({"machines": 30}, "30 machines → t.corp.example, logon, 2 ×"),
    ],
)
def test_where_it_is_new(told: Tell, more: dict[str, object], line: str) -> None:
    text = told([history()], [seen(**more)])
    assert f"Z {line}\n" in text
    assert "not seen here\n" in text


def test_what_is_not_about_a_history_stands_elsewhere_and_many_are_counted(told: Tell) -> None:
    text = told([history()], [seen(history=None, pattern="network-logon"), *[seen() for _ in range(SHOWN + 2)]])
    assert "network-logon" not in text
    assert "and 2 more rows; all are in the JSON report" in text
    assert text.count("2 ×") == SHOWN == 10
