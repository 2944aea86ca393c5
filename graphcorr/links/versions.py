"""File versions: the network writes of one file within two seconds are one version, until something ends it.

Only a real end counts: the next group of network writes, a local write, a rename, a removal (Sysmon 23, 26) or a
block (27). Access that merely *asks* for deletion does not: that is how CopyFile opens a file it writes.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from graphcorr.engine.database import Database, map_rows, schema_of
from graphcorr.links.writes import shared_file
from graphcorr.syntax.paths import base_name, short_names, split_stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphcorr.resolve.identity import Identity

GROUP_GAP: Final = "INTERVAL 2 SECOND"
"""One copy makes several records (open, write, close; Sysmon and Security): closer than this they are one version."""

OVER_THE_NETWORK: Final = "renamed or deleted over the network"

_NAME_SCHEMA: Final = schema_of(host=pa.string(), key=pa.string(), name=pa.string(), resolved=pa.bool_())
_END_SCHEMA: Final = schema_of(id=pa.string(), host=pa.string(), key=pa.string(), ended_by=pa.string())

_ENDERS: Final = """
    WITH written AS (SELECT DISTINCT host, name FROM writes)
    SELECT e.id, e.host, e.log, e.path, epoch_us(e.time) AS time
    FROM events e SEMI JOIN written w ON w.host = e.host AND w.name = split_part(lower(split_part(e.path, '\\', -1)), ':', 1)
    WHERE e.log IN ('sysmon-23', 'sysmon-26', 'sysmon-27') OR (e.log = 'sysmon-11' AND e.id NOT IN (SELECT id FROM writes))
    UNION ALL BY NAME
    SELECT id, host, log, coalesce(previous_path, relative_path) AS relative_path, share, share_path, target_address, epoch_us(time) AS time
    FROM events WHERE log = 'zeek-smb-files' AND (action LIKE '%FILE_DELETE' OR action LIKE '%FILE_RENAME') AND pipe IS NULL
        AND coalesce(previous_path, relative_path) IS NOT NULL
"""
_REASON: Final = {"sysmon-11": "written locally", "sysmon-23": "deleted", "sysmon-26": "deleted", "sysmon-27": "blocked"}


def load_versions(database: Database, identity: Identity) -> None:
    """Create ``versions``, ``write_versions`` (write, version), ``enders`` and ``file_names`` (names a file may go by)."""
    database.execute(
        f"""
        CREATE TABLE grouped AS
        WITH marked AS (
            SELECT id, host, key, time, earliest, latest, rank, earliest > max(latest) OVER (
                PARTITION BY host, key ORDER BY earliest, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + {GROUP_GAP} AS starts
            FROM writes)
        -- No FILTER: in a window the engine's takes time with the square of the rows.
        SELECT *, count(CASE WHEN starts THEN 1 END) OVER (PARTITION BY host, key ORDER BY earliest, id ROWS UNBOUNDED PRECEDING) AS number
        FROM marked
        """
    )
    database.execute(
        """
        CREATE TABLE version_groups AS
        SELECT md5(concat_ws('|', 'version', host, key, min_by(id, (earliest, id)))) AS id, host, key, number,
            min(earliest) AS earliest, max(latest) AS latest, max(time) AS last_time,
            min_by(id, (rank, time, id)) AS best_write
        FROM grouped GROUP BY host, key, number
        """
    )
    database.execute(
        "CREATE TABLE write_versions AS "
        "SELECT g.id AS write, v.id AS version FROM grouped g JOIN version_groups v USING (host, key, number)"
    )
    _load_enders(database, identity)
    # ASOF: the first end after the version's last write. A removal within the group belongs to the copying itself, but a
    # block ends it there: what is blocked is blocked while it is written, and records of the attempt go on after it.
    database.execute(
        """
        CREATE TABLE versions AS
        WITH blocked AS (
            SELECT v.id, min_by(e.id, (e.time, e.id)) AS ender
            FROM version_groups v JOIN enders e ON e.host = v.host AND e.key = v.key AND e.latest >= v.earliest AND e.time <= v.last_time
            WHERE e.log = 'sysmon-27' GROUP BY v.id),
        ended AS (
            SELECT v.id, coalesce(b.ender, e.id) AS ender
            FROM version_groups v ASOF LEFT JOIN enders e ON e.host = v.host AND e.key = v.key AND e.time > v.last_time
            LEFT JOIN blocked b ON b.id = v.id)
        SELECT v.* EXCLUDE (number), w.path, w.name, w.resolved, w.assumed, w.time AS write_time,
            e.time AS ended, e.latest AS ended_latest, e.ended_by, e.id AS ender
        FROM version_groups v JOIN writes w ON w.id = v.best_write JOIN ended d ON d.id = v.id LEFT JOIN enders e ON e.id = d.ender
        """
    )
    database.execute("DROP TABLE grouped")
    database.execute("DROP TABLE version_groups")
    files = "SELECT DISTINCT host, key, resolved FROM writes"
    map_rows(database, files, "file_names", _NAME_SCHEMA, _names)


def _names(row: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    r"""Base names that a log may use for a file: its own, without extension, and its 8.3 aliases."""
    base = base_name(row["key"])
    names = {base, base.rpartition(".")[0] or base, *short_names(base)}
    for name in names:
        yield {"host": row["host"], "key": row["key"], "name": name, "resolved": row["resolved"]}


def _load_enders(database: Database, identity: Identity) -> None:
    map_rows(database, _ENDERS, "ender_facts", _END_SCHEMA, partial(_end, identity=identity))
    database.execute(
        "CREATE TABLE enders AS SELECT f.*, e.time, e.earliest, e.latest, e.log, e.path, e.file, e.member, e.record "
        "FROM ender_facts f JOIN events e USING (id)"
    )
    database.execute("DROP TABLE ender_facts")


def _end(row: Mapping[str, Any], identity: Identity) -> Iterator[dict[str, object]]:
    located = shared_file(row, identity) if row["log"] == "zeek-smb-files" else (row["host"], row["path"], False)
    if located is None:
        return
    host, path, _ = located
    file, stream = split_stream(path)
    # What happens to a stream leaves the file as it is: Zone.Identifier is written and removed all the time.
    key = identity.local_key(host, file) if stream is None else None
    if key:
        yield {"id": row["id"], "host": host, "key": key, "ended_by": _REASON.get(row["log"], OVER_THE_NETWORK)}
