"""The steps that commands took with written files, put together: which version is under which other name, from when to when.

A name stands for the file from the command that gave it until the file is moved on, something else is put there, or it is
removed. A version whose file was moved away, or that another file was moved over, has ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.engine.plan import create_empty
from graphcorr.engine.tables import SMALL, TEXT, TEXTS, TIME, Loop, Table
from graphcorr.links.enders import OVER_THE_NETWORK
from graphcorr.links.versions import OWN_RECORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphcorr.engine.database import Database

STEPS: Final = 4
"""So many steps one after the other are followed."""

# Ends of what a command put at its destination. The command itself makes a record of the new file, too, if it copies; one by
# a program that it does not name is of another file at once.
_HELD: Final = f"""
    WITH told AS (
        SELECT t.* FROM told_moves t
        SEMI JOIN (SELECT host, key FROM logged_versions UNION ALL SELECT host, key FROM moved_names) k
            ON k.host = t.host AND k.key = t.source),
    records AS (
        SELECT host, path, time, TRUE AS made, image FROM FileCreate
        UNION ALL SELECT host, path, time, TRUE, 'system' FROM "Write" WHERE vantage = 'own' AND strength = 'implied'
        UNION ALL SELECT host, path, time, FALSE, image FROM Removal WHERE vantage = 'own' AND NOT coalesce(blocked, FALSE)),
    later AS (
        SELECT e.host, lower(e.path) AS key, e.time, e.made,
            split_part(split_part(lower(coalesce(e.image, 'system')), '\\', -1), '.exe', 1) AS program
        FROM records e SEMI JOIN told t ON t.host = e.host AND t.destination = lower(e.path)),
    network AS (SELECT host, key, time, earliest FROM writes WHERE network AND NOT loopback),
    away AS (SELECT * FROM told_moves WHERE prompt AND NOT copies),
    ends AS (
        SELECT t.event, t.position, l.time FROM told t
        ASOF JOIN later l ON l.host = t.host AND l.key = t.destination AND l.time > t.latest + {OWN_RECORDS}
        UNION ALL SELECT t.event, t.position, l.time FROM told t
        JOIN later l ON l.host = t.host AND l.key = t.destination AND l.time > t.latest AND l.time <= t.latest + {OWN_RECORDS}
        WHERE l.made AND l.program <> 'system' AND NOT contains(t.said, l.program)
        UNION ALL SELECT t.event, t.position, n.time FROM told t
        ASOF JOIN network n ON n.host = t.host AND n.key = t.destination AND n.earliest > t.latest
        UNION ALL SELECT t.event, t.position, e.time FROM told t
        ASOF JOIN (SELECT * FROM enders WHERE ended_by = '{OVER_THE_NETWORK}') e
            ON e.host = t.host AND e.key = t.destination AND e.time > t.latest
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

_HELD_MOVES: Final[Mapping[str, str]] = {
    "event": TEXT,
    "position": SMALL,
    "host": TEXT,
    "source": TEXT,
    "destination": TEXT,
    "earliest": TIME,
    "latest": TIME,
    "ended": TIME,
}
_MOVES: Final[Mapping[str, str]] = {
    "version": TEXT,
    "host": TEXT,
    "key": TEXT,
    "destination": TEXT,
    "event": TEXT,
    "position": SMALL,
    "placed": TIME,
    "ended": TIME,
    "steps": TEXTS,
    "step": SMALL,
}


def _follow(database: Database, identity: object) -> None:  # noqa: ARG001 - what the paths mean is known already
    create_empty(database, MOVES)
    database.execute(_FIRST)
    for step in range(1, STEPS):
        database.execute(_NEXT, [step])


MOVES: Final = Table(
    "moves",
    f"a version, the name that stood for it from when to when, and the commands that led there, {STEPS} at most",
    _MOVES,
    ("held_moves", "versions"),
    Loop(_follow),
    empty_without=("held_moves", "versions"),
)
TABLES: Final = (
    Table(
        "held_moves",
        "what commands did with written files, and until when the new name stood for it",
        _HELD_MOVES,
        ("told_moves", "logged_versions", "moved_names", "FileCreate", "Write", "Removal", "writes", "enders"),
        _HELD,
        empty_without=("told_moves",),
    ),
    MOVES,
)
