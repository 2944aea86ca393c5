"""Findings beside what was usual before, and what is said of what was compared."""

from __future__ import annotations

from typing import TypedDict, Unpack

import msgspec
import pytest

from graphcorr.findings.confidence import Doubt
from graphcorr.findings.history import USUAL_DAYS, weigh
from graphcorr.model.findings import Confidence, Finding, Movement
from graphcorr.model.report import ShortHistory
from graphcorr.syntax.times import parse_time
from tests.findings.logs import CLIENT, OTHER, TARGET, Logs, later, only

UNTIL = "2026-01-15T00:00:00Z"
NOW = 10
"""The day after which the finding is, of 10 days of history."""


class Write(TypedDict, total=False):
    source: str
    user: str
    name: str
    host: str


def write(logs: Logs, day: float, **more: Unpack[Write]) -> Logs:
    """A file comes, with the logon that it needs."""
    source, user, host = more.get("source", CLIENT), more.get("user", "alice"), more.get("host", TARGET)
    logs.security_4624(later("10:00:00", days=day), source=source, user=user, host=host)
    name = more.get("name", r"Temp\other.exe")
    return logs.security_5145(later("10:00:01", days=day), name, source=source, user=user, host=host)


def days_of(logs: Logs, *days: float, **more: Unpack[Write]) -> Logs:
    for day in days:
        write(logs, day, **more)
    return logs


def attack(logs: Logs, day: float = NOW, **more: Unpack[Write]) -> Logs:
    """The same, confirmed by Sysmon and run."""
    tool: Write = {**more, "name": r"Temp\tool.exe"}
    write(logs, day, **tool)
    return logs.sysmon_11(later("10:00:01.1", days=day)).sysmon_1(later("10:00:05", days=day))


def weighed(logs: Logs, until: str | None = UNTIL) -> tuple[Finding, str]:
    """The finding, and what its last reason says beyond those that it has without a history."""
    plain = only(logs.hunt())
    finding = only(logs.hunt(baseline_until=until))
    assert finding.why[: len(plain.why)] == plain.why
    return finding, "; ".join(finding.why[len(plain.why) :])


def test_what_is_usual_in_all_is_a_doubt() -> None:
    logs = attack(days_of(Logs(), 0, 1, 2, 5, 6, 9))
    finding, said = weighed(logs)
    assert (only(logs.hunt()).confidence, finding.confidence) == (Confidence.HIGH, Confidence.MEDIUM)
    assert said == (
        f"{Doubt.USUAL.sentence}: CORP\\alice logged on here on 6 of 6 days before; {CLIENT} wrote files here on 6 of 6 days before; "
        ".exe files came into ADMIN$ on 6 of 6 days before"
    )


@pytest.mark.parametrize(("days", "usual"), [(USUAL_DAYS - 1, False), (USUAL_DAYS, True)])
def test_it_takes_three_days_to_be_usual(days: int, *, usual: bool) -> None:
    assert (USUAL_DAYS, Doubt.USUAL.sentence in weighed(attack(days_of(Logs(), *range(days))))[1]) == (3, usual)


@pytest.mark.parametrize(("others", "usual"), [(2, True), (3, False)])
def test_and_more_than_half_of_the_days(others: int, *, usual: bool) -> None:
    """Another client's days are days of the history, too."""
    logs = days_of(Logs(), 0, 1, 2)
    logs = days_of(logs, *range(3, 3 + others), source="10.0.0.8", user="bob", name="x.dat")
    finding, said = weighed(attack(logs))
    assert (finding.confidence is Confidence.MEDIUM, bool(said)) == (usual, usual)


@pytest.mark.parametrize(
    ("more", "new"),
    [
        ({"source": "10.0.0.66"}, "10.0.0.66 wrote files here in none of the 4 days before"),
        ({"user": "mallory"}, r"CORP\mallory logged on here in none of the 4 days before"),
    ],
)
def test_what_is_new_in_one_way_is_said_and_is_no_doubt(more: Write, new: str) -> None:
    finding, said = weighed(attack(days_of(Logs(), 0, 1, 2, 3), **more))
    assert (finding.confidence, said) == (Confidence.HIGH, f"new here: {new}")


def test_a_new_type_of_file_is_said() -> None:
    said = weighed(attack(days_of(Logs(), 0, 1, 2, 3, name="notes.txt")))[1]
    assert said == "new here: .exe files came into ADMIN$ in none of the 4 days before"


def test_what_takes_no_doubt_back() -> None:
    """A doubt about the records is one whoever comes."""
    logs = days_of(Logs(), 0, 1, 2, 3)
    write(logs, NOW, source="10.0.0.66", name=r"Temp\tool.exe").sysmon_1(later("10:00:05", days=NOW))
    finding, said = weighed(logs)
    assert (finding.confidence, said.startswith("new here: ")) == (Confidence.MEDIUM, True)
    assert Doubt.ACCESS_ONLY.sentence in finding.why


@pytest.mark.parametrize(
    "logs",
    [
        pytest.param(attack(days_of(Logs(), 0)), id="one day is no history"),
        pytest.param(attack(days_of(Logs(), 0, 1, 2, 3, host=OTHER)), id="nor is that of another machine"),
        pytest.param(attack(days_of(Logs(), 0, 1, 2, 3), 4), id="what is found in the history is not judged by it"),
    ],
)
def test_without_a_history_nothing_is_said(logs: Logs) -> None:
    finding, said = weighed(logs)
    assert (finding.confidence, said) == (Confidence.HIGH, "")


@pytest.mark.parametrize("movement", Movement)
def test_only_who_comes_is_usual_or_new(movement: Movement) -> None:
    """That somebody is at a machine every day says nothing of what is done there."""
    logs = attack(days_of(Logs(), 0, 1, 2, 5, 6, 9))
    finding = msgspec.structs.replace(only(logs.hunt()), movement=movement)
    with logs.projection(baseline=parse_time(UNTIL)[0]) as projection:  # type: ignore[index]
        (found,) = weigh([finding], projection.database)
    assert (found != finding) == (movement in {Movement.REMOTE, Movement.UNKNOWN_SOURCE})


def test_what_was_compared() -> None:
    logs = attack(days_of(days_of(Logs(), 0, 1, 2, 3), 2, 3, source="10.0.0.8", user="bob"))
    write(logs, 3, host=OTHER)
    write(logs, NOW, host=OTHER)
    baseline = logs.hunt(baseline_until=UNTIL).baseline
    assert baseline is not None
    assert baseline.until == "2026-01-15T00:00:00.000000Z"
    account, client, _ = baseline.histories
    assert [(one.thing, one.hosts, one.days) for one in baseline.histories] == [("account", 1, 4), ("client", 1, 4), ("file type", 1, 4)]
    assert (client.seen_once, client.days_before, client.seen_since, client.new_since, client.expected) == (0, 6, 1, 0, 0.0)
    assert account.not_judged == [ShortHistory(OTHER, 1)]
    assert logs.hunt().baseline is None


def test_how_many_are_expected() -> None:
    """Two of eight days were of clients that came once: of two that come since, half a one would be new."""
    logs = days_of(days_of(days_of(Logs(), 0, 1, 2), 0, 1, 2, source="10.0.0.8"), 1, source="10.0.0.9")
    days_of(days_of(days_of(logs, 2, source="10.0.0.10"), NOW), NOW, source="10.0.0.66")
    baseline = logs.hunt(baseline_until=UNTIL).baseline
    assert baseline is not None
    (client,) = (one for one in baseline.histories if one.thing == "client")
    assert (client.seen_once, client.days_before, client.seen_since, client.new_since, client.expected) == (2, 8, 2, 1, 0.5)


def test_what_was_never_logged_is_not_compared() -> None:
    baseline = Logs().sysmon_1("10:00:00").hunt(baseline_until=UNTIL).baseline
    assert baseline is not None
    assert baseline.histories == []
