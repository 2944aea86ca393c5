"""The steps that commands took with written files, put together: which version is under which other name, from when to when.

A name stands for the file from the command that gave it until the file is moved on, something else is put there, or it is
removed. A version whose file was moved away, or that another file was moved over, has ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from graphcorr.engine.database import Database

STEPS: Final = 4
"""So many steps one after the other are followed."""

_OWN_RECORDS: Final = "INTERVAL 10 SECOND"
"""How long after a command what is logged of its new file may be its own doing: large files take their time."""

_MOVES: Final = """
    CREATE TABLE moves (
        version VARCHAR, host VARCHAR, key VARCHAR, destination VARCHAR, event VARCHAR, position INTEGER,
        placed TIMESTAMP, ended TIMESTAMP, steps VARCHAR[], step INTEGER)
"""

# Ends of what a command put at its destination. The command itself makes a record of the new file, too, if it copies; one by
# a program that it does not name is of another file at once.
_HELD: Final = f"""
    CREATE TABLE held_moves AS
    WITH told AS (
        SELECT t.* FROM told_moves t
        SEMI JOIN (SELECT host, key FROM versions UNION ALL SELECT host, key FROM moved_names) k ON k.host = t.host AND k.key = t.source),
    later AS (
        SELECT e.host, lower(e.path) AS key, e.time, e.log = 'sysmon-11' AS made,
            split_part(split_part(lower(coalesce(e.image, 'system')), '\\', -1), '.exe', 1) AS program
        FROM events e SEMI JOIN told t ON t.host = e.host AND t.destination = lower(e.path)
        WHERE e.log IN ('sysmon-11', 'sysmon-23', 'sysmon-26')),
    network AS (SELECT host, key, time, earliest FROM writes WHERE network AND NOT loopback),
    away AS (SELECT * FROM told_moves WHERE prompt AND NOT copies),
    ends AS (
        SELECT t.event, t.position, l.time FROM told t
        ASOF JOIN later l ON l.host = t.host AND l.key = t.destination AND l.time > t.latest + {_OWN_RECORDS}
        UNION ALL SELECT t.event, t.position, l.time FROM told t
        JOIN later l ON l.host = t.host AND l.key = t.destination AND l.time > t.latest AND l.time <= t.latest + {_OWN_RECORDS}
        WHERE l.made AND l.program <> 'system' AND NOT contains(t.said, l.program)
        UNION ALL SELECT t.event, t.position, n.time FROM told t
        ASOF JOIN network n ON n.host = t.host AND n.key = t.destination AND n.earliest > t.latest
        UNION ALL SELECT t.event, t.position, e.time FROM told t
        ASOF JOIN (SELECT * FROM enders WHERE log = 'zeek-smb-files') e ON e.host = t.host AND e.key = t.destination AND e.time > t.latest
        UNION ALL SELECT t.event, t.position, a.latest FROM told t
        ASOF JOIN away a ON a.host = t.host AND a.source = t.destination AND a.earliest > t.latest
        UNION ALL SELECT t.event, t.position, a.latest FROM told t
        JOIN away a ON a.event = t.event AND a.source = t.destination AND a.position > t.position
        UNION ALL SELECT t.event, t.position, o.time FROM told t
        JOIN told_moves o ON o.host = t.host AND o.destination = t.destination AND o.prompt AND o.source <> t.source
            AND (o.earliest > t.latest OR (o.event = t.event AND o.position > t.position)))
    SELECT t.event, t.position, t.host, t.source, t.destination, t.earliest, t.latest, e.ended
    FROM told t LEFT JOIN (SELECT event, position, min(time) AS ended FROM ends GROUP BY ALL) e USING (event, position)
"""

# A move to another drive is logged as a removal as well, and that record knows the content: it stays the one that ended it.
_GIVEN_UP: Final = f"""
    UPDATE versions SET ended = g.time, ended_latest = g.latest, ended_by = g.reason,
        ender = CASE WHEN versions.ended_by = 'deleted' AND versions.ended <= g.latest + {_OWN_RECORDS} THEN ender ELSE g.event END
    FROM (
        SELECT v.id, t.event, t.time, t.latest, t.reason
        FROM versions v ASOF JOIN (
            SELECT host, source AS key, event, time, latest, 'renamed or moved' AS reason FROM told_moves WHERE prompt AND NOT copies
            UNION ALL SELECT host, destination, event, time, latest, 'replaced' FROM told_moves WHERE prompt
        ) t ON t.host = v.host AND t.key = v.key AND t.time > v.last_time
        WHERE v.ended IS NULL OR v.ended > t.time) g
    WHERE versions.id = g.id
"""

_UNTIL: Final = "least(t.ended, lead(t.earliest) OVER (PARTITION BY t.host, t.destination, {} ORDER BY t.earliest, t.event, t.position))"
"""To where a step counts: the same again, which may be of a newer version, takes its place."""

_FIRST: Final = f"""
    INSERT INTO moves
    SELECT v.id, t.host, v.key, t.destination, t.event, t.position, t.earliest, {_UNTIL.format("v.key")}, [t.event], 1
    FROM held_moves t ASOF JOIN versions v ON v.host = t.host AND v.key = t.source AND v.earliest <= t.latest
    WHERE v.ended_latest IS NULL OR v.ended_latest >= t.earliest
"""

_NEXT: Final = f"""
    INSERT INTO moves
    SELECT m.version, t.host, m.key, t.destination, t.event, t.position, t.earliest, {_UNTIL.format("m.key")},
        list_append(m.steps, t.event), m.step + 1
    FROM moves m JOIN held_moves t ON t.host = m.host AND t.source = m.destination
    WHERE m.step = ? AND (m.ended IS NULL OR t.earliest <= m.ended)
        AND CASE WHEN t.event = m.event THEN t.position > m.position ELSE t.latest >= m.placed END
    QUALIFY row_number() OVER (PARTITION BY t.event, t.position, m.key ORDER BY m.placed DESC, m.event, m.position) = 1
"""


def create_moves(database: Database) -> None:
    database.execute(_MOVES)


def follow(database: Database) -> None:
    """Fill ``moves`` from ``told_moves``: a version, the name (``destination``) that stood for it from ``placed`` to ``ended``, which
    may be NULL, and the commands (``steps``) that led there. End the versions whose file is not under its own name any more.
    """
    database.execute(_HELD)
    database.execute(_GIVEN_UP)
    database.execute(_FIRST)
    for step in range(1, STEPS):
        database.execute(_NEXT, [step])
    database.execute("DROP TABLE held_moves")
