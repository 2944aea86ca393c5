"""A report as tables of the graph: findings, hops and paths, tied to the events, hosts and intelligence they speak of."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from graphcorr.graph.rows import write_edges, write_nodes
from graphcorr.paths.hops import hop_tier, machine

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from graphcorr.graph.rows import Value
    from graphcorr.intel.linking import Identified
    from graphcorr.model.findings import Finding
    from graphcorr.model.report import HopPath, Report

Row = dict[str, "Value"]


def write_tables(report: Report, identified: Mapping[str, Sequence[Identified]], folder: Path, known: Collection[str]) -> None:
    """Write the part ``FINDINGS`` as ``Store.replace`` takes it.

    ``identified`` says by finding what told its software. ``known`` holds the ids of hosts, techniques and software that
    are in the graph: an edge needs both its ends. An address that several hosts had, for one, is no host.
    """
    findings = report.findings
    write_nodes(folder, "Finding", [_finding(one) for one in findings])
    write_nodes(folder, "Path", [_path(one) for one in report.paths])
    for label in sorted({evidence.kind for one in findings for evidence in one.evidence if evidence.kind}):
        write_edges(folder, "EVIDENCE", "Finding", label, list(_evidence(findings, label)))
    write_edges(folder, "STARTED_FROM", "Finding", "Host", _ties(((one, machine(one.source)) for one in findings), known))
    write_edges(folder, "TOOK_PLACE_ON", "Finding", "Host", _ties(((one, machine(one.target)) for one in findings), known))
    write_edges(folder, "MOVED_TO", "Host", "Host", [row for one in findings if (row := _move(one, known))])
    write_edges(folder, "LEADS_TO", "Host", "Host", [row for path in report.paths for row in _leads(path, known)])
    included: list[Row] = [
        {"from": path.id, "to": hop, "position": position} for path in report.paths for position, hop in enumerate(path.hops, start=1)
    ]
    write_edges(folder, "INCLUDES", "Path", "Finding", included)
    write_edges(folder, "INDICATES", "Finding", "Technique", _ties(((one, id_) for one in findings for id_ in one.techniques), known))
    write_edges(folder, "CONSISTENT_WITH", "Path", "Actor", [row for path in report.paths for row in _hypotheses(path, known)])
    write_edges(folder, "IDENTIFIES", "Finding", "Software", list(_software(identified, known)))


def _hypotheses(path: HopPath, known: Collection[str]) -> Iterator[Row]:
    """The actor that a path is consistent with; on the verdict none a ranking would be believed, and there is none."""
    if path.attribution.verdict == "none":
        return
    best = max((cast("float", actor["score"]) for actor in path.attribution.actors), default=None)
    for rank, actor in enumerate(path.attribution.actors, start=1):
        if actor["score"] == best and actor["id"] in known:
            reasons = [str(reason["name"]) for reason in cast("list[dict[str, object]]", actor["reasons"])]
            yield {"from": path.id, "to": str(actor["id"]), "rank": rank, "score": cast("float", best), "reasons": "; ".join(reasons)}


def _software(identified: Mapping[str, Sequence[Identified]], known: Collection[str]) -> Iterator[Row]:
    for finding, marks in identified.items():
        told: dict[str, list[str]] = {}
        for mark in marks:
            told.setdefault(mark.software, []).append(f"{mark.basis}: {mark.value}")
        for id_, bases in told.items():
            if id_ in known:
                yield {"from": finding, "to": id_, "basis": "; ".join(bases)}


def _ties(pairs: Iterable[tuple[Finding, str | None]], known: Collection[str]) -> list[Row]:
    return [{"from": one.id, "to": id_} for one, id_ in pairs if id_ in known]


def _finding(one: Finding) -> Row:
    return {
        "id": one.id,
        "pattern": one.pattern,
        "title": one.title,
        "level": one.level.value,
        "confidence": one.confidence.value,
        "basis": one.basis.value,
        "why": "; ".join(one.why),
        "movement": one.movement.value,
        "execution": one.execution,
        "started_by": one.started_by,
        "source": one.source.host if one.source else None,
        "source_address": one.source.address if one.source else None,
        "target": machine(one.target),
        "account": one.account,
        "file": one.file,
        "limits": "; ".join(one.limits),
        "time": _time(one.time),
        "write_time": _time(one.write_time),
        "execution_time": _time(one.execution_time),
    }


def _path(one: HopPath) -> Row:
    return {
        "id": one.id,
        "name": " → ".join(one.hosts),
        "hosts": ", ".join(dict.fromkeys(one.hosts)),
        "hops": len(one.hops),
        "first": _time(one.first),
        "last": _time(one.last),
        "score": one.score,
        "why": "; ".join(one.why),
        "verdict": one.attribution.verdict,
        "probability": one.attribution.probability,
    }


def _evidence(findings: list[Finding], label: str) -> Iterator[Row]:
    for one in findings:
        # Several records may be one node, and one record may play two roles.
        roles: dict[str, list[str]] = {}
        for evidence in one.evidence:
            if evidence.kind == label and evidence.event is not None:
                roles.setdefault(evidence.event, []).append(evidence.role)
        for event, names in roles.items():
            yield {"from": one.id, "to": event, "role": ", ".join(dict.fromkeys(names))}


def _move(one: Finding, known: Collection[str]) -> Row | None:
    source, target, tier = machine(one.source), machine(one.target), hop_tier(one)
    if tier is None or source not in known or target not in known:
        return None
    return {
        "from": source,
        "to": target,
        "finding": one.id,
        "time": _time(one.time),
        "how": one.execution or tier.value,
        "confidence": one.confidence.value,
    }


def _leads(path: HopPath, known: Collection[str]) -> Iterator[Row]:
    for one in path.leads:
        source, target = machine(one.source), machine(one.target)
        if source in known and target in known:
            yield {
                "from": source,
                "to": target,
                "path": path.id,
                "direction": one.direction.value,
                "tier": one.tier.value,
                "account": one.account,
                "ways": ", ".join(one.ways),
                "count": one.count,
                "first": _time(one.first),
                "last": _time(one.last),
                "confirmed": one.confirmed,
            }


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
