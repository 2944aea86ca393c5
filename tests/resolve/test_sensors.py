"""A monitor's clock: told by connections that machines logged as well, and by no less than two that agree."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from graphcorr.engine.database import connect
from graphcorr.resolve.sensors import SensorOffset, find_offsets
from tests.findings.logs import CLIENT, TARGET, Logs, brief, only, stamp


def ahead(time: str, hours: float) -> datetime:
    """What a clock so far ahead shows at a time of the day of these tests."""
    return datetime.fromisoformat(stamp(time)[:-1]) + timedelta(hours=hours)


def logon(logs: Logs, time: str, port: int, seen: datetime, *, uid: str = "C1") -> Logs:
    """A logon on the machine, and its connection as the monitor saw it."""
    fields = {"TargetUserName": "alice", "TargetDomainName": "CORP", "TargetLogonId": hex(port), "LogonType": "3", "IpAddress": CLIENT}
    logs.add("security-4624", time, fields | {"IpPort": str(port)}, computer=TARGET)
    return logs.zeek("conn", seen, {"proto": "tcp", "conn_state": "SF", "id.orig_p": port}, uid=uid)


def written(hours: float, *, logons: int = 3) -> Logs:
    """A program written at 10:00:00 and run at 10:00:05, where Zeek's clock is ``hours`` ahead."""
    logs = Logs().is_at()
    for number in range(logons):
        logon(logs, f"09:59:{50 + number}", 50_100 + number, ahead(f"09:59:{50 + number}.01", hours), uid=f"L{number}")
    logs.zeek("smb-files", ahead("10:00:00", hours), {"action": "SMB::FILE_WRITE", "path": r"\\10.0.0.9\ADMIN$", "name": r"Temp\tool.exe"})
    return logs.sysmon_1("10:00:05")


@pytest.mark.parametrize("hours", [1, -5.5, 0.003])
def test_a_monitors_wrong_clock_is_put_right(hours: float) -> None:
    report = written(hours).hunt()
    finding = only(report)
    assert abs(datetime.fromisoformat(str(finding.write_time)).timestamp() - datetime.fromisoformat(stamp("10:00:00")).timestamp()) < 0.02
    assert [(clock.source, clock.pairs, clock.borrowed_from) for clock in report.clocks] == [("ts", 3, None)]
    (clock,) = report.clocks
    assert clock.offset_seconds == pytest.approx(-3600 * hours, abs=0.02)


def test_a_right_clock_is_left_alone() -> None:
    """What the wire shows some milliseconds later than a machine is no wrong clock."""
    report = written(0).hunt()
    assert only(report).write_time == "2026-01-05T10:00:00.000000Z"
    assert report.clocks == []


def test_one_connection_alone_tells_nothing() -> None:
    """It may be another one of the same port: the write stays after the run."""
    report = written(1, logons=1).hunt()
    assert (brief(report), report.clocks) == ([], [])


def test_connections_that_do_not_agree_tell_nothing() -> None:
    logs = written(1, logons=0)
    for number, hours in enumerate((1, 2, 3)):
        logon(logs, f"09:59:{50 + number}", 50_100 + number, ahead(f"09:59:{50 + number}", hours), uid=f"L{number}")
    report = logs.hunt()
    assert (brief(report), report.clocks) == ([], [])


def test_the_majority_counts_where_a_port_was_used_again() -> None:
    logs = logon(written(1), "09:59:59", 50_900, ahead("04:00:00", 0), uid="L9")
    report = logs.hunt()
    (clock,) = report.clocks
    assert clock.offset_seconds == pytest.approx(-3600, abs=0.02)
    assert clock.pairs == 3


def test_each_connection_is_not_compared_with_each() -> None:
    """A case with monitors has hundreds of thousands of pairs, and as many that agree."""
    database, count = connect(None), 3_000
    database.execute(
        f"""
        CREATE TABLE aligned AS
        SELECT unnest(['zeek-conn', 'security-4624']) AS log, 'sensor' AS collector, 'x.log' AS file, NULL::VARCHAR AS member,
            'ts' AS time_field, 1000 AS precision, '10.0.' || (n // 256) || '.' || (n % 256) AS source_address, 50000 AS source_port,
            unnest([TIMESTAMP '2026-01-05 11:00:00', TIMESTAMP '2026-01-05 10:00:00']) + to_milliseconds(n % 7) AS time
        FROM range({count}) t (n)
        """
    )
    database.execute("PRAGMA enable_profiling = 'no_output'")
    assert find_offsets(database) == [SensorOffset("sensor", "ts", -3_600_000_000, count)]
    made = [int(one) for one in re.findall(r'"operator_cardinality": *(\d+)', database.get_profiling_information("json"))]
    assert count <= max(made) <= 2 * count
