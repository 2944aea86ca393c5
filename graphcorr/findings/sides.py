"""Who a record says took part: the machine that acted and the one it happened to, by where the record was written."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graphcorr.logs.catalog import log_types
from graphcorr.logs.testimony import Strength, Vantage
from graphcorr.logs.witnesses import is_sensor, strengths
from graphcorr.model.kinds import Kind
from graphcorr.resolve.ends import OF_CLIENTS, other_end
from graphcorr.syntax.accounts import account_name
from graphcorr.syntax.addresses import address_key
from graphcorr.syntax.hosts import client_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphcorr.logs.testimony import Testimony
    from graphcorr.resolve.identity import Identity

_WIRE: Final = "the network's monitor"
_NAMELESS: Final = "a log that does not name its machine"


class Sides(NamedTuple):
    """Keys of hosts or addresses. ``source`` is None where the record speaks of one machine alone, or leaves the other out."""

    source: str | None
    target: str | None
    witness: str
    """Whose log it is: a host's key, or the monitor of the network."""
    account: str | None
    """Who acted; of a record that names a session, whose that is."""


def sides_of(row: Mapping[str, Any], kind: str, identity: Identity) -> Sides:
    """The sides of one event row; ``kind`` is the label of its node."""
    host, client, server = row["host"], address_key(row["source_address"]), address_key(row["target_address"])
    account = runner_of(row)
    if host is None:
        return Sides(client, server, _WIRE if is_sensor(row["log"]) else _NAMELESS, account)
    if row["initiated"] or _vantage(row["log"], kind) is Vantage.CLIENT:
        return Sides(host, server or identity.names.key(row["target_host"]), host, account)
    if client and kind in OF_CLIENTS and identity.is_own_account(host, account, client, row["time"]):
        return Sides(host, host, host, account)
    if client and server:
        client = other_end(client, server, row["own_end"], lambda side: identity.is_self(host, side, row["time"]))
    return Sides(client or identity.names.key(client_key(row["source_host"])), host, host, account)


def runner_of(row: Mapping[str, Any]) -> str | None:
    """Whose process a record tells of: 4688 names who started it, and where it is another's, whose it is."""
    return account_name(row["target_user_domain"], row["target_user"]) or account_name(row["user_domain"], row["user"])


@cache
def strength_of(log: str, kind: str) -> Strength:
    """How surely a record of a log type tells of a kind: the best of what it may claim, where it may claim several."""
    found = strengths(log, Kind(kind)) if kind else frozenset()
    return next((one for one in Strength if one in found), Strength.STATED)


@cache
def preference_of(log: str, kind: str) -> int:
    """Of several records of one happening the one of the lowest stands for it."""
    return min((claim.prefer for claim in _claims(log, kind)), default=0)


def is_blocked(log: str, kind: str) -> bool:
    """Whether records of a log type tell of what was stopped, and not of what was done."""
    return any(claim.columns.get("blocked") == "TRUE" for claim in _claims(log, kind))


def change_of(log: str, kind: str) -> str | None:
    """What records of a log type say was done to something: registered, removed. None where they tell of no change, or of several."""
    told = {claim.columns["change"].strip("'") for claim in _claims(log, kind) if "change" in claim.columns}
    return told.pop() if len(told) == 1 else None


def _vantage(log: str, kind: str) -> Vantage:
    own = next((claim.vantage for claim in _claims(log, kind)), None)
    return own or log_types()[log].vantage


def _claims(log: str, kind: str) -> list[Testimony]:
    return [claim for claim in log_types()[log].testifies if claim.kind.value == kind]
