"""Everything resolved about a case, in one hand: names, shares, addresses, clocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphcorr.model.findings import Endpoint
from graphcorr.resolve.addresses import Addresses, Owner, learn_addresses
from graphcorr.resolve.clocks import learn_clocks
from graphcorr.resolve.events import logs_here
from graphcorr.resolve.hosts import HostNames, learn_hosts
from graphcorr.resolve.shares import Shares, learn_shares
from graphcorr.syntax.accounts import SYSTEM, split_account
from graphcorr.syntax.addresses import address_key, is_link_local
from graphcorr.syntax.hosts import is_same_host
from graphcorr.syntax.paths import device_path, is_loopback_name, join_share, path_key, unc

if TYPE_CHECKING:
    from graphcorr.engine.database import Database
    from graphcorr.model.records import Microseconds
    from graphcorr.model.report import Clock

_SYSTEM_FOLDER = "windows"


@dataclass(frozen=True, slots=True)
class Identity:
    """What the logs taught about who is who."""

    names: HostNames
    shares: Shares
    addresses: Addresses
    clocks: list[Clock]

    def host_at(self, address: str, time: Microseconds) -> Owner:
        return self.addresses.owner(address, time)

    def endpoint(self, name: object, time: Microseconds) -> Endpoint | None:
        """A machine of a report from what the graph calls it, a host's key or an address; None for anything else."""
        if not isinstance(name, str):
            return None
        address = address_key(name)
        return Endpoint(self.host_at(address, time).host, address) if address else Endpoint(name, self.addresses.address_of(name, time))

    def machine(self, host: str, time: Microseconds) -> Endpoint:
        """A machine of a report from a host's key, which is the address of one that has no name."""
        return Endpoint(None, host) if address_key(host) else Endpoint(host, self.addresses.address_of(host, time))

    def key_at(self, name: str, time: Microseconds) -> str | None:
        """The host that a name or an address means in a path or a command, the address where nobody is known to have it."""
        address = address_key(name)
        return self.host_at(address, time).host or address if address else self.names.key(name)

    def is_self(self, host: str, name: str, time: Microseconds | None = None) -> bool:
        """True when ``name`` (a host name or an address, as in a UNC path) is ``host`` itself, at ``time`` if given."""
        return is_loopback_name(name) or self.names.key(name) == host or self.addresses.is_own(host, name, time)

    def is_own_account(self, host: str, account: str | None, address: str, time: Microseconds) -> bool:
        """True when whoever acts as ``account`` from ``address`` is ``host`` itself: only a machine has its machine account's key.

        An exploit of the server makes its client's session SYSTEM's, so that SYSTEM is the machine where nothing says otherwise.
        """
        realm, name = split_account(None, account)
        if name is None:
            return False
        if name.endswith("$"):
            key = self.names.key_of_account(realm, name)
            # NetBIOS cuts the account's name off, and a machine without a domain logs the whole of it.
            return key is not None and is_same_host(key, host)
        is_system = realm is not None and (realm.lower(), name.lower()) == (SYSTEM[0].lower(), SYSTEM[1].lower())
        return is_system and not self._is_elsewhere(host, address, time)

    def _is_elsewhere(self, host: str, address: str, time: Microseconds) -> bool:
        """Whether the address is another machine's, by its owner or because the host's own is known to be another one."""
        if is_link_local(address):
            return False
        if self.addresses.makes_up_names(address, time):
            return True
        owner = self.host_at(address, time)
        if owner.host is not None or owner.rivals:
            return owner.host != host and host not in owner.rivals
        return self.addresses.address_of(host, time) is not None and not self.is_self(host, address)

    def local_key(self, host: str, text: str) -> str | None:
        r"""Path key of ``text`` on ``host``; a UNC path to the host's own share is the local path.

        ``\Device\HarddiskVolume3\Windows\…`` is on the drive that Windows is on. Blind spot: other volumes keep their
        device names, because no log here says which drive they are.
        """
        key = path_key(text)
        if key is None:
            return None
        if key.startswith("\\\\"):
            parts = unc(key)
            if parts is None or not self.is_self(host, parts[0]):
                return key
            folder = self.shares.folder(host, parts[1])
            return path_key(join_share(folder.path, parts[2]) if folder else f"\\\\{host}\\{parts[1]}\\{parts[2]}")
        if key.startswith("\\device\\") and (volume := device_path(key)) and volume[1].partition("\\")[0] == _SYSTEM_FOLDER:
            return f"c:\\{volume[1]}"
        return key


def learn(database: Database) -> Identity:
    """Learn from the view ``logged``; afterwards the view ``events`` has hosts and aligned times."""
    logs = logs_here(database)
    names = learn_hosts(database, logs)
    clocks = learn_clocks(database)
    return Identity(names, learn_shares(database, names), learn_addresses(database, names, logs), clocks)
