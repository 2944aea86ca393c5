"""Bytes were put into a file over the network; on the wire it is also concluded from what several records tell together."""

from __future__ import annotations

from typing import Final

from graphcorr.engine.tables import FLAG, INTEGER, TEXT, Table
from graphcorr.facts.base import ACTOR, CLIENT, SERVER, SESSION, SHARED_FILE, Fact, node
from graphcorr.model.kinds import Kind

# Zeek logs SMB::FILE_WRITE only when told to, so a write is also concluded: from the open before a file that the client sent
# (files.log; the open itself has no fuid yet), and from an open whose file is larger at the next one. It is the earlier open
# that wrote: the later one, maybe of another client, only shows it. A file that is copied is empty when it is opened; one that
# had content may also grow by the server's own doing, so that the same client must find it so soon after.
_SEEN_ON_WIRE: Final = r"""
    WITH smb AS (
        SELECT id, uid, fuid, action, relative_path, source_address, time,
            size, lead(size) OVER later AS size_after, lead(source_address) OVER later AS client_after, lead(time) OVER later AS time_after
        FROM ShareAccess WHERE vantage = 'sensor' AND relative_path IS NOT NULL
        WINDOW later AS (PARTITION BY target_address, lower(share), lower(relative_path) ORDER BY time, id)),
    grown AS (
        SELECT id FROM smb WHERE size_after > size AND coalesce(action, '') NOT LIKE '%DELETE' AND time_after <= time + CASE
            WHEN size = 0 THEN INTERVAL 1 DAY WHEN client_after = source_address THEN INTERVAL 10 MINUTE ELSE INTERVAL 0 SECOND END),
    sent AS (
        SELECT uid, fuid, time, lower(split_part(relative_path, '\', -1)) AS name
        FROM Transfer WHERE vantage = 'sensor' AND from_originator AND size > 0 AND coalesce(upper(protocol), 'SMB') = 'SMB'),
    opened AS (
        SELECT s.id FROM sent f ASOF JOIN (
            SELECT id, uid, time, lower(split_part(relative_path, '\', -1)) AS name FROM smb WHERE action LIKE '%FILE_OPEN'
        ) s ON s.uid = f.uid AND s.name = f.name AND s.time <= f.time)
    SELECT id FROM smb
    WHERE id IN (SELECT id FROM grown) OR id IN (SELECT id FROM opened)
        OR (fuid IN (SELECT fuid FROM sent) AND coalesce(action, '') NOT LIKE '%DELETE')
"""

FACT = Fact(
    Kind.WRITE,
    {**CLIENT, **SERVER, **ACTOR, **SHARED_FILE, **SESSION, "size": INTEGER, "action": TEXT, "hashes": TEXT},
    node(
        "Bytes put into a file over the network",
        {"host": TEXT, "path": TEXT, "network": FLAG, "loopback": FLAG, "inferred": FLAG},
        ends={"CAME_FROM": "source", "PERFORMED_BY": "account"},
        table="writes",
    ),
    infers=(
        Table("inferred_writes", "accesses on the wire that must have written", {"id": TEXT}, ("ShareAccess", "Transfer"), _SEEN_ON_WIRE),
    ),
)
