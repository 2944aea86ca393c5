"""What is known, as lists and entries: patterns with their Cypher, intelligence, and whom something is consistent with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from graphcorr.attribution.batch import Line, as_line
from graphcorr.errors import NotFoundError, UsageError
from graphcorr.intel.library import Held, Release
from graphcorr.outputs.wording import KIND_WORDS
from graphcorr.service.pages import CursorText, Limit, Page, read_cursor, write_cursor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from graphcorr.patterns.load import Pattern
    from graphcorr.service.own_patterns import PatternText
    from graphcorr.settings import Settings

Record = Held
"""A record of the library, without its text."""
Answer = Line
"""Whom something is consistent with."""
_LIBRARY: Final = "library"
"""In place of a generation: the cursor of a record is its id."""


class PatternShown(msgspec.Struct, frozen=True):
    """A pattern: what its header says, and the whole file."""

    id: str
    title: str
    tactic: str
    level: str
    status: str
    result: str
    description: str
    techniques: list[str]
    detection_strategies: list[str]
    needs: list[str]
    false_positives: list[str]
    references: list[str]
    cypher: str


class KindShown(msgspec.Struct, frozen=True):
    """A kind of event in words."""

    kind: str
    words: str
    """What it is, as something of which there are many."""
    logs: str
    """Which logs tell of it."""


class IntelAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which records."""

    type: Annotated[str, Meta(min_length=1, max_length=100, description="A STIX type, as malware.")] | None = None
    status: Literal["loaded", "salvaged", "quarantined"] | None = None
    retired: Annotated[bool, Meta(description="Only what newer releases no longer have.")] = False
    q: Annotated[str, Meta(min_length=1, max_length=200, description="A part of the name or the id.")] | None = None
    limit: Limit = 50
    cursor: CursorText | None = None


class Library(msgspec.Struct, frozen=True):
    """What the library holds in all."""

    totals: dict[str, int]
    """Records by status."""
    releases: list[Release]
    attack: str
    """Name and version of the release that counts."""


class FactShown(msgspec.Struct, frozen=True):
    """One object of ATT&CK, and what others are to it: headings to ids to names."""

    id: str
    kind: str
    name: str
    aliases: list[str]
    active: bool
    """Neither revoked nor deprecated."""
    related: dict[str, dict[str, str]]


class Known(msgspec.Struct, frozen=True):
    """A record with its text as it came, or what the facts say of each object that is called so."""

    record: Held | None
    text: str
    facts: list[FactShown]
    names: dict[str, str]
    """Of the ids in it."""


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was seen."""

    techniques: Annotated[list[Annotated[str, Meta(max_length=200)]], Meta(max_length=1000)] = []
    software: Annotated[list[Annotated[str, Meta(max_length=200)]], Meta(max_length=1000)] = []
    """ATT&CK ids or names."""


def list_patterns(settings: Settings) -> list[PatternShown]:
    """The package's own and those of the folders that are set."""
    from graphcorr.service import patterns

    return [_shown(each) for each in patterns.list_patterns(settings)]


def list_own_patterns(folder: Path) -> list[PatternShown]:
    """Those of one case alone."""
    from graphcorr.service import own_patterns

    return [_shown(each) for each in own_patterns.list_own(folder)]


def add_pattern(folder: Path, asked: PatternText, settings: Settings) -> PatternShown:
    """As :func:`graphcorr.service.own_patterns.add_pattern`."""
    from graphcorr.service import own_patterns

    return _shown(own_patterns.add_pattern(folder, asked, settings))


def show_pattern(id_: str, settings: Settings) -> PatternShown:
    """``NotFoundError`` where there is none."""
    from graphcorr.service import patterns

    for each in patterns.list_patterns(settings):
        if each.id == id_:
            return _shown(each)
    raise NotFoundError(f"there is no pattern {id_[:80]!r}")


def list_kinds() -> list[KindShown]:
    """Every kind of event that logs can tell of."""
    return [KindShown(kind.value, *words) for kind, words in KIND_WORDS.items()]


def list_intel(asked: IntelAsked, settings: Settings) -> Page[Record]:
    """Records in the order of their ids."""
    from graphcorr.service import intel

    after = read_cursor(asked.cursor, _LIBRARY, asked, (str,))
    found = intel.list_records(settings, kind=asked.type, status=asked.status, retired=asked.retired).records
    if asked.q is not None:
        found = [each for each in found if asked.q.casefold() in f"{each.id} {each.end_id} {each.name}".casefold()]
    behind = sorted((each for each in found if after is None or each.id > str(after[0])), key=lambda each: each.id)
    shown = behind[: asked.limit]
    following = write_cursor(_LIBRARY, asked, (shown[-1].id,)) if len(behind) > asked.limit else None
    return Page(generation=_LIBRARY, total=len(found), items=shown, next=following)


def show_library(settings: Settings) -> Library:
    from graphcorr.service import intel

    found = intel.list_records(settings, status="loaded", kind="")
    return Library(found.totals, list(found.releases), found.attack)


def show_intel(identity: str, settings: Settings) -> Known:
    """By a STIX id or its beginning, an ATT&CK id or a name. ``NotFoundError`` where nothing is known of it."""
    from graphcorr.service import intel

    try:
        found = intel.show_known(identity, settings)
    except UsageError as error:
        raise NotFoundError(str(error)) from error
    facts = [
        FactShown(each.id, each.kind, each.name, list(each.aliases), each.active, one.related) for one in found.facts for each in [one.fact]
    ]
    return Known(found.record, found.text, facts, dict(found.names))


def attribute(question: Question, settings: Settings) -> Answer:
    """Whom this is consistent with; mostly nobody."""
    from graphcorr.service import attribution

    return as_line(None, attribution.ask(question.techniques, question.software, settings).answer)


def attribute_lines(stream: BinaryIO, settings: Settings) -> Iterator[Answer]:
    """One answer for each line of JSON, in order; a line that cannot be used has its error."""
    from graphcorr.service import attribution

    return attribution.ask_lines(stream, settings)


def _shown(pattern: Pattern) -> PatternShown:
    header: Any = pattern.header
    return PatternShown(
        id=pattern.id,
        title=header.title,
        tactic=pattern.tactic,
        level=header.level.value,
        status=header.status.value,
        result=header.result.value,
        description=header.description,
        techniques=list(header.attack),
        detection_strategies=list(header.detection_strategy),
        needs=[kind.value for kind in header.needs],
        false_positives=list(header.false_positives),
        references=list(header.references),
        cypher=pattern.text,
    )
