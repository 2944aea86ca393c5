"""Records as the steps of a finding, by nothing but what kind of thing each tells: what of them belongs together nobody knows."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from graphcorr.findings.sides import change_of, is_blocked, preference_of, sides_of
from graphcorr.findings.version_steps import command_of, in_order
from graphcorr.model.findings import Role, Step
from graphcorr.model.kinds import Kind
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from graphcorr.findings.evidence import Records
    from graphcorr.findings.exhibits import Exhibits
    from graphcorr.resolve.identity import Identity

_ROLES: Final[dict[str, Role]] = {
    Kind.LOGON: Role.CONNECTED,
    Kind.CONNECTION: Role.CONNECTED,
    Kind.SHARE_ACCESS: Role.CONNECTED,
    Kind.PIPE_OPEN: Role.CONNECTED,
    Kind.HTTP_REQUEST: Role.FETCHED,
    Kind.CALL: Role.CALLED,
    Kind.ATTEMPT: Role.REFUSED,
    Kind.WRITE: Role.WROTE,
    Kind.SERVICE_INSTALL: Role.REGISTERED,
    Kind.TASK_CHANGE: Role.REGISTERED,
    Kind.TASK_RUN: Role.RAN,
    Kind.SUBSCRIPTION: Role.REGISTERED,
    Kind.PROCESS_START: Role.RAN,
    Kind.MODULE_LOAD: Role.RAN,
    Kind.SCRIPT: Role.RAN,
    Kind.REMOVAL: Role.REMOVED,
    Kind.BLOCK: Role.BLOCKED,
}
_OBJECTS: Final[Mapping[str, tuple[str, ...]]] = {
    Kind.PROCESS_START: ("command_line", "image"),
    Kind.SERVICE_INSTALL: ("service", "path"),
    Kind.LOGOFF: ("target_logon_id",),
    Kind.PRIVILEGE: ("privileges",),
    Kind.ACCOUNT_CHANGE: ("object_name",),
    Kind.DIRECTORY_CHANGE: ("object_name",),
    Kind.SERVICE_CHANGE: ("service",),
    Kind.TASK_CHANGE: ("task",),
    Kind.TASK_RUN: ("path", "task"),
    Kind.SUBSCRIPTION: ("command_line", "wql", "subscription"),
    Kind.REGISTRY_SET: ("target_object",),
    Kind.REGISTRY_CHANGE: ("target_object",),
    Kind.THREAD_CREATE: ("target_image",),
    Kind.PROCESS_ACCESS: ("target_image",),
    Kind.TICKET: ("service",),
    Kind.NAME_QUERY: ("query",),
    Kind.HTTP_REQUEST: ("uri", "http_host"),
    Kind.EXECUTABLE: ("fuid",),
    Kind.ALERT: ("alert",),
    Kind.BLIND_SPOT: ("reason", "analyzer"),
    Kind.CALL: ("endpoint", "service", "pipe"),
    Kind.SCRIPT: ("text", "command_line", "host_name"),
}
"""Columns of which the first that says something is what it was done to."""
_OTHERWISE: Final = ("path", "pipe", "share", "service", "endpoint")
_TEXT: Final = 300
"""Characters of a script that a step has."""
_CHANGES: Final = {"registered": Role.REGISTERED, "updated": Role.REGISTERED, "removed": Role.REMOVED}
_DELETED: Final = "Deleted"
"""What is done to a subscription that is taken away."""
_LOCAL: Final = frozenset({Role.RAN, Role.REMOVED, Role.RECORDED})
"""What a machine does itself, whoever had it do so."""


def tell_steps(
    roles: Mapping[str, Sequence[str]],
    runs: Collection[str],
    exhibits: Exhibits,
    records: Records,
    identity: Identity,
    *,
    together: Mapping[str, str] = MappingProxyType({}),
) -> list[Step]:
    """One step for each node of the graph that the shown records stand for; ``roles`` are those of the evidence, and ``runs`` ran.

    Records that are one happening although each has a node are ``together``: id → that of the one that stands for them.
    """
    by_node: dict[tuple[str, str], dict[int, str]] = {}
    for role, ids in roles.items():
        for id_ in ids:
            for place in exhibits.places(role, [id_]):
                by_node.setdefault(records.node(together.get(id_, id_)), {})[place] = id_
    return in_order(_step(kind, places, runs, records, identity) for (kind, _), places in by_node.items())


def _step(kind: str, places: Mapping[int, str], runs: Collection[str], records: Records, identity: Identity) -> Step:
    in_order_ = records.in_order(places.values())
    first = next((id_ for id_ in in_order_ if id_ in runs), in_order_[0])
    row = records.row(first)
    time = row["time"]
    if first not in runs:
        # The scheduler's own log has who a task runs as, and not what it runs: the audit's record of the same says who asked for what.
        row = min((records.row(id_) for id_ in in_order_), key=lambda one: preference_of(one["log"], kind))
    sides = sides_of(row, kind, identity)
    role = Role.RAN if first in runs else Role.BLOCKED if is_blocked(row["log"], kind) else _role(row, kind)
    account = sides.account
    if kind == Kind.CONNECTION.value and not row["initiated"]:
        account = None  # it is that of the program that accepted, and not of who came
    # Whoever had a service registered is no part of the record: the service manager did it, for a client or for the machine itself.
    doer = None if role is Role.REGISTERED else sides.target if role in _LOCAL else sides.source
    actor = identity.endpoint(doer, row["time"])
    object_ = _object(kind, row)
    command = command_of(row, object_) if role is Role.REGISTERED else None
    return Step(role, format_time(time), actor, account, object_, sorted(places), command)


def _role(row: Mapping[str, Any], kind: str) -> Role:
    """What is changed may be taken away instead."""
    if kind == Kind.SUBSCRIPTION.value and row["action"] == _DELETED:
        return Role.REMOVED
    change = change_of(row["log"], kind)
    return _CHANGES.get(change, Role.RECORDED) if change else _ROLES.get(kind, Role.RECORDED)


def _object(kind: str, row: Mapping[str, Any]) -> str | None:
    if kind not in _OBJECTS and row["relative_path"] and row["share"]:
        return f"{row['share']}\\{row['relative_path']}"
    found = next((str(row[name]) for name in _OBJECTS.get(kind, _OTHERWISE) if row[name]), None)
    if kind == Kind.CALL.value and row["action"]:
        return f"{row['action']} of {found}" if found else str(row["action"])
    return found if found is None or kind != Kind.SCRIPT.value or len(found) <= _TEXT else f"{found[: _TEXT - 1]}…"
