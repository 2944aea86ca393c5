"""Which machines paths took over, when, and as whom: where leads may begin; and where and when paths began."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from graphcorr.paths.hops import machine
from graphcorr.syntax.accounts import SYSTEM, is_machine_account, is_service_account
from graphcorr.syntax.times import read_moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphcorr.model.findings import Finding
    from graphcorr.model.records import Microseconds
    from graphcorr.model.report import HopPath


class Taken(NamedTuple):
    """A machine that a hop of the path at the place ``path`` reached."""

    path: int
    machine: str
    at: Microseconds
    accounts: tuple[str, ...]
    """Of the hops so far, and of what ran there."""
    as_system: bool
    """Something ran as the machine itself."""
    behind: frozenset[str]
    """Machines of the path up to this one."""


class Begun(NamedTuple):
    """The machine that a path begins at."""

    path: int
    machine: str
    at: Microseconds
    accounts: tuple[str, ...]


def machines_taken(paths: Sequence[HopPath], findings: Mapping[str, Finding]) -> Iterator[Taken]:
    """Each hop once, with the first path that it is of: what follows from it would be told as often as paths share it."""
    told: set[str] = set()
    for number, path in enumerate(paths):
        accounts: list[str] = []
        as_system = False
        for place, hop in enumerate(path.hops, 1):
            finding = findings[hop]
            accounts += _people(finding)
            as_system = any(_is_system(run.user) for run in finding.executions)
            if hop not in told:
                told.add(hop)
                behind = frozenset(path.hosts[: place + 1])
                at = read_moment(finding.execution_time or finding.time)
                yield Taken(number, str(machine(finding.target)), at, tuple(dict.fromkeys(accounts)), as_system, behind)


def machines_begun(paths: Sequence[HopPath], findings: Mapping[str, Finding]) -> Iterator[Begun]:
    for number, path in enumerate(paths):
        first = findings[path.hops[0]]
        accounts = (first.account,) if first.account and _is_person(first.account) else ()
        yield Begun(number, path.hosts[0], read_moment(path.first), accounts)


def _people(finding: Finding) -> Iterator[str]:
    for account in (finding.account, *(run.user for run in finding.executions)):
        if account and _is_person(account):
            yield account


def _is_person(account: str) -> bool:
    """Not the machine itself, which goes everywhere all day."""
    return not is_machine_account(account) and not is_service_account(None, account.rpartition("\\")[2])


def _is_system(account: str | None) -> bool:
    return account is not None and account.rpartition("\\")[2].lower() == SYSTEM[1].lower()
