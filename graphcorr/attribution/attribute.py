"""From what was seen to software, actors and a verdict: consistent with somebody, or not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.attribution.answer import Answer, Basis, Hypothesis, Mention, Reason, Verdict
from graphcorr.attribution.confidence import (
    LEAST_KNOWN,
    LEAST_SEEN,
    LIKELY,
    POSSIBLE,
    Standing,
    estimate,
    load_model,
    may_name,
)
from graphcorr.attribution.software import rank_software

if TYPE_CHECKING:
    from graphcorr.attribution.actors import Ranked
    from graphcorr.attribution.knowledge import Knowledge
    from graphcorr.attribution.observed import Observed

MOST_SOFTWARE: Final = 20
"""Software that is ranked by techniques alone; more of it would be noise."""
_PROBABILITY_DIGITS: Final = 4


def attribute(observed: Observed, knowledge: Knowledge) -> Answer:
    """Who is known for what was seen. The order and number of times that something was given do not matter."""
    ranked, standing = knowledge.rank(observed.items)
    probability = None if standing is None else round(estimate(standing, load_model()), _PROBABILITY_DIGITS)
    verdict, why = _judge(observed, standing, probability)
    mentions = _mentions(observed, knowledge)
    actors = _actors(ranked, observed, knowledge, mentions)
    known = {one.id: one for one in actors}
    return Answer(
        verdict=verdict,
        why=why,
        probability=probability,
        actors=actors,
        software=_software(observed, knowledge),
        mentioned=[known.get(actor) or Hypothesis(actor, knowledge.name(actor), 0.0, [], found) for actor, found in mentions.items()],
        unresolved=observed.unresolved,
    )


def _judge(observed: Observed, standing: Standing | None, probability: float | None) -> tuple[Verdict, str]:
    if standing is None or probability is None:
        nothing = "nothing was seen that ATT&CK has a name for" if not observed.items else "no actor is known for anything that was seen"
        return Verdict.NONE, nothing
    if may_name(standing) and probability >= POSSIBLE:
        return (Verdict.LIKELY if probability >= LIKELY else Verdict.POSSIBLE), "software was seen that only one actor is known for"
    return Verdict.NONE, _why_not(observed, standing)


def _why_not(observed: Observed, standing: Standing) -> str:
    if not observed.software:
        return "techniques alone tell no actor"
    if standing.tied > 1:
        return f"{standing.tied} actors are equally consistent with what was seen"
    if not standing.discriminating:
        return "no software was seen that only the first of the actors is known for"
    if standing.items < LEAST_SEEN:
        return f"fewer than {LEAST_SEEN} techniques and software were seen"
    if standing.size < LEAST_KNOWN:
        return "too little is known of the first of the actors"
    return "the first of the actors does not stand out enough"


def _actors(ranked: list[Ranked], observed: Observed, knowledge: Knowledge, mentions: dict[str, list[Mention]]) -> list[Hypothesis]:
    """The ranking with its reasons, heaviest first. Most reasons are the same for many actors, and made once."""
    profiles = knowledge.profiles
    weighed: dict[str, list[tuple[float, str, Reason]]] = {one.id: [] for one in ranked}
    for item in sorted(observed.items):
        posting = profiles.posting(item)
        if posting.weight <= 0:
            continue
        through = profiles.through(item)
        reported = _reason(item, Basis.REPORTED, observed, knowledge)
        for actor, strength in posting.actors.items():
            if item in profiles.direct[actor]:
                reason = reported
            else:
                reason = msgspec.structs.replace(reported, basis=Basis.INHERITED, through=list(through[actor]))
            weighed[actor].append((-posting.weight * strength, item, reason))
    for reasons in weighed.values():
        reasons.sort(key=lambda each: each[:2])
    return [
        Hypothesis(one.id, knowledge.name(one.id), one.score, [reason for _, _, reason in weighed[one.id]], mentions.get(one.id, []))
        for one in ranked
    ]


def _reason(item: str, basis: Basis, observed: Observed, knowledge: Knowledge) -> Reason:
    """``item`` among actors."""
    profiles = knowledge.profiles
    return Reason(item, knowledge.name(item), basis, len(profiles.users.get(item, ())), len(profiles.direct), observed.findings(item))


def _mentions(observed: Observed, knowledge: Knowledge) -> dict[str, list[Mention]]:
    """Actors who are named beside software that was seen and that they are not reported to use, with all such sentences."""
    found: dict[str, set[tuple[str, str]]] = {}
    only_mentioned: set[str] = set()
    for software in observed.software:
        users = knowledge.profiles.users.get(software, ())
        for actor, provenance in knowledge.mentions.get(software, ()):
            found.setdefault(actor, set()).add((software, provenance))
            if actor not in users:
                only_mentioned.add(actor)
    # A record of one's own may say what the release says: one of them is enough.
    return {
        actor: [Mention(*each) for each in sorted(dict(sorted(found[actor], reverse=True)).items())] for actor in sorted(only_mentioned)
    }


def _software(observed: Observed, knowledge: Knowledge) -> list[Hypothesis]:
    """What was seen itself comes first, with a score of 1; then what has the techniques that were seen."""
    index = knowledge.index
    seen = [
        Hypothesis(software, knowledge.name(software), 1.0, [_reason(software, Basis.SEEN, observed, knowledge)])
        for software in observed.software
    ]
    ranked = [one for one in rank_software(observed.techniques, index) if one.id not in observed.software]
    if len(ranked) > MOST_SOFTWARE:
        ranked = [one for one in ranked if one.score >= ranked[MOST_SOFTWARE - 1].score]
    return seen + [
        Hypothesis(
            one.id,
            knowledge.name(one.id),
            one.score,
            [
                Reason(
                    technique,
                    knowledge.name(technique),
                    Basis.REPORTED,
                    len(knowledge.profiles.carriers.get(technique, ())),
                    len(index.factors),
                    observed.findings(technique),
                )
                for technique in sorted(
                    knowledge.profiles.techniques[one.id] & observed.techniques.keys(), key=lambda each: (-index.rarity(each), each)
                )
            ],
        )
        for one in ranked
    ]
