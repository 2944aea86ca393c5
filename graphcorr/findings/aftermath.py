"""What a finding's file was, as its records say, and what its process did afterwards: what it started, and where it connected to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from graphcorr.findings.evidence import SHOWN
from graphcorr.findings.sides import runner_of
from graphcorr.model.findings import Role, Step, Trait
from graphcorr.syntax.accounts import account_name
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from graphcorr.engine.database import Database
    from graphcorr.findings.evidence import Records
    from graphcorr.findings.exhibits import Exhibits
    from graphcorr.findings.version_steps import Scene
    from graphcorr.findings.versions import Run, Version

SOON: Final = "INTERVAL 5 MINUTE"
"""Connections of so long after its start are told of a process: an implant calls home at once, and what comes later is its user's."""
_REUSED: Final = "INTERVAL 1 HOUR"
"""A process id, where no log gives a GUID, is believed to be the same process for so long."""
_PROGRAM: Final = frozenset({"image", "service", "task"})
"""Kinds of run in which the file itself is the program."""
_OF_FILE: Final = _PROGRAM | {"module_load"}
"""Kinds of run whose record has the hashes of the file itself, and not of a program that was handed it."""

# Two joins instead of one with OR, which would compare every pair.
_ACTS: Final = """
    WITH of_runs AS (
        SELECT r.version, e.id, e.host, e.process_guid, e.pid, e.time FROM runs_of_versions r JOIN events e ON e.id = r.id
        WHERE e.host IS NOT NULL)
    SELECT DISTINCT p.version, {id}, {time} AS time FROM of_runs p JOIN {fact} f ON f.host = p.host AND f.{guid} = p.process_guid
    WHERE {when}
    UNION
    SELECT DISTINCT p.version, {id}, {time} AS time FROM of_runs p JOIN {fact} f ON f.host = p.host AND f.{pid} = p.pid
    WHERE (f.{guid} IS NULL OR p.process_guid IS NULL) AND f.time >= p.time AND f.time <= p.time + {reused} AND {when}
    ORDER BY time, 2
"""
_CHILDREN: Final = _ACTS.format(
    id="f.id", time="f.time", fact="ProcessStart", guid="parent_process_guid", pid="parent_pid", reused=_REUSED,
    when="f.id NOT IN (SELECT other FROM same_process)",
)  # fmt: skip
_CONNECTIONS: Final = _ACTS.format(
    id="f.id", time="f.time", fact="Connection", guid="process_guid", pid="pid", reused=SOON,
    # The clock of a connection's record is the writer's, a little after that of the process.
    when=f"coalesce(f.initiated, TRUE) AND f.target_address IS NOT NULL AND f.time >= p.time AND f.time <= p.time + {SOON}",
)  # fmt: skip
_OWN_LOADS: Final = """
    SELECT DISTINCT r.version, m.id FROM runs_of_versions r JOIN events e ON e.id = r.id
    JOIN ModuleLoad m ON m.host = e.host AND m.process_guid = e.process_guid AND lower(m.path) = lower(m.image)
    WHERE r.itself ORDER BY ALL
"""
"""A program's own file among what it loaded: the one record that says who signed it. Of a file that another program loaded or was
handed it is that program's."""


@dataclass(slots=True)
class Aftermath:
    """Ids of records, in the order of time."""

    children: list[str] = field(default_factory=list)
    connections: list[str] = field(default_factory=list)
    own_loads: list[str] = field(default_factory=list)

    def ids(self) -> Iterator[str]:
        """Those that a finding shows."""
        yield from (*self.children[:SHOWN], *self.connections[:SHOWN], *self.own_loads[:SHOWN])


def load_aftermath(database: Database, versions: Iterable[Version]) -> Mapping[str, Aftermath]:
    """What came after the runs that a finding shows, by version; a run of the version is no child of another."""
    runs = [(version.id, id_, run.kind in _PROGRAM) for version in versions for run in version.runs[:SHOWN] for id_ in run.ids]
    found: defaultdict[str, Aftermath] = defaultdict(Aftermath)
    if not runs:
        return found
    own = {(version, id_) for version, id_, _ in runs}
    names, ids, itself = zip(*runs, strict=True)
    database.register("runs_of_versions", pa.table({"version": names, "id": ids, "itself": itself}))
    for version, id_, _ in database.execute(_CHILDREN).fetchall():
        if (version, id_) not in own:
            found[version].children.append(id_)
    for version, id_, _ in database.execute(_CONNECTIONS).fetchall():
        found[version].connections.append(id_)
    for version, id_ in database.execute(_OWN_LOADS).fetchall():
        found[version].own_loads.append(id_)
    database.unregister("runs_of_versions")
    return found


def show_aftermath(aftermath: Aftermath, exhibits: Exhibits) -> list[str]:
    """Put the records into the finding's evidence; returns what is to be said of those that are not shown."""
    exhibits.show("child", aftermath.children[:SHOWN])
    exhibits.show("connection", aftermath.connections[:SHOWN])
    exhibits.show("load", aftermath.own_loads[:SHOWN])
    counts = (("programs that it started", aftermath.children), ("connections that it opened", aftermath.connections))
    return [f"evidence shows the first {SHOWN} of {len(ids)} {what}" for what, ids in counts if len(ids) > SHOWN]


def tell_aftermath(aftermath: Aftermath, exhibits: Exhibits, scene: Scene) -> list[Step]:
    """Programs that the process started, one step each, and where it connected to, one step for each place; in the order of time."""
    steps = []
    for id_ in aftermath.children[:SHOWN]:
        row = scene.records.row(id_)
        object_ = row["command_line"] or row["image"]
        steps.append(Step(Role.STARTED, format_time(row["time"]), scene.target, runner_of(row), object_, exhibits.places("child", [id_])))
    places: defaultdict[str, list[str]] = defaultdict(list)
    for id_ in aftermath.connections[:SHOWN]:
        places[_place(scene.records.row(id_))].append(id_)
    for place, ids in places.items():
        row = scene.records.row(ids[0])
        account = account_name(row["user_domain"], row["user"])
        steps.append(Step(Role.REACHED, format_time(row["time"]), scene.target, account, place, exhibits.places("connection", ids)))
    return sorted(steps, key=lambda step: (step.time, step.evidence))


def _place(row: Mapping[str, Any]) -> str:
    """``203.0.113.7:443 (name)``."""
    address, port, name = row["target_address"], row["target_port"], row["target_host"]
    place = f"[{address}]" if ":" in str(address) else str(address)
    return f"{place}{f':{port}' if port else ''}{f' ({name})' if name else ''}"


def tell_traits(version: Version, aftermath: Aftermath, exhibits: Exhibits, records: Records, *, removed: bool) -> list[Trait]:
    """What the records that a finding shows say of its file, each value once with all records that have it.

    ``removed`` says that the record of the version's end is about its own content.
    """
    shown = [
        (place, role, records.row(id_))
        for role, id_ in _telling(version, version.runs, aftermath, removed=removed)
        for place in exhibits.places(role, [id_])
    ]
    sizes: dict[int, set[int]] = {}
    for place, role, row in shown:
        if role == "write" and row["size"]:
            sizes.setdefault(int(row["size"]), set()).add(place)
    traits = collect_traits((place, row) for place, _, row in shown)
    # A file that is seen to grow has the last of its sizes.
    return in_order_of_kind([*traits, *(Trait("size", str(size), sorted(sizes[size])) for size in sorted(sizes)[-1:])])


_ORDER: Final = ("md5", "sha1", "sha256", "imphash", "size", "signer", "signed", "original_name")


def in_order_of_kind(traits: Iterable[Trait]) -> list[Trait]:
    """Hashes first, whatever record told them first."""
    return sorted(traits, key=lambda one: (_ORDER.index(one.what) if one.what in _ORDER else len(_ORDER), one.what, one.value))


def collect_traits(shown: Iterable[tuple[int, Mapping[str, Any]]]) -> list[Trait]:
    """What records that are about one file say of it: each by its place in the evidence and its row."""
    told: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for place, row in shown:
        for pair in _traits(row):
            told[pair].add(place)
    return in_order_of_kind(Trait(what, value, sorted(places)) for (what, value), places in told.items())


def _telling(version: Version, runs: Sequence[Run], aftermath: Aftermath, *, removed: bool) -> Iterator[tuple[str, str]]:
    """Records that are about the file itself, with the role in which they are shown."""
    for run in runs[:SHOWN]:
        if run.kind in _OF_FILE:
            yield from (("execution", id_) for id_ in run.ids)
    yield from (("load", id_) for id_ in aftermath.own_loads[:SHOWN])
    yield from (("write", write.id) for write in version.writes[:SHOWN])
    if removed and version.ender is not None:
        yield "end", version.ender


def _traits(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for one in str(row["hashes"] or "").split(","):
        algorithm, equals, value = one.partition("=")
        if equals and value.strip("0 "):  # a file without imports has an IMPHASH of zeros
            yield algorithm.strip().lower(), value.strip().lower()
    if row["original_file_name"]:
        yield "original_name", str(row["original_file_name"])
    if row["signer"] and row["signed"] is not False:
        yield "signer", str(row["signer"])
    elif row["signed"] is False:
        yield "signed", "false"
