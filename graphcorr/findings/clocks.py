"""Which times rest on a clock whose offset is another machine's: told by host, time field and span, never by the host alone."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphcorr.model.report import Clock


class BorrowedClocks:
    """The spans for which one time field of one host has a borrowed offset."""

    def __init__(self, clocks: Iterable[Clock]) -> None:
        self._spans: defaultdict[tuple[str, str], list[Clock]] = defaultdict(list)
        for clock in clocks:
            if clock.borrowed_from:
                self._spans[clock.host, clock.source].append(clock)

    def moved(self, row: Mapping[str, Any]) -> bool:
        """Whether the aligned time of a record (``host``, ``time_field``, ``logged_time`` in microseconds) is such a one."""
        spans = self._spans.get((row["host"], row["time_field"]))
        # A clock states the first and last times that it showed, put right, and no two spans of one clock overlap.
        return any(span.from_ <= format_time(row["logged_time"] + round(span.offset_seconds * 1e6)) <= span.to for span in spans or ())
