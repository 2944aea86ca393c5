"""What is known, as attribution asks for it: profiles of actors and software, names, mentions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from graphcorr.attribution.actors import rank_actors
from graphcorr.attribution.confidence import measure
from graphcorr.attribution.profiles import ACTOR, SOFTWARE, Profiles, build_profiles
from graphcorr.attribution.software import SoftwareIndex, index_software
from graphcorr.intel.facts import packaged_facts

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from graphcorr.attribution.actors import Ranked
    from graphcorr.attribution.confidence import Standing
    from graphcorr.intel.facts import Facts
    from graphcorr.intel.knowledge import Knowledge as Intelligence
    from graphcorr.intel.library import Held


@dataclass(frozen=True)
class Knowledge:
    """One release of ATT&CK and the user's own records, ready for any number of questions.

    Making it costs some 20 ms, but of the package's facts alone only once in a process.
    """

    facts: Facts
    records: tuple[Held, ...] = ()
    """Loaded or salvaged beside the release: what they state counts as ATT&CK's statements do, where both ends are ATT&CK's."""

    @classmethod
    def of(cls, intelligence: Intelligence) -> Knowledge:
        return cls(intelligence.facts, intelligence.records)

    @cached_property
    def profiles(self) -> Profiles:
        alone = self.facts is packaged_facts() and not self.records
        return _packaged_profiles() if alone else build_profiles(_uses(self))

    @cached_property
    def index(self) -> SoftwareIndex:
        return index_software(self.profiles)

    @cached_property
    def mentions(self) -> dict[str, list[tuple[str, str]]]:
        """Software to the actors named beside it, each with the record that says so."""
        found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for mention in self.facts.mentions:
            found[mention.software].append((mention.actor, mention.provenance))
        for held in self.records:
            for actor, software in held.mentions:
                found[software].append((actor, held.id))
        return found

    def rank(self, items: AbstractSet[str]) -> tuple[list[Ranked], Standing | None]:
        """Actors for what was seen, and how the first of them stands. Many paths show the same, and are ranked once."""
        key = frozenset(items)
        if key not in self._ranked:
            ranked = rank_actors(key, self.profiles)
            self._ranked[key] = ranked, measure(key, ranked, self.profiles)
        return self._ranked[key]

    @cached_property
    def _ranked(self) -> dict[frozenset[str], tuple[list[Ranked], Standing | None]]:
        return {}

    def name(self, identity: str) -> str:
        fact = self.facts.objects.get(identity)
        return fact.name if fact is not None else identity


def _uses(knowledge: Knowledge) -> list[tuple[str, str]]:
    """Statements between what is active: what was revoked or deprecated stays resolvable, and never ranks."""
    active = {identity for identity, fact in knowledge.facts.objects.items() if fact.active}
    sources = {identity for identity in active if identity.startswith((ACTOR, SOFTWARE))}
    stated = [(use.source, use.target) for use in knowledge.facts.uses if use.source in sources and use.target in active]
    own = [
        (held.source, held.target)
        for held in knowledge.records
        if held.relationship == "uses" and held.source in sources and held.target in active
    ]
    return stated + own


@cache
def _packaged_profiles() -> Profiles:
    """Of what the package knows by itself: made once for all who ask in this process."""
    return build_profiles(_uses(Knowledge(packaged_facts())))
