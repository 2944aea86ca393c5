"""Hops joined into time-respecting paths: each hop starts at the host that the one before took, after it ran there.

Found hops are few, so they are joined here and not in Cypher, where a long pattern means different things on
different engines and costs more than it finds.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from graphcorr.findings.assemble import NAMESPACE
from graphcorr.model import Attribution, Confidence, Endpoint, Finding, HopPath, Microseconds, Movement
from graphcorr.syntax.times import parse_time

if TYPE_CHECKING:
    import networkx as nx

PATIENCE: Final = timedelta(days=7)
"""Longest rest on a host between two hops of one path."""

MOST_PATHS: Final = 1_000
"""Paths that are listed; a bounded list says so in each path's ``why``."""

_WEIGHT: Final = {Confidence.HIGH: 1.0, Confidence.MEDIUM: 0.6, Confidence.LOW: 0.3}


def join_hops(findings: Sequence[Finding], patience: timedelta = PATIENCE) -> list[HopPath]:
    """The longest paths of hops between hosts, none visited twice; a lone hop is a path of one.

    A hop is a finding with an execution that moved between two hosts. The order of ``findings`` does not matter.
    """
    hops = {finding.id: finding for finding in findings if finding.movement is Movement.REMOTE and finding.execution_time}
    if not hops:
        return []
    import networkx as nx  # most hunts find no hop, and importing it costs as much as a small hunt

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(sorted(hops))
    waiting = int(patience.total_seconds() * 1_000_000)
    by_source: dict[str, list[Finding]] = {}
    for hop in hops.values():
        by_source.setdefault(_name(hop.source), []).append(hop)
    for hop in hops.values():
        for following in by_source.get(_name(hop.target), ()):
            rest = _began(following) - _ran(hop)
            if 0 <= rest <= waiting:
                graph.add_edge(hop.id, following.id)
    paths = []
    bounded = False
    for chain in _chains(graph, hops):
        if len(paths) == MOST_PATHS:
            bounded = True
            break
        paths.append(chain)
    made = [_path([hops[id_] for id_ in chain], bounded=bounded) for chain in paths]
    return sorted(made, key=lambda path: (path.first, path.id))


def _chains(graph: nx.DiGraph[str], hops: dict[str, Finding]) -> Iterator[tuple[str, ...]]:
    """Maximal chains: no hop can be put before the first or after the last one. Depth first, in time order."""
    order = sorted(hops, key=lambda id_: (_ran(hops[id_]), id_))
    starts = [id_ for id_ in order if not any(_can_follow((before,), id_, hops) for before in graph.predecessors(id_))]
    for start in starts:
        stack: list[tuple[str, ...]] = [(start,)]
        while stack:
            chain = stack.pop()
            following = sorted((id_ for id_ in graph.successors(chain[-1]) if _can_follow(chain, id_, hops)), key=lambda id_: (_ran(hops[id_]), id_))
            if not following:
                yield chain
            stack.extend((*chain, id_) for id_ in reversed(following))


def _can_follow(chain: tuple[str, ...], id_: str, hops: dict[str, Finding]) -> bool:
    visited = {_name(hops[chain[0]].source), *(_name(hops[one].target) for one in chain)}
    return _name(hops[id_].target) not in visited


def _path(chain: list[Finding], *, bounded: bool) -> HopPath:
    weights = [_WEIGHT[hop.confidence] for hop in chain]
    why = [f"{len(chain)} hop{'s' if len(chain) > 1 else ''}; the least certain one is of {min(chain, key=lambda h: _WEIGHT[h.confidence]).confidence} confidence"]
    for before, after in pairwise(chain):
        if before.account and after.account and before.account.lower() == after.account.lower():
            why.append(f"{before.account} carries over at {_name(before.target)}")
        else:
            why.append(f"joined at {_name(before.target)} by time alone")
            weights.append(0.8)
    if bounded:
        why.append(f"only the first {MOST_PATHS} paths are listed")
    score = 1.0
    for weight in weights:
        score *= weight
    return HopPath(
        id=str(uuid.uuid5(NAMESPACE, "path|" + "|".join(hop.id for hop in chain))),
        hosts=[_name(chain[0].source), *(_name(hop.target) for hop in chain)],
        hops=[hop.id for hop in chain],
        first=str(chain[0].write_time or chain[0].execution_time),
        last=str(chain[-1].execution_time),
        score=round(score, 3),
        why=why,
        attribution=Attribution("none", None, [], []),
    )


def _name(endpoint: Endpoint | None) -> str:
    return (endpoint.host or endpoint.address or "?") if endpoint else "?"


def _ran(finding: Finding) -> Microseconds:
    return _micro(finding.execution_time)


def _began(finding: Finding) -> Microseconds:
    return _micro(finding.write_time or finding.execution_time)


def _micro(text: str | None) -> Microseconds:
    parsed = parse_time(text or "")
    if parsed is None:
        raise ValueError(f"a hop without a time: {text}")
    return parsed[0]
