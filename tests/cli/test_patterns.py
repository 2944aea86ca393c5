"""``graphcorr patterns``: list, show, new, check, over the real patterns."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from graphcorr.case.writer import open_writer
from graphcorr.outputs import patterns as output
from graphcorr.patterns.load import builtin_folder, load
from tests.conftest import REPOSITORY

Run = Callable[..., Result]


def test_list(run: Run) -> None:
    own = load([builtin_folder()])
    result = run("patterns", "list")

    assert (result.exit_code, result.stdout) == (0, output.render(own).plain())
    document = json.loads(run("patterns", "list", "--json").stdout)
    assert [each["id"] for each in document["patterns"]] == [pattern.id for pattern in own]
    assert document["patterns"][0]["path"].endswith(f"/{own[0].id}.cypher")


def test_a_case_own_patterns_are_listed_and_shown_beside_the_others(run: Run, tmp_path: Path) -> None:
    with open_writer(tmp_path / "case", create=True):
        pass
    [example] = (REPOSITORY / "examples" / "patterns").rglob("*.cypher")
    place = tmp_path / "case" / "patterns" / "lateral_movement" / example.name
    place.parent.mkdir(parents=True)
    place.write_text(example.read_text())
    shown = run("patterns", "list", "--case", "case")
    assert (shown.exit_code, shown.stdout.count("the detections of this case alone")) == (0, 1)
    assert f"\n{example.stem}\n" in shown.stdout
    document = json.loads(run("patterns", "list", "--case", "case", "--json").stdout)
    assert [each["id"] for each in document["patterns"] if each["own"]] == [example.stem]
    assert len(document["patterns"]) == 1 + len(load([builtin_folder()]))
    assert example.stem not in run("patterns", "list").stdout
    assert run("patterns", "show", example.stem, "--case", "case").stdout == example.read_text()
    assert run("patterns", "show", example.stem).exit_code == 2


def test_show_prints_the_file(run: Run) -> None:
    result = run("patterns", "show", "smb-write")
    assert (result.exit_code, result.stdout) == (0, (builtin_folder() / "lateral_movement" / "smb-write.cypher").read_text())


def test_show_refuses_an_unknown_id(run: Run) -> None:
    result = run("patterns", "show", "nope")
    assert (result.exit_code, result.stderr) == (2, "graphcorr: there is no pattern nope; graphcorr patterns list names them\n")


@pytest.fixture
def mine(run: Run, tmp_path: Path) -> Path:
    result = run("patterns", "new", "my-pattern", "--folder", "mine")
    assert (result.exit_code, result.stdout) == (
        0,
        "mine/lateral_movement/my-pattern.cypher\nmine/lateral_movement/my-pattern.cases.yaml\n",
    )
    assert result.stderr == "Fill both in, then: graphcorr patterns check my-pattern --patterns mine\n"
    return tmp_path / "mine" / "lateral_movement" / "my-pattern.cypher"


def test_a_new_pattern_is_listed_and_has_to_be_filled_in(run: Run, mine: Path) -> None:
    result = run("patterns", "check", "--patterns", "mine")
    assert (result.exit_code, result.stderr) == (1, "1 pattern checked, 3 problems.\n")
    assert result.stdout.splitlines()[0].startswith(f"mine/lateral_movement/{mine.name}:7:3: nobody has filled in the description")
    assert run("patterns", "show", "my-pattern", "--patterns", "mine").stdout == mine.read_text()


def test_a_wrong_query_is_told_with_its_place(run: Run, mine: Path) -> None:
    mine.write_text(mine.read_text().replace("RETURN v.id", "RETURN labels(v)"))
    line = next(number for number, text in enumerate(mine.read_text().splitlines(), 1) if text.startswith("RETURN"))
    result = run("patterns", "check", "my-pattern", "--patterns", "mine", "--json")
    document = json.loads(result.stdout)

    assert (result.exit_code, document["checked"], result.stderr) == (1, 1, "")
    assert (f"mine/lateral_movement/{mine.name}", line, 8) in [
        (each["path"], each["line"], each["column"]) for each in document["problems"]
    ]


def test_a_wrong_header_is_a_problem_with_a_caret(run: Run, mine: Path) -> None:
    mine.write_text(mine.read_text().replace("level: medium", "level: middling"))
    result = run("patterns", "check", "--patterns", "mine")
    lines = result.stdout.splitlines()

    assert (result.exit_code, result.stderr) == (1, "1 problem.\n")
    assert lines[0].split(": ")[0] == f"mine/lateral_movement/{mine.name}:5:8"
    assert lines[1:] == ["    level: middling", "           ^"]


def test_check_refuses_an_unknown_id(run: Run) -> None:
    assert run("patterns", "check", "nope").exit_code == 2


def test_a_pattern_is_kept_in_a_case_and_taken_out_again(run: Run, tmp_path: Path) -> None:
    [example] = (REPOSITORY / "examples" / "patterns").rglob("*.cypher")
    case = tmp_path / "case"
    with open_writer(case, create=True):
        pass
    added = run("patterns", "add", str(example), "--case", str(case))
    assert (added.exit_code, added.stdout.strip()) == (0, example.stem), added.stderr
    assert (case / "patterns" / "lateral_movement" / example.name).read_text(encoding="utf-8") == example.read_text(encoding="utf-8")
    (tmp_path / "wrong.cypher").write_text("MATCH (n) RETURN n", encoding="utf-8")
    wrong = run("patterns", "add", str(tmp_path / "wrong.cypher"), "--case", str(case))
    assert (wrong.exit_code, "starts with a header" in wrong.stderr) == (2, True)
    assert run("patterns", "remove", example.stem, "--case", str(case)).exit_code == 0
    assert run("patterns", "remove", example.stem, "--case", str(case)).exit_code == 2
