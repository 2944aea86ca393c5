"""What is known of the file versions that patterns named: writes, runs, services, origin; loaded at once for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pyarrow as pa

from graphcorr.findings.evidence import SHOWN
from graphcorr.links.chains import STEPS
from graphcorr.links.enders import OVER_THE_NETWORK
from graphcorr.model.findings import Execution
from graphcorr.model.records import Microseconds
from graphcorr.syntax.accounts import account_name
from graphcorr.syntax.providers import hosting, mechanism
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphcorr.engine.database import Database

CALLED: Final = {"svcctl": "service", "atsvc": "task", "itaskschedulerservice": "task", "iwbemservices": "wmi"}
"""What a call starts by the interface that it is made to."""
_OWN_KINDS: Final = frozenset({"service", "task"})
"""What started a program that is a kind of run of its own."""

# A rename on the wire is the write of the new name and the end of the version that had the old one.
_EARLIER: Final = f"""
    WITH RECURSIVE renamed AS (
        SELECT m.version, v.previous FROM (
            SELECT ender, max_by(id, (earliest, id)) AS previous FROM versions WHERE ended_by = '{OVER_THE_NETWORK}' GROUP BY ender) v
        JOIN write_versions m ON m.write = v.ender),
    line AS (
        SELECT version, previous, 1 AS step FROM renamed SEMI JOIN wanted_versions USING (version)
        UNION SELECT l.version, r.previous, l.step + 1 FROM line l JOIN renamed r ON r.version = l.previous WHERE l.step < {STEPS})
    SELECT DISTINCT l.version, w.id, w.path, w.time
    FROM line l JOIN write_versions m ON m.version = l.previous JOIN writes w ON w.id = m.write
    ORDER BY w.time, w.id
"""


class WriteFact(msgspec.Struct, frozen=True):
    id: str
    log: str
    vantage: str
    strength: str
    time: Microseconds
    earliest: Microseconds
    latest: Microseconds
    path: str
    network: bool
    inferred: bool
    assumed: bool
    loopback: bool
    source: str | None
    account: str | None


class Run(msgspec.Struct, frozen=True):
    """One execution of a version; ``ids`` are its records, the most precise first."""

    ids: tuple[str, ...]
    kind: str
    basis: str
    time: Microseconds
    earliest: Microseconds
    latest: Microseconds
    image: str | None
    command_line: str | None
    user: str | None
    parent: str | None
    started_by: str | None
    """What had it run, see :mod:`graphcorr.syntax.providers`."""
    called: bool = False
    """No log of the machine shows it: a call on the wire had it started."""

    def execution(self) -> Execution:
        """As a report tells it."""
        return Execution(self.kind, format_time(self.time), self.image, self.command_line, self.user, self.parent)


class Version(msgspec.Struct):
    id: str
    host: str
    key: str
    path: str
    resolved: bool
    write_time: Microseconds
    ender: str | None
    ended_by: str | None
    writes: list[WriteFact] = []
    earlier: dict[str, str] = {}
    """Ids of the writes that made it under other names, before it was renamed over the network, in the order of time; with the paths."""
    proofs: list[str] = []
    """Ids of the records in which the accounts of its connections proved who they are."""
    steps: dict[str, list[str]] = {}
    """By the first id of a run, or the id of a service, the ids of the commands that gave it the name used there."""
    runs: list[Run] = []
    calls: list[str] = []
    """Ids of calls on the wire that had it registered or started."""
    services: list[str] = []
    """Ids of service records that point to it."""
    origin: Mapping[str, Any] | None = None
    """The one client near a write that no network record covers: event, kind, source, account, loopback, session, logon."""
    rivals: list[Mapping[str, Any]] = []
    """Of several such clients each, the nearest first: none of them is known to be the one."""
    caller: Mapping[str, Any] | None = None
    """The machine that the program's own pipes name: event, host."""

    def moves(self, chosen: Run | None, most: int) -> list[str]:
        """Ids of the commands that led to what ran or is a service, those of the chosen run first."""
        users = [*([chosen.ids[0]] if chosen else []), *(run.ids[0] for run in self.runs[:most]), *self.services[:most]]
        return list(dict.fromkeys(id_ for user in users for id_ in self.steps.get(user, ())))[:most]

    def sources(self) -> list[str]:
        """Ids of the records beside the writes that tell where they came from."""
        told = [*([self.origin] if self.origin else self.rivals[:SHOWN]), *([self.caller] if self.caller else [])]
        return list(dict.fromkeys(id_ for one in told for id_ in (one.get("logon"), one["event"]) if id_))


def load_versions(database: Database, ids: Iterable[str]) -> dict[str, Version]:
    """The versions by id, each list ordered by time."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    database.register("wanted_versions", pa.table({"version": pa.array(wanted, pa.string())}))
    rows = _select(
        database,
        "SELECT id, host, key, path, resolved, epoch_us(write_time) AS write_time, ender, ended_by FROM versions "
        "SEMI JOIN wanted_versions w ON w.version = versions.id",
    )
    versions = {row["id"]: Version(**row) for row in rows}
    times = "epoch_us(time) AS time, epoch_us(earliest) AS earliest, epoch_us(latest) AS latest"
    for row in _select(
        database,
        f"SELECT m.version, w.id, log, vantage, strength, {times}, path, network, inferred, assumed, loopback, source, account "
        "FROM writes w JOIN write_versions m ON m.write = w.id SEMI JOIN wanted_versions USING (version) ORDER BY rank, time, w.id",
    ):
        versions[row.pop("version")].writes.append(WriteFact(**row))
    for row in _select(
        database,
        "SELECT DISTINCT m.version, p.event FROM write_versions m SEMI JOIN wanted_versions USING (version) "
        "JOIN write_proofs p ON p.write = m.write ORDER BY ALL",
    ):
        versions[row["version"]].proofs.append(row["event"])
    for row in _select(database, _EARLIER):
        versions[row["version"]].earlier[row["id"]] = row["path"]
    others = _other_records(database)
    _load_steps(database, versions, others)
    _load_runs(database, versions, others, times)
    for row in _select(
        database, "SELECT version, event FROM links SEMI JOIN wanted_versions USING (version) WHERE kind = 'POINTS_TO' ORDER BY ALL"
    ):
        versions[row["version"]].services.append(row["event"])
    _load_calls(database, versions, times)
    for row in _select(database, "SELECT * FROM origins SEMI JOIN wanted_versions USING (version) ORDER BY version, place"):
        if row["chosen"]:
            versions[row["version"]].origin = row
        else:
            versions[row["version"]].rivals.append(row)
    for row in _select(database, "SELECT * FROM callers SEMI JOIN wanted_versions USING (version)"):
        versions[row["version"]].caller = row
    database.unregister("wanted_versions")
    return versions


def _select(database: Database, query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = database.sql(query).to_arrow_table().to_pylist()
    return rows


def _other_records(database: Database) -> Mapping[str, list[str]]:
    """The further records of a process by the id of the one that stands for it."""
    others: defaultdict[str, list[str]] = defaultdict(list)
    for other, main in database.execute("SELECT other, main FROM same_process ORDER BY ALL").fetchall():
        others[main].append(other)
    return others


def _load_steps(database: Database, versions: dict[str, Version], others: Mapping[str, list[str]]) -> None:
    for row in _select(
        database,
        "SELECT DISTINCT s.version, s.event, coalesce(p.main, s.step) AS main FROM run_steps s SEMI JOIN wanted_versions USING (version) "
        "LEFT JOIN same_process p ON p.other = s.step ORDER BY ALL",
    ):
        versions[row["version"]].steps.setdefault(row["event"], []).extend((row["main"], *others.get(row["main"], ())))


def _load_runs(database: Database, versions: dict[str, Version], others: Mapping[str, list[str]], times: str) -> None:
    for row in _select(
        database,
        f"SELECT l.version, l.event, l.kind, l.basis, {times}, s.image, s.command_line, s.account AS user, "
        "s.account_domain AS user_domain, s.parent_image, s.parent_command_line "
        "FROM links l SEMI JOIN wanted_versions USING (version) JOIN starts s ON s.id = l.event "
        "WHERE l.kind = 'RAN' OR l.role = 'argument' ORDER BY time, l.event",
    ):
        started_by = mechanism(row["parent_image"], row["parent_command_line"])
        own = started_by if started_by in _OWN_KINDS else "image"
        kind = "command_line" if row["kind"] == "NAMED" else own
        versions[row["version"]].runs.append(_run(row, kind, started_by, (row["event"], *others.get(row["event"], ()))))
    for row in _select(
        database,
        # A load names its process; whose that is and what started it stands in the record of its start.
        "WITH loaded AS (SELECT l.* FROM links l SEMI JOIN wanted_versions USING (version) WHERE l.kind = 'LOADED'), "
        "processes AS ("
        "SELECT e.id, min_by(p.account, p.id) AS user, min_by(p.account_domain, p.id) AS user_domain, "
        "min_by(p.parent_image, p.id) AS parent, "
        "min_by(p.command_line, p.id) AS command_line, min_by(p.parent_command_line, p.id) AS parent_command_line "
        "FROM (SELECT id, host, process_guid FROM ModuleLoad SEMI JOIN loaded ON loaded.event = ModuleLoad.id) e "
        "JOIN ProcessStart p ON p.host = e.host AND p.process_guid = e.process_guid GROUP BY e.id) "
        f"SELECT l.version, l.event, l.basis, {times}, s.image, NULL AS command_line, coalesce(s.account, p.user) AS user, "
        "coalesce(s.account_domain, p.user_domain) AS user_domain, p.parent AS parent_image, "
        "p.parent_command_line, p.command_line AS loader_command_line "
        "FROM loaded l JOIN loads s ON s.id = l.event LEFT JOIN processes p ON p.id = l.event ORDER BY time, l.event",
    ):
        version = versions[row["version"]]
        if row["basis"] != "program":
            version.runs.append(_run(row, "module_load", hosting(row["image"], row["loader_command_line"]), (row["event"],)))
        elif not any(run.kind in {"image", "service", "task"} for run in version.runs):
            # Sysmon 7 also records a program's own file: a run, where the start itself is not in the log.
            started_by = mechanism(row["parent_image"], row["parent_command_line"])
            version.runs.append(_run(row, "image", started_by, (row["event"],)))
    for version in versions.values():
        version.runs.sort(key=lambda run: (run.time, run.ids))


def _load_calls(database: Database, versions: dict[str, Version], times: str) -> None:
    """The calls, and as runs those that had it started, where no log of the machine shows what ran."""
    for row in _select(
        database,
        f"SELECT l.version, l.event, l.basis, l.role, {times}, c.interface, coalesce(c.path, c.service) AS image, NULL AS command_line, "
        "NULL AS user, NULL AS user_domain, NULL AS parent_image FROM links l SEMI JOIN wanted_versions USING (version) "
        "JOIN Call c ON c.id = l.event WHERE l.kind = 'ASKED_FOR' ORDER BY time, l.event",
    ):
        version = versions[row["version"]]
        version.calls.append(row["event"])
        if row["role"] == "started" and all(run.called for run in version.runs):
            kind = CALLED[row["interface"]]
            version.runs.append(msgspec.structs.replace(_run(row, kind, kind, (row["event"],)), called=True))


def _run(row: Mapping[str, Any], kind: str, started_by: str | None, ids: tuple[str, ...]) -> Run:
    return Run(
        ids,
        kind,
        row["basis"],
        row["time"],
        row["earliest"],
        row["latest"],
        row["image"],
        row["command_line"],
        account_name(row["user_domain"], row["user"]),
        row["parent_image"],
        started_by,
    )
