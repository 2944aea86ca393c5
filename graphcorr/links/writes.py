"""Network writes: every record that says that bytes were put into a file over the network, and into which file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from graphcorr.engine.tables import FLAG, SMALL, TEXT, Mapped, Table
from graphcorr.facts.base import COMMON
from graphcorr.links.places import shared_file
from graphcorr.resolve.shares import share_name
from graphcorr.syntax.accounts import account_name
from graphcorr.syntax.addresses import address_key
from graphcorr.syntax.paths import base_name, split_stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphcorr.resolve.identity import Identity

_MARKS: Final = frozenset({"zone.identifier", "smartscreen", "oecustomproperty"})
"""Streams that programs hang on files without touching them."""

WIRE_SKEW: Final = "INTERVAL 100 MILLISECOND"
"""How much later than a host the wire may show what happened at the same time: 5 to 23 ms in all pairs measured."""

_LOGGED: Final[Mapping[str, str]] = {
    **{name: type_ for name, type_ in COMMON.items() if name != "client"},
    **dict.fromkeys(
        ("share", "share_path", "relative_path", "path", "source_address", "target_address", "account", "account_domain"), TEXT
    ),
    "uid": TEXT,
    "fuid": TEXT,
    "hashes": TEXT,
    "inferred": FLAG,
}

# A session whose share is not logged: where the wire shows that only one share of disks was opened in it, it is that one.
_WRITE_RECORDS: Final = f"""
    WITH disks AS (
        SELECT uid, min(share) AS share FROM ShareAccess
        WHERE vantage = 'sensor' AND action IS NULL AND uid IS NOT NULL AND share IS NOT NULL AND NOT ends_with(lower(share), 'ipc$')
        GROUP BY uid HAVING count(DISTINCT lower(share)) = 1),
    stated AS (SELECT *, strength = 'implied' AS inferred FROM "Write"),
    concluded AS (
        SELECT *, TRUE AS inferred, 'implied' AS implied FROM ShareAccess
        WHERE vantage = 'sensor' AND id IN (SELECT id FROM inferred_writes) AND id NOT IN (SELECT id FROM stated)),
    told AS (
        SELECT * FROM stated
        UNION ALL BY NAME
        SELECT * EXCLUDE (strength, implied, prefer, access_mask), implied AS strength, 1::INTEGER AS prefer FROM concluded)
    SELECT {", ".join(f"t.{name}" for name in _LOGGED if name not in {"share", "account", "account_domain"})},
        coalesce(t.account, a.account) AS account,
        CASE WHEN t.account IS NULL THEN a.account_domain ELSE t.account_domain END AS account_domain,
        CASE WHEN t.vantage = 'sensor' THEN coalesce(t.share, d.share)
        ELSE t.share END AS share
    FROM told t LEFT JOIN disks d ON t.uid = d.uid
    LEFT JOIN connection_accounts a ON t.vantage = 'sensor' AND t.uid = a.uid
"""

_PLACES: Final[Mapping[str, str]] = {
    "id": TEXT,
    "host": TEXT,
    "key": TEXT,  # path key on the host; UNC when the share's folder is not known
    "path": TEXT,  # in the record's own spelling
    "name": TEXT,  # base name of the key
    "resolved": FLAG,  # False: key is UNC
    "assumed": FLAG,  # a Windows default stood in for the share's folder
    "loopback": FLAG,
    "source": TEXT,  # client address
    "account": TEXT,
    "share": TEXT,
}

WRITES: Final[Mapping[str, str]] = {
    **_PLACES,
    "network": FLAG,  # the record itself shows a network write; one by System alone does not
    "inferred": FLAG,  # concluded, not stated
    "rank": SMALL,  # whose time and spelling stand for a version: lower is better
    **{name: COMMON[name] for name in ("log", "vantage", "strength", "time", "earliest", "latest", "file", "member", "record")},
}

_NETWORK: Final = "vantage = 'sensor' OR strength <> 'implied'"

# All files of a share that no log gives a folder for, written to ``\\host\tools`` as ``a\x.exe`` and, at the same time, by
# System to ``D:\work\a\x.exe``, must agree on that folder.
_LEARNED_FOLDERS: Final = r"""
    WITH open AS (
        SELECT p.host, lower(p.share) AS share, regexp_extract(p.key, '^\\\\[^\\]+\\[^\\]+\\(.+)$', 1) AS rest, p.name, r.time
        FROM write_places p JOIN write_records r USING (id) WHERE NOT p.resolved AND p.share IS NOT NULL),
    made AS (
        SELECT p.host, p.key, p.path, p.name, r.time FROM write_places p JOIN write_records r USING (id)
        WHERE r.vantage <> 'sensor' AND r.strength = 'implied'),
    told AS (
        SELECT o.host, o.share, left(m.key, length(m.key) - length(o.rest) - 1) AS folder,
            left(m.path, length(m.path) - length(o.rest) - 1) AS spelled
        FROM open o JOIN made m ON m.host = o.host AND m.name = o.name AND ends_with(m.key, '\' || o.rest)
            AND m.time BETWEEN o.time - INTERVAL 5 SECOND AND o.time + INTERVAL 5 SECOND)
    SELECT host, share, min(folder) AS folder, min(spelled) AS spelled FROM told
    GROUP BY host, share HAVING count(DISTINCT folder) = 1
"""

# The monitor's clock is not the host's: a run logged this shortly before its write on the wire can have followed it.
_LOCATED: Final = rf"""
    SELECT p.id, p.host,
        CASE WHEN l.host IS NULL THEN p.key ELSE l.folder || '\' || regexp_extract(p.key, '^\\\\[^\\]+\\[^\\]+\\(.+)$', 1) END AS key,
        CASE WHEN l.host IS NULL THEN p.path ELSE l.spelled || '\' || regexp_extract(p.path, '^\\\\[^\\]+\\[^\\]+\\(.+)$', 1) END AS path,
        p.name, l.host IS NOT NULL OR p.resolved AS resolved, p.assumed, p.loopback, p.source, p.account, p.share,
        {_NETWORK} AS network, r.inferred, r.prefer AS rank, r.log, r.vantage, r.strength, r.time,
        CASE WHEN r.vantage = 'sensor' THEN r.earliest - {WIRE_SKEW} ELSE r.earliest END AS earliest, r.latest, r.file, r.member, r.record
    FROM write_places p JOIN write_records r USING (id)
    LEFT JOIN learned_folders l ON NOT p.resolved AND p.host = l.host AND lower(p.share) = l.share
"""


def _place(row: Mapping[str, Any], identity: Identity) -> Iterator[dict[str, object]]:
    located = shared_file(row, identity)
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
    account = account_name(row["account_domain"], row["account"])
    own = source is not None and (
        identity.is_self(host, source, row["moment"]) or identity.is_own_account(host, account, source, row["moment"])
    )
    yield {
        "id": row["id"],
        "host": host,
        "key": key,
        "path": path,
        "name": base_name(key),
        "resolved": not key.startswith("\\\\"),
        "assumed": assumed,
        "loopback": own,
        "source": source,
        "account": account,
        "share": share_name(row["share"]),
    }


TABLES: Final = (
    Table(
        "write_records",
        "records of network writes, as logged",
        {**_LOGGED},
        ("Write", "ShareAccess", "inferred_writes", "connection_accounts"),
        _WRITE_RECORDS,
    ),
    Table(
        "write_proofs",
        "writes on the wire with the record of whose the connection is",
        {"write": TEXT, "event": TEXT},
        ("write_records", "connection_accounts"),
        "SELECT r.id AS write, a.event FROM write_records r JOIN connection_accounts a ON r.vantage = 'sensor' AND r.uid = a.uid",
        empty_without=("connection_accounts",),
    ),
    Table(
        "write_places",
        "which file of which host each of them wrote",
        _PLACES,
        ("write_records",),
        Mapped("SELECT *, epoch_us(time) AS moment FROM write_records", _place),
    ),
    Table(
        "learned_folders",
        "folders of shares that only the files in them tell",
        {"host": TEXT, "share": TEXT, "folder": TEXT, "spelled": TEXT},
        ("write_places", "write_records"),
        _LEARNED_FOLDERS,
        empty_without=("write_places",),
    ),
    Table(
        "located_writes",
        "records of writes with their files, the doubtful ones too",
        WRITES,
        ("write_places", "write_records", "learned_folders"),
        _LOCATED,
        empty_without=("write_places",),
    ),
    Table(
        "writes",
        "network writes",
        WRITES,
        ("located_writes", "contradicted", "unaudited"),
        "SELECT * FROM located_writes WHERE id NOT IN (SELECT id FROM contradicted UNION ALL SELECT id FROM unaudited)",
        empty_without=("located_writes",),
    ),
)
