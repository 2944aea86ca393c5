"""What one client had a machine do in one go: acts of one session, of one service or task, or of one provider's process.

An act that was done in a session of somebody at the machine was asked for there, and is none. What nobody is known to have asked for
is one only where it says something by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.engine.tables import FLAG, SMALL, TEXT, TEXTS, TIME, Table
from graphcorr.links.askers import INTERFACE, NETWORK, PORT, PROGRAM, SESSION
from graphcorr.model.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOGETHER: Final = 600
"""Seconds between acts of one session that are still one request: a shell over WMI waits for its user between commands."""
_CHILDREN: Final = 60
"""Seconds after the run of a written file within which what it starts is told with it."""
_SEEN: Final = 30
"""Seconds around an act that the machine's own logs tell of within which calls on the wire are the same act."""
_NEAR: Final = 10
"""The same where no session holds them together."""

_CLAIMED: Final = f"""
    WITH linked AS (SELECT event, kind FROM links WHERE kind <> 'NAMED' OR role <> 'redirect'),
    running AS (
        SELECT s.id, s.host, s.process_guid, s.pid, s.time FROM starts s SEMI JOIN linked l ON l.event = s.id
        UNION ALL SELECT NULL, m.host, m.process_guid, m.pid, m.time FROM loads m SEMI JOIN linked l ON l.event = m.id)
    SELECT id FROM running WHERE id IS NOT NULL
    -- The program that loaded a written library was started for that.
    UNION SELECT s.id FROM starts s JOIN running r ON r.id IS NULL AND r.host = s.host AND r.process_guid = s.process_guid
        AND s.time >= r.time - INTERVAL {_CHILDREN} SECOND
    UNION SELECT event FROM linked WHERE kind IN ('POINTS_TO', 'LOADED', 'ASKED_FOR')
    UNION SELECT c.id FROM starts c JOIN running r ON r.host = c.host AND (c.parent_process_guid = r.process_guid
        OR ((c.parent_process_guid IS NULL OR r.process_guid IS NULL) AND c.parent_pid = r.pid))
        AND c.time >= r.time AND c.time <= r.time + INTERVAL {_CHILDREN} SECOND
"""
# The desktop's server of DCOM runs in the session of whoever sits there, whoever called it: that session names nobody who asked.
_KEPT: Final = f"""
    WITH told AS (
        SELECT act, bool_or(rung = {SESSION} AND logon_type <> {NETWORK}) AS at_desk, bool_or(rung = {SESSION} AND own) AS by_itself,
            bool_or(rung = {SESSION} AND logon_type = {NETWORK} AND source IS NOT NULL) AS over_network,
            min(CASE WHEN NOT own AND (rung <> {SESSION} OR coalesce(logon_type, {NETWORK}) = {NETWORK}) THEN rung END) AS best
        FROM askers GROUP BY act),
    taken AS (
        SELECT act FROM (SELECT act, unnest(list_concat([start, load], coalesce(registered, []), coalesce(calls, []))) AS id FROM acts)
        SEMI JOIN claimed USING (id)),
    own AS (
        SELECT a.* FROM acts a ANTI JOIN taken USING (act)
        WHERE (a.calls IS NULL OR NOT EXISTS (
            SELECT 1 FROM acts o WHERE o.calls IS NULL AND o.host = a.host AND o.mechanism = a.mechanism
                AND o.time BETWEEN a.time - INTERVAL {_SEEN} SECOND AND a.time + INTERVAL {_SEEN} SECOND))),
    weighed AS (
        SELECT a.*, coalesce(t.at_desk, FALSE) AS at_desk, coalesce(t.by_itself, FALSE) AS by_itself,
            coalesce(t.over_network, FALSE) AS over_network, t.best
        FROM own a LEFT JOIN told t USING (act))
    SELECT * FROM weighed WHERE CASE
        WHEN calls IS NOT NULL AND mechanism IN ('service', 'task') THEN best IS NOT NULL
        WHEN over_network THEN TRUE
        WHEN here OR (at_desk AND mechanism <> 'dcom') THEN FALSE
        WHEN mechanism = 'task' THEN coalesce(from_afar, FALSE) OR coalesce(best <= {INTERFACE}, FALSE)
        WHEN mechanism = 'subscription' THEN
            coalesce(best <= CASE WHEN bare THEN {INTERFACE} WHEN telling THEN {PORT} ELSE {PROGRAM} END, FALSE)
        WHEN bare THEN best IS NOT NULL
        WHEN mechanism = 'service' THEN telling OR coalesce(best <= {INTERFACE}, FALSE)
        WHEN mechanism = 'winrm' THEN TRUE
        ELSE telling OR best IS NOT NULL END
"""
_REQUESTED: Final = f"""
    WITH kept AS ({_KEPT}),
    keyed AS (
        SELECT *, mechanism = 'dcom' AND NOT over_network AND (coalesce(desk, FALSE) OR at_desk) AS on_desk,
            CASE WHEN session IS NOT NULL THEN 's' || session WHEN name IS NOT NULL THEN 'n' || lower(name)
            WHEN calls IS NOT NULL AND mechanism IN ('winrm', 'wmi') THEN 'c'
            ELSE 'p' || coalesce(parent, act) END AS bond FROM kept),
    apart AS (
        SELECT *, CASE WHEN time > lag(time) OVER (PARTITION BY host, mechanism, bond ORDER BY time, act)
            + CASE WHEN session IS NOT NULL THEN INTERVAL {_TOGETHER} SECOND ELSE INTERVAL {_NEAR} SECOND END THEN 1 ELSE 0 END AS fresh
        FROM keyed),
    numbered AS (
        SELECT *, sum(fresh) OVER (PARTITION BY host, mechanism, bond ORDER BY time, act ROWS UNBOUNDED PRECEDING) AS number FROM apart)
    SELECT first_value(act) OVER (PARTITION BY host, mechanism, bond, number ORDER BY time, act) AS request, act, mechanism, host, time,
        earliest, latest, start, load, action, registered, calls, name, session, child,
        CASE WHEN NOT on_desk THEN account END AS account, CASE WHEN on_desk THEN account END AS owner,
        line, from_afar, telling, by_itself, over_network, set_up
    FROM numbered
"""
_REQUESTS: Final = """
    SELECT request AS id, mechanism, host, min(time) AS time, min(earliest) AS earliest, max(latest) AS latest,
        bool_or(start IS NOT NULL OR load IS NOT NULL OR action IS NOT NULL) AS ran,
        bool_or(telling) AS telling, bool_and(by_itself) AS loopback
    FROM requested GROUP BY request, mechanism, host
"""

# Of each machine the surest and nearest sign; of several machines on the best rung none is chosen.
_CHOSEN: Final = """
    WITH asked AS (
        SELECT r.request, a.* FROM askers a JOIN requested r USING (act) WHERE a.source IS NOT NULL),
    others AS (
        SELECT * FROM asked a WHERE NOT own AND NOT EXISTS (SELECT 1 FROM asked o WHERE o.request = a.request AND o.own AND o.rung = 0)),
    best AS (SELECT request, min(rung) AS rung FROM others GROUP BY request),
    told AS (
        SELECT o.* FROM others o JOIN best b ON b.request = o.request AND b.rung = o.rung
        QUALIFY row_number() OVER (PARTITION BY o.request, o.machine ORDER BY o.apart, o.event) = 1),
    accounts AS (
        SELECT request, machine, min(account) AS account FROM others
        WHERE account IS NOT NULL GROUP BY request, machine HAVING count(DISTINCT lower(account)) = 1)
    SELECT t.request, t.event, t.kind, t.source, t.machine, coalesce(t.account, c.account) AS account, t.rung, t.port, t.program, t.own,
        count(*) OVER (PARTITION BY t.request) = 1 AS chosen
    FROM told t LEFT JOIN accounts c ON c.request = t.request AND c.machine = t.machine
    UNION ALL SELECT request, event, kind, source, machine, account, rung, port, program, own, TRUE FROM asked
    WHERE own AND rung = 0 QUALIFY row_number() OVER (PARTITION BY request ORDER BY apart, event) = 1
"""

_REQUESTED_COLUMNS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("request", "act", "mechanism", "host"), TEXT),
    **dict.fromkeys(("time", "earliest", "latest"), TIME),
    **dict.fromkeys(("start", "load", "action"), TEXT),
    "registered": TEXTS,
    "calls": TEXTS,
    **dict.fromkeys(("name", "session", "child", "account", "owner", "line"), TEXT),  # the owner of the desktop did not ask for it
    **dict.fromkeys(("from_afar", "telling", "by_itself", "over_network"), FLAG),
    "set_up": TIME,
}
_REQUEST_COLUMNS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("id", "mechanism", "host"), TEXT),
    **dict.fromkeys(("time", "earliest", "latest"), TIME),
    **dict.fromkeys(("ran", "telling", "loopback"), FLAG),
}
_CLIENT_COLUMNS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("request", "event", "kind", "source", "machine", "account"), TEXT),
    "rung": SMALL,
    "port": SMALL,
    "program": TEXT,
    "own": FLAG,
    "chosen": FLAG,  # False: it is one of several, of which none is the source
}

TABLES: Final = (
    Table(
        "claimed",
        "starts, loads, services and calls that are told with a written file, and what those started at once",
        {"id": TEXT},
        ("links", "starts", "loads"),
        _CLAIMED,
        empty_without=("links",),
    ),
    Table(
        "requested",
        "acts with the request that they are of",
        _REQUESTED_COLUMNS,
        ("acts", "askers", "claimed"),
        _REQUESTED,
        empty_without=("acts",),
    ),
    Table(
        "requests", "what one client had a machine do in one go", _REQUEST_COLUMNS, ("requested",), _REQUESTS, empty_without=("requested",)
    ),
    Table(
        "request_records",
        "calls that requests are made of, or that tell who asked",
        {"id": TEXT},
        ("requested", "request_clients"),
        "SELECT unnest(calls) AS id FROM requested UNION SELECT event FROM request_clients WHERE kind = 'Call'",
    ),
    Table(
        "request_clients",
        "requests with who may have asked for them",
        _CLIENT_COLUMNS,
        ("requested", "askers"),
        _CHOSEN,
        empty_without=("requested", "askers"),
    ),
)
RESTS_ON: Final = {
    kind: ("request_clients", f"SELECT event AS id FROM request_clients WHERE kind = '{kind}'")
    for kind in (Kind.LOGON, Kind.SHARE_ACCESS, Kind.PIPE_OPEN, Kind.CONNECTION)
} | {
    Kind.TASK_CHANGE: ("requested", "SELECT unnest(registered) AS id FROM requested WHERE mechanism = 'task'"),
    Kind.SUBSCRIPTION: ("requested", "SELECT unnest(registered) AS id FROM requested WHERE mechanism = 'subscription'"),
    Kind.TASK_RUN: ("requested", "SELECT action AS id FROM requested WHERE action IS NOT NULL"),
    Kind.CALL: (
        "request_records",
        "SELECT id FROM request_records",
    ),
}
