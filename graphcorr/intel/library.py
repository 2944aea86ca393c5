"""The library of loaded intelligence: every record with its text and what became of it, in one SQLite file.

It is the user's and not a case's, because what is known of actors does not change from one case to the next; a case
may have one of its own. A load is one transaction: killed, it has changed nothing.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import msgspec
import xxhash
import zstandard

from graphcorr.errors import ConfigError, UsageError
from graphcorr.intel.facts import Facts, encode_facts, load_facts, packaged_facts
from graphcorr.intel.known import End, Known
from graphcorr.intel.salvage import QUARANTINED
from graphcorr.sqlite import SqliteFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FILE_NAME: Final = "intel.sqlite"
ENTERPRISE: Final = "enterprise-attack"
"""The collection that linking and attribution rest on."""

_SCHEMA: Final = """
CREATE TABLE records (
    id TEXT PRIMARY KEY, type TEXT NOT NULL, name TEXT, end_id TEXT, file TEXT NOT NULL, member TEXT, record INTEGER NOT NULL,
    collection TEXT, version TEXT, status TEXT NOT NULL, reasons TEXT NOT NULL, detail TEXT, source TEXT, target TEXT,
    relationship TEXT, candidates TEXT NOT NULL, confidence REAL, mentions TEXT NOT NULL, created INTEGER, modified INTEGER,
    active INTEGER NOT NULL, alone INTEGER NOT NULL, retired TEXT, digest TEXT NOT NULL, text BLOB NOT NULL);
CREATE INDEX records_by_status ON records (status);
CREATE INDEX records_by_collection ON records (collection, version);
CREATE TABLE releases (
    name TEXT NOT NULL, version TEXT NOT NULL, file TEXT NOT NULL, member TEXT, records INTEGER NOT NULL, modified INTEGER,
    facts TEXT NOT NULL, PRIMARY KEY (name, version));
PRAGMA user_version = 1;
"""
_VERSION: Final = 1
_PATIENCE: Final = 30.0
"""Seconds to wait for another load."""
_AGAIN: Final = "remove it and load the files again"


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A record as the library keeps it, without its text."""

    id: str
    type: str
    """STIX type; ``text`` for what could not be decoded."""
    name: str | None
    end_id: str | None
    """What statements call it: its ATT&CK id, else its STIX id. None for relationships and what is put aside."""
    file: str
    member: str | None
    record: int
    collection: str | None
    """The release it belongs to, as ``enterprise-attack``; None for a record that came by itself."""
    version: str | None
    status: str
    reasons: tuple[str, ...]
    detail: str | None
    source: str | None
    target: str | None
    relationship: str | None
    candidates: tuple[str, ...]
    confidence: float | None
    mentions: tuple[tuple[str, str], ...]
    created: int | None
    modified: int | None
    active: bool
    alone: bool
    retired: str | None
    """Version of the release that no longer has it."""
    digest: str
    """xxh3-128 of the text."""


class Standing(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a load has to know of a held record, see :class:`Held`."""

    modified: int | None
    digest: str
    status: str
    collection: str | None
    version: str | None
    retired: str | None


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """An ATT&CK release that was loaded."""

    name: str
    version: str
    file: str
    member: str | None
    records: int
    modified: int | None
    facts: str
    """Name of its table in the library's folder."""


_UNSAFE: Final = re.compile(r"[^\w.-]")
_COLUMNS: Final = Held.__struct_fields__
_AS_JSON: Final = frozenset({"reasons", "candidates", "mentions"})
_AS_FLAG: Final = frozenset({"active", "alone"})


class Library:
    """One at a time writes; others read what was there before."""

    def __init__(self, folder: Path, *, reading: bool = False) -> None:
        """``reading`` makes nothing where there is no library, and works where nothing can be written."""
        self.folder = folder
        self._squeeze = zstandard.ZstdCompressor(level=1)
        with self._placed():
            if not reading:
                folder.mkdir(parents=True, exist_ok=True)
            elif folder.exists() and not folder.is_dir():
                raise NotADirectoryError(0, "it is no folder")
        self._file = SqliteFile(folder / FILE_NAME, ConfigError, what="library", remedy=_AGAIN, patience=_PATIENCE, reading=reading)
        try:
            self._prepare()
        except ConfigError:
            self._file.close()
            raise

    def _prepare(self) -> None:
        # Looked at before it is locked: readers must not wait for a load.
        if self._version() == _VERSION:
            return
        with self._file.transaction():
            version = self._version()
            if version == 0:
                self._file.create(_SCHEMA)
            elif version != _VERSION:
                raise ConfigError(
                    f"{self._file.path} was written by another version of graphcorr (form {version}, this one reads {_VERSION})"
                )

    def _version(self) -> int:
        [(version,)] = self._file.rows("PRAGMA user_version")
        return int(version)

    @contextmanager
    def _placed(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ConfigError(f"{self.folder} cannot be used: {error.strerror or error}") from error

    def close(self) -> None:
        self._file.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._file.transaction():
            yield

    def _rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        try:
            return self._file.rows(query, *values)
        except UnicodeEncodeError as error:
            raise UsageError(f"{str(error.object)[:80]!a} is no text, and no record has it") from error

    def _damaged(self, what: str, error: Exception) -> ConfigError:
        return ConfigError(f"{self._file.path}: {what} is damaged ({error}); {_AGAIN}")

    def records(self, where: str = "TRUE", *values: object) -> list[Held]:
        """Those that a condition on the columns picks, by file and number."""
        query = f"SELECT {', '.join(_COLUMNS)} FROM records WHERE {where} ORDER BY file, member IS NOT NULL, member, record, id"
        found: list[Held] = []
        for row in self._rows(query, *values):
            try:
                found.append(_read(row))
            except msgspec.DecodeError as error:
                raise self._damaged(f"record {row[0]}", error) from error
        return found

    def holds(self, type_: str) -> bool:
        """Whether there is a record of a STIX type that counts: neither retired nor quarantined."""
        return bool(self._rows("SELECT 1 FROM records WHERE type = ? AND retired IS NULL AND status <> ? LIMIT 1", type_, QUARANTINED))

    def find(self, identity: str) -> list[Held]:
        """The records of an id, STIX's or ATT&CK's, of a name, or of an id that begins so."""
        exact = self.records("id = ? OR end_id = ?", identity, identity)
        exact = exact or self.records("end_id IS NOT NULL AND name = ? COLLATE NOCASE", identity)
        return exact or self.records("substr(id, 1, length(?)) = ?", identity, identity)

    def text(self, identity: str) -> bytes:
        """The record's text as it came; ``ConfigError`` when it is not that any more."""
        rows = self._rows("SELECT text, digest FROM records WHERE id = ?", identity)
        if not rows or not isinstance(rows[0][0], bytes):
            raise UsageError(f"the library has no record {identity}")
        try:
            text = zstandard.ZstdDecompressor().decompress(rows[0][0])
        except zstandard.ZstdError as error:
            raise self._damaged(f"the text of record {identity}", error) from error
        if xxhash.xxh3_128_hexdigest(text) != rows[0][1]:
            raise self._damaged(f"the text of record {identity}", ValueError("it is not what was loaded"))
        return text

    def standings(self) -> dict[str, Standing]:
        """What there is of each id."""
        rows = self._rows(f"SELECT id, {', '.join(Standing.__struct_fields__)} FROM records")
        found: dict[str, Standing] = {}
        for row in rows:
            try:
                found[str(row[0])] = msgspec.convert(row[1:], Standing)
            except msgspec.ValidationError as error:
                raise self._damaged(f"record {row[0]}", error) from error
        return found

    def put(self, records: Iterable[tuple[Held, bytes]]) -> None:
        """Add or replace records with their texts; to be called in a transaction."""
        marks = ", ".join("?" * (len(_COLUMNS) + 1))
        self._file.change_many(
            f"INSERT OR REPLACE INTO records ({', '.join(_COLUMNS)}, text) VALUES ({marks})",
            ((*_write(held), self._squeeze.compress(text)) for held, text in records),
        )

    def judge(self, held: Held) -> None:
        """Replace what is said of a record and keep its text; to be called in a transaction."""
        names = [name for name in _COLUMNS if name != "id"]
        values = dict(zip(_COLUMNS, _write(held), strict=True))
        assignments = ", ".join(f"{name} = ?" for name in names)
        self._file.change(f"UPDATE records SET {assignments} WHERE id = ?", *(values[name] for name in names), held.id)

    def retire(self, release: Release, kept: Iterable[str]) -> int:
        """Mark what earlier releases of the collection had and this one lacks; returns how many that are."""
        self._file.change("CREATE TEMP TABLE IF NOT EXISTS kept (id TEXT PRIMARY KEY)")
        self._file.change("DELETE FROM kept")
        self._file.change_many("INSERT OR IGNORE INTO kept VALUES (?)", ((identity,) for identity in kept))
        return self._file.change(
            "UPDATE records SET retired = ? WHERE collection = ? AND retired IS NULL AND id NOT IN (SELECT id FROM kept)",
            release.version,
            release.name,
        )

    def count(self) -> dict[str, int]:
        """Records by status; ``retired`` ones are counted there alone."""
        rows = self._rows("SELECT iif(retired IS NULL, status, 'retired'), count(*) FROM records GROUP BY 1 ORDER BY 1")
        return {str(status): number for status, number in rows if isinstance(number, int)}

    def releases(self, name: str | None = None) -> list[Release]:
        """Loaded releases, oldest first."""
        columns = ", ".join(Release.__struct_fields__)
        rows = self._rows(f"SELECT {columns} FROM releases WHERE ? IS NULL OR name = ?", name, name)
        found: list[Release] = []
        for row in rows:
            try:
                found.append(msgspec.convert(dict(zip(Release.__struct_fields__, row, strict=True)), Release))
            except msgspec.ValidationError as error:
                raise self._damaged(f"release {row[0]} {row[1]}", error) from error
        return sorted(found, key=lambda one: (one.name, *release_order(one.version, one.modified)))

    def put_release(
        self, facts: Facts, *, name: str, version: str, file: str, member: str | None, records: int, modified: int | None
    ) -> Release:
        """Keep the facts of a release; to be called in a transaction.

        Their file is named by what it holds, so that a load that is given up has touched no file that a release in
        the library refers to. What it wrote stays there and is used by the next load of the same.
        """
        table = encode_facts(facts)
        digest = hashlib.sha256(table).hexdigest()[:32]
        place = f"releases/{name}-{_UNSAFE.sub('_', version)}-{digest}.msgpack.zst"
        release = Release(name=name, version=version, file=file, member=member, records=records, modified=modified, facts=place)
        path = self.folder / place
        with self._placed():
            path.parent.mkdir(exist_ok=True)
            aside = path.with_suffix(".new")
            aside.write_bytes(table)
            aside.replace(path)
        values = msgspec.structs.astuple(release)
        self._file.change(f"INSERT OR REPLACE INTO releases VALUES ({', '.join('?' * len(values))})", *values)
        return release

    def facts_of(self, release: Release) -> Facts:
        return load_facts(self.folder / release.facts)

    def facts(self) -> Facts:
        """The facts that count: of the newest release that the user loaded, else the package's."""
        loaded = self.releases(ENTERPRISE)
        return self.facts_of(loaded[-1]) if loaded else packaged_facts()

    def known(self, facts: Facts | None = None) -> Known:
        """What ends of statements can be: the facts that count, and every object that was loaded besides."""
        rows = self._rows("SELECT end_id, type, name, id, active FROM records WHERE end_id IS NOT NULL AND retired IS NULL")
        others = (End(str(row[0]), str(row[1]), str(row[2] or row[0]), str(row[3]), bool(row[4])) for row in rows)
        facts = facts or self.facts()
        # The package's statements help with damaged records also where the user's release has dropped them.
        more = () if facts.version == packaged_facts().version else packaged_facts().joins
        return Known(facts, others, more)


def release_order(version: str, modified: int | None) -> tuple[tuple[int, ...], int]:
    """18.1 comes after 9.0; releases without a version go by the date of their newest object."""
    parts = version.split(".")
    # Beyond 18 digits it is no version, and beyond some thousands Python refuses to count.
    counts = all(part.isdecimal() and len(part) <= 18 for part in parts)
    return (tuple(int(part) for part in parts) if counts else (), modified or 0)


def _read(row: tuple[object, ...]) -> Held:
    values = dict(zip(_COLUMNS, row, strict=True))
    for name in _AS_JSON:
        values[name] = msgspec.json.decode(str(values[name]))
    for name in _AS_FLAG:
        values[name] = bool(values[name])
    return msgspec.convert(values, Held)


def _write(held: Held) -> tuple[object, ...]:
    return tuple(
        msgspec.json.encode(value).decode() if name in _AS_JSON else value
        for name, value in zip(_COLUMNS, msgspec.structs.astuple(held), strict=True)
    )
