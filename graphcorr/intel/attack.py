"""An ATT&CK release as STIX objects → the table of its facts."""

from __future__ import annotations

from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.intel.descriptions import date_of_citation, digest, find_links
from graphcorr.intel.facts import FORMAT, Content, Fact, Facts, Join, Mention
from graphcorr.intel.objects import KINDS, Stix, read_time, time_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_EPOCH: Final = date(1970, 1, 1).toordinal()
_MICROSECONDS_A_DAY: Final = 86_400_000_000


def make_facts(objects: Sequence[Stix], version: str, name: str = "enterprise-attack", *, joins: bool = True) -> Facts:
    """The facts that validated objects of one release state. ``joins`` are for salvage and may be left out.

    Statements of relationships that are revoked or deprecated, or whose ends the release lacks, are no facts.
    """
    statements = _sort_statements(objects)
    things = [one for one in objects if one.type != "relationship"]
    facts, ids = _read_objects(things, statements.get("revoked-by", ()))
    by_id = {fact.stix_id: fact for fact in facts}
    sources = _Sources()
    uses = _read_uses(statements.get("uses", ()), ids, sources)
    return Facts(
        Content(
            format=FORMAT,
            version=version,
            name=name,
            objects=tuple(facts),
            parents=dict(_ends(statements.get("subtechnique-of", ()), ids)),
            tactics=_read_tactics(things),
            attributed=_collect(_ends(statements.get("attributed-to", ()), ids)),
            detects=_collect(
                (ids[one.source_ref or ""], ids[one.target_ref or ""])
                for one in statements.get("detects", ())
                if one.active and ids.get(one.source_ref or "", "").startswith("DET") and one.target_ref in by_id
            ),
            analytics=_read_analytics(things),
            uses=pack(uses),
            mentions=pack(_read_mentions(things, statements.get("uses", ()), by_id, ids)),
            citations=pack(tuple(sources.numbers)),
            joins=pack(_read_joins(statements, ids) if joins else ()),
        )
    )


def pack(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.msgpack.encode(value))


def _sort_statements(objects: Iterable[Stix]) -> dict[str, list[Stix]]:
    """Relationships by what they state, in the order in which they stand there."""
    found: dict[str, list[Stix]] = {}
    for one in objects:
        if one.type == "relationship":
            found.setdefault(one.relationship_type or "", []).append(one)
    return found


def _ends(statements: Iterable[Stix], ids: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Both ends of those that hold, where the release has both."""
    for one in statements:
        source, target = ids.get(one.source_ref or ""), ids.get(one.target_ref or "")
        if source is not None and target is not None and one.active:
            yield source, target


def _read_objects(objects: Iterable[Stix], revocations: Iterable[Stix]) -> tuple[list[Fact], dict[str, str]]:
    """The objects in the order of their ids, and the ATT&CK id of each STIX id."""
    wanted = [(identity, one) for one in objects if one.type in KINDS and (identity := one.attack_id) is not None]
    ids = {one.id: identity for identity, one in wanted if one.id is not None}
    replaced = {
        source: target
        for one in revocations
        if (source := ids.get(one.source_ref or "")) is not None and (target := ids.get(one.target_ref or "")) is not None
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
        self.numbers: dict[str, int] = {}
        self.days: list[int | None] = []

    def add(self, name: str, description: str) -> int:
        found = date_of_citation(description)
        self.days.append(None if found is None else found.toordinal() - _EPOCH)
        return self.numbers.setdefault(name, len(self.numbers))


def _read_uses(statements: Iterable[Stix], ids: dict[str, str], sources: _Sources) -> list[tuple[str, str, tuple[int, ...], int]]:
    """The fields of each :class:`Use`, which are packed as they are: an object for each of 17,000 would be made for nothing."""
    found = []
    known, days = sources.numbers, sources.days
    for one in statements:
        source, target = ids.get(one.source_ref or ""), ids.get(one.target_ref or "")
        if source is None or target is None or not one.active:
            continue
        cited: tuple[int, ...] = ()
        day: int | None = None
        for reference in one.external_references:
            name = reference.source_name
            if not name or reference.external_id is not None:
                continue
            number = known.get(name)
            if number is None:
                number = sources.add(name, reference.description or "")
            cited += (number,)
            appeared = days[number]
            if appeared is not None and (day is None or appeared < day):
                day = appeared
        if day is None:
            day = read_time("created", one.created) // _MICROSECONDS_A_DAY if one.created else 0
        found.append((source, target, cited, day))
    found.sort(key=itemgetter(0, 1))
    return found


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


def _read_mentions(objects: Iterable[Stix], uses: Iterable[Stix], by_id: dict[str, Fact], ids: dict[str, str]) -> tuple[Mention, ...]:
    """Software linked in a description of an actor or of what it uses.

    What a record says of an actor's use of one software is that use, and no mention of the same software.
    """
    found: dict[tuple[str, str], str] = {}
    software = {fact.id for fact in by_id.values() if fact.kind in {"malware", "tool"}}
    actors = {stix_id: fact.id for stix_id, fact in by_id.items() if fact.kind == "actor"}
    said = [(actors.get(one.source_ref or ""), one) for one in uses]
    said += [(actors.get(one.id or ""), one) for one in objects if one.type in KINDS]
    for actor, one in said:
        if actor is None or not one.active or not one.description or one.id is None:
            continue
        for identity, _ in find_links(one.description):
            if identity in software and identity != ids.get(one.target_ref or ""):
                pair = (actor, identity)
                found[pair] = min(found.get(pair, one.id), one.id)
    return tuple(Mention(actor, identity, provenance) for (actor, identity), provenance in sorted(found.items()))


def _read_joins(statements: dict[str, list[Stix]], ids: dict[str, str]) -> tuple[Join, ...]:
    """By time of creation. A statement without a description cannot be told from others of its time, and is left out."""
    return tuple(
        sorted(
            (
                Join(read_time("created", one.created), digest(one.description), type_, source, target)
                for type_, stated in statements.items()
                for one in stated
                if one.created
                and one.description
                and one.description.strip()
                and (source := ids.get(one.source_ref or "")) is not None
                and (target := ids.get(one.target_ref or "")) is not None
            ),
            key=lambda join: (join.created, join.digest, join.source, join.target),
        )
    )
