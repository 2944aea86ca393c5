"""What people say of findings: verdicts, notes, and rules that set findings aside; said, listed, taken back."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import msgspec
from msgspec import Meta

from graphcorr.case.findings import find_findings
from graphcorr.case.folder import Folder
from graphcorr.case.notes import Notes, read_notes
from graphcorr.case.pages import count_matching, matching_ids
from graphcorr.case.reader import open_reader
from graphcorr.errors import NotFoundError, UsageError
from graphcorr.model.judgments import Judgment, Note, Suppression, Verdict
from graphcorr.service.contents import page_of
from graphcorr.service.judged import condition_of, is_expired
from graphcorr.service.listing import current
from graphcorr.service.pages import CursorText, Limit, Page
from graphcorr.service.register import now
from graphcorr.service.span import read_end

if TYPE_CHECKING:
    from pathlib import Path

    from graphcorr.case.reader import CaseReader
    from graphcorr.model.findings import Finding

MOST: Final = 20_000
"""Most things that can be said in one case."""
MOST_NOTES: Final = 100
"""Most notes beside one finding, of at most 10,000 characters each: they stand in every report."""
_SAID: Final = "said"
"""In place of a generation: what people say belongs to none."""
Reason = Annotated[str, Meta(min_length=1, max_length=2000)]
Word = Annotated[str, Meta(min_length=1, max_length=1024)]
Identity = Annotated[str, Meta(min_length=1, max_length=80)]


class NewSuppression(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule: findings of this pattern with all that is named are set aside. A source, an account or a signer has to be named."""

    pattern: Identity
    source: Word | None = None
    account: Word | None = None
    signer: Word | None = None
    file: Word | None = None
    """A path; one that ends with a backslash or slash is a folder and all below it."""
    reason: Reason
    expires: Annotated[str, Meta(max_length=40)] | None = None
    """``12h``, ``30d``, ``4w`` or a date."""


class AddedSuppression(Suppression, frozen=True):
    """A rule that was just made, and what it does."""

    findings: int
    """Of what was found last, that it sets aside; 0 where nothing fits all that it names."""


class SuppressionShown(msgspec.Struct, frozen=True):
    """A rule, and what it sets aside of what was found last."""

    rule: Suppression
    expired: bool
    findings: int
    """That it fits, also where it has expired."""


class NewVerdict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The last word on a finding; it takes the place of an earlier one."""

    finding: Identity
    verdict: Judgment
    reason: Reason | None = None


class VerdictShown(msgspec.Struct, frozen=True):
    """A verdict and what it is about."""

    finding: str
    about: str
    """What the finding was called when this was said."""
    found: bool
    """It is among what was found last."""
    said: Verdict


class NewNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something to remember beside a finding."""

    finding: Identity
    text: Annotated[str, Meta(min_length=1, max_length=10_000)]


class NoteShown(msgspec.Struct, frozen=True):
    """A note and what it is about, as of a verdict."""

    id: str
    finding: str
    about: str
    found: bool
    said: Note


class SaidAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which of them."""

    finding: Annotated[str, Meta(min_length=1, max_length=80, description="About this finding, by its id.")] | None = None
    limit: Limit = 50
    cursor: CursorText | None = None


Asked = TypeVar("Asked", bound=msgspec.Struct)


def ask(kind: type[Asked], **values: object) -> Asked:
    """What is asked, checked as the body of a request is. ``UsageError`` for a value that cannot be."""
    try:
        return msgspec.convert({name: value for name, value in values.items() if value is not None}, kind)
    except msgspec.ValidationError as error:
        raise UsageError(str(error)) from error


def list_suppressions(folder: Path) -> list[SuppressionShown]:
    """The oldest first. ``NotDetectedError`` where nothing was looked for yet."""
    with open_reader(folder) as case:
        path = current(case).findings
        rules = read_notes(case.places).suppressions
        return [SuppressionShown(rule, is_expired(rule), count_matching(path, [condition_of(rule)])) for rule in rules]


def add_suppression(folder: Path, asked: NewSuppression, owner: str) -> AddedSuppression:
    """``UsageError`` for a rule that would set aside by the file alone, or by nothing but the pattern, and for one that is over."""
    if asked.source is None and asked.account is None and asked.signer is None:
        raise UsageError("a rule has to name a source, an account or a signer: the pattern or a file alone would hide whoever uses it")
    rule = Suppression(
        secrets.token_hex(4),
        *(asked.pattern, asked.source, asked.account, asked.signer, asked.file),
        *(owner, asked.reason, now(), read_end(asked.expires, "expires")),
    )
    if is_expired(rule):
        raise UsageError(f"expires {asked.expires}: that is over, and the rule would set nothing aside")
    with open_reader(folder) as case:
        fitting = count_matching(current(case).findings, [condition_of(rule)])
    with _room(folder) as notes:
        notes.add_suppression(rule)
    return AddedSuppression(**msgspec.structs.asdict(rule), findings=fitting)


def remove_suppression(folder: Path, id_: str) -> None:
    """What it set aside is as any other finding from then on. ``NotFoundError`` where there is none."""
    with Notes(Folder(folder)) as notes:
        _found(notes.remove_suppression(id_), "suppression", id_)


def list_verdicts(folder: Path, asked: SaidAsked) -> Page[VerdictShown]:
    """The oldest first, by pages."""
    items = [each for each in all_verdicts(folder) if asked.finding in {None, each.finding}]
    return page_of(items, _SAID, asked, asked.cursor, asked.limit)


def all_verdicts(folder: Path) -> list[VerdictShown]:
    """The oldest first, those included whose finding is found no longer."""
    with open_reader(folder) as case:
        said = read_notes(case.places).verdicts
        known = _known(case, list(said))
    return [VerdictShown(id_, about, id_ in known, verdict) for id_, (verdict, about) in said.items()]


def set_verdict(folder: Path, asked: NewVerdict, author: str) -> VerdictShown:
    """``NotFoundError`` where nothing of this id was found."""
    finding = find_one(folder, asked.finding)
    verdict = Verdict(asked.verdict, author, now(), asked.reason)
    with _room(folder) as notes:
        notes.set_verdict(finding.id, verdict, _called(finding))
    return VerdictShown(finding.id, _called(finding), True, verdict)


def remove_verdict(folder: Path, finding: str) -> None:
    """By the id of the finding, or its beginning where no other verdict's begins so. ``NotFoundError`` where nothing was said of it."""
    said = [each.finding for each in all_verdicts(folder) if each.finding.startswith(finding.lower())]
    _refuse_several(finding, said)
    with Notes(Folder(folder)) as notes:
        _found(bool(said) and notes.remove_verdict(said[0]), "verdict on", finding)


def list_notes(folder: Path, asked: SaidAsked) -> Page[NoteShown]:
    """By finding, the oldest first, by pages."""
    items = [each for each in all_notes(folder) if asked.finding in {None, each.finding}]
    return page_of(items, _SAID, asked, asked.cursor, asked.limit)


def all_notes(folder: Path) -> list[NoteShown]:
    """By finding, the oldest first, those included whose finding is found no longer."""
    with open_reader(folder) as case:
        said = read_notes(case.places).notes
        known = _known(case, list(said))
    return [NoteShown(note.id, id_, about, id_ in known, note) for id_, notes in said.items() for note, about in notes]


def add_note(folder: Path, asked: NewNote, author: str) -> NoteShown:
    """``NotFoundError`` where nothing of this id was found."""
    finding = find_one(folder, asked.finding)
    note = Note(secrets.token_hex(8), author, now(), asked.text)
    with _room(folder) as notes:
        if notes.count_notes(finding.id) >= MOST_NOTES:
            raise UsageError(f"{MOST_NOTES} notes stand beside this finding: take some away first")
        notes.add_note(finding.id, note, _called(finding))
    return NoteShown(note.id, finding.id, _called(finding), True, note)


def remove_note(folder: Path, id_: str) -> None:
    """``NotFoundError`` where there is none."""
    with Notes(Folder(folder)) as notes:
        _found(notes.remove_note(id_), "note", id_)


def find_one(folder: Path, beginning: str) -> Finding:
    """The finding of this id, or the only one whose id begins so. ``NotFoundError`` where there is none, ``UsageError`` for several."""
    with open_reader(folder) as case:
        found = find_findings(current(case).findings, beginning.lower())
    if not found:
        raise NotFoundError(f"there is no finding {beginning[:80]!r}")
    _refuse_several(beginning, [one.finding.id for one in found])
    return found[0].finding


def _refuse_several(beginning: str, ids: list[str]) -> None:
    if len(ids) > 1:
        raise UsageError(f"{beginning} is the beginning of {len(ids)} ids: {', '.join(ids[:5])}")


def _room(folder: Path) -> Notes:
    notes = Notes(Folder(folder))
    if notes.count() >= MOST:
        with notes:
            raise UsageError(f"{MOST:,} things were said in this case: take some back first")
    return notes


def _known(case: CaseReader, ids: list[str]) -> set[str]:
    """Those of the ids that are among what was found last."""
    return set(matching_ids(current(case).findings, None, ids)) if ids else set()


def _called(finding: Finding) -> str:
    target = finding.target.host or finding.target.address or "an unknown machine"
    return f"{finding.title}: {target}, {finding.time}"


def _found(was_there: bool, what: str, id_: str) -> None:
    if not was_there:
        raise NotFoundError(f"there is no {what} {id_[:80]!r}")
