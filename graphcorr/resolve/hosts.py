"""Which spelled machine names are one host: ``WORKSTATION6`` and ``WORKSTATION6.theshire.local`` are one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from graphcorr.engine.database import fill_table, schema_of
from graphcorr.resolve.statements import qualified_names
from graphcorr.syntax.hosts import host_key, short_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphcorr.engine.database import Database

_NETBIOS_LENGTH: Final = 15
_HOSTS: Final = schema_of(computer=pa.string(), host=pa.string())


class HostNames:
    """Spelled names to host keys: the lower-case FQDN where one is known.

    A short name that fits two FQDNs stays itself: choosing one would join two machines.
    """

    def __init__(self, names: Iterable[str], told: Iterable[str] = ()) -> None:
        """``names`` are what machines call themselves; ``told`` is what others call them, and counts where that says nothing."""
        self._full = _by_short_name(names)
        for short, keys in _by_short_name(told).items():
            self._full.setdefault(short, keys)

    def key(self, name: str | None) -> str | None:
        """The host that ``name`` means, None when it is no machine's name."""
        key = host_key(name) if name else None
        if key is None or "." in key:
            return key
        full = self._full.get(key, set())
        return next(iter(full)) if len(full) == 1 else key


def _by_short_name(names: Iterable[str]) -> dict[str, set[str]]:
    full: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        key = host_key(name)
        if key and "." in key:
            short = short_name(key)
            full[short].add(key)
            # NetBIOS, and with it NTLM, cuts longer names off.
            full[short[:_NETBIOS_LENGTH]].add(key)
    return full


def learn_hosts(database: Database) -> HostNames:
    """Learn names from every event and create ``hosts`` (computer, host) for the machines that logged."""
    computers = [name for (name,) in database.execute("SELECT DISTINCT computer FROM logged WHERE computer IS NOT NULL").fetchall()]
    # Servers' own names in NTLM, and the names that leases were given to, may supply the domain that a machine's own
    # log leaves out, but only where the machine does not state one itself.
    told = database.execute(qualified_names()).fetchall()
    names = HostNames(sorted(computers), sorted(name for (name,) in told))
    rows: list[dict[str, object]] = [{"computer": computer, "host": names.key(computer)} for computer in sorted(computers)]
    fill_table(database, "hosts", _HOSTS, rows)
    return names
