"""Who asked for a request: the client of its session, else the one client that was connected to what did it; of several none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graphcorr.findings.confidence import Doubt
from graphcorr.findings.judging import ITSELF, doubts_of, say_address_only, say_candidates, say_delay, say_owner
from graphcorr.links.askers import INTERFACE, PORT, PROGRAM, SESSION
from graphcorr.model.findings import Endpoint, Movement
from graphcorr.model.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphcorr.findings.evidence import Records
    from graphcorr.resolve.identity import Identity

_DOUBTS: Final = {INTERFACE: Doubt.ASKED_BY_INTERFACE, PROGRAM: Doubt.ASKED_BY_PROGRAM, PORT: Doubt.ASKED_BY_PORT}


class Asked(NamedTuple):
    """What is known of who asked, with the sentences of a finding that say how, and what is missing."""

    machine: Endpoint | None
    account: str | None
    movement: Movement
    why: list[str]
    limits: list[str]
    doubts: list[Doubt]


def find_source(clients: Sequence[Mapping[str, Any]], act: Mapping[str, Any], identity: Identity, records: Records) -> Asked:
    """``clients`` are those of the best rung; ``act`` is the request's first."""
    chosen = next((client for client in clients if client["chosen"]), None)
    if chosen is None:
        return _unknown(clients, act, records)
    address, moment = chosen["source"], act["asked"]
    why = [_say(chosen, act, records)]
    if chosen["own"]:
        return Asked(Endpoint(act["host"], address), chosen["account"], Movement.LOOPBACK, why, [ITSELF], [])
    owner = identity.host_at(address, moment)
    doubts = [_doubt(chosen)] if chosen["rung"] in _DOUBTS and not _is_called(chosen, act) else []
    limits = []
    if owner.host:
        why.append(say_owner(address, owner))
        doubts += doubts_of(owner)
    else:
        limits.append(say_address_only(address, owner))
    return Asked(Endpoint(owner.host, address), chosen["account"], Movement.REMOTE, why, limits, doubts)


def _doubt(client: Mapping[str, Any]) -> Doubt:
    return Doubt.ASKED_BY_OUTPUT if client["kind"] == Kind.SHARE_ACCESS.value else _DOUBTS[client["rung"]]


def _is_called(client: Mapping[str, Any], act: Mapping[str, Any]) -> bool:
    """Whether the sign is the very call that the request is made of."""
    return client["event"] in (act["calls"] or ())


def _unknown(clients: Sequence[Mapping[str, Any]], act: Mapping[str, Any], records: Records) -> Asked:
    if not clients:
        limits = ["source unknown: no session, call or connection near it names one client"]
        return Asked(None, None, Movement.UNKNOWN_SOURCE, [], limits, [Doubt.NOBODY_NAMED])
    told = [f"{client['source']} {_say_sign(client, act, records)}" for client in clients]
    accounts = {client["account"].lower(): client["account"] for client in clients if client["account"]}
    account = next(iter(accounts.values())) if len(accounts) == 1 else None
    return Asked(None, account, Movement.UNKNOWN_SOURCE, [], [say_candidates(told)], [Doubt.RIVALS, Doubt.NOBODY_CERTAIN])


def _say(client: Mapping[str, Any], act: Mapping[str, Any], records: Records) -> str:
    if client["rung"] == SESSION and _is_called(client, act):
        return f"the service's own record names {client['source']} as its client"
    if client["rung"] == SESSION:
        account = f" of {client['account']}" if client["account"] else ""
        shown = " (as the record of its child says)" if act["child"] else ""
        return f"it was done in the network session {act['session']}{account}{shown}, which {client['source']} opened"
    return f"{client['source']} is the only client near it that {_say_sign(client, act, records)}"


def _say_sign(client: Mapping[str, Any], act: Mapping[str, Any], records: Records) -> str:
    row = records.row(client["event"])
    if client["rung"] == SESSION:
        what = "opened the session"
    elif client["kind"] == Kind.PIPE_OPEN.value:
        what = f"opened the pipe {row['pipe']}"
    elif client["kind"] == Kind.CALL.value:
        what = f"called {row['action'] or 'it'}"
    elif client["kind"] == Kind.SHARE_ACCESS.value:
        what = f"read the output of its command ({row['share']} {row['relative_path']})"
    else:
        to = f" of {client['program']}" if client["program"] not in {None, "system"} else ""
        what = f"connected to port {client['port']}{to}"
    apart = row["time"] - act["asked"]
    when = "at that time" if apart == 0 else f"{say_delay(abs(apart))} {'after' if apart > 0 else 'before'} it"
    late = " (a connection is written down late)" if apart > 0 and client["kind"] == Kind.CONNECTION.value else ""
    return f"{what}, {when}{late}"
