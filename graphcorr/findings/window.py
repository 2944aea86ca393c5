"""What lies in the time that a person asked about. Everything is judged; the window only chooses what is told.

Cutting the events themselves would cut findings in half: a write just before the window and its run just after.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphcorr.model.report import Window
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from graphcorr.model.findings import Finding
    from graphcorr.model.records import Microseconds


@dataclass(frozen=True, slots=True)
class Chosen:
    """From ``since`` to ``until``, both included; None is open."""

    since: Microseconds | None = None
    until: Microseconds | None = None

    def stated(self) -> Window | None:
        """The window as a report states it, None when there is none."""
        if self.since is None and self.until is None:
            return None
        return Window(*(None if one is None else format_time(one) for one in (self.since, self.until)))

    def holds(self, finding: Finding) -> bool:
        """Whether one of its runs lies in the window, or of a finding without one its time."""
        times = [run.time for run in finding.executions] or [finding.time]
        window = self.stated()
        if window is None:
            return True
        # RFC 3339 texts of one zone and one precision compare as the times they stand for.
        return any((window.since or "") <= time and (window.until is None or time <= window.until) for time in times)

    def condition(self) -> str:
        """The same of the events of a query, as SQL."""
        parts = [] if self.since is None else [f"time >= make_timestamp({self.since:d})"]
        parts += [] if self.until is None else [f"time <= make_timestamp({self.until:d})"]
        return " AND ".join(parts) or "TRUE"
