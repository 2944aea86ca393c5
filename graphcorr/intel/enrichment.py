"""What intelligence says of a case: techniques and software of its findings, and indicators that its events match."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pyarrow as pa

from graphcorr.findings.evidence import Records
from graphcorr.graph.rows import write_edges
from graphcorr.graph.tables import find_nodes
from graphcorr.intel.linking import Identified, Observed, identify_finding, link_strategies, link_techniques
from graphcorr.model.findings import AFTERWARDS
from graphcorr.model.report import OutdatedIndicator, SightedIndicator
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from graphcorr.engine.database import Database
    from graphcorr.intel.facts import Facts
    from graphcorr.intel.knowledge import Knowledge
    from graphcorr.model.findings import Finding

EXAMPLES: Final = 3
"""Records shown of each sighting: its first ones."""
MOST_SIGHTINGS: Final = 1_000
"""Sightings that a report lists, the most frequent first."""
MOST_EDGES: Final = 100_000
"""Sightings that become edges: an indicator for an address of one's own would make an edge for every event."""

_LONGEST: Final = 120
"""Characters of what bears a mark that are shown."""
_SAID: Final = {
    "file_name": "a file name",
    "original_file_name": "the name in the program's own header",
    "service": "a service name",
    "pipe": "a pipe name",
    "path": "a path",
    "command_line": "a command line",
    "hash": "a hash",
}


def link_findings(findings: Sequence[Finding], database: Database, facts: Facts) -> tuple[list[Finding], dict[str, tuple[Identified, ...]]]:
    """The findings with techniques, strategies and software as the release knows them, and by finding what tells its software."""
    observed = _observe(findings, database)
    linked: list[Finding] = []
    identified: dict[str, tuple[Identified, ...]] = {}
    for finding in findings:
        techniques, strategies = link_techniques(finding.techniques, facts), link_strategies(finding.detection_strategies, facts)
        marks = identify_finding(finding, facts, observed.get(finding.id))
        unknown = [*techniques.unknown, *strategies.unknown]
        linked.append(
            msgspec.structs.replace(
                finding,
                techniques=[*techniques.ids, *techniques.unknown],
                detection_strategies=[*strategies.ids, *strategies.unknown],
                software=sorted({mark.software for mark in marks if mark.software in facts.objects}),
                why=finding.why + _say(marks, facts),
                limits=finding.limits + [f"{id_} is not in ATT&CK {facts.version}" for id_ in unknown],
            )
        )
        if known := tuple(mark for mark in marks if mark.software in facts.objects):
            identified[finding.id] = known
    return linked, identified


def _say(marks: tuple[Identified, ...], facts: Facts) -> list[str]:
    """One sentence for each software, with the first of the marks that tell it; what a pattern states needs none."""
    first: dict[str, Identified] = {}
    for mark in marks:
        if mark.basis in _SAID:
            first.setdefault(mark.software, mark)
    return [f"{_call(software, facts)} is told by {_SAID[mark.basis]}: {_shortened(mark.value)}" for software, mark in first.items()]


def _shortened(value: str) -> str:
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]} …"


def _call(software: str, facts: Facts) -> str:
    fact = facts.objects.get(software)
    return f"{software}, which has no ATT&CK id," if fact is None else f"{fact.name} ({software})"


def _observe(findings: Sequence[Finding], database: Database) -> dict[str, Observed]:
    """What the records behind each finding show, asked for all of them at once."""
    pairs = sorted(
        {
            (one.id, evidence.event)
            for one in findings
            for evidence in one.evidence
            if evidence.event is not None and evidence.role not in AFTERWARDS
        }
    )
    if not pairs:
        return {}
    table = pa.table({"finding": [pair[0] for pair in pairs], "id": [pair[1] for pair in pairs]})
    database.register("sought_evidence", table)
    rows: list[tuple[Any, ...]] = database.execute(
        "SELECT finding, path, relative_path, image, original_file_name, service, pipe, command_line, hashes "
        "FROM sought_evidence JOIN events USING (id) ORDER BY finding, id"
    ).fetchall()
    database.unregister("sought_evidence")
    by_finding: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for finding, *values in rows:
        by_finding[finding].append(tuple(values))
    return {finding: Observed.of_rows(found) for finding, found in by_finding.items()}


def summarize_sightings(database: Database, knowledge: Knowledge) -> list[SightedIndicator]:
    """The table ``sightings``, counted by indicator and value with the first records of each, the most frequent first."""
    return list(_summarize(database, knowledge, "sightings"))


def summarize_outdated(database: Database, knowledge: Knowledge) -> list[OutdatedIndicator]:
    """The same of the table ``outdated``, with the time for which each indicator is valid."""
    valid = {held.end_id or held.id: knowledge.objects[held.id] for held in knowledge.records if held.type == "indicator"}
    return [
        OutdatedIndicator(
            **msgspec.structs.asdict(one),
            valid_from=_moment(valid[one.indicator].valid_from_time),
            valid_until=_moment(valid[one.indicator].valid_until_time),
        )
        for one in _summarize(database, knowledge, "outdated")
    ]


def _moment(time: int | None) -> str | None:
    return None if time is None else format_time(time)


def _summarize(database: Database, knowledge: Knowledge, table: str) -> Iterator[SightedIndicator]:
    rows = database.execute(
        f"""
        SELECT s.indicator, s.observable, s.value, count(*) AS count, epoch_us(min(e.time)), epoch_us(max(e.time)),
            min({{'time': e.time, 'id': e.id}}, $1)
        FROM {table} s JOIN events e ON e.id = s.event GROUP BY ALL ORDER BY count DESC, s.indicator, s.observable, s.value LIMIT $2
        """,
        [EXAMPLES, MOST_SIGHTINGS],
    ).fetchall()
    names: Mapping[str, str | None] = {held.end_id or held.id: held.name for held in knowledge.records if held.type == "indicator"}
    records = Records(database, (example["id"] for row in rows for example in row[6]))
    for indicator, observable, value, count, first, last, examples in rows:
        yield SightedIndicator(
            indicator=indicator,
            name=names.get(indicator),
            observable=observable,
            value=value,
            count=count,
            first=format_time(first),
            last=format_time(last),
            examples=[records.evidence("sighting", example["id"]) for example in examples],
        )


def write_sightings(database: Database, folder: Path) -> None:
    """The edges ``SIGHTED`` of the table ``sightings``; an event that has no node in this projection has none."""
    rows = database.execute(
        "SELECT indicator, event, observable, value FROM sightings ORDER BY indicator, event, observable, value LIMIT ?", [MOST_EDGES]
    ).fetchall()
    nodes = find_nodes(database, (event for _, event, _, _ in rows))
    by_label: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for indicator, event, observable, value in rows:
        if event in nodes:
            label, node = nodes[event]
            by_label[label].append({"from": indicator, "to": node, "observable": observable, "value": value})
    for label, edges in by_label.items():
        write_edges(folder, "SIGHTED", "Indicator", label, edges)
