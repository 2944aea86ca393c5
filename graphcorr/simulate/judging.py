"""Holds findings against what was planted: every chain and every remote execution once, and nothing else."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.model.findings import Finding, Movement
from graphcorr.simulate.deeds import Told
from graphcorr.simulate.estate import SECOND, Chain, ChainKind, DecoyKind, Truth, WriteEvidence
from graphcorr.simulate.moves import Family, Move

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphcorr.model.report import Report
    from graphcorr.simulate.deeds import Deed

TOLERANCE: Final = 2 * SECOND
"""How far a stated time may be off: an NXLog record without Sysmon's beside it knows whole seconds."""
_KINDS: Final = {
    ChainKind.IMAGE: {"image", "service", "task"},
    ChainKind.COMMAND_LINE: {"command_line"},
    ChainKind.MODULE_LOAD: {"module_load"},
}


class Verdict(msgspec.Struct, frozen=True):
    """``false`` are findings that state a written and executed file and match no chain; ``duplicates`` match one again."""

    planted: int
    found: int
    missed: list[Chain]
    false: list[Finding]
    duplicates: int

    @property
    def perfect(self) -> bool:
        return self.found == self.planted and not self.false and not self.duplicates


def judge(findings: Iterable[Finding], truth: Truth) -> Verdict:
    """Match each finding that states a written and executed file with the chain it can mean, by file, target, kind and times."""
    chains: dict[tuple[str, str], list[Chain]] = defaultdict(list)
    for chain in truth.chains:
        chains[_key(chain.target, chain.file)].append(chain)
    loops = {_key(decoy.target, decoy.file) for decoy in truth.decoys if decoy.kind is DecoyKind.LOOPBACK}
    hits: Counter[Chain] = Counter()
    false = []
    for finding in findings:
        if finding.file is None or finding.execution is None:
            continue
        key = _key(finding.target.host or "", finding.file)
        if key in loops and finding.movement is Movement.LOOPBACK:
            continue
        match = next((chain for chain in chains[key] if _is_of(finding, chain)), None)
        if match is None:
            false.append(finding)
        else:
            hits[match] += 1
    return Verdict(
        planted=len(truth.chains),
        found=len(hits),
        missed=[chain for chain in truth.chains if chain not in hits],
        false=false,
        duplicates=sum(hits.values()) - len(hits),
    )


def _key(host: str, file: str) -> tuple[str, str]:
    return host.split(".", maxsplit=1)[0].casefold(), file.casefold()


def _is_of(finding: Finding, chain: Chain) -> bool:
    if not _near(finding.write_time, chain.write_time):
        return False
    runs = [(finding.execution, finding.execution_time), *((run.kind, run.time) for run in finding.executions)]
    if not any(kind in _KINDS[chain.kind] and _near(time, chain.execution_time) for kind, time in runs):
        return False
    if chain.evidence is WriteEvidence.SYSMON:
        return True  # no record names the source: what the detector concludes from the logons near it is its own affair
    source = finding.source
    return source is not None and (source.address == chain.source_address or _same_name(source.host, chain.source))


def _same_name(found: str | None, planted: str) -> bool:
    return found is not None and found.split(".")[0].casefold() == planted.split(".", maxsplit=1)[0].casefold()


def _near(found: str | None, planted: int) -> bool:
    return found is not None and abs(_micro(found) - planted) <= TOLERANCE


_WAYS: Final = {
    **dict.fromkeys((Family.SERVICE_RUN, Family.SERVICE_SET_UP), "service"),
    **dict.fromkeys((Family.TASK_RUN, Family.TASK_SET_UP), "task"),
    **dict.fromkeys((Family.WINRM, Family.REMOTING), "winrm"),
    Family.WMI: "wmi",
    Family.SUBSCRIPTION: "subscription",
    Family.DCOM: "dcom",
    Family.FROM_SHARE: "share",
    # What was written and is not seen to be can still be seen to be set up.
    Family.WRITTEN: "service",
}
NEAR: Final = 5 * SECOND
"""How far the time of a finding, or of one of its steps, may be from that of the move."""


class Tally(msgspec.Struct, frozen=True):
    """Moves with the finding that tells of each, None where none does, and findings of another machine's doing that are of no move."""

    told: list[tuple[Move, Finding | None]]
    false: list[Finding]


def judge_moves(findings: Iterable[Finding], moves: Iterable[Move]) -> Tally:
    """Match each move with a finding of its target, way and time; the source is for whoever reads the finding.

    What is told as a machine's own doing (loopback, local) is neither.
    """
    left = [finding for finding in findings if finding.movement not in {Movement.LOOPBACK, Movement.LOCAL}]
    told: list[tuple[Move, Finding | None]] = []
    for move in moves:
        match = next((finding for finding in left if _tells(finding, move)), None)
        if match is not None:
            left.remove(match)
        told.append((move, match))
    return Tally(told, left)


def tells_of(report: Report, deed: Deed) -> bool:
    """Whether a deed is told on its machine, as what it is to be told."""
    if deed.told is Told.OBSERVED:
        return any(
            one.technique == deed.technique and _same_name(one.target.host, deed.target) and _within(one.first, one.last, deed.time)
            for one in report.observations
        )
    if deed.told is Told.FOUND:
        own = [one for one in report.findings if deed.technique in one.techniques and _same_name(one.target.host, deed.target)]
        return any(abs(_micro(step.time) - deed.time) <= NEAR for one in own for step in one.steps)
    return _told_beside(report.findings, deed)


def _told_beside(findings: Iterable[Finding], deed: Deed) -> bool:
    """Whether a finding of the deed's machine tells of it beside who came."""
    return any(
        behavior.technique == deed.technique and _within(behavior.first, behavior.last, deed.time)
        for finding in findings
        if _same_name(finding.target.host, deed.target)
        for behavior in finding.behaviors
    )


def _within(first: str, last: str, time: int) -> bool:
    return _micro(first) - NEAR <= time <= _micro(last) + NEAR


def names_source(finding: Finding, move: Move) -> bool:
    """Whether a finding names the machine that the move came from, by its name or its address."""
    source = finding.source
    return source is not None and (_same_name(source.host, move.source) or source.address == move.source_address)


def _tells(finding: Finding, move: Move) -> bool:
    if not _same_name(finding.target.host, move.target):
        return False
    times = [finding.time, *(run.time for run in finding.executions), *(step.time for step in finding.steps)]
    if not any(abs(_micro(time) - move.time) <= NEAR for time in times):
        return False
    if move.file is not None and finding.file is not None:
        return finding.file.casefold() == move.file.casefold()
    return finding.started_by is not None and finding.started_by == _WAYS.get(move.family)


def _micro(text: str) -> float:
    return datetime.fromisoformat(text).timestamp() * SECOND
