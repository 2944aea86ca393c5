"""Findings of a case by pages, filtered and sorted, and one of them: read from the generation's list, whatever its size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
from msgspec import Meta

from graphcorr.case.findings import find_findings
from graphcorr.case.pages import SORTS, Condition, Row, read_page
from graphcorr.case.reader import open_reader
from graphcorr.errors import CaseError, NotFoundError
from graphcorr.model.findings import Finding, Level, Movement
from graphcorr.service.judged import Judged
from graphcorr.service.pages import CursorText, Limit, Page, read_cursor, write_cursor
from graphcorr.service.span import read_span
from graphcorr.syntax.times import format_time

if TYPE_CHECKING:
    from pathlib import Path

    from graphcorr.case.generations import Generation
    from graphcorr.case.reader import CaseReader

Word = Annotated[str, Meta(min_length=1, max_length=1024)]
VerdictWord = Literal["true_positive", "benign_positive", "false_positive", "undetermined", "none"]
Words = Annotated[tuple[Word, ...], Meta(max_length=50)]
Sort = Literal[
    "report", "time", "-time", "level", "-level", "confidence", "-confidence", "source", "-source", "target", "-target",
    "account", "-account", "file", "-file", "title", "-title",
]  # fmt: skip
_SHAPES: Final[dict[str, tuple[type, ...]]] = {
    name: (int,) if name == "report" else (int, str, str) if name in {"level", "confidence"} else (str,) * len(expressions)
    for name, expressions in SORTS.items()
}
_LABEL: Final = "number IN (SELECT finding FROM labels WHERE kind = ? AND label = ?)"
_TECHNIQUE: Final = (
    "number IN (SELECT finding FROM labels WHERE kind = 'technique' AND (label = ? OR label >= ? || '.' AND label < ? || '/'))"
)
"""The technique and those below it: a slash is what comes after a dot. Each label is looked for once, and not for each finding."""


class Span(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Both ends included; a date as ``until`` includes its day."""

    since: Annotated[str, Meta(max_length=40, description="From then on: a date or an RFC 3339 time, UTC.")] | None = None
    until: Annotated[str, Meta(max_length=40, description="Up to then; a date includes its day.")] | None = None


class FindingsFilter(Span, kw_only=True, forbid_unknown_fields=True):
    """Which findings. Several values of one filter are alternatives, several filters hold together."""

    level: Annotated[tuple[Level, ...], Meta(max_length=5, description="Of these levels.")] = ()
    min_level: Annotated[Level, Meta(description="Of this level or above.")] | None = None
    pattern: Annotated[Words, Meta(description="Found by this pattern.")] = ()
    technique: Annotated[Words, Meta(description="ATT&CK technique; T1021 includes T1021.002.")] = ()
    software: Annotated[Words, Meta(description="ATT&CK software, by id.")] = ()
    host: Annotated[Words, Meta(description="Source or target, by name or address.")] = ()
    source: Annotated[Words, Meta(description="Source, by name or address.")] = ()
    target: Annotated[Words, Meta(description="Target, by name or address.")] = ()
    account: Annotated[Words, Meta(description="The account, with or without its domain.")] = ()
    file: Annotated[Words, Meta(description="A part of the written file's path.")] = ()
    movement: Annotated[tuple[Movement, ...], Meta(max_length=4, description="How source and target stand to each other.")] = ()
    suppressed: Annotated[bool, Meta(description="Only those that a rule sets aside, or none of these.")] | None = None
    verdict: Annotated[tuple[VerdictWord, ...], Meta(max_length=5, description="Of this verdict; none is of no verdict.")] = ()
    q: Annotated[Word, Meta(description="A part of title, account, file, command line, host, address or id.")] | None = None


class FindingsAsked(FindingsFilter, kw_only=True, forbid_unknown_fields=True):
    """Which findings, in which order."""

    sort: Annotated[Sort, Meta(description="`report` is the order of the report; a minus turns an order around.")] = "report"
    limit: Limit = 50
    cursor: CursorText | None = None


def list_findings(folder: Path, asked: FindingsAsked) -> Page[msgspec.Raw]:
    """A page of findings, each encoded as the report has it. ``NotDetectedError`` where nothing was looked for yet."""
    sort = asked.sort.removeprefix("-")
    with open_reader(folder) as case:
        generation = current(case)
        judged = Judged(case)
        after = read_cursor(asked.cursor, generation.name, asked, _SHAPES[sort])
        total, rows = read_page(
            generation.findings,
            conditions_of(asked, judged),
            sort=sort,
            descending=asked.sort.startswith("-"),
            after=after,
            limit=asked.limit + 1,
        )
    more = len(rows) > asked.limit
    rows = rows[: asked.limit]
    return Page(
        generation=generation.name,
        total=total,
        items=_judged(rows, judged),
        next=write_cursor(generation.name, asked, rows[-1].key) if more else None,
    )


def _judged(rows: list[Row], judged: Judged) -> list[msgspec.Raw]:
    """As the report has them: those are decoded of which somebody said something."""
    if not judged.said:
        return [msgspec.Raw(row.body) for row in rows]
    findings = judged.apply([msgspec.json.decode(row.body, type=Finding) for row in rows])
    return [msgspec.Raw(msgspec.json.encode(each)) for each in findings]


def show_finding(folder: Path, id_: str) -> Finding:
    """The finding of this id. ``NotFoundError`` where there is none."""
    with open_reader(folder) as case:
        found = Judged(case).apply([each.finding for each in find_findings(current(case).findings, id_) if each.finding.id == id_])
    if not found:
        raise NotFoundError(f"there is no finding {id_[:80]!r}")
    return found[0]


def current(case: CaseReader) -> Generation:
    """What was found last. ``CaseError`` for a case of a layout before there were lists."""
    if case.generation is None:
        raise CaseError(f"{case.folder} is of an earlier layout and has no list of findings; run a detection in it once")
    return case.generation


def ends_of(asked: Span) -> tuple[str | None, str | None]:
    """The first and last moment of a span, as reports write times. ``UsageError`` for a span that is none."""
    first, last = read_span(asked.since, asked.until, ("since", "until"))
    return format_time(first) if first is not None else None, format_time(last) if last is not None else None


def conditions_of(asked: FindingsFilter, judged: Judged) -> list[Condition]:
    """What a finding has to fulfill. ``UsageError`` for a span that is none."""
    first, last = ends_of(asked)
    found = [
        *([Condition("time >= ?", [first])] if first is not None else []),
        *([Condition("time <= ?", [last])] if last is not None else []),
        *([Condition("level >= ?", [asked.min_level.rank])] if asked.min_level is not None else []),
        *([_any("level = ?", [[each.rank] for each in asked.level])] if asked.level else []),
        *([_any("movement = ?", [[each.value] for each in asked.movement])] if asked.movement else []),
        *([_any(_LABEL, [["pattern", each] for each in asked.pattern])] if asked.pattern else []),
        *([_any(_LABEL, [["software", each] for each in asked.software])] if asked.software else []),
        *([_any(_TECHNIQUE, [[each] * 3 for each in asked.technique])] if asked.technique else []),
        *(
            [
                _any(
                    "fold(account) = ? OR substr(fold(account), -length(?) - 1) = '\\' || ?",
                    [[each.casefold()] * 3 for each in asked.account],
                )
            ]
            if asked.account
            else []
        ),
        *([_any("instr(fold(file), ?) > 0", [[each.casefold()] for each in asked.file])] if asked.file else []),
    ]
    if asked.suppressed is not None:
        rule = judged.is_suppressed()
        found.append(rule if asked.suppressed else Condition(f"NOT ifnull(({rule.sql}), 0)", rule.values))
    if asked.verdict:
        found.append(judged.has_verdict(asked.verdict))
    for name, columns in (("host", ("source", "target")), ("source", ("source",)), ("target", ("target",))):
        if values := getattr(asked, name):
            sql = " OR ".join(f"fold({column}_host) = ? OR {column}_address = ?" for column in columns)
            found.append(_any(sql, [[each.casefold()] * 2 * len(columns) for each in values]))
    if asked.q is not None:
        found.append(Condition("number IN (SELECT number FROM searched WHERE instr(text, ?) > 0)", [asked.q.casefold()]))
    return found


def _any(sql: str, alternatives: list[list[object]]) -> Condition:
    return Condition(" OR ".join(f"({sql})" for _ in alternatives), [value for each in alternatives for value in each])
