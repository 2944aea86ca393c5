"""What a guard of the machine stopped is a finding of its own that says so: nothing was written by it, and nothing ran."""

from __future__ import annotations

import pytest

from graphcorr.model.findings import Level
from graphcorr.outputs.finding import headline
from tests.findings.logs import TARGET, TOOL, Logs, only

MD5 = "d41d8cd98f00b204e9800998ecf8427e"


def stopped(logs: Logs, time: str, event: int, *, image: str = "System") -> Logs:
    return logs.add(f"sysmon-{event}", time, {
        "Image": image, "ProcessId": "4", "TargetFilename": TOOL, "User": "CORP\\eve", "Hashes": f"MD5={MD5.upper()},IMPHASH={'0' * 32}",
    }, computer=TARGET)  # fmt: skip


@pytest.mark.parametrize(
    ("event", "pattern", "title", "technique"),
    [
        (27, "executable-write-blocked", "Writing an executable was blocked", "T1570"),
        (28, "file-wiping-blocked", "Wiping an executable was blocked", "T1070.004"),
    ],
)
def test_an_attempt_that_was_stopped(event: int, pattern: str, title: str, technique: str) -> None:
    finding = only(stopped(stopped(Logs(), "10:00:00", event), "10:00:05", event).hunt())
    assert (finding.pattern, finding.level, finding.execution, finding.executions, finding.file) == (pattern, Level.MEDIUM, None, [], None)
    assert [step.role for step in finding.steps] == ["blocked", "blocked"]
    assert headline(finding) == f"{title}: {TOOL} on {TARGET}"
    assert technique in finding.techniques
    assert [(trait.what, trait.value, trait.evidence) for trait in finding.traits] == [("md5", MD5, [0, 1])]


def test_what_was_stopped_did_not_run_and_what_was_not_stopped_is_none() -> None:
    blocked = stopped(Logs().security_5145("10:00:00"), "10:00:00.1", 27).sysmon_1("10:01:00")
    assert [finding.pattern for finding in blocked.hunt().findings] == ["executable-write-blocked"]
    assert [finding.pattern for finding in Logs().sysmon_11("10:00:00").removed("10:05:00", 23).hunt().findings] == []


def test_a_machine_without_a_guard_is_no_machine_that_could_not_be_judged() -> None:
    """Where nothing is stopped there is no record, whoever looks for one."""
    coverage = {one.pattern: one for one in Logs().sysmon_1("10:00:00").hunt().coverage.patterns}
    for pattern in ("executable-write-blocked", "file-wiping-blocked"):
        assert (coverage[pattern].status, coverage[pattern].hosts_missing) == ("evaluated", [])
