"""Pattern files found and read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import graphcorr
from graphcorr.errors import PatternError, UsageError
from graphcorr.model.findings import Level
from graphcorr.model.kinds import Kind
from graphcorr.patterns.header import NEEDABLE, ExecutionKind, Result, Status
from graphcorr.patterns.load import PatternErrors, builtin_folder, load

Change = Callable[..., Path]


def test_a_pattern_is_its_header_and_the_whole_text(folder: Path) -> None:
    (pattern,) = load([folder])
    header = pattern.header
    assert (pattern.id, pattern.tactic, pattern.path.name) == ("my-pattern", "lateral_movement", "my-pattern.cypher")
    assert pattern.text == pattern.path.read_text()
    assert (header.status, header.level, header.result, header.execution) == (Status.TEST, Level.LOW, Result.FINDING, ExecutionKind.IMAGE)
    assert (header.attack, header.needs, header.identity) == (["T1021.002"], [Kind.WRITE], ["version"])


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ("id: my-pattern", "id: My-Pattern", "2:5", "id: does not match ^[a-z][a-z0-9]*(-[a-z0-9]+)*$"),
        ("id: my-pattern", "id: other", "2:5", "the id is 'other', the file 'my-pattern.cypher': they have to agree"),
        ("status: test", "status: done", "4:9", "status: input should be 'experimental', 'test' or 'stable'"),
        ("level: low", "level: bad", "5:8", "level: input should be 'informational', 'low', 'medium', 'high' or 'critical'"),
        ("[T1021.002]", "[T1021.002, T21]", "7:21", r"attack.1: does not match ^T\d{4}(\.\d{3})?$"),
        ("[T1021.002]", "[]", "7:9", "attack: a finding names one technique at least"),
        ("[T1021.002]", "[T1570, T1570]", "7:9", "attack: a value occurs twice"),
        ("[DET0530]", "[DET530]", "8:22", r"detection_strategy.0: does not match ^DET\d{4}$"),
        ("[S0029]", "[PsExec]", "9:12", r"software.0: does not match ^S\d{4}$"),
        ("[CAR-2013-05-003]", "CAR-2013-05-003", "10:6", "car: input should be a valid list"),
        ("needs: [Write]", "needs: [Wirte]", "11:9", "needs.0: there is no 'Wirte'; did you mean Write?"),
        ("needs: [Write]", "needs: [Name]", "11:8", f"needs: Name has no node in the graph; possible are {', '.join(sorted(NEEDABLE))}"),
        ("result: finding", "result: observation", "13:12", "execution: an observation is no execution"),
        ("execution: image", "execution: run", "13:12", None),
        ("evidence: [writes]", "evidence: [version]", "15:11", None),
        ("evidence: [writes]", "evidenz: [writes]", "15:1", "unknown key 'evidenz'"),
        ("[https://attack.mitre.org]", "[somewhere]", "17:14", r"references.0: does not match ^https?://\S+$"),
    ],
)
def test_every_value_is_checked_where_it_stands(  # noqa: PLR0917 - fixtures and a row of the table
    change: Change, folder: Path, old: str, new: str, place: str, reason: str | None
) -> None:
    path = change(old, new)
    with pytest.raises(PatternErrors) as caught:
        load([folder])
    found = [error for error in caught.value.errors if "is missing" not in error.reason]
    assert [(error.path, f"{error.line}:{error.column}") for error in found] == [(str(path), place)]
    assert reason in {found[0].reason, None}


def test_a_missing_key(change: Change, folder: Path) -> None:
    change("level: low\n", "")
    with pytest.raises(PatternErrors) as caught:
        load([folder])
    assert [error.reason for error in caught.value.errors] == ["'level' is missing"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"MATCH (n) RETURN n", "a pattern starts with a header: a line /*---, YAML, a line ---*/"),
        (b"/*---\nid: x\n*/", "a pattern starts with a header: a line /*---, YAML, a line ---*/"),
        (b"/*---\n---*/\n", "there is nothing in it"),
        (b"\xff", "no UTF-8 text: invalid start byte at byte 0"),
    ],
)
def test_no_header(folder: Path, content: bytes, reason: str) -> None:
    (folder / "lateral_movement" / "my-pattern.cypher").write_bytes(content)
    with pytest.raises(PatternErrors) as caught:
        load([folder])
    assert [error.reason for error in caught.value.errors] == [reason]


def test_all_problems_of_all_files_are_told_at_once(change: Change, folder: Path) -> None:
    change("level: low", "level: bad")
    change("id: my-pattern", "id: BAD", "other")
    with pytest.raises(PatternError) as caught:
        load([folder])
    text = str(caught.value)
    first, second = folder / "lateral_movement" / "my-pattern.cypher", folder / "lateral_movement" / "other.cypher"
    assert text == (
        f"{first}:5:8: level: input should be 'informational', 'low', 'medium', 'high' or 'critical'\n    level: bad\n           ^\n"
        f"{second}:2:5: id: does not match ^[a-z][a-z0-9]*(-[a-z0-9]+)*$\n    id: BAD\n        ^"
    )


def test_an_id_is_unique_over_all_folders(folder: Path, tmp_path: Path) -> None:
    again = tmp_path / "more" / "lateral_movement"
    again.mkdir(parents=True)
    (again / "my-pattern.cypher").write_text((folder / "lateral_movement" / "my-pattern.cypher").read_text())
    with pytest.raises(PatternErrors) as caught:
        load([folder / "lateral_movement", again])
    first = folder / "lateral_movement" / "my-pattern.cypher"
    assert [error.reason for error in caught.value.errors] == [f"'my-pattern' is the id of {first} already"]


def test_a_folder_twice_is_read_once(folder: Path) -> None:
    assert [pattern.id for pattern in load([folder, folder / "lateral_movement"])] == ["my-pattern"]


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        load([tmp_path / "nothing"])


def test_the_patterns_of_a_checkout_and_of_a_wheel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    checkout = Path(graphcorr.__file__).parents[1] / "cypher"
    assert builtin_folder() == checkout
    (tmp_path / "graphcorr" / "_cypher").mkdir(parents=True)
    monkeypatch.setattr(graphcorr, "__file__", str(tmp_path / "graphcorr" / "__init__.py"))
    assert builtin_folder() == tmp_path / "graphcorr" / "_cypher"
