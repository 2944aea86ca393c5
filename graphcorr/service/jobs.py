"""Jobs: work that was asked for and outlives whoever asked; kept in the server's register.

A job is on the disk before anybody is told of it, and an effect counts once: the same key in the same case is the same job.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final, Literal, Self

import msgspec

from graphcorr.errors import KeyUsedError, NotFoundError, UsageError
from graphcorr.service.register import now, open_register

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphcorr.settings import Settings

MOST_TRIES: Final = 3
"""How often a job is begun whose process dies under it."""
_COLUMNS: Final = 'id, "case", kind, state, created, started, finished, tries, canceled, author, phase, done, total, problem, result'

JobState = Literal["queued", "running", "done", "failed", "canceled"]
Kind = Literal["ingest", "detect", "intel"]


class Upload(msgspec.Struct, frozen=True):
    """A file that came over the network: ``id`` is its name in the case's uploads, ``name`` what it was called, for people."""

    id: str
    name: str


class IngestAsked(msgspec.Struct, frozen=True, tag="ingest"):
    """Read these uploads into the case."""

    uploads: list[Upload]


class DetectAsked(msgspec.Struct, frozen=True, tag="detect", forbid_unknown_fields=True):
    """Look for everything again, as ``graphcorr detect`` does."""

    since: str | None = None
    until: str | None = None
    full: bool = False
    as_read: bool = False
    baseline_until: str | None = None


class IntelAsked(msgspec.Struct, frozen=True, tag="intel"):
    """Load these uploads into the library of intelligence; of none, judge again what was put aside."""

    uploads: list[Upload]
    release: str | None = None
    strict: bool = False


Asked = IngestAsked | DetectAsked | IntelAsked
NO_CASE: Final = ""
"""In place of a case: the library is of all of them."""


class Job(msgspec.Struct, frozen=True):
    """A job as it stands."""

    id: str
    case: str
    kind: Kind
    state: JobState
    created: str
    started: str | None
    finished: str | None
    tries: int
    canceled: bool
    """Somebody asked for its end."""
    author: str | None
    phase: str | None
    done: int
    """Units of the phase; bytes while it reads."""
    total: int | None
    problem: str | None
    result: msgspec.Raw | None

    @property
    def is_over(self) -> bool:
        return self.state in {"done", "failed", "canceled"}


class Jobs:
    """The table of jobs, opened for a question or two; every thread and process opens its own."""

    def __init__(self, settings: Settings) -> None:
        self._file = open_register(settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, case: str, asked: Asked, *, key: str | None = None, digest: str = "", author: str | None = None) -> tuple[Job, bool]:
        """A new job, or the one that was added with this key before and did not fail; and whether it is new.

        ``digest`` tells what is asked: ``KeyUsedError`` where the key was used for something else.
        """
        kind = {IngestAsked: "ingest", DetectAsked: "detect", IntelAsked: "intel"}[type(asked)]
        with self._file.transaction():
            if key is not None and digest:
                begun = f"{key}|"
                used = self._file.rows('SELECT key FROM jobs WHERE "case" = ? AND substr(key, 1, ?) = ?', case, len(begun), begun)
                key = f"{begun}{digest}"
                if any(each != key for (each,) in used):
                    raise KeyUsedError("this Idempotency-Key was used for something else")
            if key is not None and (found := self._file.rows('SELECT id, state FROM jobs WHERE "case" = ? AND key = ?', case, key)):
                [(id_, state)] = found
                if state not in {"failed", "canceled"}:
                    return self.get(id_), False
                self._file.change("UPDATE jobs SET key = NULL WHERE id = ?", id_)
            id_ = secrets.token_hex(8)
            self._file.change(
                'INSERT INTO jobs (id, "case", kind, key, state, created, tries, canceled, author, asked, done)'
                " VALUES (?, ?, ?, ?, 'queued', ?, 0, 0, ?, ?, 0)",
                *(id_, case, kind, key, now(), author, msgspec.json.encode(asked)),
            )
        return self.get(id_), True

    def get(self, id_: str) -> Job:
        found = self._file.rows(f"SELECT {_COLUMNS} FROM jobs WHERE id = ?", id_)
        if not found:
            raise NotFoundError(f"there is no job {id_[:80]!r}")
        return _job(found[0])

    def asked(self, id_: str) -> Asked:
        [(asked,)] = self._file.rows("SELECT asked FROM jobs WHERE id = ?", id_)
        decoder: msgspec.json.Decoder[Asked] = msgspec.json.Decoder(Asked)
        return decoder.decode(asked)

    def list(self, case: str | None = None, state: str | None = None, before: int | None = None, limit: int = 50) -> list[tuple[int, Job]]:
        """The newest first, each with its number."""
        rows = self._file.rows(
            f'SELECT number, {_COLUMNS} FROM jobs WHERE (? IS NULL OR "case" = ?) AND (? IS NULL OR state = ?)'
            " AND (? IS NULL OR number < ?) ORDER BY number DESC LIMIT ?",
            *(case, case, state, state, before, before, limit),
        )
        return [(number, _job(row)) for number, *row in rows]

    def count_waiting(self, case: str | None = None) -> int:
        [(count,)] = self._file.rows("""SELECT count(*) FROM jobs WHERE state = 'queued' AND (? IS NULL OR "case" = ?)""", case, case)
        return int(count)

    def begin_next(self, without: set[str]) -> Job | None:
        """Begin the oldest queued job of a case that is not among ``without``."""
        with self._file.transaction():
            for id_, case in self._file.rows("""SELECT id, "case" FROM jobs WHERE state = 'queued' ORDER BY number"""):
                if case not in without:
                    self._file.change("UPDATE jobs SET state = 'running', started = ?, tries = tries + 1 WHERE id = ?", now(), id_)
                    return self.get(id_)
        return None

    def requeue(self) -> None:
        """What was left running by a server that is gone is begun again, or has failed when that was tried often enough."""
        for (id_,) in self._file.rows("SELECT id FROM jobs WHERE state = 'running'"):
            self.died(id_, "the server ended while it ran")

    def died(self, id_: str, how: str) -> None:
        """The process of a running job is gone and said nothing: once more, or enough."""
        with self._file.transaction():
            job = self.get(id_)
            if job.state != "running":
                return
            if job.canceled:
                self._end(id_, "canceled", None, None)
            elif job.tries >= MOST_TRIES:
                self._end(id_, "failed", f"{how}, {job.tries} times", None)
            else:
                self._file.change("UPDATE jobs SET state = 'queued', phase = NULL, done = 0, total = NULL WHERE id = ?", id_)

    def postpone(self, id_: str) -> None:
        """Another process writes the case: try again later, and this was no try."""
        self._file.change("UPDATE jobs SET state = 'queued', tries = tries - 1 WHERE id = ? AND state = 'running'", id_)

    def report(self, id_: str, phase: str | None, done: int, total: int | None) -> bool:
        """How far a job is; returns whether somebody asked for its end."""
        self._file.change("UPDATE jobs SET phase = ?, done = ?, total = ? WHERE id = ? AND state = 'running'", phase, done, total, id_)
        return self.get(id_).canceled

    def end(self, id_: str, state: JobState, problem: str | None = None, result: Mapping[str, int] | None = None) -> None:
        with self._file.transaction():
            self._end(id_, state, problem, result)

    def _end(self, id_: str, state: JobState, problem: str | None, result: Mapping[str, int] | None) -> None:
        self._file.change(
            "UPDATE jobs SET state = ?, finished = ?, problem = ?, result = ? WHERE id = ? AND state IN ('running', 'queued')",
            *(state, now(), problem, msgspec.json.encode(result) if result is not None else None, id_),
        )

    def retry(self, id_: str) -> Job:
        """Queue a job again that failed. ``UsageError`` for one that did not."""
        with self._file.transaction():
            job = self.get(id_)
            if job.state != "failed":
                raise UsageError(f"the job {id_} is {job.state}: only one that failed is tried again")
            self._file.change(
                "UPDATE jobs SET state = 'queued', tries = 0, canceled = 0, problem = NULL, finished = NULL, phase = NULL, done = 0,"
                " total = NULL WHERE id = ?",
                id_,
            )
        return self.get(id_)

    def count(self) -> dict[str, int]:
        """How many jobs are in each state."""
        return dict(self._file.rows("SELECT state, count(*) FROM jobs GROUP BY state"))

    def needed_uploads(self) -> set[str]:
        """Of jobs that are not over for good."""
        asked = self._file.rows("SELECT id FROM jobs WHERE kind <> 'detect' AND state IN ('queued', 'running', 'failed')")
        return {upload.id for (id_,) in asked if not isinstance(found := self.asked(id_), DetectAsked) for upload in found.uploads}

    def cancel(self, id_: str) -> Job:
        """Ask for the end of a job; one that has not begun is over at once. ``UsageError`` for one that is over."""
        with self._file.transaction():
            job = self.get(id_)
            if job.is_over:
                raise UsageError(f"the job {id_} is {job.state}")
            self._file.change("UPDATE jobs SET canceled = 1 WHERE id = ?", id_)
            if job.state == "queued":
                self._end(id_, "canceled", None, None)
        return self.get(id_)


def _job(row: list[Any]) -> Job:
    named = dict(zip(Job.__struct_fields__, row, strict=True))
    result = named.pop("result")
    return Job(**named | {"canceled": bool(named["canceled"])}, result=msgspec.Raw(result) if result is not None else None)
