"""File versions that were written over the network and run: one finding for each, however many records support it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from graphcorr.findings.aftermath import load_aftermath, show_aftermath, tell_aftermath, tell_traits
from graphcorr.findings.clocks import BorrowedClocks
from graphcorr.findings.confidence import MATCH_DOUBTS, Doubt, delay_doubt, rate
from graphcorr.findings.evidence import SHOWN, Records
from graphcorr.findings.exhibits import Exhibits
from graphcorr.findings.judging import NAMESPACE, say_delay, say_former_names, techniques_of
from graphcorr.findings.version_source import find_source
from graphcorr.findings.version_steps import Scene, is_removed, show_evidence, tell_steps
from graphcorr.findings.versions import Run, Version, load_versions
from graphcorr.logs.testimony import Strength, Vantage
from graphcorr.logs.witnesses import may_refuse, witness
from graphcorr.model.findings import Basis, Finding, Level, Movement
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphcorr.findings.aftermath import Aftermath
    from graphcorr.findings.judging import Hit
    from graphcorr.graph.project import Projection
    from graphcorr.model.records import Microseconds
    from graphcorr.patterns.header import Header
    from graphcorr.patterns.load import Pattern
    from graphcorr.resolve.identity import Identity

_TELLING: Final = ("module_load", "service", "task", "image", "command_line", "wmi")
"""Kinds of execution, the most telling first."""
_CLOSE: Final = 5_000_000


class _FileVersions:
    """The judge of patterns whose rows are file versions."""

    def claims(self, header: Header) -> bool:
        return header.identity == ["version"]

    def judge(self, hits: Sequence[Hit], projection: Projection) -> list[Finding]:
        found: defaultdict[str, list[tuple[Pattern, frozenset[str]]]] = defaultdict(list)
        for hit in hits:
            found[str(hit.row["version"])].append((hit.pattern, hit.ids()))
        versions = load_versions(projection.database, found)
        for id_, patterns in found.items():
            if id_ not in versions:
                raise patterns[0][0].error(f"the column 'version' holds {id_!r}, which is the id of no file version")
        aftermaths = load_aftermath(projection.database, versions.values())
        records = Records(projection.database, _needed(versions.values(), aftermaths))
        clocks = BorrowedClocks(projection.identity.clocks)
        return [
            _Builder(versions[id_], patterns, records, projection.identity, clocks=clocks, aftermath=aftermaths[id_]).build()
            for id_, patterns in found.items()
        ]


JUDGE: Final = _FileVersions()


def _needed(versions: Iterable[Version], aftermaths: Mapping[str, Aftermath]) -> set[str]:
    needed: set[str] = set()
    for version in versions:
        needed.update(aftermaths[version.id].ids())
        needed.update(list(version.earlier)[:SHOWN])
        needed.update(write.id for write in version.writes[:SHOWN])
        needed.update(id_ for run in version.runs[:SHOWN] for id_ in run.ids)
        needed.update(id_ for run in [choose_run(version.runs)] if run for id_ in run.ids)
        needed.update(version.moves(choose_run(version.runs), SHOWN))
        needed.update(version.services[:SHOWN])
        needed.update(version.calls[:SHOWN])
        needed.update(version.sources())
        needed.update(version.proofs[:SHOWN])
        if version.ender:
            needed.add(version.ender)
    return needed


def choose_run(runs: Sequence[Run]) -> Run | None:
    """The earliest run, or of those within five seconds of it the most telling."""
    return min(_first(runs), key=lambda run: (_TELLING.index(run.kind), run.time, run.ids), default=None)


def _first(runs: Sequence[Run]) -> list[Run]:
    return [run for run in runs if run.time <= runs[0].time + _CLOSE]


class _Builder:
    """One finding in the making."""

    def __init__(
        self,
        version: Version,
        found: list[tuple[Pattern, frozenset[str]]],
        records: Records,
        identity: Identity,
        *,
        clocks: BorrowedClocks,
        aftermath: Aftermath,
    ) -> None:
        self.version = version
        self.aftermath = aftermath
        self.chosen = chosen = choose_run(version.runs)
        self.records = records
        self.identity = identity
        self.clocks = clocks
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
        told = find_source(version, self.identity, self.records)
        source, account, movement = told.machine, told.account, told.movement
        self.why += told.why
        self.limits += told.limits
        self.doubts += told.doubts
        if told.event is not None:
            self._judge_outcome((told.event,))
        self._judge_write()
        self._judge_run()
        self._judge_clocks()
        headers = [found.header for found, _ in self.found]
        target = self.identity.machine(version.host, version.write_time)
        self.why += say_former_names(self.identity, (source, target), version.write_time)
        exhibits = Exhibits(self.records)
        show_evidence(version, chosen, exhibits)
        self.limits += show_aftermath(self.aftermath, exhibits)
        scene = Scene(source, target, account, self.identity, self.records)
        return Finding(
            id=str(uuid.uuid5(NAMESPACE, f"version|{version.id}")),
            pattern=pattern.id,
            patterns=sorted({header.id for header in headers}),
            title=pattern.title,
            level=Level.MEDIUM if movement is Movement.LOOPBACK and pattern.level.rank > Level.MEDIUM.rank else pattern.level,
            confidence=rate(self.doubts),
            basis=self._basis(),
            why=self.why + [doubt.sentence for doubt in dict.fromkeys(self.doubts)],
            techniques=techniques_of(headers, self._started_by()),
            detection_strategies=sorted({strategy for header in headers for strategy in header.detection_strategy}),
            software=sorted({software for header in headers for software in header.software}),
            source=source,
            target=target,
            account=account,
            movement=movement,
            execution=chosen.kind if chosen else None,
            execution_time=format_time(chosen.time) if chosen else None,
            executions=[run.execution() for run in version.runs],
            file=version.path,
            write_time=format_time(version.write_time),
            time=format_time(chosen.time if chosen else version.write_time),
            started_by=self._started_by(),
            steps=tell_steps(version, chosen, exhibits, scene),
            suppressed=None,
            limits=self.limits,
            evidence=exhibits.evidence,
            traits=tell_traits(version, self.aftermath, exhibits, self.records, removed=is_removed(version)),
            aftermath=tell_aftermath(self.aftermath, exhibits, scene),
        )

    def _judge_write(self) -> None:
        writes = self.version.writes
        logs = {witness(log): log for log in sorted({write.log for write in writes}, reverse=True)}
        if not any(write.network for write in writes):
            self.doubts.append(Doubt.WRITE_INFERRED)
        elif all(write.strength == Strength.ASKED for write in writes):
            self.doubts.append(Doubt.ACCESS_ONLY)
        elif all(write.vantage == Vantage.SENSOR and write.inferred for write in writes):
            self.doubts.append(Doubt.WRITE_GUESSED_FROM_WIRE)
        elif len(logs) > 1:
            self.why.append(f"the write is in {len(logs)} independent logs: {', '.join(sorted(logs.values()))}")
        # The machine's own record of the file confirms that it was written, and not by which client.
        if all(write.strength == Strength.ASKED for write in writes if write.network):
            self._judge_outcome(write.id for write in writes if write.network)
        if self.best.assumed:
            self.doubts.append(Doubt.FOLDER_ASSUMED)
        if not self.version.resolved:
            self.limits.append("no log states which folder the share is")

    def _judge_outcome(self, ids: Iterable[str]) -> None:
        """Open is where no record says that access was granted."""
        audits = [row for id_ in ids if self.records.has(id_) and may_refuse((row := self.records.row(id_))["log"])]
        if audits and all(row["outcome"] is None and row["success"] is None for row in audits):
            self.doubts.append(Doubt.OUTCOME_OPEN)

    def _judge_run(self) -> None:
        chosen = self.chosen
        if chosen is None:
            self.limits.append("no run of it is logged: installed or named is not executed")
            return
        if chosen.called:
            self.doubts.append(Doubt.WIRE_ONLY)
        delay: Microseconds = chosen.time - self.version.write_time
        if doubt := MATCH_DOUBTS.get(chosen.basis):
            self.doubts.append(doubt)
        if doubt := delay_doubt(delay):
            self.doubts.append(doubt)
        if chosen.earliest <= self._latest_possible_write():
            self.doubts.append(Doubt.SIMULTANEOUS)
        else:
            self.why.append(f"it ran {say_delay(delay)} after it was written")
        if len(self.version.runs) > SHOWN or len(self.version.writes) > SHOWN:
            self.limits.append(f"evidence shows the first {SHOWN} of {len(self.version.writes)} writes and {len(self.version.runs)} runs")

    def _judge_clocks(self) -> None:
        """Only the records whose times are compared count: what else the host logged, with whatever clock, says nothing of them."""
        compared = [self.best.id, *(self.chosen.ids[:1] if self.chosen else ()), *self.version.sources()]
        if any(self.clocks.moved(self.records.row(id_)) for id_ in compared):
            self.doubts.append(Doubt.CLOCK_BORROWED)

    def _latest_possible_write(self) -> Microseconds:
        return next(write.latest for write in self.version.writes if write.time == self.version.write_time)

    def _started_by(self) -> str | None:
        """What had the stated run start; a shell between the two is one of the other first runs."""
        if self.chosen is None:
            return "service" if self.version.services else None
        return next((run.started_by for run in (self.chosen, *_first(self.version.runs)) if run.started_by), None)

    def _basis(self) -> Basis:
        if Doubt.FOLDER_ASSUMED in self.doubts:
            return Basis.ASSUMED
        inferred = {Doubt.WRITE_INFERRED, Doubt.WRITE_GUESSED_FROM_WIRE, Doubt.SUFFIX, Doubt.LOADER_ONLY, Doubt.CONTENT}
        return Basis.INFERRED if inferred & set(self.doubts) else Basis.OBSERVED
