"""The table of doubts: each has logs that raise it alone, and their weights decide."""

from __future__ import annotations

import pytest

from graphcorr.findings.clocks import BorrowedClocks
from graphcorr.findings.confidence import MATCH_DOUBTS, Doubt, delay_doubt, gap_doubt, lessen, rate
from graphcorr.model.findings import Basis, Confidence
from graphcorr.model.report import Clock
from graphcorr.syntax.times import parse_time
from tests.findings.logs import CLIENT, OTHER, TARGET, TOOL, Logs, later, only
from tests.findings.test_requests import REQUESTS
from tests.findings.test_unclaimed import CASES as UNCLAIMED


def sure() -> Logs:
    """A write in two logs, nothing to doubt."""
    return Logs().security_5145("10:00:00").sysmon_11("10:00:00.1")


def with_content(logs: Logs) -> Logs:
    """Its content is known by its removal, and runs beside it."""
    hashes = f"SHA256={'A' * 64}"
    logs.removed("10:01:00", 23)
    logs.records[-1].fields["Hashes"] = hashes
    logs.sysmon_1(RUN, r"C:\Windows\Temp\other.exe")
    logs.records[-1].fields["Hashes"] = hashes
    return logs


RUN = "10:00:05"
CASES: dict[Doubt | None, Logs] = {
    None: sure().sysmon_1(RUN),
    Doubt.WRITE_INFERRED: Logs().sysmon_11("10:00:00").sysmon_1(RUN),
    Doubt.WRITE_GUESSED_FROM_WIRE: Logs().is_at().security_5140("09:00:00").smb_file("10:00:00", action="SMB::FILE_RENAME").sysmon_1(RUN),
    Doubt.ACCESS_ONLY: Logs().security_5145("10:00:00").sysmon_1(RUN),
    Doubt.FOLDER_ASSUMED: Logs().is_at().smb_file("10:00:00").sysmon_1(RUN),
    Doubt.SUFFIX: Logs().is_at().smb_file("10:00:00", r"x\tool.exe", share=r"\\10.0.0.9\data").sysmon_1(RUN, r"D:\data\x\tool.exe"),
    Doubt.SHORT_NAME: Logs()
    .security_5145("10:00:00", r"Temp\long name.exe")
    .sysmon_11("10:00:00.1", r"C:\Windows\Temp\long name.exe")
    .sysmon_1(RUN, r"C:\Windows\Temp\LONGNA~1.EXE"),
    Doubt.VOLUME: sure()
    .sysmon_11("10:00:00.2", r"D:\p\x.exe")
    .security_5145("10:00:00.2", r"p\x.exe", share="D$", folder="\\??\\D:\\")
    .sysmon_1(RUN, r"\Device\HarddiskVolume4\p\x.exe"),
    Doubt.OWN_ADDRESS: sure().sysmon_1(RUN, r"\\10.0.0.9\ADMIN$\Temp\tool.exe"),
    Doubt.MOVED: sure()
    .sysmon_1("10:00:03", r"C:\Windows\System32\cmd.exe", rf"cmd /c ren {TOOL} b.exe", pid=7)
    .sysmon_1(RUN, r"C:\Windows\Temp\b.exe"),
    Doubt.CONTENT: with_content(sure()),
    Doubt.SIMULTANEOUS: sure().security_4688(None, event_time="2026-01-05 10:00:00"),
    Doubt.WITHIN_A_DAY: sure().sysmon_1("10:11:00"),
    Doubt.LATER: sure().sysmon_1(later("10:00:00", hours=25)),
    Doubt.ADDRESS_LEARNED_APART: sure().is_at(CLIENT, host=OTHER, time=later("10:00:00", hours=-25)).sysmon_1(RUN),
    Doubt.SOURCES_DIFFER: sure().security_5145("10:00:01", source="10.0.0.77").sysmon_1(RUN),
    Doubt.LOADER_ONLY: sure().sysmon_7(RUN, TOOL, TOOL),
}
"""Where the doubt stands alone. A borrowed clock and an open outcome always come with others: their tests are in ``tests/resolve`` and
``test_refused.py``; what is usual needs a history, and ``test_history.py`` has one."""


@pytest.mark.parametrize("doubt", CASES, ids=lambda doubt: doubt.name if doubt else "none")
def test_each_doubt_is_raised_alone_and_named(doubt: Doubt | None) -> None:
    finding = only(CASES[doubt].hunt())
    raised = [one for one in Doubt if one.sentence in finding.why]
    assert raised == ([doubt] if doubt else [])
    assert finding.confidence is rate(raised)


def test_every_doubt_has_a_case() -> None:
    """Here, or in the tests of requests and of what no family claims."""
    never_alone = {
        Doubt.CLOCK_BORROWED,
        Doubt.OUTCOME_OPEN,
        Doubt.NOBODY_CERTAIN,
        Doubt.PROVIDER_UNNAMED,
        Doubt.SERVICE_ONLY,
        Doubt.FILE_GUESSED,
        Doubt.USUAL,
    }
    assert {None, *Doubt} - never_alone == CASES.keys() | UNCLAIMED.keys() | REQUESTS.keys()


@pytest.mark.parametrize(
    ("doubts", "confidence"),
    [
        ([], Confidence.HIGH),
        ([Doubt.ACCESS_ONLY], Confidence.MEDIUM),
        ([Doubt.ACCESS_ONLY, Doubt.ACCESS_ONLY], Confidence.MEDIUM),
        ([Doubt.ACCESS_ONLY, Doubt.WITHIN_A_DAY], Confidence.LOW),
        ([Doubt.LATER], Confidence.LOW),
    ],
)
def test_the_number_of_doubts_decides(doubts: list[Doubt], confidence: Confidence) -> None:
    assert rate(doubts) is confidence


def test_a_doubt_weighs_one_but_for_those_that_leave_little() -> None:
    """After a day anybody may have started it for any reason, and so may nobody; the port mapper is asked for anything."""
    heavy = {Doubt.LATER, Doubt.FAR_APART, Doubt.NOBODY_NAMED, Doubt.ASKED_BY_PORT}
    assert {doubt: doubt.weight for doubt in Doubt if doubt.weight != 1} == dict.fromkeys(heavy, 2)


@pytest.mark.parametrize(
    ("basis", "doubt"),
    [
        ("path", None),
        ("suffix", Doubt.SUFFIX),
        ("share_name", Doubt.SUFFIX),
        ("volume", Doubt.VOLUME),
        ("own_address", Doubt.OWN_ADDRESS),
        ("hash", Doubt.CONTENT),
        ("moved", Doubt.MOVED),
        ("short_name", Doubt.SHORT_NAME),
        ("program", Doubt.LOADER_ONLY),
    ],
)
def test_a_match_that_is_less_than_the_same_path_is_a_doubt(basis: str, doubt: Doubt | None) -> None:
    assert MATCH_DOUBTS.get(basis) is doubt


@pytest.mark.parametrize(("ran", "simultaneous"), [("10:00:00.999999", True), ("10:00:01", False)])
def test_write_and_run_are_simultaneous_where_their_clocks_cannot_tell(ran: str, *, simultaneous: bool) -> None:
    """A log of whole seconds tells no order within one."""
    finding = only(Logs().security_5145(None, event_time="2026-01-05 10:00:00").sysmon_1(ran).hunt())
    assert (Doubt.SIMULTANEOUS.sentence in finding.why) is simultaneous


MINUTE = 60_000_000


@pytest.mark.parametrize(
    ("delay", "doubt"),
    [
        (0, None),
        (10 * MINUTE, None),
        (10 * MINUTE + 1, Doubt.WITHIN_A_DAY),
        (24 * 60 * MINUTE, Doubt.WITHIN_A_DAY),
        (24 * 60 * MINUTE + 1, Doubt.LATER),
    ],
)
def test_tiers_of_delay(delay: int, doubt: Doubt | None) -> None:
    assert delay_doubt(delay) is doubt
    of_steps = {None: None, Doubt.WITHIN_A_DAY: Doubt.APART, Doubt.LATER: Doubt.FAR_APART}
    assert gap_doubt(delay) is of_steps[doubt]


@pytest.mark.parametrize(
    ("doubt", "basis"),
    [(None, Basis.OBSERVED), (Doubt.WRITE_INFERRED, Basis.INFERRED), (Doubt.SUFFIX, Basis.INFERRED), (Doubt.FOLDER_ASSUMED, Basis.ASSUMED)],
)
def test_basis_says_what_was_seen(doubt: Doubt | None, basis: Basis) -> None:
    assert only(CASES[doubt].hunt()).basis is basis


def test_another_machines_borrowed_clock_is_no_doubt_here() -> None:
    logs = sure().security_5145(None, host=OTHER, event_time="2026-01-05 06:00:00", ingested="2026-01-05T10:00:07.000Z").sysmon_1(RUN)
    finding = only(logs.hunt())
    assert Doubt.CLOCK_BORROWED.sentence not in finding.why


def on_a_borrowed_clock(logs: Logs, shown: str, seen: str) -> Logs:
    """A logon by a time field that nothing on the host aligns, so that the delay of its delivery has to."""
    fields = {"TargetUserName": "bob", "LogonType": "3", "IpAddress": "10.0.0.77"}
    return logs.add("security-4624", None, fields, computer=TARGET, event_time=shown, ingested=seen)


def test_an_unrelated_record_of_another_clock_is_no_doubt() -> None:
    """Two months later, by another time field of the same host: it says nothing of the times that are compared."""
    logs = on_a_borrowed_clock(sure().sysmon_1(RUN), "2026-03-05 06:00:00", "2026-03-05T10:00:07.000Z")
    report = logs.hunt()
    assert [(clock.host, clock.source, clock.borrowed_from) for clock in report.clocks] == [(TARGET, "EventTime", "@timestamp")]
    assert (only(report).confidence, Doubt.CLOCK_BORROWED.sentence in only(report).why) == (Confidence.HIGH, False)


@pytest.mark.parametrize("of_the_write", [True, False])
def test_the_clock_of_the_write_and_that_of_the_run_count(*, of_the_write: bool) -> None:
    """Each of the two times that are compared; the other one is Sysmon's own."""
    shown = "2026-01-05 06:00:00" if of_the_write else "2026-01-05 06:00:05"
    seen = "2026-01-05T10:00:07.000Z"
    logs = Logs().security_5145(None, event_time=shown, ingested=seen) if of_the_write else sure()
    logs = logs.sysmon_1(RUN) if of_the_write else logs.security_4688(None, event_time=shown, ingested=seen)
    assert Doubt.CLOCK_BORROWED.sentence in only(logs.hunt()).why


def test_a_client_told_by_a_borrowed_clock_is_one() -> None:
    """Which client was connected at that time is as sure as the time."""
    logs = on_a_borrowed_clock(Logs().sysmon_11("10:00:00").sysmon_1(RUN), "2026-01-05 05:59:55", "2026-01-05T09:59:57.000Z")
    finding = only(logs.hunt())
    assert finding.source is not None
    assert [one for one in Doubt if one.sentence in finding.why] == [Doubt.WRITE_INFERRED, Doubt.CLOCK_BORROWED]


@pytest.mark.parametrize(("field", "host", "aligned", "expected"), [
    ("EventTime", "a", "2026-01-05T10:00:00", True),
    ("EventTime", "a", "2026-01-05T12:00:00", True),
    ("EventTime", "a", "2026-01-05T12:00:00.000001", False),
    ("EventTime", "a", "2026-01-05T09:59:59", False),
    ("TimeCreated", "a", "2026-01-05T11:00:00", False),
    ("EventTime", "b", "2026-01-05T11:00:00", False),
    ("EventTime", "c", "2026-01-05T11:00:00", False),
])  # fmt: skip
def test_a_borrowed_clock_is_one_field_of_one_host_for_a_span(field: str, host: str, aligned: str, *, expected: bool) -> None:
    span = ("2026-01-05T10:00:00.000000Z", "2026-01-05T12:00:00.000000Z")
    clocks = BorrowedClocks([Clock("a", "EventTime", 3600.0, *span, 1, "b"), Clock("c", "EventTime", 3600.0, *span, 1, None)])
    parsed = parse_time(f"{aligned}Z")
    assert parsed is not None
    assert clocks.moved({"host": host, "time_field": field, "logged_time": parsed[0] - 3_600_000_000}) is expected


@pytest.mark.parametrize("before", [[], [Doubt.ACCESS_ONLY], [Doubt.LATER], [Doubt.LATER, Doubt.ACCESS_ONLY]])
@pytest.mark.parametrize("more", [Doubt.USUAL, Doubt.FAR_APART])
def test_one_more_doubt_leaves_what_it_would_have_left_from_the_start(before: list[Doubt], more: Doubt) -> None:
    assert lessen(rate(before), more) is rate([*before, more])
