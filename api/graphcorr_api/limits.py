"""How much one may ask at once: each limit has a name, is a setting, and is told where it is met."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNITS: Final = {"": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
_VALUE: Final = re.compile(r"(\d{1,12})(|KiB|MiB|GiB|TiB)")


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Sizes are bytes, times seconds."""

    body: int = 64 << 30
    """Of one request's logs, as they are sent."""
    files: int = 1000
    """In one multipart request."""
    members: int = 100_000
    """In one zip archive."""
    header_time: int = 10
    """Until a request's head has come."""
    header_size: int = 64 << 10
    chunk_time: int = 30
    """Until the next piece of a body comes."""
    body_rate: int = 1024
    """Bytes a second that a body has to come with, after its first minute."""
    queue: int = 100
    """Jobs that wait, of all cases."""
    jobs: int = 2
    """Jobs at once."""
    job_time: int = 24 * 3600
    """Of one job."""
    streams: int = 200
    """Event streams of all callers."""
    streams_each: int = 5
    """Event streams of one caller."""
    query_time: int = 30
    """Of one question to a graph."""
    query_rows: int = 1000
    """Of its answer."""
    connections: int = 1000
    guesses: int = 20
    """Wrong tokens a minute, from one address."""


def read_limits(texts: Sequence[str]) -> Limits:
    """``NAME=VALUE`` each, a size with KiB, MiB, GiB or TiB. ``UsageError`` names what is none."""
    given: dict[str, int] = {}
    for text in texts:
        name, _, value = text.partition("=")
        found = _VALUE.fullmatch(value)
        if name not in Limits.__struct_fields__ or found is None or int(found[1]) == 0:
            raise UsageError(f"--limit {text}: write NAME=NUMBER; there are {', '.join(Limits.__struct_fields__)}")
        given[name] = int(found[1]) * _UNITS[found[2]]
    return Limits(**given)
