"""Network writes: every record that says that bytes were put into a file over the network, and into which file.

Best source first: Sysmon 11 (exact time, local path), then the wire, then Security 5145 (access requested).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

import pyarrow as pa

from graphcorr.graph.identity import Identity
from graphcorr.resolve.database import Database, map_rows
from graphcorr.resolve.shares import share_host, share_name
from graphcorr.syntax.accounts import account_name
from graphcorr.syntax.addresses import address_key
from graphcorr.syntax.paths import base_name, join_share, path_key

_SEPARATORS: Final = "\\/"

RANK: Final = {"sysmon-11": 0, "zeek-smb_files": 1, "security-5145": 2}
"""Whose time and spelling stand for a version: lower is better."""

_SCHEMA: Final = pa.schema(
    [
        ("id", pa.string()),
        ("host", pa.string()),
        ("key", pa.string()),  # path key on the host; UNC when the share's folder is not known
        ("path", pa.string()),  # in the record's own spelling
        ("name", pa.string()),  # base name of the key
        ("resolved", pa.bool_()),  # False: key is UNC
        ("assumed", pa.bool_()),  # a Windows default stood in for the share's folder
        ("network", pa.bool_()),  # the record itself shows a network write; a lone Sysmon 11 by System does not
        ("inferred", pa.bool_()),  # concluded, not stated
        ("loopback", pa.bool_()),
        ("source", pa.string()),  # client address
        ("account", pa.string()),
        ("share", pa.string()),
        ("rank", pa.int32()),
    ]
)

# 0x6 = WriteData | AppendData, tested as bits; on IPC$ the same bits open a pipe. Zeek logs SMB::FILE_WRITE only when
# told to, so a write is also concluded from a file transferred by the client, or an open that shows a grown size.
_CANDIDATES: Final = r"""
    SELECT id, log, host, computer, share, relative_path, path, source_address, target_address, user, user_domain,
        epoch_us(time) AS time, FALSE AS inferred
    FROM events WHERE log = 'security-5145' AND (access_mask & 6) <> 0 AND relative_path IS NOT NULL AND share IS NOT NULL
        AND NOT ends_with(lower(share), 'ipc$') AND relative_path <> '\'
    UNION ALL BY NAME
    SELECT id, log, host, computer, path, epoch_us(time) AS time, TRUE AS inferred
    FROM events WHERE log = 'sysmon-11' AND path IS NOT NULL AND host IS NOT NULL
        AND (lower(image) = 'system' OR (pid = 4 AND image IS NULL))
    UNION ALL BY NAME
    SELECT id, log, host, computer, share, relative_path, source_address, target_address, user, user_domain,
        epoch_us(time) AS time, action NOT LIKE '%WRITE' AS inferred
    FROM (
        SELECT *, lag(size) OVER (PARTITION BY target_address, share, relative_path ORDER BY time, id) AS size_before
        FROM events WHERE log = 'zeek-smb_files' AND relative_path IS NOT NULL AND coalesce(action, '') NOT LIKE '%PIPE%'
            AND (share IS NULL OR NOT ends_with(lower(share), 'ipc$'))
    ) WHERE action LIKE '%FILE_WRITE' OR action LIKE '%FILE_RENAME' OR size > size_before
        OR fuid IN (SELECT fuid FROM events WHERE log = 'zeek-files' AND from_originator AND size > 0 AND fuid IS NOT NULL)
"""


def load_writes(database: Database, identity: Identity) -> None:
    """Create ``writes``: one row a record, with host, path key and what is known of the client."""
    map_rows(database, _CANDIDATES, "write_facts", _SCHEMA, partial(_resolve, identity=identity))
    database.execute(
        "CREATE TABLE writes AS SELECT w.*, e.log, e.time, e.earliest, e.latest, e.file, e.member, e.record "
        "FROM write_facts w JOIN events e USING (id)"
    )
    database.execute("DROP TABLE write_facts")


def _resolve(row: Mapping[str, Any], identity: Identity) -> Iterator[dict[str, object]]:
    located = _local_file(row) if row["log"] == "sysmon-11" else _shared_file(row, identity)
    if located is None:
        return
    host, path, assumed = located
    key = path_key(path)
    if key is None:
        return
    source = address_key(row["source_address"] or "")
    yield {
        "id": row["id"],
        "host": host,
        "key": key,
        "path": path,
        "name": base_name(key),
        "resolved": not key.startswith("\\\\"),
        "assumed": assumed,
        "network": row["log"] != "sysmon-11",
        "inferred": row["inferred"],
        "loopback": source is not None and identity.is_self(host, source),
        "source": source,
        "account": account_name(row["user_domain"], row["user"]),
        "share": share_name(row["share"]),
        "rank": RANK[row["log"]],
    }


def _local_file(row: Mapping[str, Any]) -> tuple[str, str, bool]:
    return row["host"], row["path"], False


def _shared_file(row: Mapping[str, Any], identity: Identity) -> tuple[str, str, bool] | None:
    """Host, path and whether it was assumed; the path is UNC when nothing tells the share's folder."""
    share, named = share_name(row["share"]), share_host(row["share"])
    host = row["host"]
    if host is None and (address := address_key(row["target_address"] or "")):
        host = identity.host_at(address, row["time"]).host or (named and identity.names.key(named)) or address
    if host is None:
        return None
    relative = row["relative_path"]
    folder = identity.shares.folder(host, share) if share else None
    if folder is None:
        return host, f"\\\\{host}\\{share or '?'}\\{relative.lstrip(_SEPARATORS)}", False
    return host, join_share(folder.path, relative), folder.assumed
