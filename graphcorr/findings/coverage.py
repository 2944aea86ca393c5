"""What could be seen at all: per host which kinds of event are logged there, from when to when, and where its logs break off.

Counted from the events, never from the graph: a record proves that a kind would have been logged on its host, or it does not.
"""

from __future__ import annotations

from collections import defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from graphcorr.facts.catalog import facts
from graphcorr.findings.gaps import find_gaps
from graphcorr.logs.catalog import log_types, logs_by
from graphcorr.logs.testimony import Vantage
from graphcorr.model.findings import Movement
from graphcorr.model.kinds import Kind
from graphcorr.model.report import NETWORK, Coverage, FormerName, HostCoverage, HostMissing, KindCoverage, PatternCoverage
from graphcorr.patterns.header import Result
from graphcorr.resolve.events import logs_here
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from graphcorr.engine.database import Database
    from graphcorr.patterns.load import Pattern
    from graphcorr.resolve.hosts import HostNames

_LASTING: Final = frozenset({Kind.WRITE.value, *(kind.value for kind, fact in facts().items() if fact.is_rare)})
"""Kinds that count as logged wherever one of them is, whenever that was."""
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def measure(database: Database, patterns: Sequence[Pattern], names: HostNames, stopped: Mapping[str, str] = _NOTHING) -> Coverage:
    """Coverage of every host that logged or was written to, under all the names it had, and what it means for each pattern.

    ``stopped`` says, by id, why the engine did not come to a pattern's end.
    """
    sensors = logs_by(Vantage.SENSOR)
    kinds: defaultdict[str, dict[str, tuple[int, int, int]]] = defaultdict(dict)
    proofs = _proofs(logs_here(database))
    for host, log, proof, first, last, count in database.execute(
        f"SELECT coalesce(host, '{NETWORK}'), log, {proofs}, epoch_us(min(time)), epoch_us(max(time)), count(*) FROM events "
        # What should name a machine and names none was not seen by the network's monitor, and covers nobody.
        f"WHERE host IS NOT NULL OR log IN {sensors} GROUP BY ALL"
    ).fetchall():
        # A log type may have gone since the case was read: its records prove nothing that anybody here could look for.
        covers = sorted(log_types()[log].covers) if log in log_types() else []
        for kind in (kind for number, kind in enumerate(covers) if proof & 1 << number):
            known = kinds[host].get(kind.value, (first, last, 0))
            kinds[host][kind.value] = (min(first, known[0]), max(last, known[1]), known[2] + count)
    seen_on_wire = {host for (host,) in database.execute(f"SELECT DISTINCT host FROM writes WHERE log IN {sensors}").fetchall()}
    gaps = find_gaps(database)
    hosts = [
        HostCoverage(
            host,
            [
                KindCoverage(kind, format_time(first), format_time(last), count)
                for kind, (first, last, count) in sorted(kinds[host].items())
            ],
            gaps.get(host, []),
            [FormerName(one.name, format_time(one.until), one.basis) for one in names.former_names(host)],
        )
        for host in sorted(set(kinds) | seen_on_wire)
    ]
    covered = {
        host: set(kinds[host]) | (set(kinds[NETWORK]) if host in seen_on_wire else set())
        for host in (set(kinds) | seen_on_wire) - {NETWORK}
    }
    for host, first_write in database.execute("SELECT host, epoch_us(min(time)) FROM writes GROUP BY host").fetchall():
        # A log that ends before the first file was written cannot show that it ran; what comes seldom does not show where its log ends.
        lasting = {kind for kind, (_, last, _) in kinds[host].items() if kind in _LASTING or last >= first_write}
        covered[host] = {kind for kind in covered.get(host, ()) if kind not in kinds[host] or kind in lasting}
    logged = {host: set(kinds[host]) | covered.get(host, set()) for host in covered}
    about_writes = {pattern.header.id for pattern in patterns if Kind.WRITE in pattern.header.needs}
    return Coverage(
        hosts, [_of_pattern(one, covered if one.header.id in about_writes else logged, stopped.get(one.id)) for one in patterns]
    )


def _proofs(logs: Collection[str]) -> str:
    """SQL over an event: which of the kinds that its log type covers it proves, a bit for each of them in their order; of most all."""
    cases: list[str] = []
    for name, log_type in log_types().items():
        if name not in logs or all(claim.covers in {None, "TRUE"} for claim in log_type.testifies):
            continue
        bits: list[str] = []
        for number, kind in enumerate(sorted(log_type.covers)):
            either = " OR ".join(f"({claim.covers})" for claim in log_type.testifies if claim.kind is kind and claim.covers is not None)
            bits.append(f"CASE WHEN {either} THEN {1 << number} ELSE 0 END")
        cases.append(f"WHEN '{name}' THEN {' + '.join(bits)}")
    return f"CASE log {' '.join(cases)} ELSE -1 END" if cases else "-1"


def _of_pattern(pattern: Pattern, covered: dict[str, set[str]], stopped: str | None) -> PatternCoverage:
    needs = {kind.value for kind in pattern.header.needs if not facts()[kind].is_guard}
    missing = [HostMissing(host, sorted(needs - kinds)) for host, kinds in sorted(covered.items()) if needs - kinds]
    status = "evaluated" if covered and not missing else "not_evaluated" if len(missing) == len(covered) else "partly"
    observation = pattern.header.result is Result.OBSERVATION
    decides = bool(needs) and not observation and pattern.header.movement is not Movement.LOCAL
    status = "not_evaluated" if stopped else status
    return PatternCoverage(pattern.header.id, status, missing, observation=observation, stopped=stopped, decides=decides)
