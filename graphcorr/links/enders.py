"""What ends a file version beside the next write over the network: a local write, a rename, a removal or a block.

Access that merely *asks* for deletion does not: that is how CopyFile opens a file it writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from graphcorr.engine.tables import INTEGER, TEXT, TIME, Mapped, Table
from graphcorr.links.names import base_name_of
from graphcorr.links.places import shared_file
from graphcorr.model.kinds import Kind
from graphcorr.syntax.paths import split_stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphcorr.resolve.identity import Identity

OVER_THE_NETWORK: Final = "renamed or deleted over the network"
BLOCKED: Final = "blocked"
DELETED: Final = "deleted"
_LOCALLY: Final = "written locally"

_LOGGED: Final[Mapping[str, str]] = {
    **dict.fromkeys(("id", "host", "log", "path", "relative_path", "share", "share_path", "target_address", "vantage", "ended_by"), TEXT),
    **dict.fromkeys(("time", "earliest", "latest"), TIME),
    "file": TEXT,
    "member": TEXT,
    "record": INTEGER,
}
_COMMON: Final = "id, host, log, time, earliest, latest, file, member, record"

# A write by System that turned out to be none over the network was one by the machine itself.
_ENDER_RECORDS: Final = f"""
    WITH written AS (SELECT DISTINCT host, name FROM writes),
    told AS (
        SELECT {_COMMON}, path, '{_LOCALLY}' AS ended_by FROM FileCreate
        UNION ALL SELECT {_COMMON}, path, '{_LOCALLY}' FROM "Write"
        WHERE vantage = 'own' AND strength = 'implied' AND id NOT IN (SELECT id FROM writes)
        UNION ALL SELECT {_COMMON}, path, CASE WHEN blocked THEN '{BLOCKED}' ELSE '{DELETED}' END FROM Removal WHERE vantage = 'own')
    SELECT t.id, t.host, t.log, t.path, NULL::VARCHAR AS relative_path, NULL::VARCHAR AS share, NULL::VARCHAR AS share_path,
        NULL::VARCHAR AS target_address, 'own' AS vantage, t.ended_by, t.time, t.earliest, t.latest, t.file, t.member, t.record
    FROM told t SEMI JOIN written w ON w.host = t.host AND w.name = {base_name_of("t.path")}
    UNION ALL SELECT id, host, log, path, relative_path, share, share_path, target_address, vantage, '{OVER_THE_NETWORK}', time, earliest,
        latest, file, member, record
    FROM Removal WHERE vantage = 'sensor'
"""

_PLACED: Final[Mapping[str, str]] = {"id": TEXT, "host": TEXT, "key": TEXT}

ENDERS: Final[Mapping[str, str]] = {
    **_PLACED,
    "ended_by": TEXT,
    "time": TIME,
    "earliest": TIME,
    "latest": TIME,
    "log": TEXT,
    "vantage": TEXT,
    "path": TEXT,
    "file": TEXT,
    "member": TEXT,
    "record": INTEGER,
}


def _end(row: Mapping[str, Any], identity: Identity) -> Iterator[dict[str, object]]:
    located = shared_file(row, identity)
    if located is None:
        return
    host, path, _ = located
    file, stream = split_stream(path)
    # What happens to a stream leaves the file as it is: Zone.Identifier is written and removed all the time.
    key = identity.local_key(host, file) if stream is None else None
    if key:
        yield {"id": row["id"], "host": host, "key": key}


TABLES: Final = (
    Table(
        "ender_records",
        "records that may end what a written file held",
        _LOGGED,
        ("writes", "FileCreate", "Write", "Removal"),
        _ENDER_RECORDS,
        empty_without=("writes",),
    ),
    Table(
        "ender_places",
        "which file of which host each of them ends",
        _PLACED,
        ("ender_records",),
        Mapped("SELECT *, epoch_us(time) AS moment FROM ender_records", _end),
    ),
    Table(
        "enders",
        "what ends a file version beside the next write over the network",
        ENDERS,
        ("ender_places", "ender_records"),
        "SELECT p.*, r.ended_by, r.time, r.earliest, r.latest, r.log, r.vantage, r.path, r.file, r.member, r.record "
        "FROM ender_places p JOIN ender_records r USING (id)",
        empty_without=("ender_places",),
    ),
)
RESTS_ON: Final = {
    Kind.FILE_CREATE: ("enders", f"SELECT id FROM enders WHERE ended_by = '{_LOCALLY}'"),
    Kind.REMOVAL: ("enders", f"SELECT id FROM enders WHERE ended_by <> '{_LOCALLY}'"),
}
