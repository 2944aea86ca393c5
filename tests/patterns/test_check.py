"""Lint, binding and cases in one go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from graphcorr.errors import UsageError
from graphcorr.graph.project import Projection
from graphcorr.patterns.check import check
from graphcorr.patterns.load import Pattern, builtin_folder, load
from graphcorr.patterns.scaffold import MODEL, scaffold
from graphcorr.store.base import Row, Store
from graphcorr.store.ladybug import LadybugStore

Change = Callable[..., Path]


def _memory() -> Store:
    return LadybugStore(None)


def _filled(folder: Path) -> Path:
    """Stubs that somebody made something of; returns the case file."""
    pattern, cases = scaffold(folder, "my-pattern")
    text = pattern.read_text(encoding="utf-8")
    text = text.replace("What happened, why it matters, and what it is not.", "A tool came and ran.")
    pattern.write_text(text.replace("WHERE size(writes) > 0", "WHERE size(writes) > 0 AND size(executions) > 0"), encoding="utf-8")
    cases.write_text(cases.read_text(encoding="utf-8").replace("alice", "bob"), encoding="utf-8")
    return cases


def _check(folder: Path) -> list[str]:
    return [error.reason for error in check(load([folder]), _memory)]


def test_a_pattern_without_cases_is_wrong(folder: Path) -> None:
    assert _check(folder) == ["there are no cases: neither my-pattern.cases.yaml beside it, nor tests/cases/my-pattern.yaml"]


def test_a_nested_field_is_one_problem_that_says_how_to_write_it(tmp_path: Path) -> None:
    cases = _filled(tmp_path)
    cases.write_text(cases.read_text().replace("SubjectUserName: bob", "SubjectUserName: bob\n        winlog: {a: {b: 1}}"))
    assert (
        _check(tmp_path)
        == [
            "winlog: is an object; fields of nested objects have dots in their names, as winlog.field",
        ]
        * 2
    )  # both cases have the event


def test_what_a_hunt_makes_of_the_rows_is_tried_too(tmp_path: Path) -> None:
    """Rows that no finding can be made of would end the first hunt that has them."""
    _filled(tmp_path)
    judged: list[tuple[str, int]] = []

    def judge(pattern: Pattern, rows: Sequence[Row], projection: Projection) -> None:
        judged.append((pattern.id, len(rows)))
        assert projection.database.execute("SELECT count(*) FROM events").fetchone() == (2,)
        if rows:
            raise pattern.error("of this nothing can be made")

    problems = check(load([tmp_path]), _memory, judge)
    assert judged == [("my-pattern", 1), ("my-pattern", 0)]
    assert [problem.reason for problem in problems] == ["case 'written by a client, then started': of this nothing can be made"]


def test_lint_comes_first(change: Change, folder: Path) -> None:
    change("collect(w.id)", "collect(labels(w))")
    assert _check(folder) == ["labels() is missing on one engine: name the label, or use one MATCH for each"]


def test_then_the_engine(change: Change, folder: Path) -> None:
    change("MATCH (w:Write)", "MATCH (w:Write) MATCH (w)")
    change("RETURN v.id AS version", "WITH v, w WITH w RETURN v.id AS version")
    (error,) = check(load([folder]), _memory)
    assert (error.reason, error.line) == ("ladybug 0.22.0 refuses it: Binder exception: Variable v is not in scope.", 19)


def test_then_the_cases(tmp_path: Path) -> None:
    cases = _filled(tmp_path)
    assert _check(tmp_path) == []
    cases.write_text(cases.read_text().replace("expect: []", "expect: [{writes: [w], executions: [p]}]"))
    assert _check(tmp_path) == ["there is no decoy: a case that expects nothing"]
    cases.write_text(cases.read_text().replace("executions: [p]", "execution: [p]"))
    assert _check(tmp_path)[0] == (
        "case 'written by a client, then started': {'writes': ['w'], 'execution': ['p']} has to name each of executions, writes"
    )


def test_a_wrong_outcome_says_both(tmp_path: Path) -> None:
    cases = _filled(tmp_path)
    text = cases.read_text()
    cases.write_text(text.replace("computer: other.corp.example", "computer: target.corp.example"))
    assert _check(tmp_path) == ["case 'started on another machine': expected [], found [{'writes': ['w'], 'executions': ['p']}]"]


def test_a_wrong_case_is_told_where_it_begins_with_what_was_skipped(tmp_path: Path) -> None:
    cases = _filled(tmp_path)
    text = cases.read_text()
    begun = text.index("time: ")
    cases.write_text(f"{text[:begun]}time: yesterday{text[text.index(chr(10), begun) :]}")
    [problem] = check(load([tmp_path]), _memory)
    line = text.splitlines().index("- name: written by a client, then started") + 1
    assert (problem.path, problem.line) == (str(cases), line)
    expected = "expected [{'writes': ['w'], 'executions': ['p']}], found []"
    assert problem.reason.startswith(f"case 'written by a client, then started': {expected}; w was skipped: ")


def test_stubs_that_nobody_filled_in_are_wrong(tmp_path: Path) -> None:
    """They lint, bind and pass their cases: nothing else would say so."""
    pattern, cases = scaffold(tmp_path, "my-pattern")
    found = check(load([tmp_path]), _memory)
    query = pattern.read_text(encoding="utf-8").splitlines().index("MATCH (:ProcessStart)-[:RAN]->(v:FileVersion)") + 1
    assert [(error.path, error.line, error.column, error.reason.partition(":")[0]) for error in found] == [
        (str(pattern), 7, 3, "nobody has filled in the description"),
        (str(pattern), query, 1, "the query is still that of the stub, which finds what smb-write-then-image finds"),
        (str(cases), 1, 1, "the cases are still those of the stub"),
    ]


def test_the_stub_has_the_query_of_its_model(tmp_path: Path) -> None:
    pattern, _ = scaffold(tmp_path, "my-pattern")
    [model] = [one for one in load([builtin_folder()]) if one.id == MODEL]
    assert model.text.partition("---*/")[2] == pattern.read_text(encoding="utf-8").partition("---*/")[2]


def test_stubs_lie_beside_each_other_and_in_a_checkout_with_its_tests(tmp_path: Path) -> None:
    assert scaffold(tmp_path / "mine", "my-pattern", "execution") == [
        tmp_path / "mine" / "execution" / "my-pattern.cypher",
        tmp_path / "mine" / "execution" / "my-pattern.cases.yaml",
    ]
    (tmp_path / "tests" / "cases").mkdir(parents=True)
    assert scaffold(tmp_path / "cypher", "my-pattern")[1] == tmp_path / "tests" / "cases" / "my-pattern.yaml"


def test_a_tactic_may_be_spelled_as_attack_does(tmp_path: Path) -> None:
    assert scaffold(tmp_path, "a", "lateral-movement")[0] == tmp_path / "lateral_movement" / "a.cypher"


@pytest.mark.parametrize(("pattern_id", "tactic"), [("My", "execution"), ("a--b", "execution"), ("../x", "execution"), ("a", "../x")])
def test_names_that_are_no_names(tmp_path: Path, pattern_id: str, tactic: str) -> None:
    with pytest.raises(UsageError):
        scaffold(tmp_path, pattern_id, tactic)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    pattern, _ = scaffold(tmp_path, "my-pattern")
    pattern.write_text("mine")
    with pytest.raises(UsageError):
        scaffold(tmp_path, "my-pattern")
    assert pattern.read_text() == "mine"
