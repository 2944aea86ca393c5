"""Sessions by their ids: which of them somebody far away may have, and who opened them."""

from __future__ import annotations

from typing import Final

LOCAL_SESSIONS: Final = "('0x0', '0x3e4', '0x3e5', '0x3e7')"
"""Ids, as an SQL list, that every machine has for itself: none, NETWORK SERVICE, LOCAL SERVICE, SYSTEM."""


def far(session: str) -> str:
    """SQL: the session is one that somebody logged on to."""
    return f"{session} NOT IN {LOCAL_SESSIONS}"
