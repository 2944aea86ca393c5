"""What a judge is: it makes the rows of one family's patterns into findings, and says of each how sure it is and why."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from graphcorr.findings.confidence import Doubt
from graphcorr.logs.claims import LEASE
from graphcorr.model.findings import Movement
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from graphcorr.graph.project import Projection
    from graphcorr.model.findings import Endpoint, Finding
    from graphcorr.model.records import Microseconds
    from graphcorr.patterns.header import Header
    from graphcorr.patterns.load import Pattern
    from graphcorr.resolve.addresses import Owner
    from graphcorr.resolve.identity import Identity
    from graphcorr.store.base import Row

NAMESPACE: Final = uuid.UUID("6f0d3c5e-6f0b-5d0c-9c0e-3d1f2a7b4c11")
"""UUIDv5 namespace of findings and paths."""


class Hit(NamedTuple):
    """One row that a pattern returned."""

    pattern: Pattern
    row: Row

    def ids(self) -> frozenset[str]:
        """The events of all its evidence columns."""
        return frozenset(id_ for column in self.pattern.header.evidence for id_ in evidence_ids(self.row[column]))


class Judge(Protocol):
    """One family's: a module in ``graphcorr/findings/judges/`` has one, named ``JUDGE``."""

    def claims(self, header: Header) -> bool:
        """Whether a pattern is of this family, by what its identity and its evidence are about; no two judges claim one."""
        ...

    def judge(self, hits: Sequence[Hit], projection: Projection) -> list[Finding]:
        """Findings of the rows of all patterns that it claims, in any order. ``PatternError`` for a row that holds no such ids."""
        ...


def evidence_ids(value: object) -> list[str]:
    """The event ids in an evidence column."""
    return [str(id_) for id_ in value] if isinstance(value, list) else []


def role_of(column: str) -> str:
    """What one record of an evidence column is called: ``writes`` holds a write, ``accesses`` an access."""
    return column.removesuffix("es") if column.endswith("sses") else column.removesuffix("s")


ITSELF: Final = "the source is the host itself; who made it do so may be in the logons beside it"
"""What a finding of movement from a machine to itself says is missing."""
_CANDIDATES: Final = 5
"""Machines that may be the source and are named in a sentence."""


_BY_MECHANISM: Final = {
    "service": "T1569.002",
    "task": "T1053.005",
    "wmi": "T1047",
    "winrm": "T1021.006",
    "dcom": "T1021.003",
}
"""What had something run, as a technique."""


def techniques_of(headers: Iterable[Header], started_by: str | None) -> list[str]:
    """Those of the patterns and of what had it run: that a service did is untrue where something else did."""
    found = {technique for header in headers for technique in header.attack}
    if started_by in _BY_MECHANISM:
        found -= {_BY_MECHANISM["service"]}
        found.add(_BY_MECHANISM[started_by])
    return sorted(found)


_FROM_ELSEWHERE: Final = " from another machine"


def title_of(title: str, movement: Movement, *, changed: bool = False) -> str:
    """A pattern's title without what is not known of the one at hand; what was there before is changed, and not set up."""
    title = title.replace("set up", "changed") if changed else title
    return title if movement is Movement.REMOTE else title.replace(_FROM_ELSEWHERE, "")


NO_ACCOUNT: Final = "account unknown: no record names it"


def say_address_only(address: str, owner: Owner) -> str:
    """That no one machine is known to have had an address, and which may have, or what would tell."""
    if owner.rivals:
        return f"{NO_NAME}: several machines had {address}, {', '.join(_some(owner.rivals))}, and no record tells which of them did then"
    return f"{NO_NAME}: no record tells which machine had {address} then, as DHCP leases or logs of domain controllers do"


NO_NAME: Final = "name of the source unknown"


def _some(names: Sequence[str]) -> list[str]:
    """Behind one address of a lab or a gateway dozens of names are seen."""
    more = [f"{len(names) - _CANDIDATES} more"] if len(names) > _CANDIDATES else []
    return [*names[:_CANDIDATES], *more]


def say_candidates(told: Sequence[str]) -> str:
    """Who may be the source, each with its reason; none of them is."""
    none = {1: "it is not", 2: "neither is"}.get(len(told), "none of them is")
    return f"source not certain: {', and '.join(_some(told))}; {none} chosen"


def say_owner(address: str, owner: Owner) -> str:
    """How it is known whose an address was, and how long before or after, where that is not near."""
    days = round(owner.age / 86_400_000_000)
    away = f", by what was logged {max(days, 1)} day{'s' if days > 1 else ''} away from it" if owner.age else ""
    return f"{address} was {owner.host} by {owner.basis}{away}"


def doubts_of(owner: Owner) -> list[Doubt]:
    """What is known of an address wears off; who leases it keeps it until somebody else gets it."""
    return [Doubt.ADDRESS_LEARNED_APART] if owner.age and owner.basis != LEASE else []


def say_former_names(identity: Identity, machines: Iterable[Endpoint | None], first: Microseconds) -> Iterator[str]:
    """Which of the machines had another name at ``first`` or after: their records stand under both."""
    for host in dict.fromkeys(machine.host for machine in machines if machine):
        for one in identity.names.former_names(host):
            if first <= one.until:
                yield f"{host} was {one.name} until {format_time(one.until)}: {one.basis}"


def say_delay(delay: Microseconds) -> str:
    """``31 ms``, ``12.4 s``, ``12 min``, ``2.5 h``."""
    seconds = delay / 1_000_000
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 120:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
