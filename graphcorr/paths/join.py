"""Hops joined into time-respecting paths: each hop starts at the host that the one before reached, after it was reached.

Found hops are few, so they are joined here and not in Cypher, where a long pattern means different things on
different engines and costs more than it finds.
"""

from __future__ import annotations

import uuid
from bisect import bisect_left, bisect_right
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from graphcorr.findings.judging import NAMESPACE
from graphcorr.model.report import Attribution, HopPath
from graphcorr.paths.hops import hop_tier, machine
from graphcorr.paths.reasons import reasons_of, score
from graphcorr.syntax.times import read_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import networkx as nx

    from graphcorr.model.findings import Finding
    from graphcorr.model.records import Microseconds

PATIENCE: Final = timedelta(days=7)
"""Longest rest on a host between two hops of one path."""

MOST_PATHS: Final = 1_000
"""Paths that are listed; a bounded list says so in each path's ``why``."""

CLOCKS: Final = 1_000_000
"""Clocks of two machines, and logs that know whole seconds, let a hop seem to begin so much before the one that led to it ran."""

_LOOKED_AT: Final = 64
"""Hops that are considered for each step of a path, the nearest in time: it bounds the work between busy hosts."""


def join_hops(findings: Sequence[Finding], patience: timedelta = PATIENCE) -> list[HopPath]:
    """Paths of hops between hosts, none visited twice, such that every hop is in at least one; a lone hop is a path of one.

    What a hop is says :func:`~graphcorr.paths.hops.hop_tier`. The order of ``findings`` does not matter. All
    paths there are would be exponentially many between a few busy hosts; these are as many as there are hops at most, and
    the work grows with the hops times the length of a path.
    """
    # The same finding twice is one hop.
    hops = sorted({one.id: _Hop.of(one) for one in findings if hop_tier(one)}.values(), key=lambda hop: (hop.reached, hop.id))
    met = {hop.source for hop in hops} & {hop.target for hop in hops}
    chains = _join(hops, int(patience.total_seconds() * 1_000_000)) if met else [_Chain([hop], cut=False) for hop in hops]
    chains.sort(key=lambda chain: (-len(chain.hops), chain.hops[0].began, chain.hops[0].id))
    limit = None
    if len(chains) > MOST_PATHS:
        limit = f"only the {MOST_PATHS:,} longest of {len(chains):,} paths are listed"
    made = [_path(chain, limit) for chain in chains[:MOST_PATHS]]
    return sorted(made, key=lambda path: (path.first, path.id))


class _Hop(NamedTuple):
    id: str
    source: str
    target: str
    began: Microseconds
    reached: Microseconds
    account: str | None
    finding: Finding

    @classmethod
    def of(cls, finding: Finding) -> _Hop:
        return cls(
            finding.id,
            str(machine(finding.source)),
            str(machine(finding.target)),
            read_moment(_begin(finding)),
            read_moment(finding.time),
            finding.account.lower() if finding.account else None,
            finding,
        )


class _Chain(NamedTuple):
    hops: list[_Hop]
    cut: bool
    """There may be more hops at one of its ends than were looked at."""


def _join(hops: Sequence[_Hop], patience: Microseconds) -> list[_Chain]:
    """Chains that cover every hop: hosts are nodes, hops are edges, and each hop that is in no chain yet is extended to one."""
    # Imported here: it takes as long as a small hunt, and in most hunts no two hops meet.
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for hop in hops:
        graph.add_edge(hop.source, hop.target, key=hop.id, hop=hop)
    joints = _Joints(graph, patience)
    covered: set[str] = set()
    chains: list[_Chain] = []
    for hop in hops:
        if hop.id not in covered:
            chain = joints.extend(hop)
            covered.update(one.id for one in chain.hops)
            chains.append(chain)
    return chains


class _Joints:
    """Which hops can come before and after a hop: at its hosts, in time order, within the patience."""

    def __init__(self, graph: nx.MultiDiGraph[str], patience: Microseconds) -> None:
        self._patience = patience
        self._leaving: dict[str, list[_Hop]] = {}
        self._arriving: dict[str, list[_Hop]] = {}
        for host in graph:
            leaving: list[_Hop] = [edge["hop"] for _, _, edge in graph.out_edges(host, data=True)]
            arriving: list[_Hop] = [edge["hop"] for _, _, edge in graph.in_edges(host, data=True)]
            self._leaving[host] = sorted(leaving, key=lambda hop: (hop.began, hop.id))
            self._arriving[host] = sorted(arriving, key=lambda hop: (hop.reached, hop.id))

    def extend(self, hop: _Hop) -> _Chain:
        """The path through ``hop``: back to where it started, then on to where it led."""
        hops = [hop]
        visited = {hop.source, hop.target}
        looked_back = _Search(lambda one: one.source, visited)
        while before := looked_back.best(self._before(hops[0]), hops[0]):
            hops.insert(0, before)
        looked_on = _Search(lambda one: one.target, visited)
        while after := looked_on.best(self._after(hops[-1]), hops[-1]):
            hops.append(after)
        return _Chain(hops, looked_back.cut or looked_on.cut)

    def _after(self, hop: _Hop) -> Iterator[_Hop]:
        """Hops that left where ``hop`` arrived, the soonest first."""
        leaving = self._leaving[hop.target]
        for position in range(bisect_left(leaving, hop.reached - CLOCKS, key=lambda one: one.began), len(leaving)):
            if leaving[position].began > hop.reached + self._patience:
                return
            yield leaving[position]

    def _before(self, hop: _Hop) -> Iterator[_Hop]:
        """Hops that arrived where ``hop`` left, the latest first."""
        arriving = self._arriving[hop.source]
        for position in range(bisect_right(arriving, hop.began + CLOCKS, key=lambda one: one.reached) - 1, -1, -1):
            if arriving[position].reached < hop.began - self._patience:
                return
            yield arriving[position]


class _Search:
    """Looks for the next hop in one direction; ``visited`` are the hosts of the path, shared by both directions."""

    def __init__(self, leads: Callable[[_Hop], str], visited: set[str]) -> None:
        self._leads = leads
        self._visited = visited
        self.cut = False

    def best(self, near: Iterator[_Hop], of: _Hop) -> _Hop | None:
        """The nearest with the same account, else the nearest, of those that lead to a new host."""
        seen = list(islice(near, _LOOKED_AT))
        possible = [one for one in seen if self._leads(one) not in self._visited]
        if not possible:
            self.cut = len(seen) == _LOOKED_AT
            return None
        found = next((one for one in possible if one.account and one.account == of.account), possible[0])
        self._visited.add(self._leads(found))
        return found


def _path(found: _Chain, limit: str | None) -> HopPath:
    chain = [hop.finding for hop in found.hops]
    given = reasons_of(chain)
    why = [one.sentence for one in given]
    if found.cut:
        why.append(f"it may go on: of the hops at one end only the nearest {_LOOKED_AT} were looked at")
    if limit:
        why.append(limit)
    return HopPath(
        id=str(uuid.uuid5(NAMESPACE, "path|" + "|".join(hop.id for hop in chain))),
        hosts=[found.hops[0].source, *(hop.target for hop in found.hops)],
        hops=[hop.id for hop in chain],
        first=_begin(chain[0]),
        last=chain[-1].time,
        score=score(given),
        why=why,
        attribution=Attribution("none", None, [], []),
    )


def _begin(finding: Finding) -> str:
    """When a hop left its source: with the write, without a file with the first thing that is known of it."""
    return finding.write_time or min([finding.time, *(step.time for step in finding.steps)])
