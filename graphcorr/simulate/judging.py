"""Holds findings against what was planted: every chain once, and nothing else."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.model.findings import Finding, Movement
from graphcorr.simulate.estate import SECOND, Chain, ChainKind, DecoyKind, Truth, WriteEvidence

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    return found is not None and abs(datetime.fromisoformat(found).timestamp() * SECOND - planted) <= TOLERANCE
