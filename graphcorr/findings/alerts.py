"""What guards and tools that were run before say of a finding, told beside it: of one of its records, of its file or program, or of what
went between its two machines.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
import pyarrow as pa

from graphcorr.engine.database import table_of
from graphcorr.findings.evidence import SHOWN, Records
from graphcorr.model.findings import ToldAlert
from graphcorr.syntax.folding import fold
from graphcorr.syntax.programs import INTERPRETERS, SHELLS, program_name
from graphcorr.syntax.times import read_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from graphcorr.engine.database import Database
    from graphcorr.model.findings import Finding

_ALERT: Final = "a.id, a.log, a.name, a.severity, a.techniques, a.time"
# Record numbers begin again when a log is cleared: a word of another day is about another record.
_OF_RECORDS: Final = f"""
    SELECT DISTINCT t.finding, t.place, {_ALERT}
    FROM told_records t JOIN events e ON e.file = t.file AND e.member IS NOT DISTINCT FROM t.member AND e.record = t.record
    JOIN alerts a ON a.host = e.host AND a.about_event = e.event_id AND a.about_record = e.record_id
        AND a.time BETWEEN e.time - INTERVAL 1 HOUR AND e.time + INTERVAL 1 HOUR
"""
_SCANNED: Final = "INTERVAL 1 DAY"
"""So long after it came a file may lie until somebody looks at it."""
_OF_FILES: Final = f"""
    SELECT DISTINCT f.finding, NULL::INTEGER AS place, {_ALERT} FROM told_files f JOIN alerts a ON a.host = f.host
        AND a.about_record IS NULL AND (a.path = f.path OR a.image = f.path)
        AND a.time BETWEEN make_timestamp(f.time) - INTERVAL 1 HOUR AND make_timestamp(f.time) + {_SCANNED}
"""
_BETWEEN: Final = "INTERVAL 10 MINUTE"
"""What goes between two machines later is other business of theirs."""
_OF_ENDS: Final = f"""
    SELECT DISTINCT f.finding, NULL::INTEGER AS place, {_ALERT} FROM told_ends f JOIN alerts a ON a.about_record IS NULL
        AND ((a.source_address = f.source AND a.target_address = f.target) OR (a.source_address = f.target AND a.target_address = f.source))
        AND a.time BETWEEN make_timestamp(f.time) - {_BETWEEN} AND make_timestamp(f.time) + {_BETWEEN}
"""


_ANYBODYS: Final = SHELLS | INTERPRETERS


class _Raised(NamedTuple):
    """An alert by its record, and the place of the finding's record that it names."""

    id: str
    place: int | None
    log: str
    name: str
    severity: str | None
    techniques: list[str]


class Alerted(NamedTuple):
    findings: list[Finding]
    told: Mapping[str, frozenset[str]]
    """The id of a finding to those of all alerts that are about it; none is told by itself as well."""

    def beside(self, findings: Iterable[Finding]) -> frozenset[str]:
        """The alerts that are about any of ``findings``."""
        return frozenset().union(*(self.told.get(one.id, ()) for one in findings))


def add_alerts(findings: Sequence[Finding], database: Database) -> Alerted:
    """The findings with the alerts about them, each once a record that it names, and the alerts' own records as evidence."""
    found = list(findings)
    if not found or database.execute("SELECT 1 FROM alerts LIMIT 1").fetchone() is None:
        return Alerted(found, {})
    raised: defaultdict[str, dict[tuple[str, str, int | None], _Raised]] = defaultdict(dict)
    told: defaultdict[str, set[str]] = defaultdict(set)
    for row in sorted(_told(found, database), key=lambda row: (row["time"], row["log"], row["name"], row["id"])):
        one = _Raised(row["id"], row["place"], row["log"], row["name"], row["severity"], row["techniques"] or [])
        told[row["finding"]].add(one.id)
        # A timeline in two formats, or one made twice, says the same thing once.
        raised[row["finding"]].setdefault((one.log, one.name, one.place), one)
    records = Records(database, (each.id for one in raised.values() for each in one.values()))
    findings = [_with(one, list(raised[one.id].values()), records) if one.id in raised else one for one in found]
    return Alerted(findings, {finding: frozenset(ids) for finding, ids in told.items()})


def _told(found: Sequence[Finding], database: Database) -> Iterator[dict[str, Any]]:
    records = [(one.id, place, held.file, held.member, held.record) for one in found for place, held in enumerate(one.evidence)]
    files = [(one.id, one.target.host, path, read_moment(one.time)) for one in found for path in _paths(one)]
    ends = [(one.id, one.source.address, one.target.address, read_moment(one.time)) for one in found if one.source and one.source.address]
    asked: tuple[tuple[str, str, list[Any], Mapping[str, pa.DataType]], ...] = (
        (_OF_RECORDS, "told_records", records, {"finding": _T, "place": pa.int32(), "file": _T, "member": _T, "record": pa.int64()}),
        (_OF_FILES, "told_files", files, {"finding": _T, "host": _T, "path": _T, "time": pa.int64()}),
        (_OF_ENDS, "told_ends", ends, {"finding": _T, "source": _T, "target": _T, "time": pa.int64()}),
    )
    for query, name, rows, columns in asked:
        if rows:
            database.register(name, table_of(rows, **columns))
            yield from database.sql(query).to_arrow_table().to_pylist()
            database.unregister(name)


_T: Final = pa.string()


def _paths(finding: Finding) -> set[str]:
    """The finding's own file, and the programs that ran: but a shell, or what runs other people's code, is anybody's."""
    images = [run.image for run in finding.executions if run.image and run.kind == "image" and program_name(run.image) not in _ANYBODYS]
    return {fold(path) for path in (finding.file, *images) if path}


def _with(finding: Finding, raised: Sequence[_Raised], records: Records) -> Finding:
    evidence, alerts = list(finding.evidence), list(finding.alerts)
    for one in raised[:SHOWN]:
        places = [len(evidence)] if one.place is None else [one.place, len(evidence)]
        alerts.append(ToldAlert(one.name, one.log, one.severity, one.techniques, places))
        evidence.append(records.evidence("alert", one.id))
    more = [f"evidence shows the first {SHOWN} of {len(raised)} alerts"] if len(raised) > SHOWN else []
    return msgspec.structs.replace(finding, evidence=evidence, alerts=alerts, limits=finding.limits + more)
