"""What happened to one file version, as the records that a finding shows tell it: connected, wrote, moved, registered, ran, removed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graphcorr.findings.evidence import SHOWN
from graphcorr.links.enders import OVER_THE_NETWORK
from graphcorr.model.findings import Endpoint, Role, Step
from graphcorr.syntax.accounts import account_name
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from graphcorr.findings.evidence import Records
    from graphcorr.findings.exhibits import Exhibits
    from graphcorr.findings.versions import Run, Version
    from graphcorr.model.records import Microseconds
    from graphcorr.resolve.identity import Identity

_ENDS: Final = {"blocked": Role.BLOCKED, "written locally": Role.REPLACED}
"""What the end of a version was, by its reason; any other took the file away."""


class Scene(NamedTuple):
    """Who a finding says took part, and what resolves the others that its records name."""

    source: Endpoint | None
    target: Endpoint
    account: str | None
    identity: Identity
    records: Records


def show_evidence(version: Version, chosen: Run | None, exhibits: Exhibits) -> None:
    """Put the version's records into the finding's evidence, role by role."""
    chosen_ids = chosen.ids if chosen else ()
    exhibits.show("write", [*list(version.earlier)[:SHOWN], *(write.id for write in version.writes[:SHOWN])])
    moves = version.moves(chosen, SHOWN)
    exhibits.show("move", moves)
    exhibits.show("execution", [id_ for run in version.runs[:SHOWN] for id_ in run.ids], above_all=chosen_ids)
    exhibits.show("service", version.services[:SHOWN])
    exhibits.show("call", version.calls[:SHOWN])
    exhibits.show("origin", version.sources())
    exhibits.show("account", version.proofs[:SHOWN])
    if version.ender and version.ender not in moves:
        exhibits.show("end", [version.ender])


def tell_steps(version: Version, chosen: Run | None, exhibits: Exhibits, scene: Scene) -> list[Step]:
    """The steps in the order of time; what no record shows in the finding's evidence is none."""
    told = [
        *_connected(version, exhibits, scene),
        *_wrote(version, exhibits, scene),
        *_moved(version, chosen, exhibits, scene),
        *_registered(version, exhibits, scene),
        *_called(version, exhibits, scene),
        *_ran(version, exhibits, scene),
        *_ended(version, exhibits, scene),
    ]
    return in_order(step for step in told if step.evidence)


def is_removed(version: Version) -> bool:
    """Whether the record of its end took the file away, and so has what is to be known of its content."""
    return version.ender is not None and version.ended_by not in {*_ENDS, OVER_THE_NETWORK}


def in_order(steps: Iterable[Step]) -> list[Step]:
    """By time; at one moment in the order in which such things follow each other."""
    order = list(Role)
    return sorted(steps, key=lambda step: (step.time, order.index(step.role), step.evidence))


def _connected(version: Version, exhibits: Exhibits, scene: Scene) -> Iterator[Step]:
    for told in (version.origin, *version.rivals[:SHOWN], version.caller):
        if told is not None:
            row = scene.records.row(told["event"])
            actor = scene.identity.endpoint(told.get("source") or told.get("host"), row["time"])
            object_ = row["share"] or row["pipe"]
            places = exhibits.places("origin", [told["event"]])
            yield Step(Role.CONNECTED, format_time(row["time"]), actor, told.get("account"), object_, places)


def _wrote(version: Version, exhibits: Exhibits, scene: Scene) -> Iterator[Step]:
    """One step a client: many records of one copy are one write. What names no client belongs to the finding's own source."""
    before: defaultdict[str, list[str]] = defaultdict(list)
    for id_, path in version.earlier.items():
        before[path].append(id_)
    for path, ids in before.items():
        if places := exhibits.places("write", ids):
            first = min(scene.records.row(id_)["time"] for id_ in ids[:SHOWN])
            yield Step(Role.WROTE, format_time(first), scene.source, scene.account, path, places)
    own = scene.source.address if scene.source else None
    clients: defaultdict[str | None, list[str]] = defaultdict(list)
    for write in version.writes:
        clients[None if write.source in {None, own} else write.source].append(write.id)
    first_of = {write.id: write.time for write in version.writes}
    for client, ids in clients.items():
        times = [first_of[id_] for id_ in ids]
        time: Microseconds = version.write_time if client is None else min(times)
        actor = scene.source if client is None else scene.identity.endpoint(client, time)
        account = scene.account if client is None else next((one.account for one in version.writes if one.source == client), None)
        yield Step(Role.WROTE, format_time(time), actor, account, version.path, exhibits.places("write", ids))


def _moved(version: Version, chosen: Run | None, exhibits: Exhibits, scene: Scene) -> Iterator[Step]:
    commands: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for id_ in version.moves(chosen, SHOWN):
        commands[scene.records.node(id_)].append(id_)
    for ids in commands.values():
        row = scene.records.row(ids[0])
        account = account_name(row["user_domain"], row["user"])
        object_ = row["command_line"] or row["image"]
        yield Step(Role.MOVED, format_time(row["time"]), scene.target, account, object_, exhibits.places("move", ids))


def _registered(version: Version, exhibits: Exhibits, scene: Scene) -> Iterator[Step]:
    """Whoever asked for it is no part of the record: the service manager did it, for a client or for the machine itself."""
    for id_ in version.services[:SHOWN]:
        row = scene.records.row(id_)
        account = account_name(row["user_domain"], row["user"])
        object_ = row["service"] or row["path"]
        places = exhibits.places("service", [id_])
        yield Step(Role.REGISTERED, format_time(row["time"]), None, account, object_, places, command_of(row, object_))


def command_of(row: Mapping[str, Any], object_: str | None) -> str | None:
    """What is to run by what the record says is registered, where ``object_`` does not say that already."""
    return row["path"] if row["path"] != object_ else None


def _called(version: Version, exhibits: Exhibits, scene: Scene) -> Iterator[Step]:
    runs = {id_ for run in version.runs for id_ in run.ids}
    for id_ in version.calls[:SHOWN]:
        if id_ not in runs:
            row = scene.records.row(id_)
            actor = scene.identity.endpoint(row["source_address"], row["time"])
            yield Step(Role.CALLED, format_time(row["time"]), actor, None, row["action"], exhibits.places("call", [id_]))


def _ran(version: Version, exhibits: Exhibits, scene: Scene) -> Iterator[Step]:
    for run in version.runs:
        object_ = version.path if run.kind == "module_load" else run.command_line or run.image
        yield Step(Role.RAN, format_time(run.time), scene.target, run.user, object_, exhibits.places("execution", run.ids))


def _ended(version: Version, exhibits: Exhibits, scene: Scene) -> Iterator[Step]:
    """The log of a removal over the network names its client; the host's own says which program it was, and not for whom."""
    if version.ender is None or not (places := exhibits.places("end", [version.ender])):
        return
    row = scene.records.row(version.ender)
    client = row["source_address"] if version.ended_by == OVER_THE_NETWORK else None
    actor = scene.identity.endpoint(client, row["time"])
    account = account_name(row["user_domain"], row["user"])
    yield Step(_ENDS.get(version.ended_by or "", Role.REMOVED), format_time(row["time"]), actor, account, version.path, places)
