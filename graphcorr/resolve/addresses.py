"""Which host had an address when. Bound by statements only, never by timing; the better statement wins.

Ranked: a DHCP lease, the host's own logs, NTLM and Kerberos names, those of remote desktops' clients, PsExec's pipe names, DNS.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from graphcorr.logs.claims import (
    DESKTOP_NAME,
    DNS_ANSWER,
    LEASE,
    MACHINE_ACCOUNT,
    NAMED_END,
    NTLM_NAME,
    OWN_LOG,
    PIPE_NAME,
    REVERSE_DNS,
    SHARE_NAME,
)
from graphcorr.resolve.ends import SOURCE, TARGET
from graphcorr.resolve.statements import leases, named, own_connections
from graphcorr.syntax.accounts import split_account
from graphcorr.syntax.addresses import address_key, is_link_local, is_loopback, is_multicast_or_broadcast
from graphcorr.syntax.hosts import client_key, host_key
from graphcorr.syntax.pipes import psexec_stdio

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from graphcorr.engine.database import Database
    from graphcorr.model.records import Microseconds
    from graphcorr.resolve.hosts import HostNames

RANKS: Final = (
    *(LEASE, OWN_LOG, MACHINE_ACCOUNT, NTLM_NAME, "kerberos name", DESKTOP_NAME, PIPE_NAME, NAMED_END, DNS_ANSWER, REVERSE_DNS, SHARE_NAME),
)
"""What binds a host to an address, best first."""
_OF_THE_MACHINE: Final = (OWN_LOG, MACHINE_ACCOUNT)
"""What the machine itself says or proves, and no client can make up."""

_OF_A_CLIENT: Final = (NTLM_NAME, DESKTOP_NAME)
"""What a client says of itself."""

_FAR: Final = 30 * 24 * 3600 * 1_000_000
"""Beyond this an address may long have been given to another machine: nobody is named."""
_DAY: Final = 24 * 3600 * 1_000_000
_NEAR: Final = 12 * 3600 * 1_000_000
"""A statement speaks for this long before and after it was seen."""


class Binding(NamedTuple):
    """``host`` had the address at least from ``earliest`` to ``latest``, as ``basis`` states."""

    host: str
    earliest: Microseconds
    latest: Microseconds
    basis: str


class Owner(NamedTuple):
    """Answer for one address at one time; ``host`` is None when nobody or several are known (``rivals``)."""

    host: str | None
    basis: str | None
    rivals: tuple[str, ...]
    age: Microseconds = 0
    """How far the nearest statement is away, where none is within half a day: knowledge of an address wears off."""


class Addresses:
    """Address to host over time, and a host's own addresses."""

    def __init__(self, bindings: dict[str, list[Binding]], inventors: Inventors | None = None) -> None:
        self.bindings = bindings
        self._inventors = inventors or {}
        self._own: defaultdict[str, set[str]] = defaultdict(set)
        self._of_host: defaultdict[str, list[tuple[str, Binding]]] = defaultdict(list)
        for address, entries in bindings.items():
            for entry in entries:
                self._of_host[entry.host].append((address, entry))
                if entry.basis in RANKS[:2]:
                    self._own[entry.host].add(address)

    def is_own(self, host: str, address: str, time: Microseconds | None = None) -> bool:
        """True when the address is the host itself: loopback or one that its own logs call its own.

        With ``time`` an address that the host had at another time counts as long as nobody else had it then.
        """
        if is_loopback(address):
            return True
        if address not in self._own.get(host, ()):
            return False
        owner = self.owner(address, time) if time is not None else None
        # The same address on another network, or in another data set, does not make the host a stranger to itself.
        return owner is None or owner.host == host or host in owner.rivals

    def makes_up_names(self, address: str, time: Microseconds) -> bool:
        """Whether who was there near that time called itself what no machine is called, and so was none that logs here."""
        return _is_near(self._inventors.get(address, ()), time, time)

    def knows(self, host: str) -> bool:
        """Whether anything says that the host has an address."""
        return host in self._of_host

    def address_of(self, host: str, time: Microseconds) -> str | None:
        """The address that ``host`` is best known by at ``time``; None when no statement is near."""
        near = [
            (RANKS.index(entry.basis), is_link_local(address), ":" in address, address)
            for address, entry in self._of_host.get(host, ())
            if entry.earliest - _NEAR <= time <= entry.latest + _NEAR
        ]
        return min(near)[-1] if near else None

    def turns(self, address: str) -> Iterator[Microseconds]:
        """The moments from which on :meth:`owner` and :meth:`is_own` may answer otherwise than just before."""
        for entry in self.bindings.get(address, ()):
            yield from (entry.earliest, entry.latest + 1)
            for near in (_NEAR, _FAR):
                yield from (entry.earliest - near, entry.latest + near + 1)

    def owner(self, address: str, time: Microseconds) -> Owner:
        """The host that had ``address`` at ``time``. Two equally good claims are answered with neither."""
        entries = self.bindings.get(address)
        if not entries:
            return Owner(None, None, ())
        if near := [e for e in entries if _distance(e, time) <= _NEAR]:
            claims = _strongest(near, time)
            hosts = sorted({claim.host for claim in [*claims, *_outdating(claims, near, time)]})
            return Owner(hosts[0], claims[0].basis, ()) if len(hosts) == 1 else Owner(None, None, tuple(hosts))
        if not (far := [e for e in entries if _distance(e, time) <= _FAR]):
            return Owner(None, None, ())
        claims = _strongest(far, time)
        # Nobody spoke near that time: the closest of several statements is a guess, and it would be one by timing.
        hosts = sorted({claim.host for claim in [*claims, *(one for one in far if one.basis in _OF_THE_MACHINE)]})
        if len(hosts) > 1 and claims[0].basis != LEASE:
            return Owner(None, None, tuple(hosts))
        own = [claim for claim in far if claim.host == claims[0].host]
        return Owner(claims[0].host, claims[0].basis, (), min(_distance(claim, time) for claim in own))


def _distance(claim: Binding, time: Microseconds) -> Microseconds:
    return max(claim.earliest - time, time - claim.latest, 0)


def _outdating(claims: list[Binding], near: list[Binding], time: Microseconds) -> Iterator[Binding]:
    """What another machine proves to have had the address by, between each of the claims and ``time``. Leases hold."""
    for proof in near:
        if proof.basis in _OF_THE_MACHINE and all(claim.basis != LEASE and _lies_between(claim, proof, time) for claim in claims):
            yield proof


def _lies_between(claim: Binding, proof: Binding, time: Microseconds) -> bool:
    since = claim.latest < proof.earliest and proof.latest < time
    return proof.host != claim.host and (since or (time < proof.earliest and proof.latest < claim.earliest))


def _strongest(claims: list[Binding], time: Microseconds) -> list[Binding]:
    """The claims of the best basis. What a machine itself said before and after ``time`` counts before what one said on one side only."""
    covering = [claim for claim in claims if claim.basis in _OF_THE_MACHINE and _distance(claim, time) == 0]
    if covering and not any(claim.basis == LEASE for claim in claims):
        claims = covering
    best = min(RANKS.index(claim.basis) for claim in claims)
    claims = [claim for claim in claims if RANKS.index(claim.basis) == best]
    if RANKS[best] == LEASE and (begun := [claim for claim in claims if claim.earliest <= time]):
        # A lease lasts until somebody else gets the address: the last one that began is the one that holds.
        last = max(claim.earliest for claim in begun)
        claims = [claim for claim in begun if claim.earliest == last]
    return claims


def learn_addresses(database: Database, names: HostNames, logs: Collection[str]) -> Addresses:
    """Learn bindings from every event that states one; create ``bindings`` for the graph."""
    found: defaultdict[tuple[str, str, str], list[tuple[int, int]]] = defaultdict(list)
    rows = database.execute(named(logs)).fetchall()
    inventors = _inventors(rows)
    for address, host, basis, first, last in _statements(database, names, logs, rows, inventors):
        if basis not in RANKS:
            raise ValueError(f"a testimony to names has the basis {basis!r}; known are {', '.join(RANKS)}, in the order of their weight")
        found[address, host, basis].append((first, last))
    bindings: defaultdict[str, list[Binding]] = defaultdict(list)
    for (address, host, basis), spans in sorted(found.items()):
        for first, last in spans if basis == LEASE else _join_spans(spans):
            bindings[address].append(Binding(host, first, last, basis))
    return Addresses(dict(bindings), inventors)


def _join_spans(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + _NEAR:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


Statement = tuple[str, str, str, int, int]
_Named = tuple[str, str, str, str | None, int, int]
"""Basis, address, name, who logged it, and from when to when."""
Inventors = dict[str | None, list[tuple[int, int]]]
"""Address to when its client made up names."""


def _statements(
    database: Database, names: HostNames, logs: Collection[str], rows: Iterable[_Named], inventors: Inventors
) -> Iterable[Statement]:
    said = [*_own_statements(database, logs), *_leases(database, names, logs)]
    yield from said
    accounts: list[Statement] = []
    known: set[str] = set(names.own)
    homes: defaultdict[str, list[Statement]] = defaultdict(list)
    for statement in said:
        homes[statement[1]].append(statement)
    for basis, address, name, witness, first, last in rows:
        machine: str | None = name
        if basis == PIPE_NAME:
            stdio = psexec_stdio(name)
            machine = stdio.source_host if stdio else None
        key, host = (
            address_key(address),
            names.key_of_account(*split_account(None, name)) if basis == MACHINE_ACCOUNT else names.key(machine),
        )
        if not key or not host or not _can_be_bound(key):
            continue
        if basis in _OF_A_CLIENT and host == witness and _lives_elsewhere(homes[host], key, first, last):
            # Whoever connects may call itself by the name of the machine that it connects to: tools do, and a relayed logon does.
            continue
        if basis == NTLM_NAME and _is_near(inventors.get(key, ()), first, last):
            continue
        if basis != MACHINE_ACCOUNT:
            known.add(host)
            said.append((key, host, basis, first, last))
            yield said[-1]
        else:
            accounts.append((key, host, OWN_LOG if host == witness else basis, first, last))
    yield from _of_machines(accounts, known, said)


def _lives_elsewhere(homes: list[Statement], address: str, first: Microseconds, last: Microseconds) -> bool:
    """Whether a host said of itself, or was given, other addresses of the same kind near that time, and this one not."""
    near = {home for home, _, _, *span in homes if _is_near([(span[0], span[1])], first, last) and (":" in home) == (":" in address)}
    return bool(near) and address not in near


def _is_near(spans: Iterable[tuple[Microseconds, Microseconds]], first: Microseconds, last: Microseconds) -> bool:
    return any(begin - _NEAR <= last and first <= end + _NEAR for begin, end in spans)


def _inventors(rows: Iterable[_Named]) -> Inventors:
    """When who had an address made up a name by NTLM, one that no machine has there: what it calls itself beside that is no better."""
    made_up: defaultdict[str | None, list[tuple[int, int]]] = defaultdict(list)
    for basis, address, name, _, first, last in rows:
        if basis == NTLM_NAME and client_key(name) is None and host_key(name) is not None:
            made_up[address_key(address)].append((first, last))
    return {address: _join_spans(spans) for address, spans in made_up.items()}


def _of_machines(accounts: list[Statement], known: set[str], said: list[Statement]) -> Iterator[Statement]:
    """Without the accounts that are no machine's: group-managed service accounts, and those of trusts, end in ``$`` as well.

    Such an account comes from addresses from which that of the machine itself comes, too, and on one day from more than one. Whoever logs
    here, or calls itself so elsewhere, is a machine; where a machine that is known came from an address, no other one counts while
    that is there. Before and after, the other may be a service's of it, or the next machine that a VPN gave the address: both are named.
    """
    at: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for address, host, _, first, _ in accounts:
        at[address, first // _DAY].add(host)
    shared = Counter((host, day) for (_, day), hosts in at.items() if len(hosts) > 1 for host in hosts)
    spans: defaultdict[tuple[str, str, int], list[tuple[int, int]]] = defaultdict(list)
    for address, host, _, first, last in [*accounts, *said]:
        spans[address, host, first // _DAY].append((first, last))
    for statement in accounts:
        address, host, basis, first, last = statement
        day = first // _DAY
        others = at[address, day] - {host}
        if basis == OWN_LOG or host in known or not others or (shared[host, day] == 1 and not others & known):
            yield statement
        elif shared[host, day] == 1 and all(_apart(spans[address, other, day], first, last) for other in others & known):
            yield statement
            yield from ((address, other, basis, first, last) for other in sorted(others & known))


def _apart(spans: list[tuple[int, int]], first: int, last: int) -> bool:
    return last < min(begin for begin, _ in spans) or max(end for _, end in spans) < first


def _leases(database: Database, names: HostNames, logs: Collection[str]) -> Iterable[Statement]:
    """Each run of leases of one address to one host, until somebody else gets it."""
    for address, name, first, last in database.execute(leases(logs)).fetchall():
        key, host = address_key(address), names.key(name)
        if key and host and _can_be_bound(key):
            yield key, host, LEASE, first, last


def _can_be_bound(address: str) -> bool:
    # 127.0.0.1 is everybody's, and an fe80:: address means something on one link only.
    return not is_loopback(address)


def _own_statements(database: Database, logs: Collection[str]) -> Iterable[Statement]:
    """The opener of a connection is the host itself; an accepted one has the host on either side.

    On which, mostly its record says. Where it does not, it binds only the side that another connection has shown to be the
    host's own not long before or after, or the side that all of a host's connections share.
    """
    rows = database.execute(own_connections(logs)).fetchall()
    own: defaultdict[str, defaultdict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for host, source, target, _, own_end, first, last in rows:
        key = address_key(source if own_end == SOURCE else target if own_end == TARGET else None)
        if key and not is_loopback(key) and not is_multicast_or_broadcast(key):
            own[host][key].append((first, last))
            yield key, host, OWN_LOG, first, last
    for host, source, target, initiated, own_end, first, last in rows:
        if initiated is False and own_end is None:
            for address in (address_key(source), address_key(target)):
                if address and any(begin - _FAR <= last and first <= end + _FAR for begin, end in own[host].get(address, ())):
                    yield address, host, OWN_LOG, first, last
    # A host that only ever accepted connections is the side that all of them share, if just one side is.
    sides: defaultdict[str, list[tuple[set[str], int, int]]] = defaultdict(list)
    for host, source, target, initiated, own_end, first, last in rows:
        if initiated is False and own_end is None and not own[host]:
            pair = {key for key in (address_key(source), address_key(target)) if key and not is_loopback(key) and not is_link_local(key)}
            sides[host].append((pair, first, last))
    for host, pairs in sides.items():
        common = set.intersection(*(pair for pair, _, _ in pairs))
        if len(common) == 1 and len({frozenset(pair) for pair, _, _ in pairs}) > 1:
            for _, first, last in pairs:
                yield next(iter(common)), host, OWN_LOG, first, last
