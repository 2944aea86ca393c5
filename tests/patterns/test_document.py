"""YAML held to a model, with the place of every problem."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ConfigDict

from graphcorr.patterns.document import DocumentProblem, read_document


class _Item(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid")

    day: str
    items: list[_Item]


def test_dates_stay_text() -> None:
    assert read_document("day: 2026-01-05\nitems: []", _Document) == _Document(day="2026-01-05", items=[])


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", [(0, 0, "there is nothing in it")]),
        ("- a", [(0, 0, "input should be a valid dictionary or instance of _Document")]),
        ("day: x", [(0, 0, "'items' is missing")]),
        ("day: x\nitems:\n- name: y\n  size: 1", [(3, 2, "unknown key 'size'")]),
        ("day: x\nitems:\n- {}", [(2, 2, "'name' is missing")]),
        (
            "day: 5\nitems:\n- name: []",
            [(0, 5, "day: input should be a valid string"), (2, 8, "items.0.name: input should be a valid string")],
        ),
        ("day: x\nday: y\nitems: []", [(1, 0, "'day' occurs twice")]),
        ("day: [", [(1, 0, "no YAML: did not find expected node content")]),
        (
            "day: \x00",
            [(0, 0, 'no YAML: unacceptable character #x0000: control characters are not allowed\n  in "<unicode string>", position 5')],
        ),
    ],
)
def test_problems_have_a_place(text: str, problems: list[tuple[int, int, str]]) -> None:
    assert read_document(text, _Document) == [DocumentProblem(*problem) for problem in problems]
