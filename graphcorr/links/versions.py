"""File versions: the network writes of one file within two seconds are one version, until something ends it.

Only a real end counts: the next group of network writes, what :mod:`graphcorr.links.enders` lists, and commands that give
the file another name (:mod:`graphcorr.links.chains`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from graphcorr.engine.tables import FLAG, INTEGER, TEXT, TIME, Mapped, Table
from graphcorr.links.enders import BLOCKED, DELETED
from graphcorr.syntax.paths import base_name, short_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphcorr.resolve.identity import Identity

GROUP_GAP: Final = "INTERVAL 2 SECOND"
OWN_RECORDS: Final = "INTERVAL 10 SECOND"
"""How long after a command what is logged of its new file may be its own doing: large files take their time."""

_GROUPS: Final[Mapping[str, str]] = {
    "id": TEXT,
    "host": TEXT,
    "key": TEXT,
    "number": INTEGER,
    "earliest": TIME,
    "latest": TIME,
    "last_time": TIME,
    "best_write": TEXT,
}
VERSIONS: Final[Mapping[str, str]] = {
    **{name: type_ for name, type_ in _GROUPS.items() if name != "number"},
    "path": TEXT,
    "name": TEXT,
    "resolved": FLAG,
    "assumed": FLAG,
    "write_time": TIME,
    "ended": TIME,
    "ended_latest": TIME,
    "ended_by": TEXT,
    "ender": TEXT,
}

_GROUPED: Final = f"""
    WITH marked AS (
        SELECT id, host, key, time, earliest, latest, rank, earliest > max(latest) OVER (
            PARTITION BY host, key ORDER BY earliest, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + {GROUP_GAP} AS starts
        FROM writes)
    -- No FILTER: in a window the engine's takes time with the square of the rows.
    SELECT id, host, key, time, earliest, latest, rank, count(CASE WHEN starts THEN 1 END) OVER (
        PARTITION BY host, key ORDER BY earliest, id ROWS UNBOUNDED PRECEDING) AS number
    FROM marked
"""

_VERSION_GROUPS: Final = """
    SELECT md5(concat_ws('|', 'version', host, key, min_by(id, (earliest, id)))) AS id, host, key, number,
        min(earliest) AS earliest, max(latest) AS latest, max(time) AS last_time, min_by(id, (rank, time, id)) AS best_write
    FROM grouped GROUP BY host, key, number
"""

# ASOF: the first end after the version's last write. A removal within the group belongs to the copying itself, but a block
# ends it there: what is blocked is blocked while it is written, and records of the attempt go on after it.
_LOGGED_VERSIONS: Final = f"""
    WITH blocked AS (
        SELECT v.id, min_by(e.id, (e.time, e.id)) AS ender
        FROM version_groups v JOIN enders e ON e.host = v.host AND e.key = v.key AND e.latest >= v.earliest AND e.time <= v.last_time
        WHERE e.ended_by = '{BLOCKED}' GROUP BY v.id),
    ended AS (
        SELECT v.id, coalesce(b.ender, e.id) AS ender
        FROM version_groups v ASOF LEFT JOIN enders e ON e.host = v.host AND e.key = v.key AND e.time > v.last_time
        LEFT JOIN blocked b ON b.id = v.id)
    SELECT v.* EXCLUDE (number), w.path, w.name, w.resolved, w.assumed, w.time AS write_time,
        e.time AS ended, e.latest AS ended_latest, e.ended_by, e.id AS ender
    FROM version_groups v JOIN writes w ON w.id = v.best_write JOIN ended d ON d.id = v.id LEFT JOIN enders e ON e.id = d.ender
"""

# A move to another drive is logged as a removal as well, and that record knows the content: it stays the one that ended it.
_VERSIONS: Final = f"""
    WITH given_up AS (
        SELECT v.id, t.event, t.time, t.latest, t.reason
        FROM logged_versions v ASOF JOIN (
            SELECT host, source AS key, event, time, latest, 'renamed or moved' AS reason FROM told_moves WHERE prompt AND NOT copies
            UNION ALL SELECT host, destination, event, time, latest, 'replaced' FROM told_moves WHERE prompt
        ) t ON t.host = v.host AND t.key = v.key AND t.time > v.last_time
        WHERE v.ended IS NULL OR v.ended > t.time)
    SELECT v.* EXCLUDE (ended, ended_latest, ended_by, ender),
        coalesce(g.time, v.ended) AS ended,
        CASE WHEN g.id IS NULL THEN v.ended_latest ELSE g.latest END AS ended_latest,
        coalesce(g.reason, v.ended_by) AS ended_by,
        CASE WHEN g.id IS NULL OR (v.ended_by = '{DELETED}' AND v.ended <= g.latest + {OWN_RECORDS}) THEN v.ender ELSE g.event END AS ender
    FROM logged_versions v LEFT JOIN given_up g ON g.id = v.id
"""

FILE_NAMES: Final[Mapping[str, str]] = {"host": TEXT, "key": TEXT, "name": TEXT, "resolved": FLAG}


def _names(row: Mapping[str, Any], identity: Identity) -> Iterator[dict[str, object]]:  # noqa: ARG001 - a name is one on every host
    r"""Base names that a log may use for a file: its own, without extension, and its 8.3 aliases."""
    base = base_name(row["key"])
    names = {base, base.rpartition(".")[0] or base, *short_names(base)}
    for name in names:
        yield {"host": row["host"], "key": row["key"], "name": name, "resolved": row["resolved"]}


TABLES: Final = (
    Table(
        "grouped",
        "each write with the number of its group among those of its file",
        {
            "id": TEXT,
            "host": TEXT,
            "key": TEXT,
            "time": TIME,
            "earliest": TIME,
            "latest": TIME,
            "rank": "INTEGER",
            "number": INTEGER,
        },
        ("writes",),
        _GROUPED,
        empty_without=("writes",),
    ),
    Table("version_groups", "groups of writes", _GROUPS, ("grouped",), _VERSION_GROUPS, empty_without=("grouped",)),
    Table(
        "write_versions",
        "which write made which version",
        {"write": TEXT, "version": TEXT},
        ("grouped", "version_groups"),
        "SELECT g.id AS write, v.id AS version FROM grouped g JOIN version_groups v USING (host, key, number)",
        empty_without=("grouped",),
    ),
    Table(
        "logged_versions",
        "versions as records of the file alone end them",
        VERSIONS,
        ("version_groups", "enders", "writes"),
        _LOGGED_VERSIONS,
        empty_without=("version_groups",),
    ),
    Table(
        "versions",
        "what a file held from one group of writes to its end",
        VERSIONS,
        ("logged_versions", "told_moves"),
        _VERSIONS,
        empty_without=("logged_versions",),
    ),
    Table(
        "written_names",
        "names that written files may go by",
        FILE_NAMES,
        ("writes",),
        Mapped("SELECT DISTINCT host, key, resolved FROM writes", _names),
    ),
)
