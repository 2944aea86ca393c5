"""Where somebody went on to from a machine that was taken, and nothing is seen to run; and logons beside it that are daily life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.simulate.estate import DOMAIN, HOUR, SECOND
from graphcorr.simulate.moves import CMD, Logging

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphcorr.simulate.estate import Host
    from graphcorr.simulate.moves import Ground

_MINUTE: Final = 60 * SECOND
_DAYS: Final = 48 * HOUR
NEEDED: Final = 10
"""Machines besides the one that was taken: four that somebody goes on to, and users of the server of files among them."""


class Wandering(msgspec.Struct, frozen=True):
    """Somebody's first way from ``source`` to ``target``; ``time`` in microseconds. An attempt is logged by its source alone."""

    source: str
    target: str
    account: str
    time: int
    attempt: bool = False


def wander(ground: Ground, taken: Host, others: Sequence[Host], time: int, *, owner: Host, controller: Host) -> list[Wandering]:
    """What follows on ``taken`` after ``owner``'s user took it at ``time``, with what looks like it and is daily life.

    The intruder goes on to a machine where that account never was (by remote desktop), has a command name a second one whose log is not
    at hand, and comes back under the account of somebody who was never on the machine. Decoys: the account's daily way to a third
    machine, the machine's own user who goes where they never were, and a server of files that everybody uses, also that user.
    """
    first, silent, daily, server, *users = others
    stranger = users[0]
    # Every log goes back two days: what is not in it was not there.
    for host in (first, daily, server):
        ground.session(time - _DAYS, host, controller, controller)
    ground.session(time - _DAYS, daily, owner, taken)
    ground.session(time - _DAYS, daily, taken, taken)
    for number, user in enumerate(users):
        ground.session(time - HOUR + number * SECOND, server, user, user)
    told = [
        Wandering(taken.fqdn, first.fqdn, _name(owner), time + 10 * _MINUTE),
        Wandering(taken.fqdn, first.fqdn, _name(stranger), time + 40 * _MINUTE),
    ]
    ground.session(told[0].time, first, owner, taken, kind="10")
    ground.session(told[1].time, first, stranger, taken)
    ground.session(time + 12 * _MINUTE, daily, owner, taken)
    ground.session(time + 13 * _MINUTE, first, taken, taken)
    ground.session(time + 14 * _MINUTE, server, taken, taken)
    ground.session(time + 15 * _MINUTE, server, stranger, taken)
    if ground.logging is not Logging.DEFAULT:
        at = time + 20 * _MINUTE
        by = ground.session(at - SECOND, taken, owner, None, kind="2")
        line = rf"wmic /node:{silent.name} process call create notepad"
        ground.start(at, taken, r"C:\Windows\System32\wbem\WMIC.exe", line, CMD, by=by)
        told.append(Wandering(taken.fqdn, silent.name, _name(owner), at, attempt=True))
    return told


def _name(owner: Host) -> str:
    return rf"{DOMAIN}\{owner.user}"
