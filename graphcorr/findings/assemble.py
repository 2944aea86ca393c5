"""Pattern rows to findings: one for each file version that was written and run, however many records support it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from graphcorr.findings.confidence import MATCH_DOUBTS, Doubt, delay_doubt, rate
from graphcorr.findings.evidence import SHOWN, Records
from graphcorr.findings.generic import evidence_ids, make_generic
from graphcorr.findings.versions import Run, Version, WriteFact, load_versions
from graphcorr.model.findings import Basis, Endpoint, Evidence, Finding, Level, Movement
from graphcorr.syntax.addresses import address_key
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphcorr.graph.project import Projection
    from graphcorr.model.records import Microseconds
    from graphcorr.patterns.load import Pattern
    from graphcorr.resolve.identity import Identity
    from graphcorr.store.base import Row

NAMESPACE: Final = uuid.UUID("6f0d3c5e-6f0b-5d0c-9c0e-3d1f2a7b4c11")
"""UUIDv5 namespace of findings and paths."""

_TELLING: Final = ("module_load", "service", "task", "image", "command_line")
"""Kinds of execution, the most telling first."""
_CLOSE: Final = 5_000_000


def assemble(hits: Sequence[tuple[Pattern, Sequence[Row]]], projection: Projection) -> list[Finding]:
    """Findings of all patterns, ordered by time, then id."""
    by_version: defaultdict[str, list[tuple[Pattern, frozenset[str]]]] = defaultdict(list)
    others: list[tuple[Pattern, Row]] = []
    for pattern, rows in hits:
        for row in rows:
            if pattern.header.identity == ["version"]:
                ids = frozenset(id_ for column in pattern.header.evidence for id_ in evidence_ids(row[column]))
                by_version[str(row["version"])].append((pattern, ids))
            else:
                others.append((pattern, row))
    versions = load_versions(projection.database, by_version)
    for id_, found in by_version.items():
        if id_ not in versions:
            raise found[0][0].error(f"the column 'version' holds {id_!r}, which is the id of no file version")
    named = {id_ for pattern, row in others for column in pattern.header.evidence for id_ in evidence_ids(row[column])}
    records = Records(projection.database, _needed(versions.values()) | named)
    findings = [_Builder(versions[id_], found, records, projection.identity).build() for id_, found in by_version.items()]
    findings += [make_generic(NAMESPACE, pattern, row, records, projection.identity) for pattern, row in others]
    return sorted(findings, key=lambda finding: (finding.execution_time or finding.write_time or "", finding.id))


def _needed(versions: Iterable[Version]) -> set[str]:
    needed: set[str] = set()
    for version in versions:
        needed.update(version.earlier[:SHOWN])
        needed.update(write.id for write in version.writes[:SHOWN])
        needed.update(id_ for run in version.runs[:SHOWN] for id_ in run.ids)
        needed.update(id_ for run in [_choose(version.runs)] if run for id_ in run.ids)
        needed.update(version.moves(_choose(version.runs), SHOWN))
        needed.update(version.services[:SHOWN])
        needed.update(version.sources())
        if version.ender:
            needed.add(version.ender)
    return needed


def _choose(runs: Sequence[Run]) -> Run | None:
    """The earliest run, or of those within five seconds of it the most telling."""
    if not runs:
        return None
    near = [run for run in runs if run.time <= runs[0].time + _CLOSE]
    return min(near, key=lambda run: (_TELLING.index(run.kind), run.time, run.ids))


class _Builder:
    """One finding in the making."""

    def __init__(self, version: Version, found: list[tuple[Pattern, frozenset[str]]], records: Records, identity: Identity) -> None:
        self.version = version
        self.chosen = chosen = _choose(version.runs)
        self.records = records
        self.identity = identity
        # Of several that gave the chosen run the highest level counts: no pattern of one's own makes less of what another says.
        self.found = sorted(
            found, key=lambda pair: (chosen is None or chosen.ids[0] not in pair[1], -pair[0].header.level.rank, pair[0].header.id)
        )
        self.best = version.writes[0]
        self.doubts: list[Doubt] = []
        self.why: list[str] = []
        self.limits: list[str] = []

    def build(self) -> Finding:
        version, chosen = self.version, self.chosen
        pattern = self.found[0][0].header
        source, account, movement = self._source()
        self._judge_write()
        self._judge_run()
        headers = [found.header for found, _ in self.found]
        evidence = self._evidence()
        return Finding(
            id=str(uuid.uuid5(NAMESPACE, f"version|{version.id}")),
            pattern=pattern.id,
            patterns=sorted({header.id for header in headers}),
            title=pattern.title,
            level=Level.MEDIUM if movement is Movement.LOOPBACK and pattern.level.rank > Level.MEDIUM.rank else pattern.level,
            confidence=rate(self.doubts),
            basis=self._basis(),
            why=self.why + [doubt.sentence for doubt in dict.fromkeys(self.doubts)],
            techniques=sorted({technique for header in headers for technique in header.attack}),
            detection_strategies=sorted({strategy for header in headers for strategy in header.detection_strategy}),
            software=sorted({software for header in headers for software in header.software}),
            source=source,
            target=self._target(),
            account=account,
            movement=movement,
            execution=chosen.kind if chosen else None,
            execution_time=format_time(chosen.time) if chosen else None,
            executions=[run.execution() for run in version.runs],
            file=version.path,
            write_time=format_time(version.write_time),
            suppressed=None,
            limits=self.limits,
            evidence=evidence,
        )

    def _source(self) -> tuple[Endpoint | None, str | None, Movement]:
        """Who wrote: from the write itself, else the one client that was connected then, else what the program's own pipes say."""
        # What came from elsewhere counts before what the host wrote to itself.
        named = sorted((write for write in self.version.writes if write.source), key=lambda write: write.loopback)
        account = next((write.account for write in [*named, *self.version.writes] if write.account), None)
        caller: str | None = self.version.caller["host"] if self.version.caller else None
        address: str | None = None
        loopback = False
        if named:
            address, loopback = str(named[0].source), named[0].loopback
            if len({write.source for write in named}) > 1:
                self.doubts.append(Doubt.SOURCES_DIFFER)
        elif origin := self._connected(caller):
            address, loopback, account = origin["source"], origin["loopback"], account or origin["account"]
            self.why.append(f"{address} was the only client connected at that time")
        elif not caller:
            self.limits.append("source unknown: no share access, network logon or connection near the write names one client")
            return None, account, Movement.UNKNOWN_SOURCE
        if account is None:
            self.limits.append("account unknown")
        owner = self.identity.host_at(address, self.version.write_time) if address else None
        host = owner.host if owner and owner.host else caller
        if loopback or host == self.version.host:
            self.limits.append("the source is the host itself; who made it do so is in the remote logons beside it")
            return Endpoint(self._host_name(), address), account, Movement.LOOPBACK
        if owner and owner.host:
            self.why.append(f"{address} was {owner.host} by {owner.basis}")
        elif caller:
            self.why.append(f"the program's own pipes name {caller} as the machine that it was started from")
        elif owner:
            self.limits.append(f"source address only: {', '.join(owner.rivals)} had it" if owner.rivals else "source address only")
        if address is None and host:
            address = self.identity.addresses.address_of(host, self.version.write_time)
        return Endpoint(host, address), account, Movement.REMOTE

    def _connected(self, caller: str | None) -> Mapping[str, Any] | None:
        """The one client near the write, unless it is known to be another machine than the one that the program names."""
        origin = self.version.origin
        if origin is None or caller is None:
            return origin
        return origin if self.identity.host_at(origin["source"], self.version.write_time).host in {None, caller} else None

    def _host_name(self) -> str | None:
        return None if address_key(self.version.host) else self.version.host

    def _target(self) -> Endpoint:
        name = self._host_name()
        if name is None:
            return Endpoint(None, self.version.host)
        return Endpoint(name, self.identity.addresses.address_of(name, self.version.write_time))

    def _judge_write(self) -> None:
        writes = self.version.writes
        logs = {write.log for write in writes}
        wire = [write for write in writes if write.log.startswith("zeek")]
        if not any(write.network for write in writes):
            self.doubts.append(Doubt.WRITE_INFERRED)
        elif logs == {"security-5145"}:
            self.doubts.append(Doubt.ACCESS_ONLY)
        elif wire and logs <= {"zeek-smb-files"} and all(write.inferred for write in wire):
            self.doubts.append(Doubt.WRITE_GUESSED_FROM_WIRE)
        elif len(logs) > 1:
            self.why.append(f"the write is in {len(logs)} independent logs: {', '.join(sorted(logs))}")
        if self.best.assumed:
            self.doubts.append(Doubt.FOLDER_ASSUMED)
        if not self.version.resolved:
            self.limits.append("no log states which folder the share is")
        for clock in self.identity.clocks:
            if clock.host == self.version.host and clock.borrowed_from:
                self.doubts.append(Doubt.CLOCK_BORROWED)

    def _judge_run(self) -> None:
        chosen = self.chosen
        if chosen is None:
            self.limits.append("no run of it is logged: installed or named is not executed")
            return
        delay: Microseconds = chosen.time - self.version.write_time
        if doubt := MATCH_DOUBTS.get(chosen.basis):
            self.doubts.append(doubt)
        if doubt := delay_doubt(delay):
            self.doubts.append(doubt)
        if chosen.earliest < self._latest_possible_write() and delay < 1_000_000:
            self.doubts.append(Doubt.SIMULTANEOUS)
        else:
            self.why.append(f"it ran {_say_delay(delay)} after it was written")
        if len(self.version.runs) > SHOWN or len(self.version.writes) > SHOWN:
            self.limits.append(f"evidence shows the first {SHOWN} of {len(self.version.writes)} writes and {len(self.version.runs)} runs")

    def _latest_possible_write(self) -> Microseconds:
        return next(write.latest for write in self.version.writes if write.time == self.version.write_time)

    def _basis(self) -> Basis:
        if Doubt.FOLDER_ASSUMED in self.doubts:
            return Basis.ASSUMED
        inferred = {Doubt.WRITE_INFERRED, Doubt.WRITE_GUESSED_FROM_WIRE, Doubt.SUFFIX, Doubt.LOADER_ONLY, Doubt.CONTENT}
        return Basis.INFERRED if inferred & set(self.doubts) else Basis.OBSERVED

    def _evidence(self) -> list[Evidence]:
        version, records = self.version, self.records
        writes: list[WriteFact] = version.writes[:SHOWN]
        runs = [id_ for run in version.runs[:SHOWN] for id_ in run.ids]
        runs += self.chosen.ids if self.chosen else ()
        found = records.evidence_of("write", [*version.earlier[:SHOWN], *(write.id for write in writes)])
        moves = version.moves(self.chosen, SHOWN)
        found += records.evidence_of("move", moves)
        found += records.evidence_of("execution", runs)
        found += records.evidence_of("service", version.services[:SHOWN])
        found += records.evidence_of("origin", version.sources())
        if version.ender and version.ender not in moves:
            found += records.evidence_of("end", [version.ender])
        return found


def _say_delay(delay: Microseconds) -> str:
    seconds = delay / 1_000_000
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 120:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
