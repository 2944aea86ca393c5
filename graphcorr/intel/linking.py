"""Findings meet intelligence: their techniques, the strategies that detect them, and software that left its marks."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from graphcorr.syntax.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphcorr.intel.facts import Facts
    from graphcorr.model.findings import Finding

_SEARCHED: Final = frozenset({"pipe", "path", "command_line"})
"""What is looked through for a pattern, and not compared as a whole."""
MARKS: Final = Path(__file__).parent / "marks.toml"


class Linked(msgspec.Struct, frozen=True):
    """Ids that a release has, in the order given, and those it lacks. What was revoked is followed."""

    ids: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    followed: tuple[tuple[str, str], ...] = ()
    """The id as given, and what replaced it."""
    retired: tuple[str, ...] = ()
    """Known and deprecated without a replacement: shown, and never ranked."""


class Identified(msgspec.Struct, frozen=True, order=True):
    """Software that what was observed tells by itself."""

    software: str
    """ATT&CK id, or the name of what has none."""
    basis: str
    """What it rests on: file_name, original_file_name, service, pipe, path, command_line, hash or pattern."""
    value: str
    """As observed."""


class Observed(msgspec.Struct, frozen=True, kw_only=True):
    """What a finding's records show, as logged."""

    paths: tuple[str, ...] = ()
    original_file_names: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    pipes: tuple[str, ...] = ()
    command_lines: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    """Hexadecimal."""

    @classmethod
    def of_rows(cls, rows: Sequence[tuple[Any, ...]]) -> Observed:
        """Of events: path, relative path, image, original file name, service, pipe, command line and hashes."""
        texts = [tuple(dict.fromkeys(str(value) for value in column if value)) for column in zip(*rows, strict=True)] or [()] * 8
        return cls(
            paths=tuple(dict.fromkeys((*texts[0], *texts[1], *texts[2]))),
            original_file_names=texts[3],
            services=texts[4],
            pipes=texts[5],
            command_lines=texts[6],
            hashes=tuple(dict.fromkeys(one.partition("=")[2] for text in texts[7] for one in text.split(",") if "=" in one)),
        )

    def joined(self, other: Observed) -> Observed:
        """What both show, each value once."""
        return Observed(**{name: tuple(dict.fromkeys((*getattr(self, name), *getattr(other, name)))) for name in self.__struct_fields__})


class _Software(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str | None = None
    name: str | None = None
    """Of what has no id."""
    file_names: tuple[str, ...] = ()
    original_file_names: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    pipes: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    command_lines: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()


class _Marks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    software: tuple[_Software, ...]


def link_techniques(ids: Iterable[str], facts: Facts) -> Linked:
    """The techniques that a finding states, as the release knows them."""
    return _link(ids, facts, "technique")


def link_strategies(ids: Iterable[str], facts: Facts) -> Linked:
    """The detection strategies (DET…) that a finding states, as the release knows them."""
    return _link(ids, facts, "detection_strategy")


def find_strategies(techniques: Iterable[str], facts: Facts) -> tuple[str, ...]:
    """The detection strategies of techniques, sorted."""
    wanted = set(techniques)
    return tuple(sorted(strategy for strategy, targets in facts.detects.items() if wanted.intersection(targets)))


def _link(ids: Iterable[str], facts: Facts, kind: str) -> Linked:
    found: dict[str, None] = {}
    unknown, followed, retired = [], [], []
    for identity in dict.fromkeys(ids):
        fact = facts.follow(identity)
        if fact is None or fact.kind != kind:
            unknown.append(identity)
            continue
        found[fact.id] = None
        if fact.id != identity:
            followed.append((identity, fact.id))
        if not fact.active:
            retired.append(fact.id)
    return Linked(tuple(found), tuple(unknown), tuple(followed), tuple(retired))


def observe(finding: Finding) -> Observed:
    """What a finding says by itself; its events know more."""
    images = [execution.image for execution in finding.executions if execution.image]
    commands = [execution.command_line for execution in finding.executions if execution.command_line]
    return Observed(paths=tuple(dict.fromkeys([*([finding.file] if finding.file else []), *images])), command_lines=tuple(commands))


def identify(observed: Observed, facts: Facts) -> tuple[Identified, ...]:
    """Software that names, services, pipes, launcher strings or hashes tell, sorted; each with what it rests on.

    A name alone is weak where anybody may choose it, and is all that there is when a log gives no more: the basis says
    which it was. What has an id that the release does not have is left out.
    """
    found: set[Identified] = set()
    for basis, values in (
        ("original_file_name", observed.original_file_names),
        ("service", observed.services),
        ("hash", observed.hashes),
        ("file_name", observed.paths),
        ("pipe", observed.pipes),
        ("path", observed.paths),
        # What a service runs is logged as its path.
        ("command_line", (*observed.command_lines, *observed.paths)),
    ):
        for value in values:
            told = (mark.name or _known(mark.id, facts) for mark in _marked(basis, value))
            found |= {Identified(software, basis, value) for software in told if software is not None}
    return tuple(sorted(found))


@lru_cache(maxsize=2048)
def _marked(basis: str, value: str) -> tuple[_Software, ...]:
    """Software of which a value is a mark. Of one estate many findings show the same values."""
    field = "hashes" if basis == "hash" else f"{basis}s"
    if basis in _SEARCHED:
        return tuple(mark for mark in _load_marks() if any(_compile(pattern).search(value) for pattern in getattr(mark, field)))
    name = base_name(value) if basis == "file_name" else fold(value)
    return tuple(mark for mark in _load_marks() if name in getattr(mark, field))


def _known(id_: str | None, facts: Facts) -> str | None:
    fact = facts.follow(id_) if id_ is not None else None
    return fact.id if fact is not None and fact.active else None


def identify_finding(finding: Finding, facts: Facts, events: Observed | None = None) -> tuple[Identified, ...]:
    """The software of a finding: what its pattern identifies, what it shows, and what its events show."""
    stated = [Identified(fact.id, "pattern", finding.pattern) for id_ in finding.software if (fact := facts.follow(id_)) is not None]
    shown = observe(finding) if events is None else observe(finding).joined(events)
    return tuple(sorted({*stated, *identify(shown, facts)}))


def base_name(path: str) -> str:
    return fold(re.split(r"[\\/]", path.rstrip("\\/"))[-1])


@lru_cache(maxsize=1)
def _load_marks() -> tuple[_Software, ...]:
    marks = msgspec.convert(tomllib.loads(MARKS.read_text(encoding="utf-8")), _Marks)
    return marks.software


@lru_cache(maxsize=256)
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
