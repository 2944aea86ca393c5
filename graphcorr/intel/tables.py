"""Knowledge → the intelligence part of the graph, as Parquet tables that ``Store.replace`` takes."""

from __future__ import annotations

from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from graphcorr.graph.kinds import EDGES, NODES, Part, Type
from graphcorr.graph.rows import ARROW
from graphcorr.intel.descriptions import earliest_date
from graphcorr.intel.knowledge import labels_of
from graphcorr.intel.objects import KINDS, time_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from graphcorr.intel.facts import Fact, Facts
    from graphcorr.intel.knowledge import Knowledge
    from graphcorr.intel.library import Held
    from graphcorr.intel.objects import Stix

LABELS: Final = {
    "technique": "Technique",
    "malware": "Software",
    "tool": "Software",
    "actor": "Actor",
    "campaign": "Campaign",
    "tactic": "Tactic",
    "detection_strategy": "DetectionStrategy",
    "indicator": "Indicator",
}
"""Kind of a fact, or ``indicator``, to the label of its node. Data components have none."""
_BY_TYPE: Final = LABELS | {type_: LABELS[kind] for type_, kind in KINDS.items() if kind in LABELS}

_EDGE_TYPES: Final = {
    "uses": "USES",
    "attributed-to": "ATTRIBUTED_TO",
    "detects": "DETECTS",
    "subtechnique-of": "SUBTECHNIQUE_OF",
    "indicates": "INDICATED_BY",
}
_DAY: Final = 86_400_000_000
_UNIX: Final = date(1970, 1, 1)
Row = dict[str, object]
_Edge = tuple[str, str, str, int | None]
_EDGE_COLUMNS: Final = ("from", "to", "provenance", "since")


def write_intelligence(folder: Path, knowledge: Knowledge) -> set[str]:
    """Write ``nodes/<Label>.parquet`` and ``edges/<TYPE>__<From>__<To>.parquet`` of the intelligence part to ``folder``.

    Other files in the folder stay; an empty table has no file. Equal knowledge gives equal tables. Returns the ids of the nodes.
    """
    made = make_tables(knowledge)
    for part, tables in made.items():
        (folder / part).mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            path = folder / part / f"{name}.parquet"
            if table.num_rows:
                pq.write_table(table, path)
            else:
                path.unlink(missing_ok=True)
    return {str(id_) for table in made["nodes"].values() for id_ in table["id"].to_pylist()}


def make_tables(knowledge: Knowledge) -> dict[str, dict[str, pa.Table]]:
    """``{"nodes": {label: table}, "edges": {TYPE__From__To: table}}`` with the columns that the kinds declare."""
    nodes: dict[str, list[Row]] = {node.label: [] for node in NODES if node.part is Part.INTELLIGENCE}
    labels = labels_of(knowledge, _BY_TYPE)
    edges = _Edges(labels)
    _add_facts(knowledge, nodes, edges)
    _add_records(knowledge, nodes, edges)
    declared = {node.label: node.properties for node in NODES}
    types = {edge.type: edge.properties for edge in EDGES}
    return {
        "nodes": {label: _node_table(rows, {"id": Type.TEXT} | declared[label]) for label, rows in nodes.items()},
        "edges": {"__".join(key): _edge_table(rows, types[key[0]]) for key, rows in edges.rows.items() if rows},
    }


def _node_table(rows: list[Row], columns: dict[str, Type]) -> pa.Table:
    rows.sort(key=lambda row: str(row["id"]))
    return pa.table({name: pa.array([row.get(name) for row in rows], ARROW[type_]) for name, type_ in columns.items()})


def _edge_table(rows: list[_Edge], properties: dict[str, Type]) -> pa.Table:
    rows.sort(key=itemgetter(0, 1, 2))
    columns = dict(zip(_EDGE_COLUMNS, zip(*rows, strict=True), strict=True))
    wanted = {"from": Type.TEXT, "to": Type.TEXT} | properties
    return pa.table({name: pa.array(columns.get(name, (None,) * len(rows)), ARROW[type_]) for name, type_ in wanted.items()})


class _Edges:
    """Rows of each edge table; what the kinds do not declare is no edge."""

    def __init__(self, labels: dict[str, str]) -> None:
        self._labels = labels
        self._declared = {(edge.type, *pair) for edge in EDGES if edge.part is Part.INTELLIGENCE for pair in edge.pairs}
        self.rows: dict[tuple[str, str, str], list[_Edge]] = {}

    def add(self, type_: str, source: str, target: str, provenance: str, since: int | None = None) -> bool:
        key = (type_, self._labels.get(source, ""), self._labels.get(target, ""))
        if key not in self._declared:
            return False
        self.rows.setdefault(key, []).append((source, target, provenance, since))
        return True

    def add_uses(self, facts: Facts, release: str) -> None:
        """What most edges are."""
        label = self._labels.get
        places = {key[1:]: self.rows.setdefault(key, []) for key in sorted(self._declared) if key[0] == "USES"}
        for use in facts.uses:
            rows = places.get((label(use.source, ""), label(use.target, "")))
            if rows is not None:
                rows.append((use.source, use.target, release, use.day * _DAY))


def _add_facts(knowledge: Knowledge, nodes: dict[str, list[Row]], edges: _Edges) -> None:
    facts, release = knowledge.facts, knowledge.release
    newest = max((fact.modified for fact in facts.content.objects if fact.modified is not None), default=None)
    nodes["IntelRecord"].append(
        {
            "id": release,
            "file": knowledge.file,
            "status": "loaded",
            "collection": facts.name,
            "version": facts.version,
            "modified": newest,
        }
    )
    for fact in facts.content.objects:
        if fact.kind in LABELS:
            nodes[LABELS[fact.kind]].append(_fact_row(fact))
    edges.add_uses(facts, release)
    for type_, stated in (("ATTRIBUTED_TO", facts.attributed), ("DETECTS", facts.detects), ("SERVES", facts.tactics)):
        for source, targets in stated.items():
            for target in targets:
                edges.add(type_, source, target, release)
    for source, target in facts.parents.items():
        edges.add("SUBTECHNIQUE_OF", source, target, release)
    said: set[str] = set()
    for mention in facts.mentions:
        edges.add("MENTIONED_WITH", mention.actor, mention.software, mention.provenance)
        said.add(mention.provenance)
    nodes["IntelRecord"] += [
        {"id": one, "file": knowledge.file, "status": "loaded", "collection": facts.name, "version": facts.version} for one in said
    ]


def _fact_row(fact: Fact) -> Row:
    """Revoked and deprecated objects have a node as well: records may name them, and their edges were dropped with them."""
    return {
        "id": fact.id,
        "name": fact.name,
        "stix_id": fact.stix_id,
        "modified": fact.modified,
        "kind": fact.kind,
        "aliases": _join(fact.aliases),
        "first_seen": fact.first_seen,
        "last_seen": fact.last_seen,
    }


def _join(words: Iterable[str]) -> str | None:
    return "; ".join(words) or None


def _add_records(knowledge: Knowledge, nodes: dict[str, list[Row]], edges: _Edges) -> None:
    # Two records may call themselves by one ATT&CK id: the first has the node.
    placed = set(knowledge.facts.objects)
    for held in knowledge.records:
        since = _since(held, knowledge.objects.get(held.id))
        stated = _add_statement(held, since, edges)
        for actor, software in held.mentions:
            stated |= edges.add("MENTIONED_WITH", actor, software, held.id, since)
        if held.end_id is not None and held.end_id not in placed and held.type in _BY_TYPE:
            placed.add(held.end_id)
            nodes[_BY_TYPE[held.type]].append(_object_row(held, knowledge.objects[held.id]))
            stated = True
        # A set of candidates is knowledge that no edge can show: its record is in the graph to be found.
        if stated or held.candidates:
            nodes["IntelRecord"].append(
                {
                    "id": held.id,
                    "file": f"{held.file}!{held.member}" if held.member else held.file,
                    "record": held.record,
                    "status": held.status,
                    "reasons": _join(held.reasons),
                    "collection": held.collection,
                    "version": held.version,
                    "modified": held.modified,
                }
            )


def _since(held: Held, found: Stix | None) -> int | None:
    """The earliest date of a source that a record cites, else when it was created."""
    day = earliest_date(reference.description for reference in found.external_references if reference.description) if found else None
    return held.created if day is None else (day - _UNIX).days * _DAY


def _add_statement(held: Held, since: int | None, edges: _Edges) -> bool:
    type_ = _EDGE_TYPES.get(held.relationship or "")
    if type_ is None or held.source is None or held.target is None or not held.active:
        return False
    source, target = (held.target, held.source) if type_ == "INDICATED_BY" else (held.source, held.target)
    return edges.add(type_, source, target, held.id, since)


def _object_row(held: Held, found: Stix) -> Row:
    return {
        "id": held.end_id,
        "name": held.name or held.end_id,
        "stix_id": held.id,
        "modified": held.modified,
        "kind": KINDS.get(held.type),
        "aliases": _join(dict.fromkeys(alias for alias in (*found.aliases, *found.x_mitre_aliases) if alias != held.name)),
        "first_seen": time_or_none(found.first_seen),
        "last_seen": time_or_none(found.last_seen),
        "pattern": found.pattern,
        "valid_from": time_or_none(found.valid_from),
        "valid_until": time_or_none(found.valid_until),
    }
