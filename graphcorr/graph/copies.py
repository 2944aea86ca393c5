"""Copies under another name: what ran or was loaded from another path, but has the content that was written.

Sysmon 11 has no hash, so the content of a written file is known from elsewhere: Zeek's files.log, the file's own start or
load, a mark that was put on it (Sysmon 15), its removal (23, 26).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from graphcorr.resolve.database import Database, create_table, map_rows, schema_of
from graphcorr.syntax.paths import directory, path_key
from graphcorr.syntax.programs import is_installed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SCHEMA: Final = schema_of(event=pa.string(), kind=pa.string(), version=pa.string())

_SOON: Final = 600_000_000
"""Microseconds: what is moved to another folder is run soon after."""

_NO_CONTENT: Final = (
    "IMPHASH=%", "%=0", "%=00000000%", "MD5=D41D8CD98F00B204E9800998ECF8427E", "SHA1=DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
    "SHA256=E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
)  # fmt: skip
"""No hash of a content: of imports only, of a file that could not be read, of an empty one."""
_HASHES: Final = "unnest(string_split(upper(replace(hashes, ' ', '')), ','))"
_IS_CONTENT: Final = "contains(hash, '=') AND " + " AND ".join(f"hash NOT LIKE '{pattern}'" for pattern in _NO_CONTENT)
_SPELLED: Final = "regexp_replace(lower({}), '^(.[^*]?[^:]*):.*$', '\\1')"
"""A path without its stream."""

_CONTENTS: Final = f"""
    CREATE TABLE contents AS
    WITH told AS (
        SELECT e.host, {_SPELLED.format("e.path")} AS key, e.time, e.hashes FROM events e
        WHERE e.log IN ('sysmon-15', 'sysmon-7') AND e.hashes IS NOT NULL AND e.path IS NOT NULL
        UNION ALL SELECT host, lower(image), time, hashes FROM events WHERE log = 'sysmon-1' AND hashes IS NOT NULL AND image IS NOT NULL),
    own AS (
        SELECT v.id AS version, t.hashes
        FROM (SELECT * FROM told SEMI JOIN versions USING (host, key)) t
        ASOF JOIN versions v ON v.host = t.host AND v.key = t.key AND v.earliest <= t.time
        WHERE v.ended IS NULL OR v.ended >= t.time
        UNION SELECT v.id, e.hashes FROM versions v JOIN events e ON e.id = v.ender
        WHERE e.log IN ('sysmon-23', 'sysmon-26') AND e.hashes IS NOT NULL
        UNION SELECT m.version, f.hashes FROM write_versions m JOIN events w ON w.id = m.write JOIN events f ON f.uid = w.uid
        WHERE w.log = 'zeek-smb-files' AND f.log = 'zeek-files' AND f.from_originator AND f.hashes IS NOT NULL
            AND (f.fuid = w.fuid OR (lower(split_part(f.relative_path, '\\', -1)) = lower(split_part(w.relative_path, '\\', -1))
                AND f.time BETWEEN w.time - INTERVAL 1 SECOND AND w.time + INTERVAL 10 MINUTE))),
    cut AS (SELECT version, {_HASHES} AS hash FROM own)
    SELECT DISTINCT c.version, c.hash, v.host, v.key, v.earliest, v.latest
    FROM cut c JOIN versions v ON v.id = c.version WHERE {_IS_CONTENT}
"""

# A program that maps its own file is its start once more. What ran before the write with that content was there already.
_USES: Final = f"""
    WITH used AS (
        SELECT id, host, time, lower(image) AS key, image AS path, 'RAN' AS kind, hashes FROM events
        WHERE log = 'sysmon-1' AND hashes IS NOT NULL AND image IS NOT NULL AND host IN (SELECT host FROM contents)
        UNION ALL SELECT id, host, time, lower(path), path, 'LOADED', hashes FROM events
        WHERE log = 'sysmon-7' AND hashes IS NOT NULL AND path IS NOT NULL AND lower(path) <> lower(image)
            AND host IN (SELECT host FROM contents)),
    cut AS (SELECT id, host, time, key, path, kind, {_HASHES} AS hash FROM used),
    same AS (
        SELECT DISTINCT u.id, u.host, u.time, u.key, u.path, u.kind, c.version, c.key AS written, c.earliest, c.latest
        FROM cut u JOIN contents c ON c.host = u.host AND c.hash = u.hash AND c.key <> u.key
        ANTI JOIN versions v ON v.host = u.host AND v.key = u.key),
    before AS (SELECT DISTINCT host, key, version FROM same WHERE time < earliest),
    made AS (
        SELECT s.id, s.version, bool_or(e.id IS NOT NULL) AS created FROM same s
        LEFT JOIN events e ON e.log = 'sysmon-11' AND e.host = s.host AND lower(e.path) = s.key AND e.time BETWEEN s.earliest AND s.time
        GROUP BY s.id, s.version)
    SELECT id, kind, path, version, written, created, epoch_us(time) - epoch_us(latest) AS delay
    FROM same JOIN made USING (id, version) ANTI JOIN before USING (host, key, version)
    WHERE time >= earliest
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY earliest DESC, version) = 1
"""


def load_copies(database: Database) -> None:
    """Create ``copies`` (event, kind, version)."""
    database.execute(_CONTENTS)
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
