"""The case's state in SQLite: which inputs are committed, which segments hold their events, which generation readers get.

A segment counts only once its row is here: everything else in the events folder is a leftover of an interrupted run.
Events whose input has no row any more (it was read again for more kinds of events) count for nothing either.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.case.view import AGAIN, COLUMNS, LOST, InputRow, SegmentRow, StateView, earlier_contents
from graphcorr.errors import CaseError
from graphcorr.model.report import Skip
from graphcorr.sqlite import SqliteFile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

_SCHEMA: Final = """
CREATE TABLE inputs (
    number INTEGER PRIMARY KEY, file TEXT NOT NULL, member TEXT, digest BLOB, format TEXT, status TEXT NOT NULL,
    reason TEXT, records INTEGER NOT NULL, events INTEGER NOT NULL, skipped INTEGER NOT NULL, stamp TEXT,
    logs INTEGER NOT NULL);
CREATE INDEX by_name ON inputs (file, member);
CREATE TABLE logs (number INTEGER PRIMARY KEY, names TEXT NOT NULL UNIQUE);
CREATE TABLE segments (
    name TEXT PRIMARY KEY, events INTEGER NOT NULL, bytes INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL);
CREATE TABLE skips (input INTEGER NOT NULL, record INTEGER, reason TEXT NOT NULL);
CREATE INDEX skips_of ON skips (input)"""
_SCHEMA_3: Final = """
CREATE TABLE generations (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, segments TEXT NOT NULL);
CREATE TABLE readings (place TEXT PRIMARY KEY, path TEXT NOT NULL, given_up INTEGER NOT NULL)"""
"""What layout 3 has besides. A row of ``readings`` is an argument that was begun to be read and not read to its end."""


class State(StateView):
    """The state of a case to write. One process at a time (the case holds the lock).

    Every method raises ``CaseError`` when the file is damaged or cannot be written.
    """

    def __init__(self, path: Path, *, has_events: bool = False) -> None:
        """``has_events`` says that there must be a state already: a new one would disown those events."""
        self._file = SqliteFile(path, CaseError, what="case state", remedy=AGAIN)
        self._added: set[int] = set()
        try:
            if not self._has("inputs"):
                self._begin(has_events=has_events)
            if not self._has("generations"):
                self._create(_SCHEMA_3)
            if not self._has_column("inputs", "short"):
                self._create("ALTER TABLE inputs ADD COLUMN short INTEGER NOT NULL DEFAULT 0")
        except CaseError:
            self._file.close()
            raise

    def _begin(self, *, has_events: bool) -> None:
        if has_events:
            raise CaseError(LOST.format(self._file.path))
        self._create(_SCHEMA)

    def _create(self, schema: str) -> None:
        with self._file.transaction():
            self._file.create(schema)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._file.transaction():
            yield

    def add_generation(self, name: str) -> None:
        """The pointer that readers follow, with the segments that it was made from; on the disk when this returns."""
        segments = json.dumps([segment.name for segment in self.segments()])
        with self._file.durable(), self._file.transaction():
            self._file.change("INSERT INTO generations (name, segments) VALUES (?, ?)", name, segments)

    def remove_generation(self, name: str) -> None:
        self._file.change("DELETE FROM generations WHERE name = ?", name)

    def segments_of_generations(self) -> set[str]:
        return {name for (names,) in self._file.rows("SELECT segments FROM generations") for name in json.loads(names)}

    def begin_reading(self, paths: Mapping[str, str]) -> None:
        """``paths`` are names as given by the place that they stand for."""
        self._file.change_many(
            "INSERT INTO readings (place, path, given_up) VALUES (?, ?, 0) ON CONFLICT (place) DO UPDATE SET given_up = 0", paths.items()
        )

    def end_reading(self, places: Iterable[str]) -> None:
        """These places were read to their end, and with them what lies below."""
        for place in places:
            below = place.rstrip(os.sep) + os.sep
            self._file.change("DELETE FROM readings WHERE place = ? OR substr(place, 1, ?) = ?", place, len(below), below)

    def give_up_reading(self) -> None:
        """What was not read to its end is taken as it is."""
        self._file.change("UPDATE readings SET given_up = 1")

    def next_number(self) -> int:
        """A number that no input has and no event of any segment, events that lost their input included."""
        [(highest,)] = self._file.rows(
            "SELECT max((SELECT ifnull(max(number), 0) FROM inputs), (SELECT ifnull(max(last), 0) FROM segments))"
        )
        return int(highest) + 1

    def log_set(self, names: Iterable[str]) -> int:
        """The number of this set of log types."""
        text = " ".join(sorted(names))
        self._file.rows("INSERT OR IGNORE INTO logs (names) VALUES (?)", text)
        [(number,)] = self._file.rows("SELECT number FROM logs WHERE names = ?", text)
        return int(number)

    def _covering(self, number: int) -> set[int]:
        """The sets of log types that hold all of this set: what was read for them need not be read for this one."""
        sets = {key: set(names.split()) for key, names in self._file.rows("SELECT number, names FROM logs")}
        return {key for key, names in sets.items() if names >= sets[number]}

    def names_read(self) -> set[str]:
        """Every name in the sets that inputs were read for."""
        read = self._file.rows("SELECT names FROM logs WHERE number IN (SELECT logs FROM inputs)")
        return {name for (names,) in read for name in names.split()}

    def lacks(self, names: Collection[str]) -> bool:
        """Whether some input was read without one of these log types."""
        # Records that no file holds were read for nobody: all of them are there.
        read = self._file.rows("SELECT names FROM logs WHERE number IN (SELECT logs FROM inputs)")
        return any(not set(kept.split()) >= set(names) for (kept,) in read)

    def stamped(self, logs: int) -> Counter[tuple[str, str | None, str]]:
        """How many inputs of a (file, member, stamp) are read for these log types: what need not be read again.

        A number, because an archive may hold two members of one name. What was not understood is tried again.
        """
        covering = self._covering(logs)
        inputs = self.inputs()
        earlier = earlier_contents(inputs)
        read = (row for row in inputs if row.digest is not None and row.logs in covering and row.number not in earlier)
        return Counter((row.file, row.member, row.stamp) for row in read if row.stamp is not None)

    def is_known(self, row: InputRow) -> bool:
        """Whether this is what the name stood for when it was last read, for the same log types or more."""
        query = "SELECT digest, logs FROM inputs WHERE file = ? AND member IS ? ORDER BY number DESC LIMIT 1"
        return any(
            digest is not None and digest == row.digest and logs in self._covering(row.logs)
            for digest, logs in self._file.rows(query, row.file, row.member)
        )

    def restamp(self, row: InputRow) -> None:
        """A known content was found again at another time: the newest stamp is what tells that it need not be read."""
        self._file.rows(
            "UPDATE inputs SET stamp = ? WHERE file = ? AND member IS ? AND digest = ?", row.stamp, row.file, row.member, row.digest
        )

    def add_input(self, row: InputRow) -> None:
        """Add an input. It takes the place of an earlier reading of its name that gave no events or had the same content.

        Earlier contents with events stay: a log that was rotated away is no less true.
        """
        known = self._file.rows("SELECT number, digest, events, stamp FROM inputs WHERE file = ? AND member IS ?", row.file, row.member)
        for number, digest, events, stamp in known:
            same = digest is not None and digest == row.digest
            # Another member of that name in the same archive; what was not understood is of an earlier run where it is not of this one.
            twin = stamp is not None and stamp == row.stamp and (digest is not None or number in self._added)
            if same or (events == 0 and not twin):
                self._file.rows("DELETE FROM inputs WHERE number = ?", number)
                self._file.rows("DELETE FROM skips WHERE input = ?", number)
        self._added.add(row.number)
        marks = ", ".join("?" * len(InputRow.__struct_fields__))
        self._file.rows(f"INSERT INTO inputs ({COLUMNS}) VALUES ({marks})", *msgspec.structs.astuple(row))

    def add_skips(self, number: int, skips: Iterable[tuple[int | None, str]]) -> None:
        self._file.change_many("INSERT INTO skips (input, record, reason) VALUES (?, ?, ?)", ((number, *skip) for skip in skips))

    def skips(self, limit: int, without: Collection[int] = ()) -> list[Skip]:
        """The first ``limit`` skips in the order of files and records, of all inputs but those numbers."""
        skips: list[Skip] = []
        for row in self.inputs():
            if row.skipped and row.number not in without:
                query = "SELECT record, reason FROM skips WHERE input = ? ORDER BY record, rowid LIMIT ?"
                found = self._file.rows(query, row.number, limit - len(skips))
                skips += [Skip(row.file, row.member, record, reason) for record, reason in found]
                if len(skips) == limit:
                    break
        return skips

    def add_segment(self, segment: SegmentRow) -> None:
        self._file.rows("INSERT INTO segments (name, events, bytes, first, last) VALUES (?, ?, ?, ?, ?)", *msgspec.structs.astuple(segment))

    def replace_segments(self, old: Iterable[SegmentRow], new: SegmentRow | None) -> None:
        """One segment in place of several, or none where no event was left."""
        with self.transaction():
            for segment in old:
                self._file.rows("DELETE FROM segments WHERE name = ?", segment.name)
            if new is not None:
                self.add_segment(new)

    def drop_dead_segments(self) -> None:
        """Forget segments of which no input is left; their files go at the next sweep."""
        self._file.rows("DELETE FROM segments WHERE NOT EXISTS (SELECT 1 FROM inputs WHERE number BETWEEN first AND last)")
