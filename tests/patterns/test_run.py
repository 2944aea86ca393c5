"""Rows held to what the header promises."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graphcorr.errors import PatternError, StoreLimitError
from graphcorr.patterns import run as running
from graphcorr.patterns.load import Pattern, load
from graphcorr.patterns.run import Runs, run
from graphcorr.store.base import Row


class _Rows:
    """A store that answers with given rows."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows

    def scan(self, cypher: str, seconds: float | None = None) -> Iterator[Row]:
        del seconds
        assert cypher.startswith("/*---")
        yield from self._rows


@pytest.fixture
def pattern(folder: Path) -> Pattern:
    return load([folder])[0]


def test_rows_are_ordered_and_evidence_has_no_repetition(pattern: Pattern) -> None:
    rows: list[Row] = [{"version": "v2", "writes": ["w2"]}, {"version": "v1", "writes": ["w3", "w1", "w3"], "more": 5}]
    assert run(pattern, _Rows(rows)) == [{"version": "v1", "writes": ["w1", "w3"], "more": 5}, {"version": "v2", "writes": ["w2"]}]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([{"version": "v1"}], "the query does not return 'writes'"),
        ([{"version": None, "writes": ["w1"]}], "a row has no identity: version are all null"),
        ([{"version": "v1", "writes": "w1"}], "the column 'writes' has to be a list of event ids, as collect(w.id) makes it"),
        ([{"version": "v1", "writes": [1]}], "the column 'writes' has to be a list of event ids, as collect(w.id) makes it"),
        ([{"version": "v1", "writes": []}], "the row ('v1',) has no evidence"),
        (
            [{"version": "v1", "writes": ["w1"]}, {"version": "v1", "writes": ["w2"]}],
            "two rows have the identity ('v1',): collect the evidence instead of one row for each pair",
        ),
    ],
)
def test_broken_promises(pattern: Pattern, rows: list[Row], reason: str) -> None:
    with pytest.raises(PatternError) as error:
        run(pattern, _Rows(rows))
    assert error.value.reason == reason
    assert error.value.path == str(pattern.path)


class _Ended(_Rows):
    """An engine that a limit ends among its rows."""

    def scan(self, cypher: str, seconds: float | None = None) -> Iterator[Row]:
        assert seconds == 7
        yield from super().scan(cypher)
        raise StoreLimitError("stopped after 7 s")


def test_what_a_limit_ends_has_no_rows_and_a_reason(pattern: Pattern) -> None:
    runs = Runs(_Ended([{"version": "v1", "writes": ["w1"]}]), 7)
    assert runs.run(pattern) == []
    assert runs.stopped == {pattern.id: "stopped after 7 s"}
    with pytest.raises(StoreLimitError):
        list(runs.scan(pattern))


def test_reading_the_rows_is_limited_too(pattern: Pattern, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[Row] = [{"version": f"v{number}", "writes": ["w1"]} for number in range(3)]
    runs = Runs(_Rows(rows), 0.0)
    assert runs.run(pattern) == []
    assert runs.stopped == {pattern.id: "stopped after 0 s"}
    monkeypatch.setattr(running, "_MOST", 2)
    runs = Runs(_Rows(rows), 60)
    assert runs.run(pattern) == []
    assert runs.stopped == {pattern.id: "more than 2 rows"}
    monkeypatch.setattr(running, "_MOST", 3)
    assert len(Runs(_Rows(rows), 60).run(pattern)) == 3
