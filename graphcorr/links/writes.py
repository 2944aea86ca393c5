"""Network writes: every record that says that bytes were put into a file over the network, and into which file.

Best source first: Sysmon 11 (exact time, local path), then the wire, then Security 5145 (access requested).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from graphcorr.engine.database import Database, map_rows, schema_of
from graphcorr.logs.catalog import logs_by
from graphcorr.logs.claims import GRANTED
from graphcorr.logs.testimony import Vantage
from graphcorr.resolve.shares import share_host, share_name
from graphcorr.syntax.accounts import account_name
from graphcorr.syntax.addresses import address_key
from graphcorr.syntax.paths import base_name, join_share, path_key, split_stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphcorr.resolve.identity import Identity

_SEPARATORS: Final = "\\/"
_MARKS: Final = frozenset({"zone.identifier", "smartscreen", "oecustomproperty"})
"""Streams that programs hang on files without touching them."""

RANK: Final = {"sysmon-11": 0, "zeek-smb-files": 1, "security-5145": 2}
"""Whose time and spelling stand for a version: lower is better."""

WIRE_SKEW: Final = "INTERVAL 100 MILLISECOND"
"""How much later than a host the wire may show what happened at the same time: 5 to 23 ms in all pairs measured."""

_MINUTE: Final = 60_000_000
_AUDITED_MINUTES: Final = 10
_BASE_NAME: Final = "split_part(lower(split_part(relative_path, '\\', -1)), ':', 1)"

UNKNOWN_SHARE: Final = "(unknown)"
"""Stands for the share's name where the log has none; a path needs one, and no share can have this name by chance."""

_SCHEMA: Final = schema_of(
    id=pa.string(),
    host=pa.string(),
    key=pa.string(),  # path key on the host; UNC when the share's folder is not known
    path=pa.string(),  # in the record's own spelling
    name=pa.string(),  # base name of the key
    resolved=pa.bool_(),  # False: key is UNC
    assumed=pa.bool_(),  # a Windows default stood in for the share's folder
    network=pa.bool_(),  # the record itself shows a network write; a lone Sysmon 11 by System does not
    inferred=pa.bool_(),  # concluded, not stated
    loopback=pa.bool_(),
    source=pa.string(),  # client address
    account=pa.string(),
    share=pa.string(),
    rank=pa.int32(),
)

# 0x6 = WriteData | AppendData, tested as bits; on IPC$ the same bits open a pipe. Zeek logs SMB::FILE_WRITE only when
# told to, so a write is also concluded: from the open before a file that the client sent (files.log; the open itself
# has no fuid yet), and from an open whose file is larger at the next one. It is the earlier open that wrote: the later
# one, maybe of another client, only shows it. A file that is copied is empty when it is opened; one that had content
# may also grow by the server's own doing, so that the same client must find it so soon after.
_CANDIDATES: Final = rf"""
    WITH smb AS (
        SELECT id, log, host, computer, uid, fuid, action, share, relative_path, source_address, target_address, user, user_domain, time,
            size, lead(size) OVER later AS size_after, lead(source_address) OVER later AS client_after, lead(time) OVER later AS time_after
        FROM events WHERE log = 'zeek-smb-files' AND relative_path IS NOT NULL AND pipe IS NULL
        WINDOW later AS (PARTITION BY target_address, lower(share), lower(relative_path) ORDER BY time, id)),
    grown AS (
        SELECT id FROM smb WHERE size_after > size AND coalesce(action, '') NOT LIKE '%DELETE' AND time_after <= time + CASE
            WHEN size = 0 THEN INTERVAL 1 DAY WHEN client_after = source_address THEN INTERVAL 10 MINUTE ELSE INTERVAL 0 SECOND END),
    sent AS (
        SELECT uid, fuid, time, lower(split_part(relative_path, '\', -1)) AS name
        FROM events WHERE log = 'zeek-files' AND from_originator AND size > 0 AND coalesce(upper(protocol), 'SMB') = 'SMB'),
    opened AS (
        SELECT s.id FROM sent f ASOF JOIN (
            SELECT id, uid, time, lower(split_part(relative_path, '\', -1)) AS name FROM smb WHERE action LIKE '%FILE_OPEN'
        ) s ON s.uid = f.uid AND s.name = f.name AND s.time <= f.time),
    disks AS (
        SELECT uid, min(share) AS share FROM events
        WHERE log = 'zeek-smb-mapping' AND uid IS NOT NULL AND share IS NOT NULL AND NOT ends_with(lower(share), 'ipc$')
        GROUP BY uid HAVING count(DISTINCT lower(share)) = 1)
    SELECT id, log, host, computer, share, share_path, relative_path, path, source_address, target_address, user, user_domain,
        epoch_us(time) AS time, FALSE AS inferred
    FROM events WHERE log = 'security-5145' AND {GRANTED} AND (access_mask & 6) <> 0 AND relative_path IS NOT NULL AND share IS NOT NULL
        AND NOT ends_with(lower(share), 'ipc$') AND relative_path <> '\'
    UNION ALL BY NAME
    SELECT id, log, host, computer, path, epoch_us(time) AS time, TRUE AS inferred
    FROM events WHERE log = 'sysmon-11' AND path IS NOT NULL AND host IS NOT NULL
        AND (lower(image) = 'system' OR (pid = 4 AND image IS NULL))
    UNION ALL BY NAME
    SELECT id, log, host, computer, coalesce(s.share, d.share) AS share, relative_path, source_address, target_address, user, user_domain,
        epoch_us(time) AS time, coalesce(action, '') NOT LIKE '%WRITE' AS inferred
    FROM smb s LEFT JOIN disks d ON s.uid = d.uid
    WHERE action LIKE '%FILE_WRITE' OR action LIKE '%FILE_RENAME' OR id IN (SELECT id FROM grown)
        OR id IN (SELECT id FROM opened)
        OR (fuid IN (SELECT fuid FROM sent) AND coalesce(action, '') NOT LIKE '%DELETE')
"""


def load_writes(database: Database, identity: Identity) -> None:
    """Create ``writes``: one row a record, with host, path key and what is known of the client."""
    map_rows(database, _CANDIDATES, "write_facts", _SCHEMA, partial(_resolve, identity=identity))
    _learn_folders(database)
    # The monitor's clock is not the host's: a run logged this shortly before its write on the wire can have followed it.
    database.execute(
        "CREATE TABLE writes AS SELECT w.*, e.log, e.time, e.latest, e.file, e.member, e.record, "
        f"CASE WHEN e.log IN {logs_by(Vantage.SENSOR)} THEN e.earliest - {WIRE_SKEW} ELSE e.earliest END AS earliest "
        "FROM write_facts w JOIN events e USING (id)"
    )
    database.execute("DROP TABLE write_facts")
    _drop_contradicted(database)
    _drop_unaudited(database)


def _learn_folders(database: Database) -> None:
    r"""The folder of a share that no log states, told by a file: written to ``\\host\tools`` as ``a\x.exe`` and, at the same time,
    by System to ``D:\work\a\x.exe``. All such files of the share must agree.
    """
    database.execute(
        r"""
        CREATE TABLE learned AS
        WITH open AS (
            SELECT w.host, lower(w.share) AS share, regexp_extract(w.key, '^\\\\[^\\]+\\[^\\]+\\(.+)$', 1) AS rest, w.name, e.time
            FROM write_facts w JOIN events e USING (id) WHERE NOT w.resolved AND w.share IS NOT NULL),
        made AS (SELECT w.host, w.key, w.path, w.name, e.time FROM write_facts w JOIN events e USING (id) WHERE NOT w.network),
        told AS (
            SELECT o.host, o.share, left(m.key, length(m.key) - length(o.rest) - 1) AS folder,
                left(m.path, length(m.path) - length(o.rest) - 1) AS spelled
            FROM open o JOIN made m ON m.host = o.host AND m.name = o.name AND ends_with(m.key, '\' || o.rest)
                AND m.time BETWEEN o.time - INTERVAL 5 SECOND AND o.time + INTERVAL 5 SECOND)
        SELECT host, share, min(folder) AS folder, min(spelled) AS spelled FROM told
        GROUP BY host, share HAVING count(DISTINCT folder) = 1
        """
    )
    database.execute(
        r"""
        UPDATE write_facts w SET resolved = TRUE,
            key = l.folder || '\' || regexp_extract(w.key, '^\\\\[^\\]+\\[^\\]+\\(.+)$', 1),
            path = l.spelled || '\' || regexp_extract(w.path, '^\\\\[^\\]+\\[^\\]+\\(.+)$', 1)
        FROM learned l WHERE NOT w.resolved AND w.host = l.host AND lower(w.share) = l.share
        """
    )
    database.execute("DROP TABLE learned")


def _drop_contradicted(database: Database) -> None:
    """Sysmon 11 by ``System`` is no network write where share access is audited and none was near.

    Drivers, shadow copies and trace logs make the same record. Without such an audit the write stays, inferred; with
    5145 records before and after it, a minute without any share access, network logon or connection to port 445
    says that it was local.
    """
    database.execute(
        f"""
        CREATE TABLE contradicted AS
        WITH audited AS (SELECT host, min(time) AS first, max(time) AS last FROM events
            WHERE log = 'security-5145' AND {GRANTED} GROUP BY host),
        lone AS (
            SELECT w.id, w.host, w.time + INTERVAL 2 SECOND AS moment FROM writes w JOIN audited a ON a.host = w.host
            WHERE NOT w.network AND w.time BETWEEN a.first AND a.last),
        network AS (
            SELECT DISTINCT NULL AS id, host, date_trunc('second', time) AS moment FROM events
            WHERE host IN (SELECT host FROM lone) AND (log IN ('security-5140', 'security-5145') AND {GRANTED}
                OR (log = 'security-4624' AND logon_type = 3) OR (log = 'sysmon-3' AND 445 IN (source_port, target_port)))),
        -- A running maximum, where an ASOF join takes twenty times as long.
        marked AS (
            SELECT id, moment, max(CASE WHEN id IS NULL THEN moment END) OVER (PARTITION BY host ORDER BY moment) AS before
            FROM (SELECT * FROM lone UNION ALL SELECT * FROM network))
        SELECT id FROM marked WHERE id IS NOT NULL AND (before IS NULL OR before < moment - INTERVAL 63 SECOND)
        """
    )
    database.execute("DELETE FROM writes WHERE id IN (SELECT id FROM contradicted)")
    database.execute("DROP TABLE contradicted")


def _drop_unaudited(database: Database) -> None:
    """Nor is it one where files that are opened over shares are audited before and after it, and no such record names this one.

    On a busy file server somebody reads some file at any time, and what a driver or a snapshot writes there would be
    theirs. A logon, an opened share or a connection near it may still be the client's: 5145 is what collectors drop
    first, because it is most of the log.
    """
    database.execute(
        f"""
        CREATE TABLE unaudited AS
        WITH lone AS (SELECT id, host, name, epoch_us(time) // {_MINUTE} AS minute FROM writes WHERE NOT network),
        audits AS (
            SELECT DISTINCT host, epoch_us(time) // {_MINUTE} AS minute, {_BASE_NAME} AS name FROM events
            WHERE log = 'security-5145' AND {GRANTED} AND relative_path IS NOT NULL
                AND NOT ends_with(lower(coalesce(share, 'ipc$')), 'ipc$')
                AND host IN (SELECT host FROM lone)),
        clients AS (
            SELECT DISTINCT host, epoch_us(time) // {_MINUTE} AS minute FROM events
            WHERE host IN (SELECT host FROM lone) AND (log = 'security-5140' AND {GRANTED} OR (log = 'security-4624' AND logon_type = 3)
                OR (log = 'sysmon-3' AND 445 IN (source_port, target_port)))),
        around AS (
            SELECT id, host, name, offset_, minute + offset_ AS minute
            FROM lone, (SELECT unnest(range(-{_AUDITED_MINUTES}, {_AUDITED_MINUTES + 1})) AS offset_)),
        surrounded AS (
            SELECT id FROM around JOIN (SELECT DISTINCT host, minute FROM audits) USING (host, minute) WHERE offset_ <> 0
            GROUP BY id HAVING min(offset_) < 0 AND max(offset_) > 0),
        near AS (SELECT * FROM around WHERE offset_ BETWEEN -1 AND 1),
        told AS (SELECT host, minute, name FROM audits UNION SELECT host, epoch_us(time) // {_MINUTE}, name FROM writes WHERE network)
        SELECT id FROM surrounded
        WHERE id NOT IN (SELECT id FROM near SEMI JOIN told USING (host, name, minute))
            AND id NOT IN (SELECT id FROM near SEMI JOIN (SELECT * FROM audits WHERE contains(name, '~')) a USING (host, minute))
            AND id NOT IN (SELECT id FROM near SEMI JOIN clients USING (host, minute) WHERE offset_ <= 0)
        """
    )
    database.execute("DELETE FROM writes WHERE id IN (SELECT id FROM unaudited)")
    database.execute("DROP TABLE unaudited")


def _resolve(row: Mapping[str, Any], identity: Identity) -> Iterator[dict[str, object]]:
    located = (row["host"], row["path"], False) if row["log"] == "sysmon-11" else shared_file(row, identity)
    if located is None:
        return
    host, path, assumed = located
    file, stream = split_stream(path)
    if stream and stream.lower() in _MARKS:
        return  # says where a file came from; its content is as it was
    key = identity.local_key(host, file)
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
        "loopback": source is not None and identity.is_self(host, source, row["time"]),
        "source": source,
        "account": account_name(row["user_domain"], row["user"]),
        "share": share_name(row["share"]),
        "rank": RANK[row["log"]],
    }


def shared_file(row: Mapping[str, Any], identity: Identity) -> tuple[str, str, bool] | None:
    """Host, path and whether it was assumed; the path is UNC when nothing tells the share's folder."""
    share, named = share_name(row["share"]), share_host(row["share"])
    host = row["host"]
    if host is None and (address := address_key(row["target_address"] or "")):
        host = identity.host_at(address, row["time"]).host or (named and identity.names.key(named)) or address
    if host is None:
        return None
    relative = row["relative_path"]
    if row["share_path"] and path_key(row["share_path"]):
        return host, join_share(row["share_path"], relative), False
    folder = identity.shares.folder(host, share) if share else None
    if folder is None:
        return host, f"\\\\{host}\\{share or UNKNOWN_SHARE}\\{relative.lstrip(_SEPARATORS)}", False
    return host, join_share(folder.path, relative), folder.assumed
