"""What readers make of a text, for whole columns of texts that rarely repeat, in Arrow's own functions.

Each gives exactly what its reader gives for each text, or None where some text is written in another way: then the reader is
asked. What repeats is cheaper converted once for each distinct text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from graphcorr.syntax.times import EARLIEST, LATEST
from graphcorr.syntax.values import ABSENT, BLANK

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphcorr.model.blocks import Column

_ABSENT: Final = pa.array(sorted(ABSENT))
_LONGEST_ABSENT: Final = max(map(len, ABSENT))
_DIGITS: Final = r"^[0-9]{1,18}$"
_SECONDS: Final = r"^[0-9]{1,9}\.[0-9]{6}$"
"""So few digits that neither a float nor microseconds lose one."""
_EPOCH: Final = r"^[0-9]{9,10}\.[0-9]{6}$"
_NOTHING: Final = pa.scalar(None, pa.int64())


def present(texts: Column) -> Column:
    """As :func:`graphcorr.syntax.values.present`."""
    trimmed = pc.utf8_trim(texts, BLANK)
    absent = pc.is_in(pc.utf8_lower(trimmed), _ABSENT)
    return pc.if_else(absent, pa.scalar(None, pa.string()), trimmed) if absent.true_count else trimmed


def by_value(texts: Column, convert: Callable[[str], str | None]) -> Column:
    """What ``convert`` makes of each distinct text."""
    encoded = texts.dictionary_encode()
    return pa.array([convert(text) for text in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def whole_numbers(least: int, below: int) -> Callable[[Column], Column | None]:
    """As :func:`graphcorr.syntax.values.integer`, from ``least`` and below ``below``."""

    def convert(texts: Column) -> Column | None:
        if not _all_like(texts, _DIGITS):
            return None
        numbers = pc.cast(texts, pa.int64())
        return _within(numbers, least, below)

    return convert


def seconds(texts: Column) -> Column | None:
    """Intervals of seconds with six decimals to microseconds."""
    return _to_micros(texts) if _all_like(texts, _SECONDS) else None


def epochs(texts: Column) -> Column | None:
    """Seconds since 1970 with six decimals, as Zeek writes them, to microseconds; null beyond the years of logs."""
    return _within(_to_micros(texts), EARLIEST, LATEST) if _all_like(texts, _EPOCH) else None


def _to_micros(texts: Column) -> Column:
    return pc.cast(pc.replace_substring(texts, ".", ""), pa.int64())


def _all_like(texts: Column, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(texts, pattern), min_count=0).as_py())


def _within(numbers: Column, least: int, below: int) -> Column:
    is_within = pc.and_(pc.greater_equal(numbers, pa.scalar(least)), pc.less(numbers, pa.scalar(below)))
    return numbers if pc.all(is_within, min_count=0).as_py() else pc.if_else(is_within, numbers, _NOTHING)
