"""The cases of a pattern: logged events, and what the pattern has to make of them. Every pattern has hits and decoys."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, Literal, Self

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel, model_validator

from graphcorr.errors import PatternError
from graphcorr.graph.project import number_events, projected
from graphcorr.logs.base import WindowsEvent
from graphcorr.logs.batch import normalize
from graphcorr.logs.catalog import log_types
from graphcorr.logs.testimony import Vantage
from graphcorr.model.records import Record
from graphcorr.patterns.document import read_document
from graphcorr.patterns.run import run
from graphcorr.patterns.scope import whole_kinds
from graphcorr.store.base import Row, Store
from graphcorr.syntax.times import parse_time

if TYPE_CHECKING:
    from pathlib import Path

    from graphcorr.graph.project import Projection
    from graphcorr.model.kinds import Kind
    from graphcorr.patterns.load import Pattern

StoreFactory = Callable[[], Store]
"""Makes an empty store; the caller of the factory closes it."""
Judging = Callable[["Pattern", Sequence[Row], "Projection"], object]
"""What is made of a pattern's rows: it raises ``PatternError`` for rows that nothing can be made of."""

_STRICT: Final = ConfigDict(extra="forbid", frozen=True)


def _flat(fields: object) -> object:
    """One problem for a nested object, in words of its own, instead of one for each type that a value may have."""
    if isinstance(fields, dict):
        for name, value in fields.items():
            if isinstance(value, dict) or (isinstance(value, list) and any(not isinstance(one, str) for one in value)):
                held = "an object" if isinstance(value, dict) else "a list of more than texts"
                raise ValueError(f"{name}: is {held}; fields of nested objects have dots in their names, as {name}.field")
    return fields


def _moment(text: object) -> object:
    if text is None:
        return None
    read = parse_time(text) if isinstance(text, str) else None
    if read is None:
        raise ValueError(f"baseline_until: {text!r} is no time; write 2026-01-05T00:00:00.000000Z")
    return read[0]


class LoggedEvent(BaseModel):
    """One record as a log has it; the case gives it a name with ``as``."""

    model_config = _STRICT

    alias: Annotated[str, Field(alias="as", pattern=r"^[a-z][a-z0-9_]*$")]
    log: str
    """A log type: ``sysmon-1``, ``security-5145``, ``zeek-smb-files`` …"""
    time: str
    """The header's time, UTC: ``TimeCreated``, ``ts``, or what the log type names."""
    computer: str | None = None
    """The machine that wrote the record; a network monitor's has none."""
    outcome: Literal["success", "failure"] | None = None
    """Of an audit, which stands in the record's header: whether what was asked for was granted."""
    fields: Annotated[dict[str, str | int | float | bool | list[str] | None], BeforeValidator(_flat)]

    @model_validator(mode="after")
    def _agree(self) -> Self:
        known = log_types()
        if self.log not in known:
            raise ValueError(f"log: no log type {self.log!r}; known are {', '.join(sorted(known))}")
        if (known[self.log].vantage is Vantage.SENSOR) != (self.computer is None):
            raise ValueError("computer: a machine's record names its computer, a network record does not")
        return self


class Case(BaseModel):
    """``expect`` lists the rows by evidence column; an empty list makes the case a decoy."""

    model_config = _STRICT

    name: Annotated[str, Field(min_length=1)]
    baseline_until: Annotated[int | None, BeforeValidator(_moment)] = None
    """The last moment of the history that what comes after is compared with, as a time; microseconds once it is read."""
    events: list[LoggedEvent] = Field(min_length=1)
    expect: list[dict[str, list[str]]]

    @model_validator(mode="after")
    def _agree(self) -> Self:
        aliases = [event.alias for event in self.events]
        if len(aliases) != len(set(aliases)):
            raise ValueError("events: two events have the same name")
        for row in self.expect:
            for column, names in row.items():
                if unknown := sorted(set(names) - set(aliases)):
                    raise ValueError(f"expect: {column} names {unknown[0]!r}, which is no event of the case")
        return self


class CaseFile(RootModel[list[Case]]):
    """All cases of one pattern."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a pattern made of a case: rows of evidence column → names of events, in the order of the names."""

    expected: list[dict[str, list[str]]]
    found: list[dict[str, list[str]]]

    @property
    def passed(self) -> bool:
        return self.expected == self.found


def find_case_file(pattern: Pattern) -> Path | None:
    """``<id>.cases.yaml`` beside the pattern, or ``tests/cases/<id>.yaml`` of the checkout that the pattern is in."""
    beside = pattern.path.with_name(f"{pattern.id}.cases.yaml")
    of_checkout = pattern.path.parent.parent.parent / "tests" / "cases" / f"{pattern.id}.yaml"
    return next((path for path in (beside, of_checkout) if path.is_file()), None)


def load_cases(path: Path) -> list[Case] | list[PatternError]:
    """The cases of a file, or all that is wrong with it."""
    text = path.read_text(encoding="utf-8")
    read = read_document(text, CaseFile)
    if isinstance(read, CaseFile):
        return read.root
    lines = [*text.splitlines(), ""]
    return [PatternError(problem.reason, str(path), problem.line + 1, problem.column + 1, lines[problem.line]) for problem in read]


def run_case(
    pattern: Pattern, case: Case, make_store: StoreFactory, *, whole: Collection[Kind] = (), judge: Judging | None = None
) -> Outcome:
    """Send a case's events the whole way: normalize, resolve, project, load, match, and judge where there is a judge.

    More kinds may be ``whole`` than the pattern asks.
    """
    whole = whole_kinds([pattern]) | frozenset(whole)
    with projected(make_records(case), whole=whole, baseline=case.baseline_until) as projection:
        store = make_store()
        try:
            store.replace(projection.tables)
            rows = run(pattern, store)
        finally:
            store.close()
        if judge is not None:
            judge(pattern, rows, projection)
        return read_outcome(pattern, case, rows, number_events(projection))


def read_outcome(pattern: Pattern, case: Case, rows: Sequence[Row], ids: Mapping[int, str]) -> Outcome:
    """``rows`` in the names of the case; ``ids`` are those of its events by their numbers."""
    names = {id_: case.events[number - 1].alias for number, id_ in ids.items()}
    found = [_name_events(pattern, row, names) for row in rows]
    expected = [{column: sorted(aliases) for column, aliases in row.items()} for row in case.expect]
    return Outcome(sorted(expected, key=repr), sorted(found, key=repr))


def skipped_events(case: Case) -> list[str]:
    """The events of a case of which no event was made, each with the reason."""
    return [f"{case.events[skip.number - 1].alias} was skipped: {skip.reason}" for skip in normalize(make_records(case)).skips]


def make_records(case: Case) -> list[Record]:
    """The events as records, numbered from 1 in the order of the case."""
    records: list[Record] = []
    for number, event in enumerate(case.events, 1):
        source = log_types()[event.log].source
        windows = isinstance(source, WindowsEvent)
        records.append(
            Record(
                log=event.log,
                number=number,
                raw=orjson.dumps(event.fields),
                fields=dict(event.fields),
                computer=event.computer,
                channel=source.channel if isinstance(source, WindowsEvent) else None,
                record_id=number if windows else None,
                created=event.time,
                outcome=event.outcome,
            )
        )
    return records


def _name_events(pattern: Pattern, row: Row, names: dict[str, str]) -> dict[str, list[str]]:
    evidence: dict[str, list[str]] = {}
    for column in pattern.header.evidence:
        ids = row[column]
        assert isinstance(ids, list)  # run() saw to it
        evidence[column] = sorted(names.get(str(id_), str(id_)) for id_ in ids)
    return evidence
