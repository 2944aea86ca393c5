"""Which end of a logged connection is the machine that logs it: what the record says of its own two ends, before any other knowledge.

Old Sysmon logs an accepted connection with the local side as source, newer with the remote side as source, so that neither end is
the host's by its place. By its name or its port it mostly is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.model.kinds import Kind
from graphcorr.syntax.addresses import address_key

if TYPE_CHECKING:
    from collections.abc import Callable

OF_CLIENTS: Final = frozenset({Kind.LOGON, Kind.SHARE_ACCESS, Kind.PIPE_OPEN, Kind.WRITE, Kind.ATTEMPT, Kind.LOGOFF})
"""Kinds whose account is that of who came, and not of a process of the host."""
SOURCE: Final = "source"
TARGET: Final = "target"


def _named(end: str) -> str:
    return f"coalesce(split_part(lower({end}_host), '.', 1) = split_part(lower(host), '.', 1), FALSE)"


def _serving(end: str) -> str:
    return f"coalesce({end}_port < 1024 OR {end}_port IN (3389, 5985, 5986), FALSE)"


OWN_END: Final = (
    f"CASE WHEN initiated THEN '{SOURCE}' WHEN initiated IS NULL THEN NULL "
    f"WHEN {_named('target')} <> {_named('source')} THEN CASE WHEN {_named('target')} THEN '{TARGET}' ELSE '{SOURCE}' END "
    # Who accepts has the port of a service. A datagram to a whole network is accepted, too, and its address is nobody's own.
    f"WHEN lower(coalesce(protocol, 'tcp')) = 'tcp' AND {_serving('target')} <> {_serving('source')} "
    f"THEN CASE WHEN {_serving('target')} THEN '{TARGET}' ELSE '{SOURCE}' END END"
)
"""SQL over ``events``, or over columns of them under their own names: the end that is ``host``, NULL where the record
does not say."""


def other_end(source: str | None, target: str | None, own: str | None, is_own: Callable[[str], bool]) -> str | None:
    """The address at the other end of an accepted connection; None where nothing tells which one that is.

    ``own`` is what :data:`OWN_END` says; where it says nothing, ``is_own`` tells of an address whether it is known to be the host's.
    """
    source, target = address_key(source), address_key(target)
    if own is not None and source and target:
        return source if own == TARGET else target
    sides = {side for side in (source, target) if side}
    others = {side for side in sides if not is_own(side)}
    if len(others) == 1:
        return others.pop()
    # Both are the host itself, or nothing tells which one is.
    return None if others else source or target
