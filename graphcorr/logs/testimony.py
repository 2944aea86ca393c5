"""What a log type testifies to: row-local claims about its own columns. No host from an address, no folder, no other row.

Three things that are easily mixed up are three fields: how strong the claim is (``strength``), whose time and spelling stand
where several records tell of one event (``prefer``), and what proves that the event would have been logged (``covers``).
Sysmon 11 by System is the weakest network write and has the best time; a refused 5145 is no write and proves no audit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from graphcorr.model.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping


class Strength(StrEnum):
    STATED = "stated"
    """The record says that it happened."""
    ASKED = "asked"
    """Access or a call was asked for and granted, or an attempt was made; what came of it is not known (5145, 4648)."""
    IMPLIED = "implied"
    """The record fits other causes as well (Sysmon 11 by System)."""


class Vantage(StrEnum):
    OWN = "own"
    """The machine speaks of itself: ``computer`` is where it happened. So does a forwarded record; the collector is no witness."""
    CLIENT = "client"
    """The machine speaks of what it did to another one (4648)."""
    SENSOR = "sensor"
    """A monitor speaks of two addresses: no machine's own log."""


@dataclass(frozen=True, slots=True)
class Testimony:
    """One kind of thing that records of one log type tell of. Two testimonies of one log type to one kind exclude each other."""

    kind: Kind
    when: str = "TRUE"
    """SQL over the event's own columns: which records tell of it. NULL is false."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Column of the fact → SQL over the event's own columns, where it is not the event column of that name."""
    strength: Strength = Strength.STATED
    vantage: Vantage | None = None
    """None: the log type's own."""
    prefer: int = 5
    """Whose time and spelling stand where several records tell of one event: lower is better."""
    covers: str | None = "TRUE"
    """SQL over the event's own columns: which records prove that this kind is logged on their host, whether or not it happened.
    None: none does."""

    def __post_init__(self) -> None:
        if not isinstance(self.kind, Kind):
            raise TypeError(f"{self.kind!r} is no kind: they are declared in graphcorr/model/kinds.py")
