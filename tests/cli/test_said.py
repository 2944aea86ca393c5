"""Suppressions, verdicts and notes from a shell: the same as over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests.ui.made_up import Made

Run = Callable[..., Result]
FIRST = "00000000-0000-5000-8000-000000000000"


@pytest.fixture
def case(tmp_path: Path) -> str:
    made = Made()
    made.hop("deploy.corp.example", "ws-1.corp.example", 0, r"C:\a.exe")
    made.publish(tmp_path, "said", "Said")
    return str(tmp_path / "cases" / "said")


def test_a_rule(run: Run, case: str) -> None:
    made = run("suppress", "add", "smb-write-then-image", "--source", "deploy.corp.example", "--reason", "ours", "--case", case)
    assert (made.exit_code, "1 finding set aside" in made.stderr) == (0, True)
    assert "ours" in run("suppress", "list", "--case", case).stdout
    [listed] = json.loads(run("suppress", "list", "--json", "--case", case).stdout)
    assert (listed["findings"], listed["rule"]["id"]) == (1, made.stdout.strip())
    assert run("suppress", "remove", made.stdout.strip(), "--case", case).exit_code == 0
    assert json.loads(run("suppress", "list", "--json", "--case", case).stdout) == []
    refused = run("suppress", "add", "smb-write-then-image", "--file", r"C:\a.exe", "--reason", "ours", "--case", case)
    assert (refused.exit_code, "has to name a source" in refused.stderr) == (2, True)


def test_a_verdict(run: Run, case: str) -> None:
    assert run("verdict", "set", "0000", "benign_positive", "--author", "anna", "--reason", "test", "--case", case).exit_code == 0
    [said] = json.loads(run("verdict", "list", "--json", "--case", case).stdout)
    assert (said["finding"], said["said"]["verdict"], said["said"]["author"]) == (FIRST, "benign_positive", "anna")
    assert "ws-1.corp.example" in run("verdict", "list", "--case", case).stdout
    assert run("verdict", "set", FIRST, "maybe", "--case", case).exit_code == 2
    assert run("verdict", "remove", "00000000", "--case", case).exit_code == 0
    assert run("verdict", "list", "--case", case).stdout == ""
    gone = run("verdict", "remove", FIRST, "--case", case)
    assert (gone.exit_code, "there is no verdict on" in gone.stderr) == (2, True)


def test_a_verdict_is_taken_back_by_the_beginning_of_one_id(run: Run, tmp_path: Path) -> None:
    made = Made()
    for seconds in (0, 60):
        made.hop("deploy.corp.example", "ws-1.corp.example", seconds, r"C:\a.exe")
    made.publish(tmp_path, "said", "Said")
    case = str(tmp_path / "cases" / "said")
    for begin in ("00000000", "00000001"):
        assert run("verdict", "set", begin, "undetermined", "--case", case).exit_code == 0
    several = run("verdict", "remove", "000", "--case", case)
    assert (several.exit_code, "is the beginning of 2 ids" in several.stderr) == (2, True)
    assert run("verdict", "remove", "00000001", "--case", case).exit_code == 0
    assert [each["finding"] for each in json.loads(run("verdict", "list", "--json", "--case", case).stdout)] == [FIRST]


def test_a_note(run: Run, case: str) -> None:
    made = run("note", "add", FIRST, "Rebuilt on Monday", "--case", case).stdout.strip()
    assert "Rebuilt on Monday" in run("note", "list", "--case", case).stdout
    assert [each["id"] for each in json.loads(run("note", "list", "--json", "--case", case).stdout)] == [made]
    assert run("note", "remove", made, "--case", case).exit_code == 0
    gone = run("note", "remove", made, "--case", case)
    assert (gone.exit_code, "there is no note" in gone.stderr) == (2, True)
    assert run("note", "add", FIRST, "", "--case", case).exit_code == 2
