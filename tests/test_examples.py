"""What is shown as an example runs as it stands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from graphcorr.patterns.load import load
from graphcorr.service.patterns import check_patterns
from graphcorr.settings import Settings
from graphcorr.simulate.demo import write_demo
from tests.conftest import REPOSITORY
from tests.findings.logs import TOOL, Logs

EXAMPLES = REPOSITORY / "examples"
PATTERNS = EXAMPLES / "patterns"


def test_every_example_is_named_where_people_look() -> None:
    """… as what it is called: a folder, or a file at the top."""
    texts = "".join((REPOSITORY / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md"))
    names = {f"examples/{path.name}" for path in EXAMPLES.iterdir() if path.name != "__pycache__"}
    assert {name for name in names if name not in texts} == set()
    assert names >= {"examples/patterns", "examples/hunting.py"}


def test_the_pattern_of_ones_own_holds(tmp_path: Path) -> None:
    own = [pattern.id for pattern in load([PATTERNS])]
    assert own == ["smb-write-run-and-removed"]
    assert check_patterns(own, Settings(state=tmp_path, patterns=(PATTERNS,))).problems == []


def test_it_is_weighed_beside_the_packages_own() -> None:
    logs = Logs().security_5145("10:00:00").sysmon_1("10:00:05").removed("10:00:30", 23)
    (finding,) = logs.hunt(patterns=(PATTERNS,)).findings
    assert (finding.file, finding.patterns) == (TOOL, ["run-then-removed", "smb-write-run-and-removed", "smb-write-then-image"])
    assert {one.role for one in finding.evidence} >= {"write", "execution"}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the script says of the demo's logs."""
    folder = tmp_path_factory.mktemp("examples")
    logs = folder / "logs"
    logs.mkdir()
    write_demo(logs)
    command = [sys.executable, str(EXAMPLES / "hunting.py"), str(logs), str(folder / "case")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=True)
    assert done.stderr.startswith("Reading ")
    return done.stdout


def test_the_script_tells_findings_with_their_records_and_paths(said: str) -> None:
    lines = said.splitlines()
    findings = [line for line in lines if " → " in line and "confidence " in line]
    assert len(findings) >= 3
    assert all(lines[lines.index(finding) + 1].startswith("    ") for finding in findings)
    assert [line for line in lines if line.startswith("path ")] != []


def test_the_script_says_what_is_wrong_in_one_line(tmp_path: Path) -> None:
    command = [sys.executable, str(EXAMPLES / "hunting.py"), str(tmp_path / "none"), str(tmp_path / "case")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)
    assert (done.returncode, done.stdout, len(done.stderr.strip().splitlines())) == (1, "", 1)
    assert "none" in done.stderr


@pytest.mark.parametrize("arguments", [(), ("logs",), ("logs", "case", "more")])
def test_the_script_says_how_it_is_used(arguments: tuple[str, ...]) -> None:
    command = [sys.executable, str(EXAMPLES / "hunting.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "usage: python examples/hunting.py FOLDER CASE\n")
