"""A pattern of somebody's own: checked apart from whoever asks, kept in the case, run by its detections alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from graphcorr.case.folder import Folder
from graphcorr.case.writer import open_writer
from graphcorr.errors import NotFoundError, UsageError
from graphcorr.model.progress import Silent
from graphcorr.service import judging, own_patterns
from graphcorr.service.detecting import detect, rebuild
from graphcorr.service.own_patterns import LARGEST, PatternText, add_pattern, check_text, list_own, remove_pattern
from graphcorr.settings import Settings
from tests.conftest import REPOSITORY
from tests.findings.logs import Logs, store_in
from tests.servers import Server
from tests.settings import own_settings

[EXAMPLE] = (REPOSITORY / "examples" / "patterns").rglob("*.cypher")
TEXT = EXAMPLE.read_text(encoding="utf-8")
ID = EXAMPLE.stem


def text(**changes: str) -> PatternText:
    changed = TEXT
    for old, new in changes.items():
        assert old in changed
        changed = changed.replace(old, new)
    return PatternText(text=changed)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    logs = Logs().security_5145("10:00:00").sysmon_1("10:00:05").removed("10:00:30", 23)
    for name in ("own", "other"):
        with open_writer(tmp_path / "cases" / name, create=True) as case:
            store_in(case, logs.records)
    return tmp_path / "cases" / "own"


def test_it_is_run_by_the_detections_of_its_case_alone(folder: Path, tmp_path: Path) -> None:
    settings = Settings(state=tmp_path)
    assert add_pattern(folder, text(), settings).id == ID
    [found] = detect(folder, settings, Silent()).findings
    assert ID in found.patterns
    rebuild(folder, settings, Silent())
    [other] = detect(folder.parent / "other", settings, Silent()).findings
    assert ID not in other.patterns
    remove_pattern(folder, ID)
    [after] = detect(folder, settings, Silent()).findings
    assert ID not in after.patterns


def test_one_of_its_id_takes_its_place_wherever_it_lay(folder: Path, tmp_path: Path) -> None:
    settings = Settings(state=tmp_path)
    add_pattern(folder, text(), settings)
    add_pattern(folder, PatternText(text=text(experimental="test").text, tactic="execution"), settings)
    [own] = list_own(folder)
    assert (own.id, own.tactic, own.header.status.value) == (ID, "execution", "test")


_SLOW = """/*---
id: every-pair
title: Every pair of many
status: test
level: low
description: What is joined by what all have alike, and so takes as long as if nothing joined it.
attack: [T1570]
needs: [Write]
result: RESULT
identity: [write]
evidence: [writes]
---*/
MATCH (w:Write), (b:Write), (c:Write), (d:Write), (e:Write), (f:Write), (g:Write)
WHERE w.network = b.network AND b.network = c.network AND c.network = d.network AND d.network = e.network AND e.network = f.network
  AND f.network = g.network AND w.record + b.record + c.record + d.record + e.record + f.record + g.record < 0
RETURN w.id AS write, collect(b.id) AS writes
"""


@pytest.mark.parametrize("result", ["finding", "observation"])
def test_one_that_takes_too_long_is_not_evaluated_and_the_rest_is(tmp_path: Path, result: str) -> None:
    hunt_beside_a_slow_one(tmp_path, own_settings(), result)


@pytest.mark.parametrize("result", ["finding", "observation"])
def test_so_it_is_on_a_server(server: Server, tmp_path: Path, result: str) -> None:
    hunt_beside_a_slow_one(tmp_path, own_settings(store=server.url), result)


def hunt_beside_a_slow_one(tmp_path: Path, settings: Settings, result: str) -> None:
    logs = Logs().sysmon_1("10:00:05").removed("10:00:30", 23)
    for second in range(40):
        logs.security_5145(f"10:00:{second:02}")
    folder = tmp_path / "case"
    with open_writer(folder, create=True) as case:
        store_in(case, logs.records)
    place = Folder(folder).patterns / "lateral_movement" / "every-pair.cypher"
    place.parent.mkdir(parents=True)
    place.write_text(_SLOW.replace("RESULT", result))
    report = detect(folder, replace(settings, pattern_seconds=1), Silent())
    [own] = [each for each in report.coverage.patterns if each.pattern == "every-pair"]
    assert (own.status, own.stopped) == ("not_evaluated", "stopped after 1 s")
    assert all(each.stopped is None for each in report.coverage.patterns if each is not own)
    assert report.findings


@pytest.mark.parametrize(
    ("wrong", "line", "reason"),
    [
        (text(RETURN="RETURNS"), None, None),
        (text(Removal="Nothing"), None, None),
        (text(level="lvl"), None, "lvl"),
        (PatternText(text="MATCH (n) RETURN n"), 1, "starts with a header"),
        (PatternText(text=TEXT.replace("RETURN v.id AS version", "CREATE (x:Host {id: 'x'}) RETURN v.id AS version")), None, None),
        (text(RETURN=f"WHERE {'(' * 51}true{')' * 51} RETURN"), None, "more than 50 brackets in each other"),
        (PatternText(text=f"/*---\nid: x\nattack: &a [T1]\n{'x: [' * 3000}\n---*/\n"), None, None),
    ],
)
def test_what_is_wrong_is_told_and_not_kept(folder: Path, tmp_path: Path, wrong: PatternText, line: int | None, reason: str | None) -> None:
    checked = check_text(wrong)
    assert checked.problems
    assert line is None or checked.problems[0].line == line
    assert reason is None or any(reason in each.reason for each in checked.problems)
    assert "/tmp" not in str(checked)
    with pytest.raises(UsageError, match=r"^line \d+, column \d+: "):
        add_pattern(folder, wrong, Settings(state=tmp_path))
    assert list_own(folder) == []


def test_a_bomb_of_references_ends_the_check_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_patterns, "WORK", 5)
    lines = ["a0: &a0 [T1570]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    header = TEXT.replace("attack: [T1021.002, T1570, T1070.004]", "\n".join([*lines, "attack: *a11"]))
    [problem] = check_text(PatternText(text=header)).problems
    assert problem.reason.startswith("it could not be checked")


def test_the_id_of_a_pattern_of_ours_is_refused(folder: Path, tmp_path: Path) -> None:
    ours = next((REPOSITORY / "cypher").rglob("smb-write-then-image.cypher")).read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="the id of another pattern"):
        add_pattern(folder, PatternText(text=ours), Settings(state=tmp_path))


@pytest.mark.parametrize("name", ["none", "../other", "*", f"{ID}*"])
def test_what_is_no_pattern_of_the_case_cannot_be_taken_away(folder: Path, tmp_path: Path, name: str) -> None:
    add_pattern(folder, text(), Settings(state=tmp_path))
    with pytest.raises(NotFoundError):
        remove_pattern(folder, name)
    assert len(list_own(folder)) == 1


@pytest.mark.parametrize(
    "values", [{"text": ""}, {"text": "x" * (LARGEST + 1)}, {"text": TEXT, "tactic": "../x"}, {"text": TEXT, "tactic": ""}]
)
def test_what_is_no_pattern_at_all_is_not_looked_at(values: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        judging.ask(PatternText, **values)
