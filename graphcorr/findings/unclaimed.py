"""Findings of patterns that no family's judge claims, a user's own mostly: what can be weighed without knowing what they are about.

A row may name ``source``, ``target`` and ``account`` in columns of those names, as the graph's ids; what it does not name
is taken from its records, where they agree. Weighed are who tells of it (one side or both), by what the source is known,
the clocks, and the time between its steps.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graphcorr.findings.aftermath import collect_traits
from graphcorr.findings.clocks import BorrowedClocks
from graphcorr.findings.confidence import Doubt, gap_doubt, rate
from graphcorr.findings.evidence import SHOWN, Records
from graphcorr.findings.exhibits import Exhibits
from graphcorr.findings.judging import (
    ITSELF,
    NAMESPACE,
    NO_ACCOUNT,
    doubts_of,
    evidence_ids,
    role_of,
    say_address_only,
    say_delay,
    say_former_names,
    say_owner,
)
from graphcorr.findings.record_steps import tell_steps
from graphcorr.findings.sides import runner_of, sides_of, strength_of
from graphcorr.findings.weighed import choose_records
from graphcorr.logs.testimony import Strength
from graphcorr.model.findings import Basis, Endpoint, Execution, Finding, Movement, Role
from graphcorr.model.kinds import Kind
from graphcorr.syntax.providers import mechanism
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphcorr.findings.judging import Hit
    from graphcorr.graph.project import Projection
    from graphcorr.model.records import Microseconds
    from graphcorr.patterns.header import Header
    from graphcorr.resolve.identity import Identity

EXECUTIONS: Final = "executions"
"""The evidence column whose events are the runs that a finding states, where the pattern's header says how it was run."""

_MECHANISMS: Final = frozenset({"service", "task", "wmi", "winrm", "dcom"})
"""Ways to run something that a pattern's header may state."""
_REMOTE_DESKTOP: Final = 10
_OF_STRENGTH: Final = {Strength.ASKED: Doubt.ASKED, Strength.IMPLIED: Doubt.IMPLIED}


class _Unclaimed:
    """The judge of all patterns that are of no family."""

    def claims(self, header: Header) -> bool:  # noqa: ARG002 - what is asked is the same of every judge
        return True

    def judge(self, hits: Sequence[Hit], projection: Projection) -> list[Finding]:
        columns = choose_records(hits, projection.database)
        records = Records(projection.database, {id_ for own in columns for ids in own.values() for id_ in ids})
        clocks = BorrowedClocks(projection.identity.clocks)
        return [_Builder(hit, own, records, projection.identity, clocks).build() for hit, own in zip(hits, columns, strict=True)]


UNCLAIMED: Final = _Unclaimed()


class _Told(NamedTuple):
    """One record: its row, the label of its node, and who it says took part."""

    row: Mapping[str, Any]
    kind: str
    source: Endpoint | None
    target: Endpoint | None
    witness: str
    account: str | None


class _Builder:
    """One finding in the making. ``PatternError`` when its evidence holds an id that is no event."""

    def __init__(
        self, hit: Hit, columns: Mapping[str, Sequence[str]], records: Records, identity: Identity, clocks: BorrowedClocks
    ) -> None:
        self.pattern, self.row = hit
        self.columns = columns
        for column, ids in self.columns.items():
            if missing := [id_ for id_ in ids if not records.has(id_)]:
                raise self.pattern.error(f"the column {column!r} holds {missing[0]!r}, which is the id of no event")
        self.records, self.identity, self.clocks = records, identity, clocks
        self.told: dict[str, _Told] = {}
        for id_ in records.in_order(id_ for ids in columns.values() for id_ in ids):
            row, kind = records.row(id_), records.node(id_)[0]
            sides = sides_of(row, kind, identity)
            source, target = (identity.endpoint(end, row["time"]) for end in (sides.source, sides.target))
            self.told[id_] = _Told(row, kind, source, target, sides.witness, sides.account)
        self.time: Microseconds = next(iter(self.told.values())).row["time"]
        self.doubts: list[Doubt] = []
        self.why: list[str] = []
        self.limits: list[str] = []

    def build(self) -> Finding:
        header = self.pattern.header
        target = self._target()
        source, movement = self._source(target)
        account = self._account(target)
        self.why += say_former_names(self.identity, (source, target), self.time)
        self._weigh_witnesses(movement)
        self._weigh_strengths()
        self._weigh_times()
        runs = self._runs()
        executions = [_execution(str(header.execution), run.row) for run in runs]
        exhibits = Exhibits(self.records)
        roles: defaultdict[str, list[str]] = defaultdict(list)
        for column, ids in self.columns.items():
            roles[role_of(column)] += ids
            total = len(evidence_ids(self.row[column]))
            if total > len(ids):
                self.limits.append(f"weighed are the first {len(ids):,} of {total:,} records of {column}")
            if total > SHOWN:
                self.limits.append(f"evidence shows the first {SHOWN} of {total} records of {column}")
        for role, ids in roles.items():
            exhibits.show(role, ids)
        steps = tell_steps(roles, {run.row["id"] for run in runs}, exhibits, self.records, self.identity)
        # What was stopped is known by the record that says so alone.
        stopped = {place for step in steps if step.role is Role.BLOCKED for place in step.evidence}
        shown = ((place, self.told[id_].row) for role, ids in roles.items() for id_ in ids for place in exhibits.places(role, [id_]))
        return Finding(
            id=str(uuid.uuid5(NAMESPACE, "|".join([header.id, *(str(self.row[column]) for column in header.identity)]))),
            pattern=header.id,
            patterns=[header.id],
            title=header.title,
            level=header.level,
            confidence=rate(self.doubts),
            basis=Basis.INFERRED if Doubt.IMPLIED in self.doubts else Basis.OBSERVED,
            why=self.why + [doubt.sentence for doubt in dict.fromkeys(self.doubts)],
            techniques=sorted(header.attack),
            detection_strategies=sorted(header.detection_strategy),
            software=sorted(header.software),
            source=source,
            target=target,
            account=account,
            movement=movement,
            execution=executions[0].kind if executions else None,
            execution_time=executions[0].time if executions else None,
            executions=executions,
            file=None,
            write_time=None,
            time=executions[0].time if executions else format_time(self.time),
            started_by=self._started_by(runs),
            steps=steps,
            suppressed=None,
            limits=self.limits,
            evidence=exhibits.evidence,
            traits=collect_traits((place, row) for place, row in shown if place in stopped),
        )

    def _target(self) -> Endpoint:
        """The machine that the pattern names, else the one that the records agree on, else that of the first record."""
        if named := self.identity.endpoint(self.row.get("target"), self.time):
            return named
        targets = _by_name(told.target for told in self.told.values())
        if len(targets) > 1:
            self.limits.append(f"its records are about {len(targets)} machines: {', '.join(sorted(targets))}")
        return next(iter(targets.values()), Endpoint(None, None))

    def _source(self, target: Endpoint) -> tuple[Endpoint | None, Movement]:
        """The machine that the pattern names, else the one machine that the records name; of several none is chosen."""
        if self.pattern.header.movement is Movement.LOCAL:
            return None, Movement.LOCAL
        stated = _by_name(told.source for told in self.told.values() if self._is_about(told, target))
        source = self.identity.endpoint(self.row.get("source"), self.time)
        if source is not None:
            if _name(source) not in stated and not self._is_path_of(source):
                self.doubts.append(Doubt.SOURCE_UNSTATED)
        else:
            others = {name: one for name, one in stated.items() if not self._is_same(one, target)}
            if len(others) > 1:
                self.doubts.append(Doubt.RIVALS)
                self.limits.append(f"source unknown: it could be any of {', '.join(sorted(others))}")
                return None, Movement.UNKNOWN_SOURCE
            source = next(iter((others or stated).values()), None)
        if source is None:
            self.doubts.append(Doubt.SOURCE_UNKNOWN)
            self.limits.append("source unknown: neither the pattern nor its records name one")
            return None, Movement.UNKNOWN_SOURCE
        if self._is_same(source, target):
            self.limits.append(ITSELF)
            return Endpoint(target.host, source.address), Movement.LOOPBACK
        owner = self.identity.host_at(source.address, self.time) if source.address else None
        if owner and owner.host:
            self.why.append(say_owner(str(source.address), owner))
            self.doubts += doubts_of(owner)
        elif owner and source.address:
            self.limits.append(say_address_only(source.address, owner))
        elif source.address is None and not self._is_path_of(source):
            self.limits.append("address of the source unknown: only a name is logged, and a client may claim any")
        return source, Movement.REMOTE

    def _is_path_of(self, machine: Endpoint) -> bool:
        r"""Whether a program or its command line is on a share of the machine, or of its domain: ``\\DC01\NETLOGON\x.exe`` names it."""
        short, _, domain = (machine.host or machine.address or "").lower().partition(".")
        servers = (f"\\\\{short}\\", f"\\\\{short}.", *([f"\\\\{domain}\\"] if domain else []))
        texts = (str(told.row[column] or "").lower() for told in self.told.values() for column in ("image", "command_line"))
        return any(server in text for text in texts for server in servers)

    def _is_about(self, told: _Told, target: Endpoint) -> bool:
        """Records of the other side name machines of their own: whom the source was logged on to from, for one."""
        return told.target is not None and self._is_same(told.target, target)

    def _is_same(self, one: Endpoint, other: Endpoint) -> bool:
        if one.host and other.host and one.host == other.host:
            return True
        if other.host and one.address:
            return self.identity.is_self(other.host, one.address, self.time)
        return one.address is not None and one.address == other.address

    def _account(self, target: Endpoint) -> str | None:
        """The pattern's, else the one that the records of coming from elsewhere name; whose a process is says nothing of who came."""
        came = [told for told in self.told.values() if told.source is not None and self._is_about(told, target)]
        others = [told for told in self.told.values() if told.kind not in {Kind.PROCESS_START.value, Kind.MODULE_LOAD.value}]
        spelled = {told.account.lower(): told.account for told in [*self.told.values(), *others, *came] if told.account}
        if named := self.row.get("account"):
            return spelled.get(str(named), str(named))
        for records in (came, others):
            accounts = {told.account.lower(): told.account for told in records if told.account}
            if len(accounts) == 1:
                return next(iter(accounts.values()))
            if accounts:
                self.limits.append(f"more than one account: {', '.join(sorted(accounts.values()))}")
                return None
        self.limits.append(NO_ACCOUNT)
        return None

    def _weigh_witnesses(self, movement: Movement) -> None:
        """What happened between two machines is sure where more than one of them, or the network between them, tells of it."""
        if movement is not Movement.REMOTE:
            return
        witnesses = sorted({told.witness for told in self.told.values()})
        if len(witnesses) > 1:
            self.why.append(f"both sides tell of it: {', '.join(witnesses)}")
        else:
            self.doubts.append(Doubt.ONE_SIDE)

    def _weigh_strengths(self) -> None:
        """What a column tells is as sure as the surest of its records; of what was asked for another one may tell that it was done."""
        for ids in self.columns.values():
            found = {strength_of(self.told[id_].row["log"], self.told[id_].kind) for id_ in ids}
            if len(found) == 1 and (doubt := _OF_STRENGTH.get(found.pop())):
                self.doubts.append(doubt)

    def _weigh_times(self) -> None:
        if any(self.clocks.moved(told.row) for told in self.told.values()):
            self.doubts.append(Doubt.CLOCK_BORROWED)
        steps = [self.records.in_order(ids) for ids in self.columns.values() if ids]
        for one, other in pairwise(sorted(steps, key=lambda ids: (self.told[ids[0]].row["time"], ids[0]))):
            before, after = self._nearest(one, other)
            gap: Microseconds = after["time"] - before["time"]
            if before["latest"] >= after["earliest"] and before["id"] != after["id"]:
                self.doubts.append(Doubt.ORDER_UNCERTAIN)
            elif doubt := gap_doubt(gap):
                self.doubts.append(doubt)
            else:
                self.why.append(f"its steps lie {say_delay(gap)} apart")

    def _nearest(self, one: Sequence[str], other: Sequence[str]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """The two records, one of each list, that lie closest together; the earlier first. The lists are in order of time."""
        merged = sorted([(self.told[id_].row["time"], id_, side) for side, ids in enumerate((one, other)) for id_ in ids])
        near = [(after[0] - before[0], before[1], after[1]) for before, after in pairwise(merged) if before[2] != after[2]]
        _, before, after = min(near)
        return self.told[before].row, self.told[after].row

    def _runs(self) -> list[_Told]:
        if self.pattern.header.execution is None:
            return []
        return [self.told[id_] for id_ in self.records.in_order(self.columns.get(EXECUTIONS, ()))]

    def _started_by(self, runs: Sequence[_Told]) -> str | None:
        stated = str(self.pattern.header.execution)
        if stated in _MECHANISMS:
            return stated
        if runs and (source := self.identity.endpoint(self.row.get("source"), self.time)) and self._is_path_of(source):
            return "share"
        if runs and (by := mechanism(runs[0].row["parent_image"], runs[0].row["parent_command_line"])):
            return by
        if any(told.kind == Kind.SERVICE_INSTALL.value for told in self.told.values()):
            return "service"
        return "rdp" if runs and any(told.row["logon_type"] == _REMOTE_DESKTOP for told in self.told.values()) else None


def _execution(kind: str, row: Mapping[str, Any]) -> Execution:
    return Execution(kind, format_time(row["time"]), row["image"], row["command_line"], runner_of(row), row["parent_image"])


def _by_name(machines: Iterable[Endpoint | None]) -> dict[str, Endpoint]:
    """Machines by their names, in the order of the records."""
    return {_name(one): one for one in machines if one is not None}


def _name(machine: Endpoint) -> str:
    return machine.host or machine.address or ""
