"""Times as people write them: dates and RFC 3339, both ends of a span included."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from graphcorr.errors import UsageError

if TYPE_CHECKING:
    from graphcorr.model.records import Microseconds

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_SPAN: Final = re.compile(r"(\d{1,5})([hdw])")
_UNITS: Final = {"h": "hours", "d": "days", "w": "weeks"}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def read_span(
    since: str | None, until: str | None, names: tuple[str, str] = ("--since", "--until")
) -> tuple[Microseconds | None, Microseconds | None]:
    """Both ends as microseconds since the epoch; ``UsageError`` when one is no time or they are the wrong way round.

    A date as the end includes its day. ``names`` are what the ends are called by whoever asks.
    """
    first = _read_time(names[0], since) if since is not None else None
    last = _read_time(names[1], until) if until is not None else None
    if last is not None and until is not None and _DATE.fullmatch(until):
        last += timedelta(days=1) - _MICROSECOND
    if first is not None and last is not None and first > last:
        raise UsageError(f"{names[0]} {since} is after {names[1]} {until}")
    return _microseconds(first), _microseconds(last)


def read_baseline(text: str | None) -> Microseconds | None:
    """The last moment of the history that what comes after is compared with; a date includes its day."""
    return read_span(None, text, ("", "baseline_until"))[1]


def read_end(text: str | None, name: str) -> str | None:
    """When something ends that begins now, RFC 3339: a span (``12h``, ``30d``, ``4w``) or a time. ``UsageError`` for what is neither."""
    if text is None:
        return None
    if found := _SPAN.fullmatch(text):
        end = datetime.now(UTC) + timedelta(**{_UNITS[found[2]]: int(found[1])})
    else:
        try:
            end = datetime.fromisoformat(text)
            end = end.astimezone(UTC) if end.tzinfo else end.replace(tzinfo=UTC)
        except (ValueError, OverflowError) as error:
            raise UsageError(f"{name} {text}: write 12h, 30d, 4w or a date") from error
    return end.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _read_time(option: str, text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{option} {text}: not a time; write 2026-03-02 or 2026-03-02T10:15:00Z") from error


def _microseconds(time: datetime | None) -> Microseconds | None:
    return None if time is None else (time - _EPOCH) // _MICROSECOND
