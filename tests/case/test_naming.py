"""Unnamed cases: found again by their inputs, the last one remembered, only a few kept, none removed that is in use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from graphcorr.case.naming import case_name, last_case, remember, remembered
from graphcorr.case.writer import open_writer
from graphcorr.errors import CaseError, UsageError


def make(folder: Path, age: int) -> Path:
    with open_writer(folder, create=True):
        pass
    os.utime(folder, (10**9 - age, 10**9 - age))
    return folder


def test_a_name_depends_on_the_inputs_and_the_version_alone() -> None:
    assert case_name(["a|1", "b|2"], "1.0") == case_name(["b|2", "a|1"], "1.0")
    names = {case_name(stamps, version) for stamps in (["a|1"], ["a|2"], ["a|1", "b|2"], ["a|1b|2"]) for version in ("1.0", "1.1")}
    assert len(names) == 8
    assert case_name(["\udcff|1"], "1.0") != case_name([r"\xff|1"], "1.0")


def test_the_last_ten_unnamed_cases_are_kept(tmp_path: Path) -> None:
    cases = tmp_path / "cases"
    made = [make(cases / f"case-{age:016x}", age) for age in range(12)]
    remember(tmp_path, made[11])

    assert last_case(tmp_path) == made[11]
    assert {path.name for path in cases.iterdir()} == {f"case-{age:016x}" for age in (*range(9), 11)}


def test_a_case_that_is_open_is_not_removed(tmp_path: Path) -> None:
    made = [make(tmp_path / "cases" / f"case-{age:016x}", age) for age in range(12)]
    with open_writer(made[10]):
        remember(tmp_path, made[11])
    assert made[10].exists()
    assert not made[9].exists()


def test_a_named_case_is_remembered_and_removes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [make(tmp_path / "state" / "cases" / f"case-{age:016x}", age) for age in range(12)]
    make(tmp_path / "mine", 0)
    monkeypatch.chdir(tmp_path)
    remember(tmp_path / "state", Path("mine"))
    monkeypatch.chdir("/")

    assert last_case(tmp_path / "state") == tmp_path / "mine"
    assert all(case.exists() for case in made)


def test_a_strange_name_is_remembered(tmp_path: Path) -> None:
    odd = make(tmp_path / " two\nlines 🕸 ", 0)
    remember(tmp_path / "state", odd)
    assert last_case(tmp_path / "state") == odd


def test_no_case_and_a_case_that_is_gone_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^there is no case yet: run graphcorr hunt PATH first, or name a case with --case$"):
        last_case(tmp_path)
    remember(tmp_path, make(tmp_path / "gone", 0))
    (tmp_path / "gone").rename(tmp_path / "elsewhere")
    with pytest.raises(CaseError, match=rf"^the last case was {tmp_path}/gone, and it is gone; run graphcorr hunt again"):
        last_case(tmp_path)


def test_a_state_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(CaseError, match=rf"^{tmp_path}/state, where cases are kept, cannot be used: File exists$"):
        remember(tmp_path / "state", tmp_path)


def test_a_case_that_came_to_nothing_gives_the_place_back(tmp_path: Path) -> None:
    state, old, new = (tmp_path / name for name in ("state", "old", "new"))
    old.mkdir()
    new.mkdir()
    remember(state, old)
    with remembered(state, new) as give_up:
        assert last_case(state) == new
        give_up()
    assert last_case(state) == old
    with pytest.raises(UsageError), remembered(state, new):
        raise UsageError("no such file")
    assert last_case(state) == old
    with remembered(state, new):
        pass
    assert last_case(state) == new


def test_the_first_case_that_came_to_nothing_is_forgotten(tmp_path: Path) -> None:
    with remembered(tmp_path, tmp_path) as give_up:
        give_up()
    with pytest.raises(UsageError, match="there is no case yet"):
        last_case(tmp_path)
