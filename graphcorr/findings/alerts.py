"""What tools that were run before say of a finding's records: put to the record that they name, and told beside it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import msgspec
import pyarrow as pa

from graphcorr.findings.evidence import SHOWN, Records
from graphcorr.logs.witnesses import naming_records, said_of_records
from graphcorr.model.findings import ToldAlert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphcorr.engine.database import Database
    from graphcorr.model.findings import Finding

_RAISED: Final = ("id", "log", "host", "name", "severity", "techniques", "about_event", "about_record", "time")
# Record numbers begin again when a log is cleared: a word of another day is about another record.
_TOLD: Final = """
    SELECT DISTINCT t.finding, t.place, a.id, a.log, a.name, a.severity, a.techniques, a.time
    FROM told_records t JOIN events e ON e.file = t.file AND e.member IS NOT DISTINCT FROM t.member AND e.record = t.record
    JOIN ({said}) a ON a.host = e.host AND a.about_event = e.event_id AND a.about_record = e.record_id
        AND a.time BETWEEN e.time - INTERVAL 1 HOUR AND e.time + INTERVAL 1 HOUR
    ORDER BY t.finding, t.place, a.time, a.log, a.name, a.id
"""


def add_alerts(findings: Sequence[Finding], database: Database) -> list[Finding]:
    """The findings with the alerts that name one of their records, each once a record, and the alerts' own records as evidence."""
    found = list(findings)
    asked = f"SELECT 1 FROM events WHERE log IN {naming_records()} LIMIT 1"
    if not found or database.execute(asked).fetchone() is None:
        return found
    rows = [(one.id, place, held.file, held.member, held.record) for one in found for place, held in enumerate(one.evidence)]
    names = ("finding", "place", "file", "member", "record")
    types = (pa.string(), pa.int32(), pa.string(), pa.string(), pa.int64())
    columns = list(zip(*rows, strict=True))
    arrays = [pa.array(values, type_) for values, type_ in zip(columns, types, strict=True)]
    database.register("told_records", pa.table(dict(zip(names, arrays, strict=True))))
    raised: defaultdict[str, dict[tuple[str, str, int], tuple[str, str | None, list[str]]]] = defaultdict(dict)
    for finding, place, id_, log, name, severity, techniques, _ in database.execute(_TOLD.format(said=said_of_records(_RAISED))).fetchall():
        # A timeline in two formats, or one made twice, says the same thing once.
        raised[finding].setdefault((log, name, place), (id_, severity, techniques or []))
    database.unregister("told_records")
    if not raised:
        return found
    records = Records(database, (id_ for told_ in raised.values() for id_, _, _ in told_.values()))
    return [_with(one, raised[one.id], records) if one.id in raised else one for one in found]


def _with(finding: Finding, raised: dict[tuple[str, str, int], tuple[str, str | None, list[str]]], records: Records) -> Finding:
    evidence, alerts = list(finding.evidence), list(finding.alerts)
    for (log, name, place), (id_, severity, techniques) in list(raised.items())[:SHOWN]:
        alerts.append(ToldAlert(name, log, severity, techniques, [place, len(evidence)]))
        evidence.append(records.evidence("alert", id_))
    more = [f"evidence shows the first {SHOWN} of {len(raised)} alerts"] if len(raised) > SHOWN else []
    return msgspec.structs.replace(finding, evidence=evidence, alerts=alerts, limits=finding.limits + more)
