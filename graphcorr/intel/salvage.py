"""Relationships whose ids or ends are damaged: what can still be told of them, by which rule, and how sure that is.

A common cleaner takes ``type--uuid`` out of a text and everything in angle brackets with it. What it leaves of an end
is the type's beginning: ``intrusion-``, ``attack-``, and nothing at all for a type of one word. That is knowledge too.
"""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.intel.descriptions import digest, find_links
from graphcorr.intel.objects import KINDS, REF, ObjectError, Stix, read_time, validate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphcorr.intel.facts import Join
    from graphcorr.intel.known import End, Known

LOADED, SALVAGED, QUARANTINED = "loaded", "salvaged", "quarantined"

CONFIDENCE: Final = {
    "link": 0.9985,
    "target_link": 0.99,
    "join": 0.974,
    "beginning": 0.999,
    "whole": 1.0,
}
"""Share of right answers of each rule. link, join: measured on every ``uses`` of ATT&CK 13.1 and 18.1 damaged in this
way, the lower of both; target_link: 162 of 163 in 18.1; beginning: at least 8 digits of
a random id among some thousand; whole: nothing had to be concluded. ``benchmarks`` measures them again."""

_CUT_REF: Final = re.compile(r"[a-z][a-z0-9-]*--[0-9a-f]{8}[0-9a-f-]{0,27}")
_NAMESPACE: Final = uuid.UUID("7a0d0f4e-6f2b-5b6e-9c53-0d6ad1b0a6f1")
_MANY: Final = 16
"""Candidates that are listed; a statement with more is not told by them."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one record."""

    id: str
    """STIX's, or minted where it is missing or unusable."""
    status: str
    reasons: tuple[str, ...] = ()
    detail: str | None = None
    """A sentence for people about the first reason of a quarantined one."""
    source: str | None = None
    """Of relationships; ATT&CK id where there is one, else STIX's."""
    target: str | None = None
    relationship: str | None = None
    candidates: tuple[str, ...] = ()
    """What the target (or, with a known target, the source) may be, when several fit."""
    confidence: float | None = None
    mentions: tuple[tuple[str, str], ...] = ()
    """Actor and software named in one sentence: less than use."""


def mint_id(type_: str, created: str | None, text: bytes) -> str:
    """An id for a record without one: UUIDv5 of when it was created, its type and its text."""
    name = f"{created or ''}\n{type_}\n{text.decode('utf-8', 'surrogateescape')}"
    kind = type_ if re.fullmatch(r"[a-z][a-z0-9-]*", type_) else "text"
    return f"{kind}--{uuid.uuid5(_NAMESPACE, name.encode('utf-8', 'surrogateescape').decode('latin-1'))}"


def triage(found: Stix, text: bytes, known: Known, *, alone: bool = True) -> Verdict:
    """What can be made of a decoded record. ``alone`` is false when its line held others as well."""
    try:
        validate(found)
    except ObjectError as error:
        return _repair(found, text, known, error, alone=alone)
    assert found.id is not None  # validate() says so
    marking = ("marking_ref_truncated",) if _lost_marking(found) else ()
    if found.type != "relationship":
        return Verdict(id=found.id, status=SALVAGED if marking else LOADED, reasons=marking, confidence=1.0)
    ends: list[End | None] = [known.by_ref(found.source_ref or ""), known.by_ref(found.target_ref or "")]
    unknown = tuple(f"{name}_unknown:{ref}" for name, ref, end in _named(found, ends) if end is None)
    source, target = ends
    said = Verdict(
        id=found.id,
        status=SALVAGED if marking else LOADED,
        reasons=(*_retirement(found, source), *marking),
        source=source.id if source else found.source_ref,
        target=target.id if target else found.target_ref,
        relationship=found.relationship_type,
        confidence=1.0,
        mentions=_mentions(found, source, target, known),
    )
    if unknown and not _is_kept_anyway(found):
        detail = "its ends are not known yet; it can be retried when they are"
        return msgspec.structs.replace(said, status=QUARANTINED, reasons=(*unknown, *marking), detail=detail, confidence=None, mentions=())
    return said


def _named(found: Stix, ends: Sequence[End | None]) -> list[tuple[str, str | None, End | None]]:
    return [("source", found.source_ref, ends[0]), ("target", found.target_ref, ends[1])]


_WITHOUT_EDGE: Final = frozenset({"mitigates", "derived-from", "duplicate-of", "related-to", "revoked-by"})
"""Relationships that make no edge: their ends need not be known."""


def _is_kept_anyway(found: Stix) -> bool:
    return found.relationship_type in _WITHOUT_EDGE


def _retirement(found: Stix, source: End | None) -> tuple[str, ...]:
    """``detects`` from a data component was a statement of ATT&CK up to 17; 18 says it with detection strategies."""
    retired = found.relationship_type == "detects" and _type_of(found.source_ref, source) == "x-mitre-data-component"
    return ("relationship_type_retired",) if retired else ()


def _type_of(ref: str | None, end: End | None) -> str:
    return end.type if end is not None else (ref or "").partition("--")[0]


def _lost_marking(found: Stix) -> bool:
    return any(not REF.fullmatch(ref) for ref in found.object_marking_refs)


def _repair(found: Stix, text: bytes, known: Known, error: ObjectError, *, alone: bool) -> Verdict:
    """A record that is not valid: resolved where a rule with a measured share of right answers applies, else put aside."""
    usable = bool(found.id) and REF.fullmatch(found.id or "") is not None and (found.id or "").startswith(f"{found.type}--")
    identity = (found.id or "") if usable else mint_id(found.type, found.created, text)
    before: list[str] = [] if usable else ["id_missing" if not found.id else "id_malformed"]
    after: list[str] = ["marking_ref_truncated"] if _lost_marking(found) else []
    if found.description and found.description.count("(") > found.description.count(")"):
        after.append("text_truncated")
    if not alone:
        after.append("line_holds_several_objects")
    # Of an object that says nothing by its name or pattern, an id of ours would say nothing either.
    if not usable and found.type in {*KINDS, "relationship", "indicator"}:
        try:
            validate(msgspec.structs.replace(found, id=identity))
        except ObjectError as other:
            error = other
        else:
            # The id was all that it lacked.
            whole = triage(msgspec.structs.replace(found, id=identity), text, known, alone=alone)
            status = SALVAGED if whole.status == LOADED else whole.status
            return msgspec.structs.replace(whole, status=status, reasons=tuple(dict.fromkeys((*before, *whole.reasons, *after))))
    if found.type == "relationship" and error.reason in _DAMAGED_ENDS:
        return _repair_relationship(found, identity, known, before, after)
    reasons = tuple(dict.fromkeys((*before, error.reason, *after)))
    return Verdict(id=identity, status=QUARANTINED, reasons=reasons, detail=error.detail, relationship=found.relationship_type)


_DAMAGED_ENDS: Final = frozenset({"source_ref_truncated", "target_ref_truncated", "source_ref_missing", "target_ref_missing"})


def fits(type_: str, ref: str | None) -> bool:
    """Whether what is left of a ref can have been one of this type: the last word of the type is gone with the id."""
    first, hyphen, _ = type_.rpartition("-")
    return (ref or "") == (f"{first}-" if hyphen else "")


def _repair_relationship(found: Stix, identity: str, known: Known, before: list[str], after: list[str]) -> Verdict:
    source, source_rule = _read_end(found.source_ref, known)
    target, target_rule = _read_end(found.target_ref, known)
    links = find_links(found.description or "")
    if source is None and found.relationship_type == "uses" and not _is_whole(found.source_ref):
        source = _first_link(links, found.source_ref, known)
        source_rule = "link" if source else None
    joined = _join(found, known, source, target)
    sources, targets = {join.source for join in joined}, {join.target for join in joined}
    contradicted = source is not None and source_rule == "link" and bool(joined) and source.id not in sources
    candidates: tuple[str, ...] = ()
    if contradicted:
        assert source is not None
        candidates = tuple(sorted(sources | {source.id}))
    else:
        if source is None and len(sources) == 1:
            source, source_rule = known.by_id(next(iter(sources))), "join"
        if target is None and len(targets) == 1:
            target, target_rule = known.by_id(next(iter(targets))), "join"
        if target is None and not joined:
            target = _other_software(found, links, source, known)
            target_rule = "target_link" if target else None
        if target is None:
            candidates = tuple(sorted(targets))
        elif source is None:
            candidates = tuple(sorted(sources))
    reasons = [*before, *_explain("source", found.source_ref, source_rule), *_explain("target", found.target_ref, target_rule)]
    if candidates:
        reasons.append("ambiguous_match")
    if not (found.description or "").strip() and (source is None or target is None):
        reasons.append("no_description")
    # What is left of the ref of a component tells it from a strategy, which begins otherwise.
    if found.relationship_type == "detects" and fits("x-mitre-data-component", found.source_ref):
        reasons.append("relationship_type_retired")
    told = source is not None and target is not None and not contradicted
    set_told = 1 < len(candidates) <= _MANY
    confidence = min(CONFIDENCE[rule] for rule in (source_rule or "join", target_rule or "join"))
    return Verdict(
        id=identity,
        status=SALVAGED if told or set_told else QUARANTINED,
        reasons=tuple(dict.fromkeys((*reasons, *after))),
        detail=None if told or set_told else "what it says of whom cannot be told from what is left",
        source=source.id if source and not contradicted else None,
        target=target.id if target else None,
        relationship=found.relationship_type,
        candidates=candidates if len(candidates) <= _MANY else candidates[:_MANY],
        confidence=confidence if told or set_told else None,
        mentions=_mentions(found, source, target, known) if told else (),
    )


def _is_whole(ref: str | None) -> bool:
    return ref is not None and REF.fullmatch(ref) is not None


def _read_end(ref: str | None, known: Known) -> tuple[End | None, str | None]:
    """An end that is whole, or cut so late that only one object begins so; with the rule."""
    if ref and REF.fullmatch(ref):
        found = known.by_ref(ref)
        return found, "whole" if found else None
    if ref and _CUT_REF.fullmatch(ref):
        found = known.by_beginning(ref)
        return found, "beginning" if found else None
    return None, None


def _first_link(links: list[tuple[str, tuple[str, ...]]], ref: str | None, known: Known) -> End | None:
    """The first link of a type that fits what is left of the source: who is spoken of comes first in ATT&CK's sentences."""
    for identity, types in links:
        if any(fits(type_, ref) for type_ in types):
            found = known.by_id(identity)
            if found is not None:
                return found
    return None


def _other_software(found: Stix, links: list[tuple[str, tuple[str, ...]]], source: End | None, known: Known) -> End | None:
    """The one other software that a description links, where the target was of a type of one word.

    Never a technique: the true one is among the links of one record in a hundred.
    """
    if found.relationship_type != "uses" or found.target_ref or source is None:
        return None
    for identity, types in links:
        if "malware" in types and identity != source.id:
            return known.by_id(identity)
    return None


def _join(found: Stix, known: Known, source: End | None, target: End | None) -> list[Join]:
    """The known statements of the same time and words that the rest of the record does not contradict.

    The time alone is no key (a thousand statements share one), and the words alone were never right.
    """
    if not found.created or not (found.description or "").strip():
        return []
    try:
        created = read_time("created", found.created)
    except ObjectError:
        return []
    return [
        join
        for join in known.joins(created, digest(found.description or ""))
        if join.type == found.relationship_type
        and _agrees(join.source, found.source_ref, source, known)
        and _agrees(join.target, found.target_ref, target, known)
    ]


def _agrees(identity: str, ref: str | None, end: End | None, known: Known) -> bool:
    """Whether an end of a known statement can be the end of this one: equal where it is whole, else of a fitting type."""
    other = known.by_id(identity)
    if other is None:
        return False
    if _is_whole(ref) or (ref and _CUT_REF.fullmatch(ref)):
        return end is not None and end.id == other.id
    return fits(other.type, ref)


def _explain(name: str, ref: str | None, rule: str | None) -> list[str]:
    if rule == "whole":
        return []
    if _is_whole(ref):
        return [f"{name}_unknown:{ref}"]
    how = {"link": "resolved_by_link", "target_link": "resolved_by_link", "join": "resolved_by_join", "beginning": "resolved_by_beginning"}
    if rule is not None:
        told = f"{name}_ref_truncated:{how[rule]}"
    elif ref:
        told = f"{name}_ref_truncated:{'type_known' if name == 'target' else 'unresolved'}"
    else:
        told = f"{name}_ref_truncated:unresolved"
    if name == "target" and not ref:
        return ["target_empty:software_expected", told]
    return [told]


def _mentions(found: Stix, source: End | None, target: End | None, known: Known) -> tuple[tuple[str, str], ...]:
    """Software that an actor's sentence links and that is not what the sentence is recorded for."""
    if source is None or KINDS.get(source.type) != "actor" or found.relationship_type != "uses":
        return ()
    software = [known.by_id(identity) for identity, types in find_links(found.description or "") if "malware" in types]
    found_ones = dict.fromkeys(end.id for end in software if end is not None and (target is None or end.id != target.id))
    return tuple((source.id, identity) for identity in found_ones)
