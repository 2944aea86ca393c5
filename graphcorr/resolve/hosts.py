"""Which spelled machine names are one host: ``WORKSTATION6`` and ``WORKSTATION6.theshire.local`` are one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from graphcorr.engine.database import fill_table, schema_of
from graphcorr.resolve.renames import Former, learn_renames
from graphcorr.resolve.statements import machine_accounts, qualified_names
from graphcorr.syntax.accounts import split_account
from graphcorr.syntax.hosts import NETBIOS_LENGTH, host_key, short_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from graphcorr.engine.database import Database

_HOSTS: Final = schema_of(computer=pa.string(), host=pa.string())


class HostNames:
    """Spelled names to host keys: the lower-case FQDN where one is known.

    A short name that fits two FQDNs stays itself: choosing one would join two machines.
    """

    def __init__(self, names: Iterable[str], told: Iterable[str] = (), former: Iterable[Former] = ()) -> None:
        """``names`` are what machines call themselves; ``told`` is what others call them, and counts where that says nothing."""
        self.former = sorted(former, key=lambda one: (one.until, one))
        self._now = {one.name: one.host for one in self.former}
        names = set(names)
        self.own = frozenset(key for name in names if (key := host_key(name)))
        """Keys of what machines call themselves."""
        self._full = _by_short_name(names)
        for short, keys in _by_short_name(told).items():
            self._full.setdefault(short, keys)
        self._domains: defaultdict[str, set[str]] = defaultdict(set)
        for domain in {key.partition(".")[2] for keys in self._full.values() for key in keys}:
            self._domains[short_name(domain)].add(domain)

    def key(self, name: str | None) -> str | None:
        """The host that ``name`` means, None when it is no machine's name. A former name means the machine that had it."""
        key = host_key(name) if name else None
        if key is None:
            return None
        if "." not in key:
            full = self._full.get(key, set())
            key = next(iter(full)) if len(full) == 1 else key
        return self._now.get(key, key)

    def former_names(self, host: str | None) -> list[Former]:
        """What ``host`` was called before, in the order of time."""
        return [one for one in self.former if one.host == host]

    def key_of_account(self, domain: str | None, user: str | None) -> str | None:
        r"""The host whose machine account is ``DOMAIN\NAME$`` or ``NAME$`` of a realm; the domain tells machines of one name apart.

        A machine's own DNS suffix may be above or below its domain.
        """
        key, realm = host_key(user), self.realm(domain)
        if key is None or "." in key or realm is None:
            return self.key(key)
        full = self._full.get(key, set())
        if f"{key}.{realm}" in full or key in self._now:
            return self.key(f"{key}.{realm}" if f"{key}.{realm}" in full else key)
        if not full and key in self.own:
            return key
        related = [one for one in full if _is_in(one.partition(".")[2], realm) or _is_in(realm, one.partition(".")[2])]
        return self.key(related[0]) if len(full) == len(related) == 1 else f"{key}.{realm}"

    def realm(self, domain: str | None) -> str | None:
        """The full name of a domain: of a short one that with which the only known domain begins whose first label it is."""
        name = host_key(domain) if domain else None
        if name is None or "." in name:
            return name
        known = self._domains.get(name, set())
        return next(iter(known)) if len(known) == 1 else None


def _is_in(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}")


def _by_short_name(names: Iterable[str]) -> dict[str, set[str]]:
    full: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        key = host_key(name)
        if key and "." in key:
            short = short_name(key)
            full[short].add(key)
            # NetBIOS, and with it NTLM, cuts longer names off.
            full[short[:NETBIOS_LENGTH]].add(key)
    return full


def learn_hosts(database: Database, logs: Collection[str]) -> HostNames:
    """Learn names from every event and create ``hosts`` (computer, host) for the machines that logged."""
    computers = [name for (name,) in database.execute("SELECT DISTINCT computer FROM logged WHERE computer IS NOT NULL").fetchall()]
    # Servers' own names in NTLM, and the names that leases were given to, may supply the domain that a machine's own
    # log leaves out, but only where the machine does not state one itself.
    told = {name for (name,) in database.execute(qualified_names(logs)).fetchall()}
    accounts = [name for (name,) in database.execute(machine_accounts(logs)).fetchall()]
    names = HostNames(computers, told)
    # The full name of a machine whose log is not here is that of its account, with the domain's.
    full = {key for name in accounts if (key := names.key_of_account(*split_account(None, name))) and "." in key}
    if not full <= told:
        told |= full
        names = HostNames(computers, told)
    if former := learn_renames(database, computers, names.key, logs):
        names = HostNames(computers, told, former)
    rows: list[dict[str, object]] = [{"computer": computer, "host": names.key(computer)} for computer in sorted(computers)]
    fill_table(database, "hosts", _HOSTS, rows)
    return names
