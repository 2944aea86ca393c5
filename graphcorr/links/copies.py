"""Copies under another name: what ran or was loaded from another path, but has the content that was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from graphcorr.engine.tables import TEXT, TIME, Mapped, Table
from graphcorr.links.contents import contents_of, differ
from graphcorr.syntax.paths import directory, path_key
from graphcorr.syntax.programs import is_installed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SOON: Final = 600_000_000
"""Microseconds: what is moved to another folder is run soon after."""

# A program that maps its own file is its start once more.
_SAME: Final = f"""
    WITH used AS (
        SELECT id, host, time, lower(image) AS key, image AS path, 'RAN' AS kind, {contents_of("hashes")} AS hashes FROM ProcessStart
        WHERE hashes IS NOT NULL AND image IS NOT NULL AND host IN (SELECT host FROM contents)
        UNION ALL SELECT id, host, time, lower(path), path, 'LOADED', {contents_of("hashes")} FROM ModuleLoad
        WHERE hashes IS NOT NULL AND path IS NOT NULL AND lower(path) <> lower(image)
            AND host IN (SELECT host FROM contents)),
    cut AS (SELECT *, unnest(hashes) AS hash FROM used),
    known AS (SELECT *, unnest(hashes) AS hash FROM contents)
    SELECT DISTINCT u.id, u.host, u.time, u.key, u.path, u.kind, c.version, c.key AS written, c.earliest, c.latest
    FROM cut u JOIN known c ON c.host = u.host AND c.hash = u.hash AND c.key <> u.key
    ANTI JOIN versions v ON v.host = u.host AND v.key = u.key
    WHERE NOT {differ("u.hashes", "c.hashes")}
"""

# What ran or was created before the write was there already, unless it was created again since or, by its removal, was gone.
_USES: Final = """
    WITH before AS (SELECT DISTINCT host, key, version FROM same_contents WHERE time < earliest),
    records AS (
        SELECT host, path, time, TRUE AS made FROM FileCreate
        UNION ALL SELECT host, path, time, TRUE FROM "Write" WHERE vantage = 'own' AND strength = 'implied'
        UNION ALL SELECT host, path, time, FALSE FROM Removal WHERE vantage = 'own' AND NOT coalesce(blocked, FALSE)),
    told AS (
        SELECT r.host, lower(r.path) AS key, r.time, bool_or(r.made) AS made FROM records r
        SEMI JOIN same_contents s ON s.host = r.host AND s.key = lower(r.path) GROUP BY ALL),
    made AS (SELECT host, key, time FROM told WHERE made),
    seen AS (
        SELECT s.*, coalesce(m.time >= s.earliest, FALSE) AS created, coalesce(t.made AND t.time < s.earliest, FALSE) AS older
        FROM same_contents s ASOF LEFT JOIN made m ON m.host = s.host AND m.key = s.key AND m.time <= s.time
        ASOF LEFT JOIN told t ON t.host = s.host AND t.key = s.key AND t.time <= s.time)
    SELECT id, kind, path, version, written, created, epoch_us(time) - epoch_us(latest) AS delay
    FROM seen ANTI JOIN before USING (host, key, version)
    WHERE time >= earliest AND NOT older
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY earliest DESC, version) = 1
"""


def _copy(row: Mapping[str, Any], identity: object) -> Iterator[dict[str, object]]:  # noqa: ARG001 - hosts are known
    r"""Equal content is not enough: ``psexec -c cmd.exe`` writes what every machine has, and what is deployed is on many.

    So the copy was created after the write, or is beside it, or was run soon from where no installer puts programs.
    """
    key = path_key(row["path"])
    if key is None:
        return
    beside = directory(key) == directory(row["written"])
    if row["created"] or beside or (row["delay"] <= _SOON and not is_installed(row["path"])):
        yield {"event": row["id"], "kind": row["kind"], "version": row["version"]}


TABLES: Final = (
    Table(
        "same_contents",
        "runs and loads, from paths that nothing was written to, of what has the content of a version",
        {
            **dict.fromkeys(("id", "host"), TEXT),
            "time": TIME,
            **dict.fromkeys(("key", "path", "kind", "version", "written"), TEXT),
            **dict.fromkeys(("earliest", "latest"), TIME),  # of the version
        },
        ("contents", "versions", "ProcessStart", "ModuleLoad"),
        _SAME,
        empty_without=("contents",),
    ),
    Table(
        "copies",
        "runs and loads from another path of what was written, by its content",
        {"event": TEXT, "kind": TEXT, "version": TEXT},
        ("same_contents", "FileCreate", "Write", "Removal"),
        Mapped(_USES, _copy),
        empty_without=("same_contents",),
    ),
)
