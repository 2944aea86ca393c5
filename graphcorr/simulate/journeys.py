"""Estates of remote executions: paths of several hops, every family beside its decoy, and addresses that one kind of record tells of."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.simulate.deeds import Deed, Doer
from graphcorr.simulate.estate import HOUR, SECOND, EstateSpec, Format, Host, build_hosts
from graphcorr.simulate.lookalikes import LookAlike, Mimic
from graphcorr.simulate.moves import Family, Ground, Logging, Move, Mover
from graphcorr.simulate.naming import Naming, leases, tell
from graphcorr.simulate.noise import daily_records
from graphcorr.simulate.wanderings import NEEDED, Wandering, wander
from graphcorr.simulate.writer import write_planted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MINUTE: Final = 60 * SECOND
_APART: Final = 8 * _MINUTE
"""Between two hops: a path of five is at its end before the next one's machines get its addresses."""
_SHARED: Final = "10.99.0.1"
_LEASED: Final = 7
"""Addresses that a server of DHCP has: as many machines are on the longest path."""
ON_FOOT: Final = tuple(family for family in Family if family not in {Family.FROM_SHARE, Family.WRITTEN, Family.SUBSCRIPTION})
"""Families that leave the machine that was reached as where the next hop comes from, without a file."""


class Journeys(msgspec.Struct, frozen=True):
    """What was planted: moves, the paths that they make as the machines in their order, and decoys."""

    moves: list[Move]
    paths: list[list[str]]
    decoys: list[LookAlike]
    wanderings: list[Wandering]
    deeds: list[Deed]
    events: int


@dataclass(frozen=True, slots=True)
class Journey:
    """An estate to be made: ``lengths`` are the hops of each path, and every family is planted ``each`` times by itself."""

    logging: Logging = Logging.AUDITED
    naming: Naming | None = None
    """None: nothing tells of addresses but the connections that machines accept."""
    lengths: tuple[int, ...] = ()
    each: int = 0
    pool: bool = False
    """Two machines have one address in turn, as those of a VPN have: one is moved to, and from the other one somebody moves on."""
    wanders: bool = False
    """From the last machine of each path somebody goes on, and nothing is seen to run."""
    deeds: bool = False
    """On each machine of a path somebody does this and that once they have come, and its own user the same before and after."""
    events: int = 0
    """Records in all, as far as that is more than the planted ones."""
    seed: int = 1


def write_journeys(folder: Path, journey: Journey) -> Journeys:
    """Write ``folder/logs/…``. Equal journeys give equal bytes.

    No machine is on two paths, so that a path longer than planted is as wrong as one that is cut short.
    """
    rng = random.Random(journey.seed)
    families = list(Family) * journey.each
    count = 2 + sum(length + 1 + NEEDED * journey.wanders for length in journey.lengths) + 3 * len(families) + 4 * journey.pool
    spec = EstateSpec(seed=journey.seed, hosts=count, events=journey.events, formats=(Format.WINLOGBEAT,))
    # The first is the domain controller, the second a server of files: neither is moved to.
    controller, server, *free = build_hosts(spec, rng)
    estate = _Estate(journey, spec, controller, server)
    for number, length in enumerate(journey.lengths):
        estate.walk([free.pop() for _ in range(length + 1)], spec.start + (2 + number) * HOUR)
        if journey.wanders:
            estate.wander([free.pop() for _ in range(NEEDED)], spec.start + (2 + number) * HOUR)
    for number, family in enumerate(families):
        source, target, other = free.pop(), free.pop(), free.pop()
        time = spec.start + HOUR + number * 3 * _MINUTE
        estate.mover.plant(family, source, target, source, time)
        estate.mimic.plant(family, other, source, time + 90 * SECOND)
    if journey.pool:
        estate.share([free.pop() for _ in range(4)], spec.start + HOUR)
    estate.name()
    logs = folder / "logs"
    write_planted(logs, spec, estate.machines(), estate.ground.planted, lambda host: daily_records(host, journey.logging))
    for name, rows in (("dhcp", leases(estate.held)), ("http", estate.doer.asked)):
        if rows:
            (logs / f"{name}.ndjson").write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    events = max(journey.events, len(estate.ground.planted))
    return Journeys(estate.mover.moves, estate.paths, estate.mimic.planted, estate.wanderings, estate.doer.done, events)


class _Estate:
    """The machines, where they are when, and what is planted on them."""

    def __init__(self, journey: Journey, spec: EstateSpec, controller: Host, server: Host) -> None:
        self.journey, self.spec, self.controller, self.server = journey, spec, controller, server
        # A machine that accepts connections at its address tells it.
        self.ground = Ground(journey.logging, connections=journey.naming in {None, Naming.FILTERING})
        self.mover = Mover(self.ground, server)
        self.mimic = Mimic(self.ground)
        self.doer = Doer(self.ground)
        self.paths: list[list[str]] = []
        self.wanderings: list[Wandering] = []
        self.held: list[tuple[int, Host]] = []
        self._walked: list[Host] = []

    def walk(self, hosts: Sequence[Host], time: int) -> None:
        """One account goes from each machine to the next, another family each time."""
        first = hosts[0]
        places = [self._placed(host, time) for host in hosts]
        for number, (source, target) in enumerate(pairwise(places)):
            self.mover.plant(ON_FOOT[(len(self.mover.moves) + number) % len(ON_FOOT)], source, target, first, time + number * _APART)
            if self.journey.deeds:
                self.doer.do(target, self.mover.sessions[-1], time + number * _APART + 30 * SECOND, ours=True)
                own = self.ground.session(time - HOUR, target, target, None, kind="2")
                self.doer.do(target, own, time - HOUR + _MINUTE, ours=False)
                # Also after somebody has come: another's account and session.
                self.doer.do(target, own, time + number * _APART + _MINUTE, ours=False)
                for ours, when in ((True, time + number * _APART + 2 * _MINUTE), (False, time + number * _APART + 3 * _MINUTE)):
                    by = self.ground.session(when, self.server, first, target)
                    self.doer.stage(self.server, by, when + SECOND, ours=ours)
        self.paths.append([host.fqdn for host in hosts])
        self._walked += places

    def wander(self, others: Sequence[Host], began: int) -> None:
        """Somebody goes on from the last machine of the path that was walked last, as its account, after its last hop."""
        path = self.paths[-1]
        owner = next(host for host in self._walked if host.fqdn == path[0])
        after = began + (len(path) - 1) * _APART
        self.wanderings += wander(self.ground, self._walked[-1], others, after, owner=owner, controller=self.controller)

    def share(self, hosts: Sequence[Host], time: int) -> None:
        """The first machine moves to the second, and the third, which has the second's address of the VPN by then, to the last."""
        first, second, third, last = hosts
        second, third = (replace(host, address=_SHARED) for host in (second, third))
        self.mover.plant(Family.WMI, first, second, first, time)
        # A machine without logs of its own could as well be the account of a service on the second one.
        self.ground.session(time - 5 * _MINUTE, third, third, None, kind="2")
        self.mover.plant(Family.WMI, third, last, third, time + 20 * _MINUTE)
        self.paths += [[first.fqdn, second.fqdn], [_SHARED, last.fqdn]]
        self._walked += [first, second, third]

    def _placed(self, host: Host, time: int) -> Host:
        """The machine with the address that it has then. Leases change hands: each path's machines have those of the one before."""
        if self.journey.naming is not Naming.LEASES:
            return host
        index = len(self.held) % _LEASED
        placed = replace(host, address=f"10.77.0.{10 + index}")
        self.held.append((time - 20 * _MINUTE + len(self.held) * SECOND, placed))
        return placed

    def name(self) -> None:
        """What tells of the addresses, through the day."""
        naming = self.journey.naming
        if naming is Naming.LEASES:
            for turn, (time, host) in enumerate(self.held):
                self.ground.planted += tell(naming, host, self.controller, time + 2 * SECOND, turn)
        elif naming is not None:
            # Whose address the server has is asked only where something is put on it.
            for turn, host in enumerate(self._walked + [self.server] * self.journey.deeds):
                for hour in (0, 6, 12):
                    self.ground.planted += tell(naming, host, self.controller, self.spec.start + hour * HOUR + turn * SECOND, turn + hour)

    def machines(self) -> list[Host]:
        """Every machine that logs something, the controller first."""
        places = {planted.host.name: planted.host for planted in self.ground.planted} | {
            host.name: host for host in (self.controller, self.server)
        }
        return [places.pop(host.name) for host in (self.controller, self.server)] + [host for _, host in sorted(places.items())]
