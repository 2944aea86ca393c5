"""Absence is None, whatever it is spelled like, and numbers are numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcorr.syntax.values import flag, guid, integer, present, present_id


@pytest.mark.parametrize("value", ["", "-", " - ", "N/A", "n/a", "(null)", "\0", "- \0\0", "  \t", "(empty)", None, [], {}, float("nan")])
def test_absence_in_every_spelling_is_none(value: object) -> None:
    assert present(value) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [("WS5", "WS5"), (" WS5\0\0", "WS5"), ("0x0", "0x0"), (0, "0"), (4624, "4624"), (True, "true"), ("--", "--"), ("none", "none")],
)
def test_what_is_said_is_kept(value: object, text: str) -> None:
    assert present(value) == text


@pytest.mark.parametrize("value", ["0x0", "0x0000000000000000", "0", "{00000000-0000-0000-0000-000000000000}", "-", 0])
def test_zero_is_no_identifier(value: object) -> None:
    assert present_id(value) is None


def test_identifiers_are_kept() -> None:
    assert present_id("0x3e7") == "0x3e7"


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (12, 12), ("12", 12), ("0x1f", 31), ("0X1F", 31), (" 12 ", 12), (12.0, 12), ("9223372036854775807", 2**63 - 1), ("007", 7),
        (True, None), (False, None), (-1, None), ("-1", None), ("1_000", None), ("٣", None), ("²", None), (12.5, None),
        ("9223372036854775808", None), ("0xffffffffffffffff", None), (2**70, None), ("", None), ("-", None), (float("inf"), None),
    ],
)  # fmt: skip
def test_integer(value: object, number: int | None) -> None:
    assert integer(value) == number


def test_negative_numbers_where_they_mean_something() -> None:
    assert integer("-5", minimum=-10) == -5


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        ("T", True),
        ("true", True),
        ("F", False),
        ("False", False),
        (0, False),
        (1, True),
        (2, None),
        ("-", None),
        (None, None),
    ],
)
def test_flag(value: object, expected: bool | None) -> None:
    assert flag(value) is expected


def test_guid_loses_braces_and_case() -> None:
    assert guid("{B81B27B0-9A37-5F67-0000-0010E7030000}") == "b81b27b0-9a37-5f67-0000-0010e7030000"
    assert guid("{00000000-0000-0000-0000-000000000000}") is None
    assert guid("B81B27B0") is None
    assert guid(7) is None


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.binary()))
def test_nothing_raises(value: object) -> None:
    text = present(value)
    assert text is None or present(text) == text
    for read in (integer, flag, guid, present_id):
        read(value)
