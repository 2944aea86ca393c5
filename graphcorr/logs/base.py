"""How a log type is declared: which records it takes, what they testify to, and which logged field fills which column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphcorr.logs.testimony import Testimony, Vantage

if TYPE_CHECKING:
    from graphcorr.logs.sayings import Saying
    from graphcorr.model.kinds import Kind

Fields = Mapping[str, object]
Read = Callable[[Fields], object]
"""Takes a record's logged fields, returns the value of one event column, None for absence."""


@dataclass(frozen=True, slots=True)
class WindowsEvent:
    """A Windows event: ``provider`` and ``channel`` are case-folded; a record that names no provider is told by channel."""

    provider: str
    channel: str
    event_id: int


@dataclass(frozen=True, slots=True)
class ZeekLog:
    """A Zeek log: ``path`` as in ``#path``; ``signature`` are the fields that tell a JSON row without ``_path``."""

    path: str
    signature: frozenset[str]


@dataclass(frozen=True, slots=True)
class LogType:
    """One log type: a file in this folder defines exactly one, named ``LOG_TYPE``.

    ``utc_field`` names the event's own UTC time where it is better than the header's (Sysmon ``UtcTime``, but not on
    events 3 and 22, where it is seconds to months off).
    """

    name: str
    title: str
    source: WindowsEvent | ZeekLog
    columns: Mapping[str, Read]
    testifies: tuple[Testimony, ...]
    """What its records tell of, each claim about columns of the record alone."""
    vantage: Vantage = Vantage.OWN
    """From where it saw; a testimony may have a vantage of its own."""
    identity: bool = False
    """True when a hunt reads it whatever its patterns need: it tells which name, address or folder was whose, what a file
    holds, what ended its version, or where a log breaks off."""
    utc_field: str | None = None
    essential: tuple[str, ...] = ()
    """Columns of which an event must fill one. Without any it is of a shape whose names nobody here knows, and to take it
    would make its host look observed."""
    says: Saying | None = None
    """What a record says in one line; None: no more than its log type's name."""
    provides: str = ""
    """One sentence for the table in the docs: what an analyst gets, and what the log does not say."""
    absent: tuple[str, ...] = field(default=())
    """What readers of this log might expect and it does not have."""

    @property
    def kinds(self) -> frozenset[Kind]:
        """What it testifies to."""
        return frozenset(testimony.kind for testimony in self.testifies)

    @property
    def covers(self) -> frozenset[Kind]:
        """What some of its records prove to be logged on their host."""
        return frozenset(testimony.kind for testimony in self.testifies if testimony.covers is not None)
