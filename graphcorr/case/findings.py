"""``findings.sqlite`` of a generation: each finding with what lists filter and sort by, and where the records behind it lie.

Made by the writer from the finished report, never changed afterwards, and read without a lock or a journal.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from graphcorr.errors import CaseError
from graphcorr.model.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from graphcorr.model.report import Report

_SCHEMA: Final = """
CREATE TABLE findings (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, time TEXT, level INTEGER NOT NULL, confidence TEXT NOT NULL,
    basis TEXT NOT NULL, movement TEXT NOT NULL, source_host TEXT, source_address TEXT, target_host TEXT, target_address TEXT,
    account TEXT, file TEXT, title TEXT NOT NULL, body BLOB NOT NULL);
CREATE INDEX listed ON findings (
    time, id, level, confidence, movement, source_host, source_address, target_host, target_address, account, file, title);
CREATE INDEX by_level ON findings (level, time, id);
CREATE TABLE labels (kind TEXT NOT NULL, label TEXT NOT NULL, finding INTEGER NOT NULL, PRIMARY KEY (kind, label, finding)) WITHOUT ROWID;
CREATE TABLE evidence (
    finding INTEGER NOT NULL, position INTEGER NOT NULL, segment TEXT NOT NULL, row INTEGER NOT NULL,
    PRIMARY KEY (finding, position)) WITHOUT ROWID;
CREATE TABLE searched (number INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE unfinished (path TEXT NOT NULL);
CREATE TABLE clocks (machine TEXT NOT NULL, field TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, shift INTEGER NOT NULL);
CREATE TABLE edges (type TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL);
"""
"""``number`` is the finding's place in the report, from 0; ``level`` its rank, from 0 for informational. ``labels`` are a
finding's patterns, techniques and software, of the kinds ``pattern``, ``technique`` and ``software``; ``unfinished`` is
what had not been read to its end. ``searched`` is what one looks for by words, case-folded, a line each; ``listed`` has
everything that lists sort and filter by: without it each of their questions reads the bodies, too. ``clocks`` says what was added to
the times of one field of a machine's or a monitor's records that showed a time in [since, until), in microseconds; ``edges`` which
kinds of edges, between which labels, the generation's graph has any of."""


class Place(NamedTuple):
    """Where a record lies: the name of a segment and the row in it, from 0."""

    segment: str
    row: int


class Shift(NamedTuple):
    """What was added to the times of one field of one machine, called as its records call it, or of a monitor; microseconds."""

    machine: str
    field: str
    since: int
    until: int
    shift: int


EdgeKind = tuple[str, str, str]
"""Type, label of the source, label of the target."""


class StoredFinding(NamedTuple):
    finding: Finding
    places: list[Place]
    """Of each record of its evidence, in that order."""


def write_findings(
    path: Path, report: Report, places: Mapping[tuple[int, int], Place], shifts: Iterable[Shift] = (), edges: Iterable[EdgeKind] = ()
) -> None:
    """``places`` are by the position of a finding and the position of a record in its evidence; those of all records are there."""
    findings = report.findings
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        # Nobody reads it before it is whole, and whoever publishes it brings it to the disk.
        database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN; {_SCHEMA}")
        database.executemany(
            f"INSERT INTO findings VALUES ({', '.join('?' * 15)})", (_columns(number, one) for number, one in enumerate(findings))
        )
        database.executemany("INSERT INTO searched VALUES (?, ?)", ((number, _words(one)) for number, one in enumerate(findings)))
        labels = ((kind, label, number) for number, one in enumerate(findings) for kind, label in sorted(_labels(one)))
        database.executemany("INSERT INTO labels VALUES (?, ?, ?)", labels)
        database.executemany("INSERT INTO evidence VALUES (?, ?, ?, ?)", ((*key, *place) for key, place in places.items()))
        database.executemany("INSERT INTO unfinished VALUES (?)", ((each,) for each in report.inputs.unfinished))
        database.executemany("INSERT INTO clocks VALUES (?, ?, ?, ?, ?)", shifts)
        database.executemany("INSERT INTO edges VALUES (?, ?, ?)", edges)
        database.execute("COMMIT")


def find_findings(path: Path, beginning: str) -> list[StoredFinding]:
    """The findings whose id begins so, in the order of the report. ``CaseError`` when the file is damaged."""
    with opened(path) as database:
        rows = database.execute(
            "SELECT number, body FROM findings WHERE substr(id, 1, ?) = ? ORDER BY number", (len(beginning), beginning)
        ).fetchall()
        return [StoredFinding(msgspec.json.decode(body, type=Finding), _places(database, number)) for number, body in rows]


def read_unfinished(path: Path) -> list[str]:
    """What had not been read to its end when these findings were made."""
    with opened(path) as database:
        return [each for (each,) in database.execute("SELECT path FROM unfinished ORDER BY path")]


def read_shifts(path: Path) -> list[Shift]:
    """Of every clock that was wrong. ``CaseError`` where an earlier version made the list, which did not keep them."""
    with opened(path) as database:
        if not _has(database, "clocks"):
            raise CaseError(
                f"{path.parent} was made by an earlier version, which did not keep the clocks: run a detection in the case once"
            )
        return [Shift(*row) for row in database.execute("SELECT * FROM clocks")]


def read_edges(path: Path) -> frozenset[EdgeKind] | None:
    """The kinds of edges that the graph has any of; None where an earlier version made the list, which did not keep them."""
    with opened(path) as database:
        return frozenset(database.execute("SELECT * FROM edges")) if _has(database, "edges") else None


def _has(database: sqlite3.Connection, table: str) -> bool:
    return bool(database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchall())


def _places(database: sqlite3.Connection, number: int) -> list[Place]:
    rows = database.execute("SELECT segment, row FROM evidence WHERE finding = ? ORDER BY position", (number,))
    return [Place(*row) for row in rows]


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The file to read. ``CaseError`` when it is damaged."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            yield database
    except sqlite3.Error as error:
        raise CaseError(f"{path} cannot be read: {error}") from error


def _columns(number: int, one: Finding) -> tuple[object, ...]:
    return (
        *(number, one.id, one.time, one.level.rank, one.confidence.value, one.basis.value, one.movement.value),
        *(one.source.host if one.source else None, one.source.address if one.source else None),
        *(one.target.host, one.target.address, one.account, one.file, one.title, msgspec.json.encode(one)),
    )


def _words(one: Finding) -> str:
    ends = [value for end in (one.source, one.target) if end is not None for value in (end.host, end.address)]
    commands = [value for run in one.executions for value in (run.image, run.command_line, run.user)]
    words = [one.id, one.title, one.account, one.file, *ends, *commands]
    return "\n".join(dict.fromkeys(word.casefold() for word in words if word is not None))


def _labels(one: Finding) -> set[tuple[str, str]]:
    named = {"pattern": one.patterns, "technique": one.techniques, "software": one.software}
    return {(kind, label) for kind, labels in named.items() for label in labels}
