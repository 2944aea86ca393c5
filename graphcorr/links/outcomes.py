"""What came of a behavior: the program that ran of what was fetched, the archive that left its machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from graphcorr.engine.tables import TEXT, Mapped, Table
from graphcorr.links.names import base_name_of
from graphcorr.model.kinds import Kind
from graphcorr.syntax.commands import Role, references
from graphcorr.syntax.paths import base_name, path_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SOON: Final = "INTERVAL 1 HOUR"
"""After it was fetched a tool is run, or it was fetched for later, which is another story."""
_KEPT: Final = "INTERVAL 7 DAY"
"""So long after it was made an archive may wait to be sent."""
_FETCHES: Final = """
    SELECT id, host, time, object, split_part(object, '\\', -1) AS name FROM (
        SELECT id, host, time, technique, object FROM shown_commands
        UNION ALL SELECT id, host, time, technique, object FROM shown_scripts)
    WHERE technique = 'T1105' AND object IS NOT NULL
"""
_CANDIDATES: Final = f"""
    WITH fetches AS ({_FETCHES}),
    named AS (
        SELECT id, host, time, image, command_line, unnest(names) AS name FROM ProcessStart WHERE host IN (SELECT host FROM fetches)
        UNION SELECT id, host, time, image, command_line, {base_name_of("image")} FROM ProcessStart
            WHERE host IN (SELECT host FROM fetches))
    SELECT DISTINCT f.id AS fetch, f.object, n.id, n.image, n.command_line FROM fetches f
    JOIN named n ON n.host = f.host AND n.name = f.name AND n.time >= f.time AND n.time <= f.time + {_SOON} AND n.id <> f.id
"""


def _run(row: Mapping[str, Any], identity: object) -> Iterator[dict[str, object]]:  # noqa: ARG001 - both are of one machine
    if _is(row["object"], row["image"]) or any(
        _is(row["object"], one.path)
        for one in references(row["command_line"] or "", row["image"])
        if one.role in {Role.PROGRAM, Role.ARGUMENT}
    ):
        yield {"fetch": row["fetch"], "run": row["id"]}


def _is(fetched: str, path: str | None) -> bool:
    """Whether a path is that of what was fetched; one that a command names without a folder is told by its name.

    What was fetched to a folder that nobody names is not known to be what runs in another.
    """
    key = path_key(path or "") or (path or "").lower()
    if "\\" in key:
        return key == fetched
    return base_name(fetched) == key


_TYPES: Final = """CASE split_part(a.name, '.', -1)
        WHEN 'zip' THEN ['application/zip'] WHEN '7z' THEN ['application/x-7z-compressed'] WHEN 'tar' THEN ['application/x-tar']
        WHEN 'rar' THEN ['application/x-rar', 'application/x-rar-compressed', 'application/vnd.rar']
        WHEN 'cab' THEN ['application/vnd.ms-cab-compressed'] WHEN 'xz' THEN ['application/x-xz']
        WHEN 'gz' THEN ['application/gzip', 'application/x-gzip'] WHEN 'tgz' THEN ['application/gzip', 'application/x-gzip']
        ELSE [] END"""
"""As Zeek's signatures and libmagic call what an archive of its extension holds."""
_NEXT: Final = "INTERVAL 1 HOUR"
"""What leaves without its name is taken for the archive that its machine has made so shortly before."""
_UPLOADS: Final = """
    SELECT h.id, 'HttpRequest' AS kind, coalesce(o.host, h.source_address) AS host, h.time, lower(url_decode(uri)) AS told,
        sent_types AS types
    FROM HttpRequest h LEFT JOIN owners o ON o.address = h.source_address AND h.time >= o.since AND h.time < o.until
    WHERE method IN ('POST', 'PUT')
    UNION ALL SELECT t.id, 'Transfer', coalesce(o.host, t.source_address), t.time, lower(coalesce(relative_path, '')), [mime_type]
    FROM Transfer t LEFT JOIN owners o ON o.address = t.source_address AND t.time >= o.since AND t.time < o.until
    WHERE from_originator AND coalesce(protocol, '') NOT IN ('SMB', 'SMTP')
    UNION ALL SELECT w.id, 'Write', coalesce(o.host, w.source), w.time, lower(w.path), NULL
    FROM writes w LEFT JOIN owners o ON o.address = w.source AND w.time >= o.since AND w.time < o.until
    WHERE w.source IS NOT NULL AND NOT w.loopback AND coalesce(o.host, w.source) <> w.host
"""
_SENT: Final = "('T1048', 'T1048.002', 'T1567.002')"
_OUTCOMES: Final = f"""
    WITH ours AS (
        SELECT behavior, id, host, time, technique, object, split_part(object, '\\', -1) AS name FROM behavior_records),
    archives AS (SELECT * FROM ours WHERE technique IN ('T1560.001', 'T1560.002')),
    uploads AS ({_UPLOADS})
    SELECT DISTINCT b.behavior, coalesce(s.main, f.run) AS event, 'ProcessStart' AS kind
    FROM fetched_runs f LEFT JOIN same_process m ON m.other = f.fetch LEFT JOIN same_process s ON s.other = f.run
    JOIN behavior_records b ON b.id = coalesce(m.main, f.fetch) AND b.technique = 'T1105'
    UNION SELECT a.behavior, r.id, r.kind FROM archives a JOIN behavior_records r
        ON r.host = a.host AND r.technique IN {_SENT} AND split_part(r.object, '\\', -1) = a.name
        AND r.time >= a.time AND r.time <= a.time + {_KEPT}
    UNION SELECT a.behavior, u.id, u.kind FROM archives a
        JOIN (SELECT *, unnest(list_distinct(string_split_regex(told, '[/\\\\?&=#;]'))) AS part FROM uploads) u
            ON u.host = a.host AND u.part = a.name AND u.time >= a.time AND u.time <= a.time + {_KEPT}
        WHERE contains(a.name, '.')
    -- What leaves without its name is the last that was packed, and no other.
    UNION SELECT behavior, id, kind FROM (
        SELECT a.behavior, u.id, u.kind FROM archives a JOIN uploads u
            ON u.host = a.host AND u.time >= a.time AND u.time <= a.time + {_NEXT} AND len(list_intersect(u.types, {_TYPES})) > 0
        QUALIFY row_number() OVER (PARTITION BY u.id ORDER BY a.time DESC, a.behavior) = 1)
"""

TABLES: Final = (
    Table(
        "fetched_runs",
        "starts of what a command fetched shortly before",
        {"fetch": TEXT, "run": TEXT},
        ("shown_commands", "shown_scripts", "ProcessStart"),
        Mapped(_CANDIDATES, _run),
        empty_without=("ProcessStart",),
    ),
    Table(
        "behavior_outcomes",
        "what came of a behavior: what ran of what was fetched, what left of what was packed",
        {"behavior": TEXT, "event": TEXT, "kind": TEXT},
        ("behavior_records", "fetched_runs", "same_process", "HttpRequest", "Transfer", "writes", "owners"),
        _OUTCOMES,
        empty_without=("behavior_records",),
    ),
)
RESTS_ON: Final = {
    kind: ("behavior_outcomes", f"SELECT event AS id FROM behavior_outcomes WHERE kind = '{kind}'")
    for kind in (Kind.HTTP_REQUEST, Kind.TRANSFER)
}
