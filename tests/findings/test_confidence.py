"""The table of doubts: each has logs that raise it alone, and their weights decide."""

from __future__ import annotations

import pytest

from graphcorr.findings.confidence import Doubt, delay_doubt, rate
from graphcorr.model.findings import Basis, Confidence
from tests.findings.logs import OTHER, TOOL, Logs, later, only


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
    Doubt.SOURCES_DIFFER: sure().security_5145("10:00:01", source="10.0.0.77").sysmon_1(RUN),
    Doubt.LOADER_ONLY: sure().sysmon_7(RUN, TOOL, TOOL),
}
"""Where the doubt stands alone. A borrowed clock always comes with others and has its test in ``tests/resolve``."""


@pytest.mark.parametrize("doubt", CASES, ids=lambda doubt: doubt.name if doubt else "none")
def test_each_doubt_is_raised_alone_and_named(doubt: Doubt | None) -> None:
    finding = only(CASES[doubt].hunt())
    raised = [one for one in Doubt if one.sentence in finding.why]
    assert raised == ([doubt] if doubt else [])
    assert finding.confidence is rate(raised)


def test_every_doubt_has_a_case() -> None:
    assert set(CASES) == {None, *Doubt} - {Doubt.CLOCK_BORROWED}


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
