"""What each account of a machine did with another one, told apart by account and by whether it was logged on, and who had left a machine.

Accounts are compared by name first: of thousands that go to one server only those of one name can be one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from graphcorr.links.contacts import LOGGED_ON, TICKET
from graphcorr.syntax.accounts import fold_account, is_machine_account, may_be_one

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from graphcorr.model.records import Microseconds
    from graphcorr.paths.contacted import Contacted


class Visit(NamedTuple):
    """Everything that one account of a machine did with another: the ways of one tier."""

    source: str
    target: str
    account: str | None
    ways: tuple[Contacted, ...]
    since: Microseconds
    """When it first went there, as far as is known: who logged on or had a ticket before makes no new attempt, but not the other way."""
    tried: Microseconds | None
    """Of logons: when it first tried to, that or another time."""
    like: tuple[Contacted, ...]
    """What accounts did there that may be this one and may be another."""

    @property
    def logged(self) -> list[Contacted]:
        return [one for one in self.ways if one.way in LOGGED_ON]

    @property
    def first(self) -> Microseconds:
        return min(one.first for one in self.logged or self.ways)


class Leaving(NamedTuple):
    """Who left a machine, and where to, each with the first time."""

    by_name: Mapping[str | None, Mapping[str, Microseconds]]
    """Account by folded name."""
    accounts: Sequence[Microseconds]
    """Of each account, ordered."""
    targets: Mapping[str, Microseconds]

    def others(self, until: Microseconds) -> int:
        """How many accounts had left it by then."""
        return bisect_left(self.accounts, until)

    def has_left(self, account: str, until: Microseconds) -> bool:
        """Whether one that may be that account had."""
        return any(first < until and may_be_one(account, one) for one, first in self.by_name.get(fold_account(account)[1], {}).items())


def gather_visits(contacts: Iterable[Contacted]) -> list[Visit]:
    """Contacts by pair of machines, account and tier."""
    by_name: defaultdict[tuple[str, str, str | None], defaultdict[str | None, list[Contacted]]] = defaultdict(lambda: defaultdict(list))
    for one in contacts:
        if one.account is not None and is_machine_account(one.account):
            continue
        realm, name = fold_account(one.account) if one.account is not None else (None, None)
        by_name[one.source, one.target, name][realm].append(one)
    return [visit for by_realm in by_name.values() for group, like in _accounts(by_realm) for visit in _by_tier(group, like)]


def _accounts(by_realm: Mapping[str | None, list[Contacted]]) -> Iterator[tuple[list[Contacted], list[Contacted]]]:
    """Contacts of each account of one name, and those that may be of it and may be of another.

    Without a realm it is the account of that name, where there is one; of several it may be each.
    """
    unnamed = by_realm.get(None, [])
    named = [group for realm, group in by_realm.items() if realm is not None]
    if len(named) == 1:
        yield named[0] + unnamed, []
        return
    yield from ((group, unnamed) for group in named)
    if unnamed:
        yield unnamed, [one for group in named for one in group]


def _by_tier(group: Sequence[Contacted], like: Sequence[Contacted]) -> Iterator[Visit]:
    logged = tuple(one for one in group if one.way in LOGGED_ON)
    tries = tuple(one for one in group if one.way not in LOGGED_ON)
    source, target, account = group[0].source, group[0].target, _spelling(group)
    if logged:
        went = min(one.first for one in group if one.way in LOGGED_ON or one.way == TICKET)
        tried = min((one.first for one in tries), default=None)
        yield Visit(source, target, account, logged, went, tried, tuple(like))
    if tries:
        yield Visit(source, target, account, tries, min(one.first for one in group), None, tuple(like))


def _spelling(group: Sequence[Contacted]) -> str | None:
    """With its realm, and as who was logged on to spells it: controllers write the long name of a domain."""
    return min(group, key=lambda one: ("\\" not in (one.account or ""), one.way not in LOGGED_ON)).account


def gather_leaving(contacts: Iterable[Contacted]) -> Leaving:
    """Of what one machine did with others."""
    by_name: defaultdict[str | None, dict[str, Microseconds]] = defaultdict(dict)
    targets: dict[str, Microseconds] = {}
    for one in contacts:
        targets[one.target] = min(one.first, targets.get(one.target, one.first))
        if one.account:
            firsts = by_name[fold_account(one.account)[1]]
            firsts[one.account] = min(one.first, firsts.get(one.account, one.first))
    return Leaving(by_name, sorted(first for firsts in by_name.values() for first in firsts.values()), targets)
