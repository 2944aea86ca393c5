"""Counts, spans, moments and ids in words."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcorr.findings.confidence import Doubt
from graphcorr.model.findings import Endpoint
from graphcorr.model.kinds import Kind
from graphcorr.model.report import Report
from graphcorr.outputs import wording


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0311, "31 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1.0 s"),
        (59.94, "59.9 s"),
        (59.96, "1 min"),
        (192, "3 min 12 s"),
        (3599.6, "1 h"),
        (7500, "2 h 5 min"),
        (86399.9, "1 d"),
        (273600, "3 d 4 h"),
        (-3600, "1 h"),
    ],
)
def test_span(seconds: float, words: str) -> None:
    assert wording.span(seconds) == words


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        ("2026-03-02T10:15:04.123999Z", "2026-03-02T10:15:04.123Z"),
        ("2026-03-02T10:15:04.5Z", "2026-03-02T10:15:04.500Z"),
        ("2026-03-02T10:15:04Z", "2026-03-02T10:15:04Z"),
    ],
)
def test_moment_cuts_and_never_rounds(time: str, shown: str) -> None:
    assert wording.moment(time) == shown


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("2026-03-02T10:15:04.000000Z", "at the same time"),
        ("2026-03-02T10:15:04.021000Z", "21 ms later"),
        ("2026-03-02T10:15:03.990000Z", "10 ms earlier by the clocks, which differ"),
    ],
)
def test_delay(run: str, words: str) -> None:
    assert wording.delay("2026-03-02T10:15:04.000000Z", run) == words


@pytest.mark.parametrize(
    ("number", "word", "words"), [(1, "record", "1 record"), (0, "record", "0 records"), (12345, "file", "12,345 files")]
)
def test_count(number: int, word: str, words: str) -> None:
    assert wording.count(number, word) == words


@pytest.mark.parametrize(
    ("items", "words"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"), (["a", "b", "c", "d"], "a, b and 2 more")],
)
def test_listed(items: list[str], words: str) -> None:
    assert wording.listed(items, 2) == words


def test_endpoint_says_what_is_known() -> None:
    assert wording.endpoint(Endpoint("ws01", "10.0.0.5")) == "ws01 (10.0.0.5)"
    assert wording.endpoint(Endpoint(None, "10.0.0.5")) == "10.0.0.5"
    assert wording.endpoint(None) == "an unknown machine"


def test_every_kind_that_a_pattern_may_need_has_words() -> None:
    assert set(Kind) - set(wording.KIND_WORDS) == {Kind.LOG_CLEARED, Kind.AUDIT_CHANGED}
    assert wording.kinds(["ModuleLoad", "Elsewhere"]) == "loaded libraries (Sysmon 7) and Elsewhere"


@given(st.sets(st.uuids(version=5).map(str), min_size=1, max_size=30) | st.sets(st.text("ab-", min_size=1, max_size=14), min_size=1))
def test_short_ids_are_heads_that_tell_all_apart(ids: set[str]) -> None:
    short = wording.short_ids(ids)

    assert set(short) == ids
    for identity, head in short.items():
        assert identity.startswith(head)
        assert len(head) >= min(wording.SHORTEST_ID, len(identity))
        assert head == identity or [each for each in ids if each.startswith(head)] == [identity]


@pytest.mark.parametrize(
    ("doubt", "execution", "words"),
    [
        (None, "image", "the write and the run were both logged"),
        (Doubt.ACCESS_ONLY, "image", "access for writing and the run were both logged"),
        (Doubt.ACCESS_ONLY, None, "access for writing and the registration were both logged"),
    ],
)
def test_access_that_was_asked_for_is_not_called_a_write(doubt: Doubt | None, execution: str | None, words: str, report: Report) -> None:
    finding = msgspec.structs.replace(report.findings[0], why=[doubt.sentence] if doubt else [], execution=execution)
    assert wording.basis_words(finding) == words
