"""Times as logs write them, to microseconds since 1970-01-01T00:00:00Z and back, with the precision that was written."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from graphcorr.model.records import Microseconds

SECOND: Final = 1_000_000
_DAY: Final = 86_400 * SECOND
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001  naive on purpose: all arithmetic here is UTC
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
EARLIEST: Final[Microseconds] = 631_152_000 * SECOND
"""1990-01-01: older than any log that can be read here."""
LATEST: Final[Microseconds] = 4_102_444_800 * SECOND
"""2100-01-01, not included."""
_SCALE: Final = (1_000_000, 100_000, 10_000, 1_000, 100, 10, 1)

_ISO: Final = re.compile(
    r"\+?(\d{4,6})[-/](\d\d)[-/](\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?\s*(?:([Zz]|UTC|GMT)|([+-])(\d\d):?(\d\d)?)?\Z", re.ASCII
)
_SECOND: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d\Z", re.ASCII)
_EPOCH_TEXT: Final = re.compile(r"(-?)(\d{1,19})(?:\.(\d+))?\Z", re.ASCII)
_DOT_NET: Final = re.compile(r"\\?/Date\((-?\d{1,17})(?:[+-]\d{4})?\)\\?/\Z", re.ASCII)
_CONSOLE: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}), (\d{1,2}):(\d\d):(\d\d)(?:\.(\d+))?\s([AP])M\Z")
"""Log Analytics' pages in the English of the United States, with any kind of blank before AM and PM. Of other countries' times with
slashes nobody can tell day and month apart."""

# Looking digits up reads and checks them in one step; int() alone would also take "1_2" and digits of other scripts.
_THREE: Final = {f"{number:03d}": number for number in range(1000)}
_TAILS: Final = {"": (0, SECOND), "Z": (0, SECOND)} | {
    f".{digits}{zone}": (number * 1000, 1000) for digits, number in _THREE.items() for zone in ("", "Z")
}
"""What may stand behind whole seconds: nothing, or milliseconds; to (fraction, precision)."""
_BEYOND: Final = frozenset(
    digits + zone for digits in ["", *(f"{number:0{width}d}" for width in (1, 2, 3) for number in range(10**width))] for zone in ("", "Z")
)
"""What may stand behind the sixth digit: up to three more, cut off."""
_BLANK: Final = " \t\r\n\0"


class ImpossibleTime(ValueError):  # noqa: N818  named for what it says, as httpx does
    """The value is written as a time, but no log record can be of that time.

    Outside 1990..2099: 1601 (FILETIME zero), year 1 (.NET zero), 1970 (epoch zero), 30828 (FILETIME maximum).
    """

    def __init__(self, value: object) -> None:
        super().__init__(f"impossible time {str(value)[:60]!r}: outside 1990 to 2099")


def read_moment(text: str) -> Microseconds:
    """The microseconds of a time as reports write them. ``ValueError`` for what is none."""
    parsed = parse_time(text)
    if parsed is None:
        raise ValueError(f"no time: {text}")
    return parsed[0]


def parse_time(value: object) -> tuple[Microseconds, int] | None:
    """``(microseconds, precision)`` of a written time, None when the value is no time, :class:`ImpossibleTime` when it cannot be.

    Takes ISO 8601 with ``T`` or a space, with ``/`` in dates (Fluentd), with ``Z``, an offset or no zone (read as UTC: the
    caller knows which fields are local); ``7/28/2026, 1:26:32.837 PM``; ``/Date(ms)/``; seconds since 1970 as number or text;
    whole milliseconds, microseconds and nanoseconds since 1970 (no second count of 1990..2099 has as many digits).
    ``precision`` is the number of microseconds that the digits given do not tell apart: 1, 1000, 1000000 and the powers of ten
    between. Digits beyond the sixth are cut off,
    never rounded up.
    """
    if type(value) is str:
        if value[4:5] != "-":
            return _parse_text(value)
        try:
            moment = _read_second(value[:19])
            tail = value[19:]
            if tail in _TAILS:
                fraction, precision = _TAILS[tail]
                return moment + fraction, precision
            if tail[0] == "." and tail[7:] in _BEYOND:
                return moment + _THREE[tail[1:4]] * 1000 + _THREE[tail[4:7]], 1
        except ImpossibleTime:
            raise
        except (ValueError, KeyError):
            pass  # another spelling, or no time at all
        return _parse_text(value)
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return _parse_number(value, value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        if value.is_integer():
            return _parse_number(int(value), value)
        # 2**-22 s is what a float of this size tells apart, so rounding gives back the six digits that were written.
        return _within(round(value * SECOND), 1, value)
    return None


def format_time(moment: Microseconds) -> str:
    """RFC 3339 in UTC with six digits: ``2020-09-21T03:12:22.123456Z``. Raises OverflowError outside years 1..9999."""
    return (_EPOCH + timedelta(microseconds=moment)).isoformat(timespec="microseconds") + "Z"


@lru_cache(maxsize=65_536)
def _read_second(text: str) -> Microseconds:
    """``2020-09-21T03:12:22`` in microseconds; ValueError for anything else (lru_cache does not keep those).

    Cached because the records of a log come in bursts within one second, and reading it is the dear part.
    """
    if _SECOND.match(text) is None:
        raise ValueError(text)
    days = date(int(text[:4]), int(text[5:7]), int(text[8:10])).toordinal() - _EPOCH_DAY
    moment = days * _DAY + _clock(int(text[11:13]), int(text[14:16]), int(text[17:]))
    if not EARLIEST <= moment < LATEST:
        raise ImpossibleTime(text)
    return moment


def _clock(hour: int, minute: int, second: int) -> Microseconds:
    """A leap second (``:60``) is the first moment of the next minute."""
    if hour > 23 or minute > 59 or second > 60:
        raise ValueError("no time of day")
    return ((hour * 60 + minute) * 60 + second) * SECOND


def _parse_text(value: str) -> tuple[Microseconds, int] | None:
    """The spellings that the quick way does not know: offsets, years of five digits, epochs, blanks around."""
    text = value.strip(_BLANK)
    if match := _ISO.match(text):
        year, month, day, hour, minute, second, digits, _, sign, offset_hours, offset_minutes = match.groups()
        if len(year) > 4 or year == "0000":
            raise ImpossibleTime(value)
        try:
            days = date(int(year), int(month), int(day)).toordinal() - _EPOCH_DAY
            clock = _clock(int(hour), int(minute), int(second))
        except ValueError:
            return None
        fraction, precision = _read_fraction(digits)
        moment = days * _DAY + clock + fraction
        if sign is not None:
            away = (int(offset_hours) * 60 + int(offset_minutes or 0)) * 60 * SECOND
            moment += away if sign == "-" else -away
        return _within(moment, precision, value)
    if match := _EPOCH_TEXT.match(text):
        sign, whole, digits = match.groups()
        seconds = -int(whole) if sign else int(whole)
        if digits is None:
            return _parse_number(seconds, value)
        # Never through float: 1521911721.255387 has to keep its last digit.
        fraction, precision = _read_fraction(digits)
        return _within(seconds * SECOND + fraction, precision, value)
    if match := _DOT_NET.match(text):
        return _within(int(match[1]) * 1000, 1000, value)
    if match := _CONSOLE.match(text):
        return _read_console(match)
    return None


def _read_console(match: re.Match[str]) -> tuple[Microseconds, int] | None:
    month, day, year, hour, minute, second = map(int, match.groups()[:6])
    if not 1 <= hour <= 12:
        return None
    try:
        days = date(year, month, day).toordinal() - _EPOCH_DAY
        clock = _clock(hour % 12 + (12 if match[8] == "P" else 0), minute, second)
    except ValueError:
        return None
    fraction, precision = _read_fraction(match[7])
    return _within(days * _DAY + clock + fraction, precision, match[0])


def _read_fraction(digits: str | None) -> tuple[int, int]:
    if digits is None:
        return 0, SECOND
    precision = _SCALE[min(len(digits), 6)]
    return int(digits[:6]) * precision, precision


def _parse_number(number: int, value: object) -> tuple[Microseconds, int]:
    if EARLIEST <= number * 1000 < LATEST:
        return number * 1000, 1000
    for parts in (1, 1000):
        if EARLIEST <= number // parts < LATEST:
            return number // parts, 1
    return _within(number * SECOND, SECOND, value)


def _within(moment: Microseconds, precision: int, value: object) -> tuple[Microseconds, int]:
    if EARLIEST <= moment < LATEST:
        return moment, precision
    raise ImpossibleTime(value)
