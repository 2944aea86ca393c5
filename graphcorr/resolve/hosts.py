"""Which spelled machine names are one host: ``WORKSTATION6`` and ``WORKSTATION6.theshire.local`` are one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from graphcorr.resolve.database import Database
from graphcorr.syntax.hosts import host_key, short_name


class HostNames:
    """Spelled names to host keys: the lower-case FQDN where one is known.

    A short name that fits two FQDNs stays itself: choosing one would join two machines.
    """

    def __init__(self, names: Iterable[str]) -> None:
        full: defaultdict[str, set[str]] = defaultdict(set)
        for name in names:
            key = host_key(name)
            if key and "." in key:
                full[short_name(key)].add(key)
        self._full = {short: keys.pop() for short, keys in full.items() if len(keys) == 1}

    def key(self, name: str | None) -> str | None:
        """The host that ``name`` means, None when it is no machine's name."""
        key = host_key(name) if name else None
        if key is None or "." in key:
            return key
        return self._full.get(key, key)


def learn_hosts(database: Database) -> HostNames:
    """Learn names from every event and create ``hosts`` (computer, host) for the machines that logged."""
    computers = [name for (name,) in database.execute("SELECT DISTINCT computer FROM logged WHERE computer IS NOT NULL").fetchall()]
    # Names of others (NTLM, DHCP, DNS) may supply the domain that a machine's own log leaves out, but only where
    # the machine does not state one itself.
    names = HostNames(sorted(computers))
    database.execute("CREATE TABLE hosts (computer VARCHAR, host VARCHAR)")
    rows = [(computer, names.key(computer)) for computer in sorted(computers)]
    if rows:
        database.executemany("INSERT INTO hosts VALUES (?, ?)", rows)
    return names
