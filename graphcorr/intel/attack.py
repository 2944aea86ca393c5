"""An ATT&CK release as STIX objects → the table of its facts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.intel.descriptions import date_of_citation, digest, find_links
from graphcorr.intel.facts import FORMAT, Content, Fact, Facts, Join, Mention, Use
from graphcorr.intel.objects import KINDS, Stix, read_time, time_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_EPOCH: Final = date(1970, 1, 1).toordinal()
_MICROSECONDS_A_DAY: Final = 86_400_000_000


def make_facts(objects: Sequence[Stix], version: str, name: str = "enterprise-attack", *, joins: bool = True) -> Facts:
    """The facts that validated objects of one release state. ``joins`` are for salvage and may be left out.

    Statements of relationships that are revoked or deprecated, or whose ends the release lacks, are no facts.
    """
    relationships = [one for one in objects if one.type == "relationship"]
    facts, ids = _read_objects(objects, relationships)
    by_id = {fact.stix_id: fact for fact in facts}
    stated = [
        (one, source, target)
        for one in relationships
        if one.active and (source := ids.get(one.source_ref or "")) is not None and (target := ids.get(one.target_ref or "")) is not None
    ]
    sources = _Sources()
    uses = tuple(
        sorted(
            (_read_use(one, source, target, sources) for one, source, target in stated if one.relationship_type == "uses"),
            key=lambda use: (use.source, use.target),
        )
    )
    return Facts(
        Content(
            format=FORMAT,
            version=version,
            name=name,
            objects=tuple(facts),
            parents={source: target for one, source, target in stated if one.relationship_type == "subtechnique-of"},
            tactics=_read_tactics(objects),
            attributed=_collect((source, target) for one, source, target in stated if one.relationship_type == "attributed-to"),
            detects=_collect(
                (source, target)
                for one, source, target in stated
                if one.relationship_type == "detects" and source.startswith("DET") and by_id.get(one.target_ref or "") is not None
            ),
            analytics=_read_analytics(objects),
            uses=pack(uses),
            mentions=pack(_read_mentions(objects, by_id, ids)),
            citations=pack(sources.names),
            joins=pack(_read_joins(relationships, ids) if joins else ()),
        )
    )


def pack(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.msgpack.encode(value))


def _read_objects(objects: Iterable[Stix], relationships: Iterable[Stix]) -> tuple[list[Fact], dict[str, str]]:
    """The objects in the order of their ids, and the ATT&CK id of each STIX id."""
    wanted = [(identity, one) for one in objects if one.type in KINDS and (identity := one.attack_id) is not None]
    ids = {one.id: identity for identity, one in wanted if one.id is not None}
    replaced = {
        source: target
        for one in relationships
        if one.relationship_type == "revoked-by"
        and (source := ids.get(one.source_ref or "")) is not None
        and (target := ids.get(one.target_ref or "")) is not None
    }
    # A revoked object may have left its ATT&CK id to another one: the active one owns it.
    owned: dict[str, Stix] = {}
    for identity, one in wanted:
        if identity not in owned or (one.active and not owned[identity].active):
            owned[identity] = one
    return [_read_fact(identity, one, replaced.get(identity)) for identity, one in sorted(owned.items())], ids


def _read_fact(identity: str, one: Stix, replaced_by: str | None) -> Fact:
    name = one.name or identity
    aliases = dict.fromkeys(alias for alias in (*one.aliases, *one.x_mitre_aliases) if alias and alias != name)
    return Fact(
        id=identity,
        kind=KINDS[one.type],
        name=name,
        stix_id=one.id or "",
        aliases=tuple(aliases),
        active=one.active,
        replaced_by=None if one.active else replaced_by,
        modified=time_or_none(one.modified),
        first_seen=time_or_none(one.first_seen),
        last_seen=time_or_none(one.last_seen),
    )


class _Sources:
    """Numbers for the sources that statements cite, in the order in which they are met; and when each appeared."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._days: list[int | None] = []

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._numbers)

    def number(self, name: str, description: str) -> int:
        number = self._numbers.setdefault(name, len(self._numbers))
        if number == len(self._days):
            found = date_of_citation(description)
            self._days.append(None if found is None else found.toordinal() - _EPOCH)
        return number

    def earliest(self, numbers: tuple[int, ...]) -> int | None:
        return min((day for number in numbers if (day := self._days[number]) is not None), default=None)


def _read_use(one: Stix, source: str, target: str, sources: _Sources) -> Use:
    cited = tuple(
        sources.number(reference.source_name, reference.description or "")
        for reference in one.external_references
        if reference.source_name and reference.external_id is None
    )
    day = sources.earliest(cited)
    if day is None:
        day = read_time("created", one.created) // _MICROSECONDS_A_DAY if one.created else 0
    return Use(source, target, cited, day)


def _collect(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for source, target in sorted(pairs):
        found.setdefault(source, []).append(target)
    return {source: tuple(targets) for source, targets in found.items()}


def _read_tactics(objects: Iterable[Stix]) -> dict[str, tuple[str, ...]]:
    named = {one.x_mitre_shortname: identity for one in objects if one.type == "x-mitre-tactic" and (identity := one.attack_id)}
    return _collect(
        (identity, named[phase.phase_name])
        for one in objects
        if one.type == "attack-pattern" and one.active and (identity := one.attack_id)
        for phase in one.kill_chain_phases
        if phase.phase_name in named
    )


def _read_analytics(objects: Iterable[Stix]) -> dict[str, tuple[str, ...]]:
    named = {one.id: identity for one in objects if one.type == "x-mitre-analytic" and (identity := one.attack_id)}
    return _collect(
        (identity, named[ref])
        for one in objects
        if one.type == "x-mitre-detection-strategy" and (identity := one.attack_id)
        for ref in one.x_mitre_analytic_refs
        if ref in named
    )


def _read_mentions(objects: Iterable[Stix], by_id: dict[str, Fact], ids: dict[str, str]) -> tuple[Mention, ...]:
    """Software linked in a description of an actor or of what it uses.

    What a record says of an actor's use of one software is that use, and no mention of the same software.
    """
    found: dict[tuple[str, str], str] = {}
    software = {fact.id for fact in by_id.values() if fact.kind in {"malware", "tool"}}
    for one in objects:
        if not one.active or not one.description or one.id is None:
            continue
        about = one.source_ref if one.type == "relationship" and one.relationship_type == "uses" else one.id
        actor = by_id.get(about or "")
        if actor is None or actor.kind != "actor":
            continue
        for identity, _ in find_links(one.description):
            if identity in software and identity != ids.get(one.target_ref or ""):
                pair = (actor.id, identity)
                found[pair] = min(found.get(pair, one.id), one.id)
    return tuple(Mention(actor, identity, provenance) for (actor, identity), provenance in sorted(found.items()))


def _read_joins(relationships: Iterable[Stix], ids: dict[str, str]) -> tuple[Join, ...]:
    """By time of creation. A statement without a description cannot be told from others of its time, and is left out."""
    return tuple(
        sorted(
            (
                Join(read_time("created", one.created), digest(one.description), one.relationship_type or "", source, target)
                for one in relationships
                if one.created
                and one.description
                and one.description.strip()
                and (source := ids.get(one.source_ref or "")) is not None
                and (target := ids.get(one.target_ref or "")) is not None
            ),
            key=lambda join: (join.created, join.digest, join.source, join.target),
        )
    )
