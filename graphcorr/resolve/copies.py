"""One event from several exporters: the same machine, log and record number, at times that differ by no more than their precision.

EVTX has seven digits of a second, winlogbeat three, NXLog none: the same record has as many keys. Only aligned times tell that they are
one, because one exporter writes UTC and another the machine's own time; so the copies are found once clocks are known. The finest
stands. Record numbers that began again after a log was cleared stay apart by their time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.logs.base import WindowsEvent
from graphcorr.logs.catalog import log_types

if TYPE_CHECKING:
    from graphcorr.engine.database import Database

_NUMBERED: Final = "record_id > 0 AND host IS NOT NULL AND event_id IS NOT NULL"
"""Exporters that do not know the number write 0."""

_MOST: Final = 64
"""More records of one number than that are not numbered by it, whoever wrote them."""

_KEY: Final = "hash(host, log, coalesce(channel, own_channel(log)), record_id)"
"""Numbers in place of texts, and so a tenth of the memory: nearly every event of a host that two exporters sent is among these."""

# Of one exporter nothing can be a copy, and nearly always there is one: what tells exporters apart is how finely they write which time,
# and what they call the machine.
_EXPORTERS: Final = f"""
    CREATE TABLE exporters AS
    SELECT host, log, count(DISTINCT time_field) > 1 AS mixed FROM (
        SELECT host, log, input, time_field, computer, min(precision) AS finest FROM logged JOIN hosts USING (computer)
        WHERE {_NUMBERED} GROUP BY ALL)
    GROUP BY host, log HAVING count(DISTINCT (time_field, finest, computer)) > 1
"""

_REPEATED: Final = f"""
    CREATE TABLE repeated_numbers AS
    WITH numbered AS (
        SELECT {_KEY} AS key, input, record, epoch_us(time) AS moment, precision, hash(file, member, time_field) AS exporter, outcome
        FROM aligned SEMI JOIN exporters USING (host, log) WHERE {_NUMBERED})
    SELECT * FROM numbered SEMI JOIN (
        SELECT key FROM numbered GROUP BY key HAVING count(*) BETWEEN 2 AND {_MOST} AND min(exporter) <> max(exporter)) USING (key)
"""

_SAME: Final = """
    CREATE TABLE same_events AS
    SELECT DISTINCT c.input, c.record, f.input AS standing, f.record AS place, CASE WHEN f.outcome IS NULL THEN c.outcome END AS outcome
    FROM repeated_numbers c JOIN repeated_numbers f ON f.key = c.key AND f.exporter <> c.exporter
        AND (f.precision < c.precision OR (f.precision = c.precision AND f.exporter < c.exporter))
        AND abs(f.moment - c.moment) < c.precision
"""

PAIRS: Final = f"""
    WITH times AS (
        SELECT any_value(host) AS host, count(*) AS many, max(time) FILTER (WHERE time_field = 'TimeCreated') AS utc,
            max(time) FILTER (WHERE time_field = 'EventTime') AS own,
            max(coalesce(collector, concat_ws('!', file, member))) FILTER (WHERE time_field = 'EventTime') AS carrier
        FROM logged JOIN hosts USING (computer) SEMI JOIN (SELECT * FROM exporters WHERE mixed) USING (host, log)
        WHERE {_NUMBERED} GROUP BY {_KEY})
    SELECT host, 'EventTime' AS field, carrier, epoch_us(date_trunc('hour', own)) AS hour,
        round((epoch_us(utc) - epoch_us(own)) / 60e6)::BIGINT * 60000000 AS difference, count(*) AS pairs
    FROM times WHERE utc IS NOT NULL AND own IS NOT NULL AND many <= {_MOST} GROUP BY ALL ORDER BY ALL
"""
"""Records of one number of which one exporter has UTC and one the machine's own time: anchors of its clock, where Sysmon shows none."""


def find_exporters(database: Database) -> bool:
    """Create ``exporters`` (host, log, mixed): whose events came by several ways. Needs ``logged`` and ``hosts``; whether there are any."""
    own = [(name, one.source.channel) for name, one in log_types().items() if isinstance(one.source, WindowsEvent)]
    cases = " ".join(f"WHEN '{name}' THEN '{channel}'" for name, channel in own)
    database.execute(f"CREATE OR REPLACE TEMP MACRO own_channel(log) AS CASE log {cases} END")
    database.execute(_EXPORTERS)
    return bool(database.execute("SELECT 1 FROM exporters LIMIT 1").fetchall())


def find_copies(database: Database) -> bool:
    """Create ``same_events`` (input, record, standing, place, outcome) from the view ``aligned``; whether there are any.

    The record is the event that stands in the input ``standing`` at ``place``. ``outcome`` is what the copy says of it where the
    format of the one that stands drops it.
    """
    database.execute(_REPEATED)
    database.execute(_SAME)
    database.execute("DROP TABLE repeated_numbers")
    return bool(database.execute("SELECT 1 FROM same_events LIMIT 1").fetchall())
