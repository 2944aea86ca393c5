"""Calls on the wire that had a written file registered or started: by the path that they state, else by who made them when.

The service manager and `at` are told a command line, which a capture shows. Zeek shows the call alone, and WMI's arguments are
encrypted: then it is the last runnable file that the same client wrote on that machine shortly before, and a guess. None is made
where the machine's own log of process starts is there to say what ran.
"""

from __future__ import annotations

from typing import Final

from graphcorr.engine.tables import TEXT, TIME, Table
from graphcorr.model.kinds import Kind
from graphcorr.syntax.programs import RUNNABLE

STARTS: Final = "^(StartService|SchRpcRun)"
_REGISTERS: Final = "^(CreateService|ChangeServiceConfig|NetrJobAdd|SchRpcRegisterTask)"
ROLE: Final = f"CASE WHEN regexp_matches(operation, '{STARTS}') THEN 'started' ELSE 'registered' END"
_SOON: Final = 120
"""Seconds between a write and the calls of the same client within which they are taken to be about the file."""
_AT_ONCE: Final = 60
"""The same for a method of WMI, which has many other uses."""
_PROGRAMS: Final = "|".join(sorted(one.lstrip(".") for one in RUNNABLE))
_ALIKE: Final = "epoch_us(time) // 120_000_000"

_STATED: Final = f"""
    SELECT id, host, path, {ROLE} AS role, earliest, latest FROM Call
    WHERE vantage = 'sensor' AND host IS NOT NULL AND path IS NOT NULL AND regexp_matches(operation, '{STARTS}|{_REGISTERS}')
"""

# A call that states a path is about that file and no other. Of what WMI was asked for, the first call after a write is the one.
_GUESSED: Final = f"""
    WITH acts AS (
        SELECT a.id AS act, a.host, a.time, c.source_address, a.calls, {_SOON} AS within
        FROM call_acts a JOIN Call c ON c.id = a.id
        WHERE c.vantage = 'sensor' AND NOT coalesce(list_has_any(a.calls, (SELECT list(id) FROM call_paths)), FALSE)
        UNION ALL SELECT id, host, time, source_address, [id], {_AT_ONCE} FROM Call
        WHERE vantage = 'sensor' AND host IS NOT NULL AND interface = 'iwbemservices' AND operation LIKE 'ExecMethod%'),
    unwatched AS (
        SELECT * FROM acts a WHERE NOT EXISTS (SELECT 1 FROM ProcessStartCovered p WHERE p.host = a.host)),
    due AS (SELECT *, unnest([{_ALIKE} - 1, {_ALIKE}]) AS part FROM unwatched),
    written AS (
        SELECT v.id AS version, v.host, w.source, max(w.time) AS time, max({_ALIKE.replace("time", "w.time")}) AS part, v.ended_latest
        FROM versions v JOIN write_versions m ON m.version = v.id JOIN writes w ON w.id = m.write
        WHERE regexp_matches(v.name, '\\.({_PROGRAMS})$') AND w.share LIKE '%$' AND NOT w.loopback
        GROUP BY v.id, v.host, w.source, v.ended_latest),
    near AS (
        SELECT a.act, a.calls, a.time, w.version, w.time AS written_at FROM due a JOIN written w
            ON w.host = a.host AND w.source = a.source_address AND w.part = a.part
            AND w.time <= a.time AND w.time >= a.time - a.within * INTERVAL 1 SECOND
            AND (w.ended_latest IS NULL OR w.ended_latest >= a.time)
        QUALIFY row_number() OVER (PARTITION BY a.act ORDER BY w.time DESC, w.version) = 1),
    first AS (SELECT * FROM near QUALIFY row_number() OVER (PARTITION BY version ORDER BY time, act) = 1),
    each AS (SELECT version, unnest(calls) AS event FROM first)
    SELECT e.event, e.version, CASE WHEN c.interface = 'iwbemservices' THEN 'started' ELSE {ROLE} END AS role
    FROM each e JOIN Call c ON c.id = e.event WHERE regexp_matches(c.operation, '{STARTS}|{_REGISTERS}|^ExecMethod')
"""

TABLES: Final = (
    Table(
        "call_paths",
        "calls on the wire that state what is to be started",
        {**dict.fromkeys(("id", "host", "path", "role"), TEXT), "earliest": TIME, "latest": TIME},
        ("Call",),
        _STATED,
        empty_without=("Call",),
    ),
    Table(
        "guessed_calls",
        "calls on the wire that state nothing, with the file that their client had just written",
        dict.fromkeys(("event", "version", "role"), TEXT),
        ("Call", "call_acts", "call_paths", "versions", "write_versions", "writes", "ProcessStartCovered"),
        _GUESSED,
        empty_without=("Call", "versions"),
    ),
)
RESTS_ON: Final = {Kind.CALL: ("links", "SELECT event AS id FROM links WHERE kind = 'ASKED_FOR'")}
