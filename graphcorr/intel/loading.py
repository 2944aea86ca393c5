"""Loading: documents → records, each loaded, salvaged or quarantined, and none lost."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

import msgspec
import xxhash

from graphcorr.errors import InputError, UsageError
from graphcorr.intel.attack import make_facts
from graphcorr.intel.known import End, Known
from graphcorr.intel.library import ENTERPRISE, Held, Library, Release, Standing
from graphcorr.intel.objects import LONGEST_NAME, ObjectError, Stix, decode, read_time, time_or_none, validate
from graphcorr.intel.reading import Document, Piece, split
from graphcorr.intel.salvage import LOADED, QUARANTINED, SALVAGED, Verdict, mint_id, triage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_NAMED: Final = re.compile(r"((?:enterprise|mobile|ics)-attack)-v?(\d+(?:\.\d+)+)")
LEAST_TECHNIQUES: Final = 50
"""The smallest ATT&CK release, that for industrial control systems, has 80."""
_OF_ATTACK: Final = frozenset(
    {"attack-pattern", "campaign", "intrusion-set", "malware", "tool", "x-mitre-tactic", "x-mitre-detection-strategy"}
)
"""Types whose ATT&CK id is their own; in the references of others it is somebody else's."""
_MATRICES: Final = frozenset({ENTERPRISE, "mobile-attack", "ics-attack"})
"""A release's name becomes part of a file's name, so that it is one of these or none."""
_LONGEST_VERSION: Final = 64
NEW, UNCHANGED, UPDATED, OLDER = "new", "unchanged", "updated", "older"


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one record that was read."""

    file: str
    member: str | None
    record: int
    id: str
    type: str
    status: str
    reasons: tuple[str, ...]
    detail: str | None
    source: str | None
    target: str | None
    relationship: str | None
    candidates: tuple[str, ...]
    confidence: float | None
    mentions: tuple[tuple[str, str], ...]
    """Actor and software named in one sentence: less than use."""
    change: str
    """new, unchanged, updated, or older (the library has a newer version and keeps it)"""


class Problem(msgspec.Struct, frozen=True):
    """A document of which not all could be read, or in which there was no record."""

    file: str
    member: str | None
    reason: str


class Loading(msgspec.Struct, kw_only=True):
    """A load: ``read`` is ``loaded`` + ``salvaged`` + ``quarantined``."""

    read: int = 0
    loaded: int = 0
    salvaged: int = 0
    quarantined: int = 0
    retired: int = 0
    changes: Counter[str] = msgspec.field(default_factory=Counter)
    releases: list[Release] = msgspec.field(default_factory=list)
    problems: list[Problem] = msgspec.field(default_factory=list)
    records: list[Outcome] = msgspec.field(default_factory=list)


class _Read(msgspec.Struct):
    """A record between decoding and judging."""

    piece: Piece
    found: Stix | None
    error: ObjectError | None


def load(
    library: Library, documents: Iterable[Document], *, version: str | None = None, check: Callable[[bytes], str | None] | None = None
) -> Loading:
    """Read documents into the library, all or nothing. The same documents again change nothing.

    ``version`` names the ATT&CK release where neither the document nor its name does; ``check`` is a stricter
    validation, whose complaint quarantines a record. A relationship may come before the objects it relates, also in
    an earlier document: what had to wait for them is judged again at the end.
    """
    if version is not None and not _is_version(version):
        raise UsageError(f"{version[:80]!a} is no version: it has up to {_LONGEST_VERSION} printable characters")
    done = Loading()
    with library.transaction():
        state = _State(library, done)
        for document in documents:
            state.take(document, version, check)
        state.settle(check)
    return done


class _State:
    """A load under way: what is known so far, and what the library holds of each id."""

    def __init__(self, library: Library, done: Loading) -> None:
        self._library = library
        self._done = done
        self._known = library.known()
        self._held = library.standings()
        self._waiting: list[int] = []
        """Positions in the outcomes of what may be told once more is known."""

    def take(self, document: Document, version: str | None, check: Callable[[bytes], str | None] | None) -> None:
        pieces = [_decode(piece) for piece in split(document.content)]
        if document.problem is not None:
            self._done.problems.append(Problem(document.file, document.member, document.problem))
        elif not pieces:
            self._done.problems.append(Problem(document.file, document.member, "it holds no record"))
        release = self._recognize(document, pieces, version)
        for one in pieces:
            if one.found is not None and one.found.type != "relationship" and _is_valid(one.found):
                self._known.add(make_end(one.found))
        newest = self._library.releases(release.name)[-1] if release is not None else None
        # What only an older release has is retired from the beginning.
        retired = newest.version if newest is not None and newest != release else None
        rows = [self._judge(document, one, release, retired, check) for one in pieces]
        self._library.put(row for row in rows if row is not None)
        if release is not None and retired is None:
            ids = [one.found.id for one in pieces if one.found is not None and one.found.id]
            self._done.retired += self._library.retire(release, ids)

    def _recognize(self, document: Document, pieces: list[_Read], version: str | None) -> Release | None:
        """The ATT&CK release that a document is, its facts kept and known from here on; None for any other document."""
        objects = [one.found for one in pieces if one.found is not None]
        matrix = next((one for one in objects if one.type == "x-mitre-matrix" and one.attack_id in _MATRICES), None)
        # A bundle that brings a matrix along with some techniques of interest is no release, and must not pass for one.
        if matrix is None or sum(one.type == "attack-pattern" for one in objects) < LEAST_TECHNIQUES:
            return None
        valid = [one for one in objects if _is_usable(one)]
        modified = max((time for one in valid if (time := time_or_none(one.modified)) is not None), default=None)
        name = matrix.attack_id or ENTERPRISE
        stated = next((one.x_mitre_version for one in objects if one.type == "x-mitre-collection"), None)
        stated = stated if stated is not None and _is_version(stated) else None
        named = _NAMED.search(f"{document.file}!{document.member or ''}")
        told = version or stated or (named[2] if named is not None and named[1] == name else None) or f"of-{modified or 0}"
        facts = make_facts(valid, told, name)
        release = self._library.put_release(
            facts,
            name=name,
            version=told,
            file=document.file,
            member=document.member,
            records=len(pieces),
            modified=modified,
        )
        self._done.releases.append(release)
        if name == ENTERPRISE:
            self._known = self._library.known()
        else:
            for fact in facts.content.objects:
                self._known.add(End(fact.id, fact.stix_id.partition("--")[0], fact.name, fact.stix_id, fact.active))
        return release

    def _judge(
        self, document: Document, one: _Read, release: Release | None, retired: str | None, check: Callable[[bytes], str | None] | None
    ) -> tuple[Held, bytes] | None:
        """Count a record and give what the library has to keep of it, None when it keeps what it has."""
        text = one.piece.text
        digest = xxhash.xxh3_128_hexdigest(text)
        verdict = judge(one, self._known, check)
        before = self._held.get(verdict.id)
        modified = _modified(one.found)
        change = NEW
        if before is not None:
            change = _compare(before, modified, digest)
            if change == "conflicting":
                # One id and time, two contents: nobody can say which one is meant, so the first one stays.
                verdict = _set_aside(one, verdict, text)
                change = NEW if verdict.id not in self._held else UNCHANGED
            elif change == UNCHANGED and before.status != verdict.status:
                change = UPDATED
        self._count(document, one, verdict, change)
        collection, version = (release.name, release.version) if release is not None else (None, None)
        moved = release is not None and before is not None and (before.version != version or before.retired != retired)
        if moved and before is not None and before.retired is None and before.collection not in {None, collection}:
            moved = False  # Releases of several domains share objects: the first one keeps it.
        if change == OLDER or (change == UNCHANGED and (retired is not None or not moved)):
            return None
        self._held[verdict.id] = Standing(modified, digest, verdict.status, collection, version, retired)
        held = make_held(document, one.piece, one.found, verdict, digest)
        return msgspec.structs.replace(held, collection=collection, version=version, retired=retired), text

    def _count(self, document: Document, one: _Read, verdict: Verdict, change: str) -> None:
        done = self._done
        done.read += 1
        done.loaded += verdict.status == LOADED
        done.salvaged += verdict.status == SALVAGED
        done.quarantined += verdict.status == QUARANTINED
        done.changes[change] += 1
        if verdict.status == QUARANTINED and one.found is not None:
            self._waiting.append(len(done.records))
        done.records.append(make_outcome(document, one, verdict, change))

    def settle(self, check: Callable[[bytes], str | None] | None) -> None:
        """Judge again what could not be told when it was read; everything that was to come is known now."""
        done = self._done
        for position in self._waiting:
            outcome = done.records[position]
            if outcome.change == OLDER:
                continue
            again = rejudge(self._library, outcome.id, self._known, check)
            if again is None or again.status == QUARANTINED:
                continue
            done.quarantined -= 1
            done.loaded += again.status == LOADED
            done.salvaged += again.status == SALVAGED
            done.records[position] = msgspec.structs.replace(outcome, **{name: getattr(again, name) for name in _SAID})


_SAID: Final = ("status", "reasons", "detail", "source", "target", "relationship", "candidates", "confidence", "mentions")


def retry(library: Library, check: Callable[[bytes], str | None] | None = None) -> Loading:
    """Judge again what is quarantined or ambiguous, with what is known by now."""
    done = Loading()
    with library.transaction():
        known = library.known()
        for held in library.records("retired IS NULL AND (status = ? OR reasons LIKE '%ambiguous_match%')", QUARANTINED):
            again = rejudge(library, held.id, known, check)
            if again is None:
                continue
            done.read += 1
            done.loaded += again.status == LOADED
            done.salvaged += again.status == SALVAGED
            done.quarantined += again.status == QUARANTINED
            change = UPDATED if again != held else UNCHANGED
            done.changes[change] += 1
            values = {name: getattr(again, name) for name in Outcome.__struct_fields__ if name != "change"}
            done.records.append(Outcome(**values, change=change))
    return done


def rejudge(library: Library, identity: str, known: Known, check: Callable[[bytes], str | None] | None) -> Held | None:
    """Judge one held record again and keep the judgment; None when the library has no such record."""
    rows = library.records("id = ?", identity)
    if not rows:
        return None
    held = rows[0]
    if "conflicting_content" in held.reasons:
        return held
    one = _decode(Piece(held.record, library.text(identity), held.alone))
    verdict = judge(one, known, check)
    again = msgspec.structs.replace(held, **{name: getattr(verdict, name) for name in _SAID})
    if again.status != QUARANTINED and one.found is not None and one.found.type != "relationship":
        again = msgspec.structs.replace(again, end_id=make_end(one.found, verdict.id).id)
    if again != held:
        library.judge(again)
    return again


def judge(one: _Read, known: Known, check: Callable[[bytes], str | None] | None) -> Verdict:
    """The verdict on a record; what cannot even be decoded is quarantined with its text."""
    text = one.piece.text
    if one.found is None:
        assert one.error is not None
        return Verdict(id=mint_id("text", None, text), status=QUARANTINED, reasons=(one.error.reason,), detail=one.error.detail)
    verdict = triage(one.found, text, known, alone=one.piece.alone)
    if check is not None and verdict.status != QUARANTINED and (complaint := check(text)) is not None:
        return msgspec.structs.replace(
            verdict, status=QUARANTINED, reasons=(*verdict.reasons, "not_strict"), detail=complaint, confidence=None, mentions=()
        )
    return verdict


def _decode(piece: Piece) -> _Read:
    try:
        return _Read(piece, decode(piece.text), None)
    except ObjectError as error:
        return _Read(piece, None, error)


def _is_valid(found: Stix) -> bool:
    try:
        validate(found)
    except ObjectError:
        return False
    return True


def _is_version(text: str) -> bool:
    """Whether it can be kept, printed and compared: a document may state thousands of digits."""
    return 0 < len(text) <= _LONGEST_VERSION and text.isprintable()


def _is_usable(found: Stix) -> bool:
    """Whether an object's times can be read, without which a release's facts cannot be made of it, and its name kept."""
    if found.name is not None and len(found.name) > LONGEST_NAME:
        return False
    try:
        for name in ("created", "modified", "first_seen", "last_seen"):
            if (value := getattr(found, name)) is not None:
                read_time(name, value)
    except ObjectError:
        return False
    return True


def _modified(found: Stix | None) -> int | None:
    if found is None:
        return None
    try:
        return time_or_none(found.modified or found.created)
    except ObjectError:
        return None


def _compare(before: Standing, modified: int | None, digest: str) -> str:
    if before.digest == digest:
        return UNCHANGED
    if modified == before.modified:
        return "conflicting"
    return UPDATED if (modified or 0) > (before.modified or 0) else OLDER


def _set_aside(one: _Read, verdict: Verdict, text: bytes) -> Verdict:
    type_ = one.found.type if one.found is not None else "text"
    return Verdict(
        id=mint_id(type_, "conflicting", text),
        status=QUARANTINED,
        reasons=("conflicting_content", *verdict.reasons),
        detail=f"{verdict.id} is held already with the same time and another content",
    )


def make_end(found: Stix, identity: str | None = None) -> End:
    """An object as an end of statements. An indicator or report that refers to a technique is not that technique."""
    stix_id = identity or found.id or ""
    own = found.attack_id if found.type in _OF_ATTACK else None
    return End(own or stix_id, found.type, found.name or stix_id, stix_id, found.active)


def make_held(document: Document, piece: Piece, found: Stix | None, verdict: Verdict, digest: str) -> Held:
    kept = found is not None and found.type != "relationship" and verdict.status != QUARANTINED
    return Held(
        id=verdict.id,
        type=found.type if found is not None else "text",
        name=(found.name or "")[:LONGEST_NAME] or None if found is not None else None,
        end_id=make_end(found, verdict.id).id if found is not None and kept else None,
        file=document.file,
        member=document.member,
        record=piece.number,
        collection=None,
        version=None,
        created=_created(found),
        modified=_modified(found),
        active=found.active if found is not None else False,
        alone=piece.alone,
        retired=None,
        digest=digest,
        **{name: getattr(verdict, name) for name in _SAID},
    )


def _created(found: Stix | None) -> int | None:
    try:
        return time_or_none(found.created) if found is not None else None
    except ObjectError:
        return None


def make_outcome(document: Document, one: _Read, verdict: Verdict, change: str) -> Outcome:
    said = {name: getattr(verdict, name) for name in _SAID}
    return Outcome(
        file=document.file,
        member=document.member,
        record=one.piece.number,
        id=verdict.id,
        type=one.found.type if one.found is not None else "text",
        change=change,
        **said,
    )


def check_read(done: Loading) -> None:
    """``InputError`` when of all that was given nothing was a record."""
    if not done.read and done.problems:
        first = done.problems[0]
        raise InputError(first.reason, first.file, first.member)
