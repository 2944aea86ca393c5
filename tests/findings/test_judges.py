"""Every pattern has one judge: its family's, or that of all the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphcorr.findings import assemble, judges
from graphcorr.findings.judges.file_versions import JUDGE
from graphcorr.findings.judging import say_delay
from graphcorr.findings.unclaimed import UNCLAIMED
from graphcorr.patterns.header import Result
from graphcorr.patterns.load import builtin_folder, load
from tests.findings.logs import Logs


def test_judges_are_found_by_folder() -> None:
    modules = {path.stem for path in Path(judges.__path__[0]).glob("*.py")} - {"__init__"}
    assert set(assemble.find_judges()) == modules
    assert assemble.find_judges()["file_versions"] is JUDGE


def test_no_pattern_of_ours_has_two_judges() -> None:
    findings = [pattern.header for pattern in load([builtin_folder()]) if pattern.header.result is Result.FINDING]
    assert [header.id for header in findings if sum(judge.claims(header) for judge in assemble.find_judges().values()) > 1] == []


def test_a_pattern_about_file_versions_is_their_judges() -> None:
    (header,) = (pattern.header for pattern in load([builtin_folder()]) if pattern.id == "smb-write-then-image")
    assert JUDGE.claims(header)
    assert not JUDGE.claims(header.model_copy(update={"identity": ["version", "target"]}))


def test_two_judges_that_claim_one_pattern_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The order of the folder is not to decide."""
    monkeypatch.setattr(assemble, "find_judges", lambda: {"file_versions": JUDGE, "other": UNCLAIMED})
    with pytest.raises(RuntimeError, match="is claimed by the judges file_versions and other"):
        Logs().security_5145("10:00:00").sysmon_1("10:00:05").hunt()


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.0004, "0 ms"), (0.25, "250 ms"), (1, "1.0 s"), (119.9, "119.9 s"), (120, "2 min"), (7200, "2.0 h")]
)
def test_a_delay_is_said_in_one_unit(seconds: float, said: str) -> None:
    assert say_delay(int(seconds * 1_000_000)) == said
