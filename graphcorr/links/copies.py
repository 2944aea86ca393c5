"""Copies under another name: what ran or was loaded from another path, but has the content that was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from graphcorr.engine.database import Database, create_table, map_rows, schema_of
from graphcorr.links.contents import contents_of, differ, load_contents
from graphcorr.syntax.paths import directory, path_key
from graphcorr.syntax.programs import is_installed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SCHEMA: Final = schema_of(event=pa.string(), kind=pa.string(), version=pa.string())

_SOON: Final = 600_000_000
"""Microseconds: what is moved to another folder is run soon after."""

# A program that maps its own file is its start once more. What ran or was created before the write was there already, unless
# it was created again since or, by its removal, was gone.
_USES: Final = f"""
    WITH used AS (
        SELECT id, host, time, lower(image) AS key, image AS path, 'RAN' AS kind, {contents_of("hashes")} AS hashes FROM events
        WHERE log = 'sysmon-1' AND hashes IS NOT NULL AND image IS NOT NULL AND host IN (SELECT host FROM contents)
        UNION ALL SELECT id, host, time, lower(path), path, 'LOADED', {contents_of("hashes")} FROM events
        WHERE log = 'sysmon-7' AND hashes IS NOT NULL AND path IS NOT NULL AND lower(path) <> lower(image)
            AND host IN (SELECT host FROM contents)),
    cut AS (SELECT *, unnest(hashes) AS hash FROM used),
    known AS (SELECT *, unnest(hashes) AS hash FROM contents),
    same AS (
        SELECT DISTINCT u.id, u.host, u.time, u.key, u.path, u.kind, c.version, c.key AS written, c.earliest, c.latest
        FROM cut u JOIN known c ON c.host = u.host AND c.hash = u.hash AND c.key <> u.key
        ANTI JOIN versions v ON v.host = u.host AND v.key = u.key
        WHERE NOT {differ("u.hashes", "c.hashes")}),
    before AS (SELECT DISTINCT host, key, version FROM same WHERE time < earliest),
    told AS (
        SELECT e.host, lower(e.path) AS key, e.time, bool_or(e.log = 'sysmon-11') AS made FROM events e
        SEMI JOIN same s ON s.host = e.host AND s.key = lower(e.path) WHERE e.log IN ('sysmon-11', 'sysmon-23', 'sysmon-26')
        GROUP BY ALL),
    made AS (SELECT host, key, time FROM told WHERE made),
    seen AS (
        SELECT s.*, coalesce(m.time >= s.earliest, FALSE) AS created, coalesce(t.made AND t.time < s.earliest, FALSE) AS older
        FROM same s ASOF LEFT JOIN made m ON m.host = s.host AND m.key = s.key AND m.time <= s.time
        ASOF LEFT JOIN told t ON t.host = s.host AND t.key = s.key AND t.time <= s.time)
    SELECT id, kind, path, version, written, created, epoch_us(time) - epoch_us(latest) AS delay
    FROM seen ANTI JOIN before USING (host, key, version)
    WHERE time >= earliest AND NOT older
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY earliest DESC, version) = 1
"""


def load_copies(database: Database) -> None:
    """Create ``copies`` (event, kind, version)."""
    load_contents(database)
    if database.execute("SELECT 1 FROM contents LIMIT 1").fetchall():
        map_rows(database, _USES, "copies", _SCHEMA, _copy)
    else:
        create_table(database, "copies", _SCHEMA)
    database.execute("DROP TABLE contents")


def _copy(row: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    r"""Equal content is not enough: ``psexec -c cmd.exe`` writes what every machine has, and what is deployed is on many.

    So the copy was created after the write, or is beside it, or was run soon from where no installer puts programs.
    """
    key = path_key(row["path"])
    if key is None:
        return
    beside = directory(key) == directory(row["written"])
    if row["created"] or beside or (row["delay"] <= _SOON and not is_installed(row["path"])):
        yield {"event": row["id"], "kind": row["kind"], "version": row["version"]}
