"""What is known of the content of written files: the hashes that records state, and whether two records agree.

Few records of writes have a hash (Sysmon 29), so the content of a written file is known from elsewhere: Zeek's files.log, the file's
own start or load, a mark that was put on it (Sysmon 15), its removal (23, 26).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.engine.tables import TEXT, TEXTS, TIME, Table
from graphcorr.links.names import folded

if TYPE_CHECKING:
    from collections.abc import Mapping

_NO_CONTENT: Final = (
    "IMPHASH=%", "%=0", "%=00000000%", "MD5=D41D8CD98F00B204E9800998ECF8427E", "SHA1=DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
    "SHA256=E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
)  # fmt: skip
"""No hash of a content: of imports only, of a file that could not be read, of an empty one."""
_IS_CONTENT: Final = "contains(hash, '=') AND " + " AND ".join(f"hash NOT LIKE '{pattern}'" for pattern in _NO_CONTENT)
_SPELLED: Final = (
    f"CASE WHEN contains(substr({{0}}, 3), ':') THEN regexp_replace({folded('{0}')}, '^(.[^*]?[^:]*):.*$', '\\1') ELSE {folded('{0}')} END"
)
"""A path without its stream. Few have one, and looking for a colon is cheaper than the expression."""


def contents_of(hashes: str) -> str:
    """SQL: the list of ``SHA256=…`` in a log's text that say something of the content."""
    return f"list_filter(string_split(upper(replace({hashes}, ' ', '')), ','), lambda hash: {_IS_CONTENT})"


def differ(one: str, other: str) -> str:
    """SQL: whether two such lists differ in any algorithm that both have. Two contents of one MD5 can be made by anybody."""
    algorithm = "split_part(hash, '=', 1)"
    stated = f"list_contains(list_transform({other}, lambda hash: {algorithm}), {algorithm})"
    return f"len(list_filter({one}, lambda hash: {stated} AND NOT list_contains({other}, hash))) > 0"


# Of the path as the log spells it: a path key for every record would cost more than it finds here.
_TOLD: Final = f"""
    SELECT host, {_SPELLED.format("path")} AS key, time, hashes FROM Stream WHERE hashes IS NOT NULL AND path IS NOT NULL
    UNION ALL SELECT host, {_SPELLED.format("path")}, time, hashes FROM ModuleLoad WHERE hashes IS NOT NULL AND path IS NOT NULL
    UNION ALL SELECT host, {folded("image")}, time, hashes FROM ProcessStart WHERE hashes IS NOT NULL AND image IS NOT NULL
"""
# Of what is materialized: the engine would cut the hashes of every event to see which are none before it looks for versions.
_CUT: Final = f"SELECT DISTINCT version, {contents_of('hashes')} AS hashes FROM own"

_OF_VERSIONS: Final = f"""
    WITH told AS ({_TOLD}),
    own AS MATERIALIZED (
        SELECT v.id AS version, t.hashes
        FROM (SELECT * FROM told SEMI JOIN versions USING (host, key)) t
        ASOF JOIN versions v ON v.host = t.host AND v.key = t.key AND v.earliest <= t.time
        WHERE v.ended IS NULL OR v.ended >= t.time
        UNION SELECT v.id, r.hashes FROM versions v JOIN Removal r ON r.id = v.ender
        WHERE r.vantage = 'own' AND NOT coalesce(r.blocked, FALSE) AND r.hashes IS NOT NULL
        UNION SELECT m.version, w.hashes FROM write_versions m JOIN write_records w ON w.id = m.write WHERE w.hashes IS NOT NULL
        UNION SELECT m.version, f.hashes FROM write_versions m JOIN write_records w ON w.id = m.write JOIN Transfer f ON f.uid = w.uid
        WHERE w.vantage = 'sensor' AND f.vantage = 'sensor' AND f.from_originator AND f.hashes IS NOT NULL
            AND (f.fuid = w.fuid OR (lower(split_part(f.relative_path, '\\', -1)) = lower(split_part(w.relative_path, '\\', -1))
                AND f.time BETWEEN w.time - INTERVAL 1 SECOND AND w.time + INTERVAL 10 MINUTE))),
    cut AS ({_CUT})
    SELECT c.version, c.hashes, v.host, v.key, v.earliest, v.latest
    FROM cut c JOIN versions v ON v.id = c.version WHERE len(c.hashes) > 0
"""

# What is said of the file under a name that commands gave it, as long as that name stood for it.
_OF_MOVED: Final = f"""
    WITH told AS (
        {_TOLD}
        UNION ALL SELECT host, {_SPELLED.format("path")}, time, hashes FROM Removal
        WHERE vantage = 'own' AND NOT coalesce(blocked, FALSE) AND hashes IS NOT NULL AND path IS NOT NULL),
    own AS MATERIALIZED (
        SELECT m.version, t.hashes FROM told t JOIN moves m ON m.host = t.host AND m.destination = t.key AND m.placed <= t.time
        WHERE m.ended IS NULL OR m.ended >= t.time),
    cut AS ({_CUT})
    SELECT c.version, c.hashes, v.host, v.key, v.earliest, v.latest
    FROM cut c JOIN versions v ON v.id = c.version
    ANTI JOIN written_contents k ON k.version = c.version AND k.hashes = c.hashes
    WHERE len(c.hashes) > 0
"""

_CONTENTS: Final[Mapping[str, str]] = {"version": TEXT, "hashes": TEXTS, "host": TEXT, "key": TEXT, "earliest": TIME, "latest": TIME}

TABLES: Final = (
    Table(
        "written_contents",
        "what one record says of a version's content under its own name, each thing once",
        _CONTENTS,
        ("versions", "write_versions", "write_records", "Stream", "ModuleLoad", "ProcessStart", "Removal", "Transfer"),
        _OF_VERSIONS,
        empty_without=("versions",),
    ),
    Table(
        "moved_contents",
        "what is said of it under names that commands gave it",
        _CONTENTS,
        ("written_contents", "moves", "versions", "Stream", "ModuleLoad", "ProcessStart", "Removal"),
        _OF_MOVED,
        empty_without=("moves",),
    ),
    Table(
        "contents",
        "what is known of the content of versions",
        _CONTENTS,
        ("written_contents", "moved_contents"),
        "SELECT * FROM written_contents UNION ALL SELECT * FROM moved_contents",
    ),
)
