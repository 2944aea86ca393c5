"""Who wrote a file version: what its records say themselves, else the one client that was connected then, else the program's own pipes.

Of several machines that may have written it none is chosen, and each is named with what speaks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graphcorr.findings.confidence import Doubt
from graphcorr.findings.judging import ITSELF, NO_ACCOUNT, NO_NAME, doubts_of, say_address_only, say_candidates, say_delay, say_owner
from graphcorr.model.findings import Endpoint, Movement
from graphcorr.model.kinds import Kind
from graphcorr.resolve.shares import share_name
from graphcorr.syntax.addresses import address_key, is_link_local
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphcorr.findings.evidence import Records
    from graphcorr.findings.versions import Version, WriteFact
    from graphcorr.model.records import Microseconds
    from graphcorr.resolve.identity import Identity

_DID: Final = {
    Kind.SHARE_ACCESS.value: "opened the share {share}",
    Kind.CONNECTION.value: "connected to port 445",
    Kind.LOGON.value: "logged on over the network",
}


class Source(NamedTuple):
    """What is known of who wrote, with the sentences of a finding that say how, and what is missing."""

    machine: Endpoint | None
    account: str | None
    movement: Movement
    why: list[str]
    limits: list[str]
    doubts: list[Doubt]
    event: str | None
    """The record beside the writes that the source rests on."""


def find_source(version: Version, identity: Identity, records: Records) -> Source:
    """The source of a version."""
    return _Search(version, identity, records).find()


class _Search:
    def __init__(self, version: Version, identity: Identity, records: Records) -> None:
        self.version = version
        self.identity = identity
        self.records = records
        self.why: list[str] = []
        self.limits: list[str] = []
        self.doubts: list[Doubt] = []
        self.event: str | None = None

    def find(self) -> Source:
        version = self.version
        named = self._named()
        account = next((write.account for write in [*named, *version.writes] if write.account), None)
        caller: str | None = version.caller["host"] if version.caller else None
        address: str | None = None
        loopback = elsewhere = False
        if len({self._machine(str(write.source)) for write in named}) > 1:
            self.doubts.append(Doubt.SOURCES_DIFFER)
            return self._unknown([self._say_write(write) for write in named], [write.account for write in named])
        if named:
            address, loopback = str(named[0].source), named[0].loopback
        elif origin := self._connected(caller):
            elsewhere = origin["kind"] == Kind.CONNECTION and not origin["loopback"]
            address, loopback, account = origin["source"], origin["loopback"], account or origin["account"]
            self.why.append(self._say_chosen(origin))
            self.event = origin["event"]
        elif not caller:
            if rivals := version.rivals:
                return self._unknown([f"{one['source']} {self._say(one)}" for one in rivals], [account or one["account"] for one in rivals])
            self.limits.append("source unknown: no share access, network logon or connection near the write names one client")
            return self._told(None, account, Movement.UNKNOWN_SOURCE)
        if account is None:
            self.limits.append(NO_ACCOUNT)
        owner = self.identity.host_at(address, version.write_time) if address else None
        host = owner.host if owner and owner.host else caller
        if loopback or (host == version.host and not elsewhere):
            self.limits.append(ITSELF)
            own = None if address_key(version.host) else version.host
            return self._told(Endpoint(own, address), account, Movement.LOOPBACK)
        if host == version.host:
            # A connection has two ends, and its record says which of them is the host: the other one is none of its addresses now.
            host = None
            self.limits.append(f"{NO_NAME}: {address} is known as this host's own, yet the connection came in from it")
        elif owner and owner.host and address:
            self.why.append(say_owner(address, owner))
            self.doubts += doubts_of(owner)
        elif caller:
            self.why.append(f"the program's own pipes name {caller} as the machine that it was started from")
        elif owner and address:
            self.limits.append(say_address_only(address, owner))
        if address is None and host:
            address = self.identity.addresses.address_of(host, version.write_time)
        return self._told(Endpoint(host, address), account, Movement.REMOTE)

    def _told(self, machine: Endpoint | None, account: str | None, movement: Movement) -> Source:
        return Source(machine, account, movement, self.why, self.limits, self.doubts, self.event)

    def _unknown(self, candidates: Sequence[str], accounts: Sequence[str | None]) -> Source:
        """Several may have written it: each with its reason, and none of them is the source."""
        self.limits.append(say_candidates(list(dict.fromkeys(candidates))))
        known = {account.lower(): account for account in accounts if account}
        account = next(iter(known.values())) if len(known) == 1 and all(accounts) else None
        return self._told(None, account, Movement.UNKNOWN_SOURCE)

    def _named(self) -> list[WriteFact]:
        """The writes that name a client, best first. What came from elsewhere counts before what the host wrote to itself."""
        writes = [write for write in self.version.writes if write.source]
        remote = [write for write in writes if not write.loopback]
        # A host that speaks to itself by its name comes from an address of its link, as whoever it does so for.
        accounts = {write.account for write in remote if write.account and not is_link_local(write.source)}
        plain = [write for write in remote if not (is_link_local(write.source) and write.account in accounts)]
        return plain or remote or writes[:1]

    def _machine(self, address: str) -> str:
        return self.identity.host_at(address, self.version.write_time).host or address

    def _connected(self, caller: str | None) -> Mapping[str, Any] | None:
        """The one client near the write, unless it is known to be another machine than the one that the program names."""
        origin = self.version.origin
        if caller is None:
            return origin
        if origin is not None:
            return origin if self._machine(origin["source"]) in {origin["source"], caller} else None
        return next((one for one in self.version.rivals if self._machine(one["source"]) == caller), None)

    def _say_write(self, write: WriteFact) -> str:
        owner = self.identity.host_at(str(write.source), self.version.write_time).host
        name = f"{owner} ({write.source})" if owner else str(write.source)
        return f"{name} wrote it{f' as {write.account}' if write.account else ''} at {format_time(write.time)}"

    def _say_chosen(self, one: Mapping[str, Any]) -> str:
        of_share = "opened the share that holds the file" if one["holds"] else "opened a share"
        what = of_share if one["kind"] == Kind.SHARE_ACCESS else _DID[one["kind"]].format()
        share = [self._share(one)] if one["kind"] == Kind.SHARE_ACCESS else []
        return f"{one['source']} is the only client near the write that {what}: {', '.join([*share, *self._details(one)])}"

    def _say(self, one: Mapping[str, Any]) -> str:
        return " ".join([_DID[one["kind"]].format(share=self._share(one)), ", ".join(self._details(one))])

    def _share(self, one: Mapping[str, Any]) -> str:
        return share_name(self.records.row(one["event"])["share"]) or "(unknown)"

    def _details(self, one: Mapping[str, Any]) -> Iterator[str]:
        when = self._say_when(self.records.row(one["event"])["time"])
        # Sysmon writes a connection down when it gets to it.
        yield f"its record came {when}" if one["kind"] == Kind.CONNECTION and when.endswith("after the write") else when
        account = f" of {one['account']}" if one["account"] else ""
        if one["session"]:
            opened = one["logon"] if self.records.has(one["logon"] or "") else None
            since = f" since {format_time(self.records.row(opened)['time'])}" if opened else ""
            yield f"in the network logon {one['session']}{account}{since}"
        elif account:
            yield f"in a session{account}"

    def _say_when(self, time: Microseconds) -> str:
        apart = time - self.version.write_time
        if apart == 0:
            return "at the time of the write"
        return f"{say_delay(abs(apart))} {'after' if apart > 0 else 'before'} the write"
