"""For whom a request was, where neither its session nor its records say so: the one account that came from the machine that asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphcorr.findings.judging import NO_ACCOUNT, say_delay
from graphcorr.syntax.accounts import may_be_one

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphcorr.findings.evidence import Records
    from graphcorr.findings.request_source import Asked


def find_visitor(visitors: Sequence[Mapping[str, Any]], told: Asked, records: Records) -> tuple[str | None, list[str], list[str]]:
    """The account, how it is known, and what is missing; of several accounts none is chosen, and each is named."""
    if not visitors or told.machine is None:
        return None, [], [NO_ACCOUNT]
    nearest = min(visitors, key=lambda one: (abs(_apart(one, records)), one["event"]))
    account = str(nearest["account"])
    if others := [str(one["account"]) for one in visitors if not may_be_one(account, str(one["account"]))]:
        named = ", ".join(sorted({account, *others}))
        return None, [], [f"account not certain: more than one logged on over the network from {told.machine.address} near it: {named}"]
    apart = _apart(nearest, records)
    when = "at that time" if apart == 0 else f"{say_delay(abs(apart))} {'after' if apart > 0 else 'before'} it"
    return account, [f"{account} is the only account that logged on over the network from {told.machine.address} near it, {when}"], []


def _apart(visitor: Mapping[str, Any], records: Records) -> int:
    return int(records.row(visitor["event"])["time"]) - int(visitor["moment"])


def say_desktop(account: str | None, owners: Sequence[str]) -> list[str]:
    """What is missing of the account where it ran on a desktop of one of the ``owners``, which says nothing of who had it run."""
    owner = next((one for one in owners if account is None or not may_be_one(account, one)), None)
    return [] if owner is None else [f"it ran as {owner}, on whose desktop it was called, which says nothing of who asked for it"]
