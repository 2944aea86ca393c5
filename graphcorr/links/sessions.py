"""Sessions by their ids: which of them somebody far away may have, and who opened them."""

from __future__ import annotations

from typing import Final

LOCAL_SESSIONS: Final = "('0x0', '0x3e4', '0x3e5', '0x3e7')"
"""Ids, as an SQL list, that every machine has for itself: none, NETWORK SERVICE, LOCAL SERVICE, SYSTEM."""


def far(session: str) -> str:
    """SQL: the session is one that somebody logged on to."""
    return f"{session} NOT IN {LOCAL_SESSIONS}"


def may_be_one(account: str, other: str) -> str:
    """SQL: nothing says that the accounts are two, which one session never has: its id is given again after a restart.

    Blind spot: of a user principal name, a name of Entra ID and a SID nobody here knows what the same account is called elsewhere.
    """
    alike = " = ".join(f"lower(split_part({one}, '\\', -1))" for one in (account, other))
    odd = " OR ".join(f"regexp_matches(lower({one}), '@|^azuread\\\\|^s-1-|^$')" for one in (account, other))
    return f"coalesce({alike} OR {odd}, TRUE)"
