"""Machines that had another name before: what their own log says of it, and record numbers that go on under another name.

Logs keep records under the name that the machine had. One that was set up from an image begins under the image's, or under one
that setup made up. Two machines set up from one image both have its records, and are two machines.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from graphcorr.resolve.statements import renames
from graphcorr.syntax.hosts import short_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from graphcorr.engine.database import Database
    from graphcorr.model.records import Microseconds

OWN_WORD: Final = "its own log says so"
NUMBERS: Final = "its record numbers go on under the other name"

_DIGIT: Final = "(?=[a-z0-9]*[0-9])"
_SETUP: Final = re.compile(
    rf"(?:minwinpc|37l4247[a-z][0-9]{{2}}-[0-9]{{2}}|minint-[a-z0-9]{{7}}|win-{_DIGIT}[a-z0-9]{{11}}|(?:desktop|laptop)-{_DIGIT}[a-z0-9]{{7}})\Z"
)
"""Names that images have, or that Windows' setup makes up (Microsoft: unattended setup, ``ComputerName``)."""
_FIRST: Final = re.compile(r"minwinpc|37l4247|minint-")
"""Those of the image itself, which another made-up name follows."""

_BOOT: Final = 10 * 60 * 1_000_000
"""A renaming counts from the next start on; records of that start may still have the old name."""
_NEIGHBORS: Final = 16
"""Numbers that may be missing between the last record under one name and the first under the other, where one log alone tells."""
_NEAR: Final = 10_000
"""The same, where several logs agree."""


class Former(NamedTuple):
    """A machine was called ``name`` until about ``until``."""

    host: str
    name: str
    until: Microseconds
    basis: str


class _Span(NamedTuple):
    """The records of one channel in one file under one name."""

    first: int
    last: int
    since: Microseconds
    until: Microseconds


# One scan, and only where a name may be one of before.
_SPANS: Final = """
    SELECT file, member, channel, computer, min(record_id), max(record_id), epoch_us(min(time)), epoch_us(max(time))
    FROM logged WHERE record_id IS NOT NULL AND channel IS NOT NULL AND computer IS NOT NULL GROUP BY ALL ORDER BY ALL
"""
_LAST_SEEN: Final = (
    "SELECT epoch_us(time) FROM logged WHERE computer IN (SELECT unnest($1)) AND time > make_timestamp($2) ORDER BY time LIMIT 1"
)
_SPOKE_OF: Final = """
    SELECT DISTINCT computer, lower(split_part(other, '.', 1)) FROM (
        SELECT computer, unnest([source_host, target_host]) AS other FROM logged
        WHERE source_host IS NOT NULL OR target_host IS NOT NULL)
    WHERE other IS NOT NULL
"""


def learn_renames(database: Database, computers: Sequence[str], key: Callable[[str], str | None], logs: Collection[str]) -> list[Former]:
    """Every former name that is certain, by host as it is called at last; ``key`` gives the host of a spelled name."""
    spelled: defaultdict[str, list[str]] = defaultdict(list)
    for computer in computers:
        if host := key(computer):
            spelled[host].append(computer)
    told = list(_told(database, spelled, key, logs))
    known = {(old, new) for old, new, _, _ in told}
    told += [one for one in _counted(database, spelled, key) if one[:2] not in known]
    return list(_join(told))


_Told = tuple[str, str, int, str]
"""Old key, new key, time, basis."""


def _told(database: Database, spelled: dict[str, list[str]], key: Callable[[str], str | None], logs: Collection[str]) -> Iterator[_Told]:
    """What machines say themselves. Of a name that goes on being used nobody knows whose its earlier records are."""
    rows = database.execute(renames(logs)).fetchall()
    told = {
        (old, new, time)
        for computer, former, name, time in rows
        if (old := key(former)) and (new := key(name)) and old != new and key(computer) in {old, new}
    }
    successors, predecessors = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for old, new, _ in told:
        successors[old].add(new)
        predecessors[new].add(old)
    for old, new, time in sorted(told):
        back = [at for before, after, at in told if after == old and at > time]
        seen = database.execute(_LAST_SEEN, [spelled.get(old, []), time + _BOOT]).fetchone()
        goes_on = seen is not None and (not back or seen[0] < min(back) - _BOOT)
        # Of two machines that took one name, one after the other, no record tells whose it is.
        several = len(predecessors[new]) > 1 and not successors[new]
        if len(successors[old]) == 1 and not several and not goes_on:
            yield old, new, time, OWN_WORD


def _counted(database: Database, spelled: dict[str, list[str]], key: Callable[[str], str | None]) -> Iterator[_Told]:
    """Names of setup, and names that differ in their domain alone, whose record numbers go on under one other name."""
    named = Counter(short_name(host) for host in spelled)
    olds = {host for host in spelled if _SETUP.match(short_name(host)) or named[short_name(host)] > 1}
    if not olds:
        return
    spans: defaultdict[tuple[str, str | None, str], dict[str, _Span]] = defaultdict(dict)
    whole: dict[str, _Span] = {}
    for file, member, channel, computer, first, last, since, until in database.execute(_SPANS).fetchall():
        if host := key(computer):
            span = _Span(first, last, since, until)
            for known in (spans[file, member, channel], whole):
                known[host] = _widened(known[host], span) if host in known else span
    near: set[tuple[str, str]] = set()
    for by_host in spans.values():
        begins = sorted((span.first, host) for host, span in by_host.items())
        for old in olds & by_host.keys():
            start = bisect_right(begins, by_host[old].last, key=lambda one: one[0])
            end = bisect_right(begins, by_host[old].last + _NEAR, key=lambda one: one[0])
            near.update((old, new) for _, new in begins[start:end] if _may_precede(old, new))
    spoke = set(database.execute(_SPOKE_OF).fetchall()) if near else set()
    before, after = Counter(old for old, _ in near), Counter(new for _, new in near)
    for old, new in sorted(near):
        # An image was set up as several machines, or several were taken for one.
        if before[old] > 1 or after[new] > 1:
            continue
        both = [(by_host[old], by_host[new]) for by_host in spans.values() if old in by_host and new in by_host]
        gaps = [last.first - first.last for first, last in both]
        # Whoever still speaks under one name when the other is there is another machine, and so is who counts otherwise.
        apart = whole[old].until > whole[new].since or min(gaps) <= 0
        if not apart and _goes_on(gaps) and not _met(old, new, spelled, spoke):
            yield old, new, max(first.until for first, _ in both), NUMBERS


def _widened(one: _Span, other: _Span) -> _Span:
    return _Span(min(one.first, other.first), max(one.last, other.last), min(one.since, other.since), max(one.until, other.until))


def _may_precede(old: str, new: str) -> bool:
    if short_name(old) == short_name(new):
        return True
    return bool(_SETUP.match(short_name(old))) and (not _SETUP.match(short_name(new)) or bool(_FIRST.match(old)))


def _goes_on(gaps: list[int]) -> bool:
    return (len(gaps) > 1 and max(gaps) <= _NEAR) or any(gap <= _NEIGHBORS for gap in gaps)


def _met(old: str, new: str, spelled: dict[str, list[str]], spoke: set[tuple[str, str]]) -> bool:
    """Whether one of the two speaks of the other: a machine is not its own client under a name that it has no more."""
    pairs = ((spelled[new], short_name(old)), (spelled[old], short_name(new)))
    return any((computer, other) in spoke for computers, other in pairs for computer in computers) and short_name(old) != short_name(new)


def _join(told: Iterable[_Told]) -> Iterator[Former]:
    """Each name by the one that its machine has at last, over any number of renamings, back and forth too."""
    told = sorted(told, key=lambda one: (one[2], one[0], one[1]))
    groups: dict[str, set[str]] = {}
    for old, new, *_ in told:
        group = groups.get(old, {old}) | groups.get(new, {new})
        for name in group:
            groups[name] = group
    final = {name: one for group in groups.values() for one in [[new for _, new, *_ in told if new in group][-1]] for name in group}
    for old, _, until, basis in told:
        if final[old] != old:
            yield Former(final[old], old, until, basis)
