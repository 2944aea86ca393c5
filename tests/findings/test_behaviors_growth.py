"""What a log says of processes may be anything: that thousands have one number, and that each has started itself."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec

from graphcorr.engine.database import connect
from graphcorr.findings import behaviors
from graphcorr.model.findings import Endpoint
from graphcorr.model.report import Report

REPORT = Path(__file__).parents[1] / "outputs/golden/report.json"
MANY = 20_000


def test_many_processes_of_one_number_cost_each_a_look() -> None:
    database = connect(None)
    database.execute(
        f"CREATE TABLE ProcessStart AS SELECT 'p' || i AS id, 'h' AS host, 'g' AS process_guid, 'g' AS parent_process_guid, "
        f"7::BIGINT AS pid, 6::BIGINT AS parent_pid, NULL::VARCHAR AS session, 'c:\\a.exe' AS image, "
        f"TIMESTAMP '2024-03-01 10:00:00' + to_milliseconds(i) AS time FROM range({MANY}) t(i)"
    )
    database.execute(
        "CREATE TABLE events AS SELECT *, 'f' AS file, NULL::VARCHAR AS member, substr(id, 2)::BIGINT AS record FROM ProcessStart"
    )
    database.execute(
        "CREATE TABLE behavior_records AS SELECT 'b' AS behavior, id, 'ProcessStart' AS kind, host, 'x' AS account, time, "
        "'T1033' AS technique, 'whoami' AS way, id AS act FROM ProcessStart"
    )
    database.execute("CREATE TABLE actors AS SELECT 'x' AS account")
    [first, *_] = msgspec.json.decode(REPORT.read_bytes(), type=Report).findings
    place = msgspec.structs.replace(first.evidence[0], role="execution", file="f", member=None, record=0)
    found = msgspec.structs.replace(first, target=Endpoint("h", None), time="2024-03-01T10:00:00Z", evidence=[place])
    begun = time.process_time()
    [row] = behaviors._join([found], database)
    # Each with each, they are four hundred million pairs.
    assert time.process_time() - begun < 8
    assert (row["technique"], row["rank"], row["count"]) == ("T1033", 0, MANY)
    database.close()
