"""Each execution joined to the file version that it can have run: the latest one written before it and not ended.

Three joins, not one: the program itself, a path in the command line, a loaded module. Image equality alone misses
most of what is run after being written.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graphcorr.engine.database import Database, map_rows
from graphcorr.engine.plan import arrow_schema, create_empty
from graphcorr.engine.tables import FLAG, TEXT, TEXTS, TIME, Loop, Mapped, Table
from graphcorr.links.names import base_name_of
from graphcorr.links.places import UNKNOWN_SHARE
from graphcorr.syntax.addresses import address_key
from graphcorr.syntax.commands import names, references, refers_to
from graphcorr.syntax.paths import base_name, default_share_path, device_path, has_drive, join_share, path_key, unc, wow64_twins
from graphcorr.syntax.programs import RUNNABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphcorr.resolve.identity import Identity

_REFERENCE: Final[Mapping[str, str]] = {
    "event": TEXT,
    "kind": TEXT,  # edge type
    "host": TEXT,
    "key": TEXT,  # of the written file
    "role": TEXT,
    "basis": TEXT,
    "earliest": TIME,
    "latest": TIME,
}
_LINKS: Final[Mapping[str, str]] = {"event": TEXT, "kind": TEXT, "role": TEXT, "basis": TEXT, "version": TEXT}

_REMEMBERED: Final = 65_536
"""Distinct paths and command lines whose meaning is kept: a program that runs ten thousand times is looked at once."""


_NOTHING: Final = frozenset[str]()
_READING: Final = frozenset({"extension", "wow64"})
"""One of several readings of a command line may lack the extension; that it is a short name as well would be one guess too many."""
_ENDS: Final = frozenset({"suffix", "share_name", "volume", "own_address"})
"""Ways in which the end of a path matches, because the log leaves its beginning open."""
_SURE: Final = _READING | {"short_name"}


GUESSED_WITHIN: Final = "INTERVAL 10 MINUTE"


class _Link(NamedTuple):
    kind: str
    key: str
    role: str | None
    how: str


class _Files:
    """Written files by host and by the names that an execution may use for them.

    A written name can occur in any number of folders, so that a path is looked up and never compared with all of them;
    8.3 names are the exception, and rare.
    """

    def __init__(self, database: Database, identity: Identity) -> None:
        self._identity = identity
        self._exact: set[tuple[str, str]] = set()
        self._by_end: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        self._by_rest: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._by_name: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._short: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for host, key, name, resolved in database.execute("SELECT host, key, name, resolved FROM candidates ORDER BY ALL").fetchall():
            if (host, key) not in self._exact and not resolved and (parts := unc(key)):
                self._by_end[host, parts[2]].append((key, parts[1]))
            if (host, key) not in self._exact and (rest := _below_drive(key) or _below_volume(key)):
                self._by_rest[host, rest].append(key)
            self._exact.add((host, key))
            if resolved:
                self._by_name[host, name].append(key)
                if "~" in key:
                    self._short[host, name].append(key)
        self.matches = lru_cache(_REMEMBERED)(self._match)
        self.of_process = lru_cache(_REMEMBERED)(self._of_process)
        self.of_service = lru_cache(_REMEMBERED)(self._of_service)

    def _match(self, host: str, text: str, *, allowed: frozenset[str]) -> tuple[tuple[str, str], ...]:
        """(written key, how) for every written file that ``text`` means on ``host``; ``allowed`` are the ways besides the exact path."""
        key = self._identity.local_key(host, text)
        if key is None:
            return ()
        if (host, key) in self._exact:
            return ((key, "exact"),)
        found = [*self._by_suffix(host, key), *self._by_volume(host, key), *self._by_own_address(host, key)]
        if allowed:
            spelled = (written for written in _spellings(key) if (host, written) in self._exact)
            found += [(written, how) for written in spelled if (how := refers_to(key, written))]
            possible = self._by_name if "~" in key else self._short
            found += [(written, how) for written in possible.get((host, base_name(key)), ()) if (how := refers_to(key, written))]
        return tuple((written, how) for written, how in dict(reversed(found)).items() if how in _ENDS or how in allowed)

    def _by_own_address(self, host: str, key: str) -> Iterator[tuple[str, str]]:
        r"""``\\10.0.0.9\ADMIN$\x.exe``, as some tools register their service, where no log says whose address that is.

        Taken to be this host when the file was written to just this place of it; else it is run from another machine.
        """
        parts = unc(key) if key.startswith("\\\\") else None
        address = address_key(parts[0]) if parts else None
        if parts is None or address is None or address in self._identity.addresses.bindings or default_share_path(parts[1]) is None:
            return
        folder = self._identity.shares.folder(host, parts[1])
        local = path_key(join_share(folder.path, parts[2])) if folder else None
        if local is not None and (host, local) in self._exact:
            yield local, "own_address"

    def _by_volume(self, host: str, key: str) -> Iterator[tuple[str, str]]:
        """Files with the same path on some drive, where one of the two names a volume; which drive a volume is no log here says."""
        if rest := _below_volume(key):
            yield from ((written, "volume") for written in self._by_rest.get((host, rest), ()) if _below_drive(written))
        elif rest := _below_drive(key):
            yield from ((written, "volume") for written in self._by_rest.get((host, rest), ()) if not _below_drive(written))

    def _by_suffix(self, host: str, key: str) -> Iterator[tuple[str, str]]:
        r"""Files of shares of unknown folder that ``key`` may be: ``d:\shares\tools\x.exe`` is ``tools\x.exe`` in ``shares``.

        Where the folder has the share's name, that is most likely it; any other folder is a guess, and the root of a drive
        none, because a whole drive is shared as ``C$``: else every program of a machine whose backup lies in a share here
        would be one of this host's own. A bare name in a share's root could be any file of that name.
        """
        if key.startswith("\\\\"):
            return  # a share of another host
        parts = key.split("\\")
        for start in range(1, len(parts)):
            for written, share in self._by_end.get((host, "\\".join(parts[start:])), ()):
                if parts[start - 1] == share:
                    yield written, "share_name"
                elif start < len(parts) - 1 and (start > 1 or share == UNKNOWN_SHARE):
                    yield written, "suffix"

    def _of_process(self, host: str, image: str | None, command_line: str | None, directory: str | None) -> tuple[_Link, ...]:
        """What a process ran and named, each written file once."""
        made = {key: _Link("RAN", key, None, how) for key, how in (self.matches(host, image, allowed=_SURE) if image else ())}
        if command_line:
            # A path that is an argument somewhere and an operand elsewhere was used as an argument.
            for reference in sorted(references(command_line, image, directory), key=lambda one: one.role):
                for key, how in self.matches(host, reference.path, allowed=_SURE if reference.certain else _READING):
                    made.setdefault(key, _Link("NAMED", key, reference.role, how))
        return tuple(made.values())

    def _of_service(self, host: str, path: str) -> tuple[tuple[str, str], ...]:
        """(written key, how) for the program and arguments of a service's command line."""
        made: dict[str, str] = {}
        for reference in references(path):
            if reference.role in {"program", "argument"}:
                for key, how in self.matches(host, reference.path, allowed=_SURE if reference.certain else _READING):
                    made.setdefault(key, how)
        return tuple(made.items())


def _below_drive(key: str) -> str | None:
    return key[3:] if has_drive(key) else None


def _below_volume(key: str) -> str | None:
    """The path below ``\\device\\harddiskvolume3``. A shadow copy is another file than the one it was made of."""
    volume = device_path(key) if key.startswith("\\") else None
    return volume[1] if volume is not None and "shadowcopy" not in volume[0] else None


def _spellings(key: str) -> Iterator[str]:
    """Other keys that ``key`` may mean, but for 8.3 names; whether one does is for :func:`refers_to` to judge."""
    for spelling in (key, *wow64_twins(key)):
        yield spelling
        for extension in RUNNABLE:
            yield spelling + extension


def _read_references(database: Database, identity: Identity) -> None:
    """Every written file that an execution runs, names, loads or points to, by whatever of its names."""
    create_empty(database, REFERENCES)
    files = _Files(database, identity)
    times = "epoch_us(earliest) AS earliest, epoch_us(latest) AS latest"

    def of_start(row: Mapping[str, Any]) -> Iterator[dict[str, object]]:
        for kind, key, role, how in files.of_process(row["host"], row["image"], row["command_line"], row["current_directory"]):
            yield _reference(row, kind, key, role, how)

    def of_load(row: Mapping[str, Any]) -> Iterator[dict[str, object]]:
        # Only the exact path: the genuine library of the same name is usually loaded in the same millisecond.
        own = bool(row["image"]) and path_key(row["image"]) == path_key(row["path"])
        for key, how in files.matches(row["host"], row["path"], allowed=_NOTHING):
            yield _reference(row, "LOADED", key, None, "program" if own else how)

    def of_service(row: Mapping[str, Any]) -> Iterator[dict[str, object]]:
        for key, how in files.of_service(row["host"], row["path"]):
            yield _reference(row, "POINTS_TO", key, None, how)

    def of_call(row: Mapping[str, Any]) -> Iterator[dict[str, object]]:
        for key, how in files.of_service(row["host"], row["path"]):
            yield _reference(row, "ASKED_FOR", key, row["role"], how)

    queries = (
        (f"SELECT id, host, image, command_line, current_directory, {times} FROM starts", of_start),
        (f"SELECT id, host, image, path, {times} FROM loads", of_load),
        (f"SELECT id, host, path, {times} FROM services", of_service),
        (f"SELECT id, host, path, role, {times} FROM call_paths", of_call),
    )
    for query, function in queries:
        map_rows(database, query, "more_references", arrow_schema(REFERENCES), function)
        database.execute("INSERT INTO file_references SELECT * FROM more_references")
        database.execute("DROP TABLE more_references")


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


def _service_names(row: Mapping[str, Any], identity: Identity) -> Iterator[dict[str, object]]:  # noqa: ARG001 - the host is known
    for name in names(row["path"]):
        yield {"host": row["host"], "name": name}


# The written files whose names occur among the executions at all: what is left fits into memory.
_CANDIDATES: Final = f"""
    WITH used AS (
        SELECT host, unnest(names) AS name FROM starts
        UNION SELECT host, {base_name_of("path")} FROM loads
        UNION SELECT host, name FROM service_names)
    SELECT DISTINCT n.host, n.key, n.name, n.resolved FROM file_names n SEMI JOIN used USING (host, name)
"""

# ASOF picks the latest version that began no later than the execution can have happened; comparing the write's earliest with
# the execution's latest keeps two events of one whole second simultaneous. The version must not have ended before the
# execution, which is as hard to tell. The end of a path is a guess at best: only soon after the write, and not where the file
# was used before it, since then it is one that was there already.
_BY_NAME: Final = f"""
    WITH old AS (
        SELECT DISTINCT r.host, r.key
        FROM file_references r JOIN (SELECT host, key, min(earliest) AS first FROM versions GROUP BY host, key) v USING (host, key)
        WHERE r.basis = 'suffix' AND r.latest < v.first)
    SELECT DISTINCT r.event, r.kind, r.role, r.basis, v.id AS version
    FROM file_references r ASOF JOIN versions v ON v.host = r.host AND v.key = r.key AND v.earliest <= r.latest
    WHERE (v.ended_latest IS NULL OR v.ended_latest >= r.earliest)
        AND (r.basis <> 'suffix'
            OR (r.earliest <= v.latest + {GUESSED_WITHIN} AND (r.host, r.key) NOT IN (SELECT (host, key) FROM old)))
"""

# What refers to a name that commands gave to a version refers to that version, by way of those commands.
_MOVED: Final = """
    SELECT r.event, r.kind, r.role, m.version, m.steps
    FROM file_references r JOIN moves m ON m.host = r.host AND m.destination = r.key AND m.placed <= r.latest
    ANTI JOIN links_by_name l ON l.event = r.event AND l.version = m.version
    WHERE r.basis <> 'program' AND (m.ended IS NULL OR m.ended >= r.earliest)
"""

_ALL: Final = """
    WITH named AS (
        SELECT event, kind, role, basis, version FROM links_by_name
        UNION ALL SELECT DISTINCT event, kind, role, 'moved', version FROM links_by_move)
    SELECT * FROM named
    UNION ALL SELECT c.event, c.kind, NULL, 'hash', c.version FROM copies c
    ANTI JOIN named n ON n.event = c.event AND n.version = c.version
    UNION ALL SELECT event, 'ASKED_FOR', role, 'calls', version FROM guessed_calls
"""

REFERENCES: Final = Table(
    "file_references",
    "written files that executions run, name, load or point to",
    _REFERENCE,
    ("candidates", "starts", "loads", "services", "call_paths"),
    Loop(_read_references),
    empty_without=("candidates",),
)

TABLES: Final = (
    Table(
        "service_names",
        "names that services' command lines hold, and those that calls state",
        {"host": TEXT, "name": TEXT},
        ("services", "call_paths"),
        Mapped("SELECT host, path FROM services UNION SELECT host, path FROM call_paths", _service_names),
    ),
    Table(
        "candidates",
        "written files whose names occur among executions",
        {"host": TEXT, "key": TEXT, "name": TEXT, "resolved": FLAG},
        ("starts", "loads", "service_names", "file_names"),
        _CANDIDATES,
        empty_without=("file_names",),
    ),
    REFERENCES,
    Table(
        "links_by_name",
        "the version that each of them can have been",
        _LINKS,
        ("file_references", "versions"),
        _BY_NAME,
        empty_without=("file_references",),
    ),
    Table(
        "links_by_move",
        "the version, where commands had given it the name",
        {"event": TEXT, "kind": TEXT, "role": TEXT, "version": TEXT, "steps": TEXTS},
        ("file_references", "moves", "links_by_name"),
        _MOVED,
        empty_without=("file_references", "moves"),
    ),
    Table(
        "links",
        "which execution is of which version, and how that is known",
        _LINKS,
        ("links_by_name", "links_by_move", "copies", "guessed_calls"),
        _ALL,
    ),
    Table(
        "run_steps",
        "commands that gave a version the name by which it was run",
        {"event": TEXT, "version": TEXT, "step": TEXT},
        ("links_by_move",),
        "SELECT DISTINCT event, version, unnest(steps) AS step FROM links_by_move WHERE kind <> 'NAMED' OR role = 'argument'",
        empty_without=("links_by_move",),
    ),
)
