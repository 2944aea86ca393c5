"""Times given as options."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from graphcorr.cli.options import read_span


def at(*parts: int) -> int:
    return (datetime(*parts, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("since", "until", "span"),
    [
        (None, None, (None, None)),
        ("2026-03-02", "2026-03-02", (at(2026, 3, 2), at(2026, 3, 3) - 1)),
        ("2026-03-02T10:15:00Z", None, (at(2026, 3, 2, 10, 15), None)),
        ("2026-03-02T10:15:00", None, (at(2026, 3, 2, 10, 15), None)),
        (None, "2026-03-02 10:15:00.000001-05:00", (None, at(2026, 3, 2, 15, 15) + 1)),
        ("1601-01-01", None, (at(1601, 1, 1), None)),
    ],
)
def test_read_span(since: str | None, until: str | None, span: tuple[int | None, int | None]) -> None:
    assert read_span(since, until) == span
