"""Everything resolved about a case, in one hand: names, shares, addresses, clocks."""

from __future__ import annotations

from dataclasses import dataclass

from graphcorr.model import Clock, Microseconds
from graphcorr.resolve.addresses import Addresses, Owner, learn_addresses
from graphcorr.resolve.clocks import learn_clocks
from graphcorr.resolve.database import Database
from graphcorr.resolve.hosts import HostNames, learn_hosts
from graphcorr.resolve.shares import Shares, learn_shares


@dataclass(frozen=True, slots=True)
class Identity:
    """What the logs taught about who is who."""

    names: HostNames
    shares: Shares
    addresses: Addresses
    clocks: list[Clock]

    def host_at(self, address: str, time: Microseconds) -> Owner:
        return self.addresses.owner(address, time)

    def is_self(self, host: str, name: str) -> bool:
        """True when ``name`` (a host name or an address, as in a UNC path) is ``host`` itself."""
        return self.names.key(name) == host or self.addresses.is_own(host, name)


def learn(database: Database) -> Identity:
    """Learn from the view ``logged``; afterwards the view ``events`` has hosts and aligned times."""
    names = learn_hosts(database)
    clocks = learn_clocks(database)
    return Identity(names, learn_shares(database, names), learn_addresses(database, names), clocks)
