"""What a running server has: its settings and limits, who may ask, who runs its jobs, and since when."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.background import BackgroundTask

from graphcorr_api.limits import Limits
from graphcorr_api.problems import ProblemError

if TYPE_CHECKING:
    from graphcorr.service.engines import Engines
    from graphcorr.service.supervising import Supervisor
    from graphcorr.settings import Settings
    from graphcorr_api.callers import Caller, Callers


class Streams:
    """Event streams that are open: so many of one caller, so many of all."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def begin(self, caller: Caller, limits: Limits) -> None:
        if self._open[self._key(caller)] >= limits.streams_each or self._open.total() >= limits.streams:
            detail = "too many event streams are open (the limits streams and streams_each)"
            raise ProblemError("too-many", detail, {"retry-after": "5"})
        self._open[self._key(caller)] += 1

    def ending(self, caller: Caller) -> BackgroundTask:
        """What a stream does at its end, whoever ends it."""
        return BackgroundTask(self._end, self._key(caller))

    async def _end(self, key: str) -> None:
        self._open[key] -= 1

    @property
    def total(self) -> int:
        return self._open.total()

    def _key(self, caller: Caller) -> str:
        return caller.token or caller.name


@dataclass(slots=True, kw_only=True)
class Serving:
    """One a process."""

    settings: Settings
    supervisor: Supervisor
    callers: Callers
    engines: Engines
    allow_cypher: bool = False
    neo4j_browser: str | None = None
    streams: Streams = field(default_factory=Streams)
    limits: Limits = field(default_factory=Limits)
    started: float = field(default_factory=time.monotonic)

    def hide(self, text: str) -> str:
        """A message without where this machine keeps its state: that is nobody's who asks over a network."""
        return text.replace(f"{self.settings.state / 'cases'}/", "").replace(str(self.settings.state), "the state folder")
