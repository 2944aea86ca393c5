"""How far a monitor's clock is off: connections that it saw and that a machine's own log tells of, by client address and port.

What one file of packets holds was seen by one clock; of other monitors the collector that a record names, else the folder that their
logs lie in. One connection may be another one of the same port, so that several have to agree; where the machines' logs have whole
seconds, so has the offset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from graphcorr.logs.base import CaptureRow
from graphcorr.logs.catalog import as_list, log_types, logs_by
from graphcorr.logs.testimony import Vantage

if TYPE_CHECKING:
    from graphcorr.engine.database import Database
    from graphcorr.model.records import Microseconds

_LEAST: Final = 2
"""Connections that have to agree."""
_ALIKE: Final = 2_000_000
"""Microseconds within which two differences are one offset; nearer than this to none, a clock is taken to be right."""


class SensorOffset(NamedTuple):
    """What has to be added to the times of one monitor's field."""

    sensor: str
    field: str
    offset: Microseconds
    pairs: int


def sensor(record: str) -> str:
    """SQL: the monitor of a record with the alias ``record``, NULL where it is a machine's own."""
    captures = as_list(name for name, log_type in log_types().items() if isinstance(log_type.source, CaptureRow))
    place = f"concat_ws('!', {record}.file, {record}.member)"
    return (
        f"CASE WHEN {record}.log IN {captures} THEN {place} WHEN {record}.log IN {logs_by(Vantage.SENSOR)} "
        rf"THEN coalesce({record}.collector, regexp_replace({place}, '[/\\!][^/\\!]*$', '')) END"
    )


def find_offsets(database: Database) -> list[SensorOffset]:
    """The monitors whose clocks are off, from the view ``aligned``, in which those of the machines are right."""
    sensors = logs_by(Vantage.SENSOR)
    if not database.execute(f"SELECT 1 FROM aligned WHERE log IN {sensors} AND source_port IS NOT NULL LIMIT 1").fetchall():
        return []
    rows = database.execute(
        f"""
        WITH own AS MATERIALIZED (
            SELECT source_address AS address, source_port AS port, min_by(epoch_us(time), (precision, epoch_us(time))) AS time
            FROM aligned WHERE log NOT IN {sensors} AND source_port > 0 AND source_address IS NOT NULL GROUP BY ALL),
        seen AS ( -- of millions of connections those that a machine tells of, too
            SELECT {sensor("l")} AS sensor, l.time_field AS field, l.source_address AS address, l.source_port AS port,
                min(epoch_us(l.time)) AS time
            FROM aligned l SEMI JOIN own o ON o.address = l.source_address AND o.port = l.source_port
            WHERE l.log IN {sensors} GROUP BY ALL),
        pairs AS MATERIALIZED (
            SELECT s.sensor, s.field, o.time - s.time AS difference FROM seen s JOIN own o USING (address, port)),
        counted AS (
            SELECT *, count(*) OVER (PARTITION BY sensor, field ORDER BY difference
                RANGE BETWEEN {_ALIKE} PRECEDING AND {_ALIKE} FOLLOWING) AS agree FROM pairs),
        best AS (
            SELECT sensor, field, count(*) AS all_of, max(agree) AS agree,
                arg_max(difference, (agree, -abs(difference), difference)) AS difference
            FROM counted GROUP BY sensor, field)
        SELECT b.sensor, b.field, median(p.difference)::BIGINT, any_value(agree), any_value(all_of)
        FROM best b JOIN pairs p USING (sensor, field) WHERE abs(p.difference - b.difference) <= {_ALIKE}
        GROUP BY b.sensor, b.field ORDER BY ALL
        """
    ).fetchall()
    return [
        SensorOffset(name, field, offset, agree)
        for name, field, offset, agree, count in rows
        if agree >= _LEAST and 2 * agree > count and abs(offset) > _ALIKE
    ]
