"""Each execution joined to the file version that it can have run: the latest one written before it and not ended.

Three joins, not one: the program itself, a path in the command line, a loaded module. Image equality alone misses
most of what is run after being written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import pyarrow as pa

from graphcorr.graph.identity import Identity
from graphcorr.resolve.database import Database, map_rows
from graphcorr.syntax.commands import references, refers_to
from graphcorr.syntax.paths import base_name, join_share, path_key, unc

_REFERENCE: Final = pa.schema(
    [
        ("event", pa.string()),
        ("kind", pa.string()),  # edge type
        ("host", pa.string()),
        ("key", pa.string()),  # of the written file
        ("role", pa.string()),
        ("basis", pa.string()),
        ("earliest", pa.timestamp("us")),
        ("latest", pa.timestamp("us")),
    ]
)


class _Written(NamedTuple):
    key: str
    resolved: bool


class _Files:
    """Written files by host and by the names that an execution may use for them."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._identity = identity
        self._by_name: defaultdict[tuple[str, str], list[_Written]] = defaultdict(list)
        self._exact: set[tuple[str, str]] = set()
        for host, key, name, resolved in database.execute("SELECT host, key, name, resolved FROM candidates ORDER BY ALL").fetchall():
            self._by_name[host, name].append(_Written(key, resolved))
            self._exact.add((host, key))

    def local_key(self, host: str, text: str) -> str | None:
        """Path key of ``text`` on ``host``; a UNC path to the host's own share is the local path."""
        key = path_key(text)
        if key is None or not key.startswith("\\\\"):
            return key
        parts = unc(key)
        if parts is None or not self._identity.is_self(host, parts[0]):
            return key
        folder = self._identity.shares.folder(host, parts[1])
        return path_key(join_share(folder.path, parts[2])) if folder else key

    def matches(self, host: str, text: str, *, exact: bool) -> Iterator[tuple[str, str]]:
        """(written key, how) for every written file that ``text`` means on ``host``."""
        key = self.local_key(host, text)
        if key is None:
            return
        if (host, key) in self._exact:
            yield key, "exact"
            return
        name = base_name(key)
        for written in dict.fromkeys([*self._by_name.get((host, name), ()), *self._by_name.get((host, name.rpartition(".")[0]), ())]):
            if not written.resolved:
                if _ends_alike(key, written.key):
                    yield written.key, "suffix"
            elif not exact and (how := refers_to(key, written.key)):
                yield written.key, how


def _ends_alike(key: str, written: str) -> bool:
    r"""``d:\shares\data\tools\x.exe`` can be ``\\host\data\tools\x.exe``; a bare name in a share's root cannot tell."""
    parts = unc(written)
    return parts is not None and "\\" in parts[2] and key.endswith("\\" + parts[2])


def load_links(database: Database, identity: Identity) -> None:
    """Create ``links`` (event, kind, role, basis, version) from ``starts``, ``loads`` and ``services``."""
    _load_candidates(database)
    files = _Files(database, identity)
    times = "epoch_us(earliest) AS earliest, epoch_us(latest) AS latest"

    def of_start(row: Mapping[str, Any]) -> Iterator[dict[str, object]]:
        seen: set[tuple[str, str]] = set()
        if row["image"]:
            for key, how in files.matches(row["host"], row["image"], exact=False):
                seen.add(("RAN", key))
                yield _reference(row, "RAN", key, None, how)
        if row["command_line"]:
            found = references(row["command_line"], row["image"], row["current_directory"])
            # A path that is an argument somewhere and an operand elsewhere was used as an argument.
            for reference in sorted(found, key=lambda one: one.role):
                for key, how in files.matches(row["host"], reference.path, exact=not reference.certain):
                    if ("NAMED", key) not in seen and ("RAN", key) not in seen:
                        seen.add(("NAMED", key))
                        yield _reference(row, "NAMED", key, reference.role, how)

    def of_load(row: Mapping[str, Any]) -> Iterator[dict[str, object]]:
        # Only the exact path: the genuine library of the same name is usually loaded in the same millisecond.
        own = bool(row["image"]) and path_key(row["image"]) == path_key(row["path"])
        for key, how in files.matches(row["host"], row["path"], exact=True):
            yield _reference(row, "LOADED", key, None, "program" if own else how)

    def of_service(row: Mapping[str, Any]) -> Iterator[dict[str, object]]:
        seen: set[str] = set()
        for reference in references(row["path"]):
            if reference.role in {"program", "argument"}:
                for key, how in files.matches(row["host"], reference.path, exact=not reference.certain):
                    if key not in seen:
                        seen.add(key)
                        yield _reference(row, "POINTS_TO", key, None, how)

    queries = (
        (f"SELECT id, host, image, command_line, current_directory, {times} FROM starts", of_start),
        (f"SELECT id, host, image, path, {times} FROM loads", of_load),
        (f"SELECT id, host, path, {times} FROM services", of_service),
    )
    for number, (query, function) in enumerate(queries):
        map_rows(database, query, f"reference_{number}", _REFERENCE, function)
    _join_versions(database, [f"reference_{number}" for number in range(len(queries))])


def _load_candidates(database: Database) -> None:
    """The written files whose names occur among the executions at all: what is left fits into memory."""
    database.execute(
        """
        CREATE TABLE candidates AS
        WITH used AS (
            SELECT DISTINCT host, name FROM (
                SELECT e.host, unnest(e.names) AS name FROM events e SEMI JOIN starts s USING (id)
                UNION ALL SELECT host, split_part(lower(split_part(path, '\\', -1)), ':', 1) FROM loads)),
        serving AS (SELECT DISTINCT host FROM services)
        SELECT DISTINCT n.host, n.key, n.name, n.resolved FROM file_names n SEMI JOIN used USING (host, name)
        UNION
        SELECT n.host, n.key, n.name, n.resolved FROM file_names n SEMI JOIN serving USING (host)
            WHERE EXISTS (SELECT 1 FROM services v WHERE v.host = n.host AND contains(lower(v.path), n.name))
        """
    )


def _reference(row: Mapping[str, Any], kind: str, key: str, role: str | None, basis: str) -> dict[str, object]:
    return {
        "event": row["id"],
        "kind": kind,
        "host": row["host"],
        "key": key,
        "role": role,
        "basis": basis,
        "earliest": row["earliest"],
        "latest": row["latest"],
    }


def _join_versions(database: Database, tables: Iterable[str]) -> None:
    # ASOF picks the latest version that began no later than the execution can have happened; comparing the write's
    # earliest with the execution's latest keeps two events of one whole second simultaneous. The version must not
    # have ended before the execution's earliest.
    rows = " UNION ALL ".join(f"SELECT * FROM {table}" for table in tables)
    database.execute(
        f"""
        CREATE TABLE links AS
        SELECT r.event, r.kind, r.role, r.basis, v.id AS version
        FROM ({rows}) r ASOF JOIN versions v ON v.host = r.host AND v.key = r.key AND v.earliest <= r.latest
        WHERE v.ended IS NULL OR v.ended >= r.earliest
        """
    )
    for table in tables:
        database.execute(f"DROP TABLE {table}")
