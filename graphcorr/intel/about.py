"""What a release says of one object, from its own side: what it uses, who uses it, and beside what it is mentioned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from graphcorr.intel.facts import SOFTWARE_KINDS, Fact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphcorr.intel.facts import Facts


class About(msgspec.Struct, frozen=True):
    fact: Fact
    related: dict[str, dict[str, str]]
    """What others are to it, to their ids and names; nothing stands for itself that is empty."""


def tell(fact: Fact, facts: Facts) -> About:
    """In the order of names. Statements of withdrawn objects are not told."""
    used = {use.target for use in facts.uses if use.source == fact.id}
    users = {use.source for use in facts.uses if use.target == fact.id}
    mentions = {one.software for one in facts.mentions if one.actor == fact.id} - used
    mentioning = {one.actor for one in facts.mentions if one.software == fact.id} - users
    related = {
        "Part of": _name([facts.parents[fact.id]] if fact.id in facts.parents else [], facts),
        "Tactics": _name(facts.tactics.get(fact.id, ()), facts),
        "Attributed to": _name(facts.attributed.get(fact.id, ()), facts),
        "Detects": _name(facts.detects.get(fact.id, ()), facts),
        "Software": _name(used, facts, *SOFTWARE_KINDS),
        "Techniques": _name(used, facts, "technique"),
        "Named with": _name(mentions | mentioning, facts),
        "Actors": _name(users, facts, "actor"),
        "Campaigns": _name(users, facts, "campaign"),
        "In software": _name(users, facts, *SOFTWARE_KINDS),
        "Detected by": _name((one for one, targets in facts.detects.items() if fact.id in targets), facts),
    }
    return About(fact, {label: names for label, names in related.items() if names})


def _name(identities: Iterable[str], facts: Facts, *kinds: str) -> dict[str, str]:
    found = [facts.objects[one] for one in identities if one in facts.objects]
    chosen = [fact for fact in found if fact.active and (not kinds or fact.kind in kinds)]
    return {fact.id: f"{fact.name} ({fact.id})" for fact in sorted(chosen, key=lambda fact: (fact.name.casefold(), fact.id))}
