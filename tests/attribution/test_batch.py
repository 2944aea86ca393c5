"""Questions by the line: one answer for each line whatever it holds, and the same as when asked alone."""

from __future__ import annotations

import io
import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphcorr.attribution import batch
from graphcorr.attribution.attribute import attribute
from graphcorr.attribution.batch import Line, answer_line, answer_lines, as_line
from graphcorr.attribution.knowledge import Knowledge
from graphcorr.attribution.observed import observe


def answer(knowledge: Knowledge, text: str) -> Line:
    return answer_line(text.encode(), 7, knowledge)


def test_a_line_gives_what_the_question_alone_gives(knowledge: Knowledge) -> None:
    line = answer(knowledge, '{"id": "x", "techniques": ["T1021.002", "T9999"], "software": ["PsExec"]}')
    observed = observe({"T1021.002": (), "T9999": ()}, {"PsExec": ()}, knowledge.facts)
    assert line == as_line("x", attribute(observed, knowledge))
    assert not line.failed
    assert [one.text for one in line.unresolved] == ["T9999"]


def test_the_contract_of_a_line(knowledge: Knowledge) -> None:
    made = json.loads(msgspec.json.encode(answer(knowledge, '{"id": 3, "techniques": ["T1021.002"], "software": []}')))
    assert list(made) == ["id", "verdict", "why", "probability", "actors", "software", "mentioned", "unresolved"]
    assert (made["id"], made["verdict"]) == (3, "none")
    assert list(made["actors"][0]) == ["id", "name", "score", "reasons"]
    assert list(made["actors"][0]["reasons"][0]) == ["item", "name", "basis", "known", "of"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "line 7 is blank"),
        ("  \r\n", "line 7 is blank"),
        ("[]", "line 7 is no JSON object"),
        ("null", "line 7 is no JSON object"),
        ('{"id": "a"}', "line 7 has neither techniques nor software"),
        ('{"id": "a", "techniques": "T1021"}', "line 7 cannot be used: Expected `array | null`, got `str` - at `$.techniques`"),
        ('{"id": "a", "software": [null]}', "line 7 cannot be used: Expected `str`, got `null` - at `$.software[0]`"),
        ('{"id": "a", "software": null}', "line 7 has neither techniques nor software"),
        ('{"id": 1, "software": [], "software": ["S0029"], "id": 2}', "line 7 gives id, software more than once"),
        ('{"id": 1, "software": ["\\ud800"]}', "line 7 is no JSON: it may hold half of a surrogate pair"),
        ('{"id": 1, "software": [', "line 7 is no JSON: Input data was truncated"),
        ('{"id": 1.5, "software": []}', "line 7 cannot be used: Expected `int | str | null`, got `float` - at `$.id`"),
    ],
)
def test_a_bad_line_says_which_and_why(knowledge: Knowledge, text: str, error: str) -> None:
    line = answer(knowledge, text)
    assert (line.error, line.failed, line.actors, line.probability) == (error, True, [], None)
    assert line.id == ("a" if '"a"' in text else None)


@pytest.mark.parametrize("text", [b"{", b"\xff", b'{"id": "\\ud800", "software": []', b"[" * 100_000, b"1e999999", b"nan"])
def test_no_text_is_a_traceback(knowledge: Knowledge, text: bytes) -> None:
    line = answer_line(text, 7, knowledge)
    assert isinstance(line.error, str)
    assert line.error.startswith("line 7 is ")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_every_line_in_is_a_line_out(knowledge: Knowledge, data: bytes) -> None:
    lines = data.count(b"\n") + (not data.endswith(b"\n") and data != b"")
    assert len(list(answer_lines(io.BytesIO(data), knowledge))) == lines


def test_marks_and_ends_of_lines_do_not_matter(knowledge: Knowledge) -> None:
    text = '{"id": "ü", "software": ["S0029"], "techniques": null}'
    stream = io.BytesIO(text.encode("utf-8-sig") + b"\r\n" + text.encode() + b"\n" + text.encode("latin-1") + b"\n" + text.encode("utf-16"))
    marked, plain, other, *wide = answer_lines(stream, knowledge)
    assert marked == plain
    assert (plain.id, plain.failed, other.error) == ("ü", False, "line 3 is not UTF-8")
    assert [line.error for line in wide] == ["line 4 is UTF-16: save the questions as UTF-8"]


def test_a_word_that_is_a_key_elsewhere_is_no_repeated_key(knowledge: Knowledge) -> None:
    assert answer(knowledge, '{"id": "software", "software": ["id", "S0029"]}').actors


def test_a_key_that_nobody_reads_is_said(knowledge: Knowledge) -> None:
    line = answer(knowledge, '{"id": 1, "techniques": [], "tools": ["PsExec"]}')
    assert [(one.text, one.reason) for one in line.unresolved] == [("tools", "is no key of a question; what it holds was not looked at")]


def test_lines_keep_their_order_and_their_neighbors(knowledge: Knowledge) -> None:
    stream = io.BytesIO(b'{"id":"a","software":["S0029"]}\nbroken\n{"id":"b","software":["S0029"]}')
    first, bad, last = answer_lines(stream, knowledge)
    assert (first.id, bad.error is not msgspec.UNSET, last.id) == ("a", True, "b")
    assert first.actors == last.actors != []


def test_a_line_that_is_too_long_is_passed_over(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "LONGEST_LINE", 40)
    stream = io.BytesIO(b'{"id":"long","software":["' + b"x" * 500 + b'"]}\n{"id":"b","software":["S0029"]}\n')
    long, after = answer_lines(stream, knowledge)
    assert (long.error, after.id, after.failed) == ("line 1 is longer than 40 bytes", "b", False)


def test_repeated_items_cost_and_change_nothing(knowledge: Knowledge) -> None:
    text = json.dumps({"techniques": ["T1021.002"] * 200_000, "software": ["S0029", "PsExec"] * 1000})
    assert answer(knowledge, text) == answer(knowledge, '{"techniques": ["T1021.002"], "software": ["S0029"]}')
