"""Times keep the digits and the precision that were written, and times that cannot be are refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcorr.syntax.times import EARLIEST, LATEST, ImpossibleTime, format_time, parse_time

T = 1_600_658_002_000_000
"""2020-09-21T03:13:22Z"""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2020-09-21T03:13:22Z", (T, 1_000_000)),
        ("2020-09-21 03:13:22", (T, 1_000_000)),
        ("2020-09-21T03:13:22.5", (T + 500_000, 100_000)),
        ("2020-09-21 03:13:22.123", (T + 123_000, 1000)),
        ("2020-09-21T03:13:22.123456Z", (T + 123_456, 1)),
        ("2020-09-21T03:13:22.1234567Z", (T + 123_456, 1)),
        ("2020-09-21T03:13:22.999999999Z", (T + 999_999, 1)),
        ("2020-09-21T05:13:22.123+02:00", (T + 123_000, 1000)),
        ("2020-09-20T22:13:22-0500", (T, 1_000_000)),
        ("2020-09-21 03:13:22.123456 UTC", (T + 123_456, 1)),
        ("2020/09/21 03:13:22.123456700", (T + 123_456, 1)),
        (" 2020-09-21T03:13:22,123Z\0", (T + 123_000, 1000)),
        ("2020-09-21T03:12:82Z", None),
        ("2020-09-21T03:12:60Z", (T - 22_000_000, 1_000_000)),
        ("/Date(1600658002968)/", (T + 968_000, 1000)),
        ("/Date(1600658002968+0200)/", (T + 968_000, 1000)),
        (1_600_658_002, (T, 1_000_000)),
        ("1600658002", (T, 1_000_000)),
        (1_600_658_002_968, (T + 968_000, 1000)),
        (1_600_658_002_968_123, (T + 968_123, 1)),
        ("1600658002968123", (T + 968_123, 1)),
        (1_600_658_002_968_123_999, (T + 968_123, 1)),
        ("1521911721.255387", (1_521_911_721_255_387, 1)),
        (1521911721.255387, (1_521_911_721_255_387, 1)),
        ("1521911721.25", (1_521_911_721_250_000, 10_000)),
        ("9/21/2020, 3:13:22.123 AM", (T + 123_000, 1000)),
        ("9/21/2020, 3:13:22\u202fPM", (T + 43_200_000_000, 1_000_000)),
        ("9/21/2020, 12:13:22 AM", (T - 10_800_000_000, 1_000_000)),
        ("21/9/2020, 3:13:22 AM", None),
        ("9/21/2020, 15:13:22 PM", None),
        ("09/21/2020, 03:13:22", None),
        ("2020-13-01T00:00:00Z", None),
        ("2021-02-29 00:00:00", None),
        ("2020-09-21T25:00:00Z", None),
        ("2020-09-21", None),
        ("2020-09-21T03:13:22.Z", None),
        ("2020-09-21T03:13:22.12345699999999999999Z", (T + 123_456, 1)),
        ("2020-09-21T05:13:22.1234567890+02:00", (T + 123_456, 1)),
        ("1521911721.25538799999999999", (1_521_911_721_255_387, 1)),
        ("２０２０-09-21T03:13:22Z", None),
        ("yesterday", None),
        ("-", None),
        ("", None),
        (None, None),
        (True, None),
        (float("nan"), None),
    ],
)
def test_spellings(value: object, expected: tuple[int, int] | None) -> None:
    assert parse_time(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "1601-01-01T00:00:00Z",
        "1601-01-01T00:00:00.0000000Z",
        "0001-01-01T00:00:00",
        "0000-00-00T00:00:00",
        "30828-09-14T02:48:05.4775807Z",
        "1970-01-01T00:00:00.000Z",
        "2100-01-01T00:00:00Z",
        "1989-12-31T23:59:59+00:00",
        "/Date(-62135596800000)/",
        0,
        "0",
        "0.0",
        -1,
        1e300,
        10**30,
    ],
)
def test_impossible_times_are_refused_with_a_reason(value: object) -> None:
    with pytest.raises(ImpossibleTime, match="outside 1990 to 2099"):
        parse_time(value)


def test_format() -> None:
    assert format_time(T + 5) == "2020-09-21T03:13:22.000005Z"
    assert format_time(0) == "1970-01-01T00:00:00.000000Z"


@given(st.integers(EARLIEST, LATEST - 1))
def test_round_trip(moment: int) -> None:
    assert parse_time(format_time(moment)) == (moment, 1)
    assert parse_time(f"{moment // 1_000_000}.{moment % 1_000_000:06d}") == (moment, 1)
    assert parse_time(float(f"{moment // 1_000_000}.{moment % 1_000_000:06d}"))[0] == moment  # type: ignore[index]
    assert datetime.fromisoformat(format_time(moment)).astimezone(UTC).timestamp() == pytest.approx(moment / 1e6, abs=1e-6)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.from_regex(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{0,10})?(Z|[+-]\d\d:\d\d)?")))
def test_nothing_else_raises(value: object) -> None:
    try:
        found = parse_time(value)
    except ImpossibleTime:
        return
    assert found is None or EARLIEST <= found[0] < LATEST
