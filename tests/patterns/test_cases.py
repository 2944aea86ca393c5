"""Every built-in pattern held to its hits and decoys, and the case files themselves."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from graphcorr.errors import PatternError
from graphcorr.patterns.cases import Case, load_cases, make_records, read_outcome
from graphcorr.patterns.load import Pattern, builtin_folder, load
from graphcorr.patterns.run import run
from graphcorr.store.ladybug import LadybugStore
from tests.patterns.conftest import CORPUS, ProjectCase


@pytest.mark.parametrize("number", range(len(CORPUS)), ids=[f"{pattern.id}::{case.name}" for pattern, case in CORPUS])
def test_case(number: int, project_case: ProjectCase) -> None:
    pattern, case = CORPUS[number]
    tables, ids = project_case(number)
    with closing(LadybugStore(None)) as store:
        store.replace(tables)
        outcome = read_outcome(pattern, case, run(pattern, store), ids)
    assert outcome.found == outcome.expected


@pytest.mark.parametrize("pattern", load([builtin_folder()]), ids=lambda pattern: pattern.id)
def test_every_pattern_has_hits_and_decoys(pattern: Pattern) -> None:
    cases = [case for owner, case in CORPUS if owner.id == pattern.id]
    assert {bool(case.expect) for case in cases} == {True, False}
    assert len({case.name for case in cases}) == len(cases)


_EVENT = "{as: w, log: sysmon-1, computer: a.b, time: 2026-01-05T10:00:00Z, fields: {Image: x}}"


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        (
            f"- name: a\n  events: [{_EVENT}]\n  expect: [{{writes: [x]}}]",
            "3:11",
            "expect: writes names 'x', which is no event of the case",
        ),
        (f"- name: a\n  events: [{_EVENT}, {_EVENT}]\n  expect: []", "2:11", "events: two events have the same name"),
        ("- name: a\n  events: []\n  expect: []", "2:11", "0.events: list should have at least 1 item after validation, not 0"),
        (f"- name: a\n  events: [{_EVENT}]", "1:3", "'expect' is missing"),
        (
            "- name: a\n  events:\n  - {as: w, log: sysmon-1, time: x, fields: {}}\n  expect: []",
            "3:5",
            "computer: a machine's record names its computer, a network record does not",
        ),
    ],
)
def test_a_wrong_case_file(tmp_path: Path, text: str, place: str, reason: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)
    (error,) = load_cases(path)
    assert isinstance(error, PatternError)
    assert (f"{error.line}:{error.column}", error.reason) == (place, reason)


def test_an_unknown_log_type_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(f"- name: a\n  events: [{_EVENT.replace('sysmon-1', 'sysmon-999')}]\n  expect: []")
    (error,) = load_cases(path)
    assert isinstance(error, PatternError)
    assert error.reason.startswith("log: no log type 'sysmon-999'; known are ")


def test_records_are_as_the_log_has_them(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(f"- name: a\n  events: [{_EVENT}]\n  expect: []")
    (case,) = load_cases(path)
    assert isinstance(case, Case)
    (record,) = make_records(case)
    assert (record.number, record.record_id, record.log, record.computer, record.created) == (
        1,
        1,
        "sysmon-1",
        "a.b",
        "2026-01-05T10:00:00Z",
    )
    assert (record.fields, record.raw, record.channel) == ({"Image": "x"}, b'{"Image":"x"}', "microsoft-windows-sysmon/operational")
