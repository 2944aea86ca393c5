"""What a record's ends may be: every object that is known, by its STIX id and by what is left of one."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.intel.facts import Join

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphcorr.intel.facts import Facts

RETIRED: Final = Path(__file__).parent / "retired-detects.json"
"""Six ``detects`` statements of ATT&CK 13.1, a kind that 18 no longer has: its source and its target."""


class End(msgspec.Struct, frozen=True, gc=False):
    """One end of a statement."""

    id: str
    """ATT&CK's where it has one, else STIX's."""
    type: str
    """STIX type."""
    name: str
    stix_id: str
    active: bool = True


class _Retired(msgspec.Struct, frozen=True):
    """``digest`` is of the description, as :func:`graphcorr.intel.descriptions.digest` makes it."""

    relationship: str
    created: int
    digest: int
    source: str
    source_stix_id: str
    source_name: str
    target: str


class Known:
    """The objects of an ATT&CK release, and those that were loaded besides."""

    def __init__(self, facts: Facts, others: Iterable[End] = (), joins: Iterable[Join] = ()) -> None:
        """``joins`` are statements of other releases that help with damaged records."""
        self.facts = facts
        self._more_joins = joins
        self._by_stix_id = {
            fact.stix_id: End(fact.id, fact.stix_id.partition("--")[0], fact.name, fact.stix_id, fact.active)
            for fact in facts.content.objects
        }
        self._by_id = {end.id: end for end in self._by_stix_id.values()}
        for end in others:
            self.add(end)

    def add(self, end: End) -> None:
        """Know one more object. What ATT&CK says of an object of its own stays."""
        if end.stix_id not in self._by_stix_id:
            self._by_stix_id[end.stix_id] = end
            self._by_id.setdefault(end.id, end)
            self.__dict__.pop("_sorted_ids", None)

    def by_ref(self, ref: str) -> End | None:
        """The object of a STIX id; what replaced it, when it was revoked."""
        found = self._by_stix_id.get(ref)
        if found is not None and not found.active:
            followed = self.facts.follow(found.id)
            return self._by_id.get(followed.id, found) if followed is not None else found
        return found

    def by_id(self, identity: str) -> End | None:
        """The object of an ATT&CK id (or of a STIX id that has none); what replaced it, when it was revoked."""
        found = self._by_id.get(identity)
        return None if found is None else self.by_ref(found.stix_id)

    def names(self) -> dict[str, str]:
        """By id as :meth:`by_id` takes it, what earlier releases had included."""
        return {old.source: old.source_name for old in read_retired()} | {identity: end.name for identity, end in self._by_id.items()}

    def by_beginning(self, cut_ref: str) -> End | None:
        """The only object whose STIX id begins so; None when there is none or more than one."""
        position = bisect_left(self._sorted_ids, cut_ref)
        found = [ref for ref in self._sorted_ids[position : position + 2] if ref.startswith(cut_ref)]
        return self.by_ref(found[0]) if len(found) == 1 else None

    @cached_property
    def _sorted_ids(self) -> list[str]:
        return sorted(self._by_stix_id)

    def joins(self, created: int, digest: int) -> list[Join]:
        """The statements that were made then, in these words."""
        return self._joins.get((created, digest), [])

    @cached_property
    def _joins(self) -> dict[tuple[int, int], list[Join]]:
        index: dict[tuple[int, int], list[Join]] = {}
        for join in (*self.facts.joins, *self._more_joins):
            same = index.setdefault((join.created, join.digest), [])
            if join not in same:
                same.append(join)
        for old in read_retired():
            if old.source_stix_id not in self._by_stix_id:
                self.add(End(old.source, old.source_stix_id.partition("--")[0], old.source_name, old.source_stix_id, active=False))
            index.setdefault((old.created, old.digest), []).append(Join(old.created, old.digest, "detects", old.source, old.target))
        return index


def read_retired() -> list[_Retired]:
    return msgspec.json.decode(RETIRED.read_bytes(), type=list[_Retired])
