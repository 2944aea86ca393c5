"""Times and paths given as options."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from typer.testing import Result

from graphcorr.service.span import read_span

if TYPE_CHECKING:
    from tests.cli.conftest import Service


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


@pytest.mark.parametrize(
    "arguments",
    [
        ("hunt", "logs", "-o", ""),
        ("hunt", "logs", "--case", ""),
        ("detect", "--output", ""),
        ("show", "-o", ""),
        ("paths", "--case="),
        ("ingest", "logs", "--case", ""),
        ("attribute", "--case", ""),
        ("browser", "-o", ""),
    ],
)
def test_an_empty_path_is_not_the_current_folder(service: Service, run: Callable[..., Result], arguments: tuple[str, ...]) -> None:
    result = run(*arguments)

    assert (result.exit_code, result.stdout, service.asked) == (2, "", [])
    assert "an empty path names nothing" in result.stderr
