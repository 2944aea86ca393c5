"""What a report says of where somebody went from a machine that was taken, or came from to it, without that anything is seen to run."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from graphcorr.model.findings import Endpoint, Evidence


class Direction(StrEnum):
    ONWARD = "onward"
    """From a machine that a hop of the path reached, after it was reached."""
    INWARD = "inward"
    """To the machine that the path begins at, before it begins."""


class LeadTier(StrEnum):
    """Who tells of it."""

    LOGON = "logon"
    """The machine that was logged on to, or a monitor of the network."""
    ATTEMPT = "attempt"
    """The machine that it was tried from, alone."""


class Lead(msgspec.Struct, frozen=True):
    """An account at one end of a path that was never seen to go from ``source`` to ``target`` before: no execution and no hop.

    Times are RFC 3339 UTC text. ``ways`` are those of observations: network logon, remote desktop, explicit credentials …
    """

    direction: Direction
    tier: LeadTier
    source: Endpoint
    target: Endpoint
    account: str | None
    ways: list[str]
    count: int
    """Records of its tier, from ``first`` to ``last``."""
    first: str
    last: str
    confirmed: bool | None
    """Of an attempt: whether the target or a monitor of the network tells of it, too; None where neither could have."""
    found: list[str]
    """Ids of findings on the target from then on, of which no source is known: what may have been done with it."""
    why: list[str]
    evidence: list[Evidence]
    """Its first records, and the first that confirms it."""
