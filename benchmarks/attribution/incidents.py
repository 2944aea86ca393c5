"""Incidents with a known author, and what would have been known without them.

*as-is*: campaigns, everything known. *de-cited*: statements of actors and software that rest on nothing but the campaign's
own reports are gone. *prospective*: of those, only what was known before the campaign's first report.
*LORO* (leave one report out): each (actor, report) with at least five items is an incident; statements that only this report
supports are gone from all profiles, and five of the actor's must be left. *LORO prospective*: only what was known before it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from graphcorr.attribution.profiles import ACTOR, BASELINE, Profiles, Scoring, build_profiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_Relation = tuple[str, str, list[int], str]
"""Source, target, citations, day."""

DATA: Final = Path(__file__).parents[3] / "shared/attack"
LEAST: Final = 5
"""Items that an incident and what is left of a profile must have."""
REGIMES: Final = ("as-is", "de-cited", "prospective", "LORO", "LORO prospective")


class _Campaign(msgspec.Struct):
    id: str
    actors: list[str]
    items: list[str]
    citations: list[int]
    cutoff: str


class _Benchmark(msgspec.Struct):
    relations: list[_Relation]
    campaigns: list[_Campaign]


class _Report(msgspec.Struct):
    actor: str
    citation: int
    date: str
    items: list[str]


@dataclass(frozen=True, slots=True)
class Incident:
    """What was seen, who did it, and what is left to know it by: statements of ``World.uses`` by position."""

    regime: str
    id: str
    items: frozenset[str]
    actors: frozenset[str]
    gone: frozenset[int]
    before: str | None
    """Only statements known before this day."""


@dataclass(frozen=True)
class World:
    uses: list[tuple[str, str]]
    known: list[str]
    """The day since when each statement is known."""
    incidents: dict[str, list[Incident]]
    software: list[Incident]
    """(software, report) pairs: the same leave-one-report-out, with software in the place of the actor."""
    unattributed: list[Incident]
    """Campaigns that nobody is said to be behind, with everything known."""
    with_campaigns: frozenset[str]
    """Actors of the campaigns: no choice is made on their incidents."""

    def profiles(self, incident: Incident, scoring: Scoring = BASELINE, without: frozenset[str] = frozenset()) -> Profiles:
        """What is known without the incident, and without some actors altogether."""
        if incident.before is not None:
            return build_profiles(
                (
                    use
                    for position, use in enumerate(self.uses)
                    if self.known[position] < incident.before and position not in incident.gone and use[0] not in without
                ),
                scoring,
            )
        gone = {self.uses[position] for position in incident.gone}
        gone.update((actor, item) for actor in without for item in self.everything.direct.get(actor, ()))
        return take_away(self.everything, gone, scoring)

    @cached_property
    def everything(self) -> Profiles:
        return build_profiles(self.uses)

    def development(self, regime: str) -> list[Incident]:
        """The incidents that choices are made on."""
        return [each for each in self.incidents[regime] if not each.actors & self.with_campaigns]


def take_away(profiles: Profiles, gone: set[tuple[str, str]], scoring: Scoring) -> Profiles:
    """Profiles without some statements; ten times as fast as building them from the rest."""
    direct, techniques = dict(profiles.direct), dict(profiles.techniques)
    users, carriers = dict(profiles.users), dict(profiles.carriers)
    for source, target in gone:
        forward, backward = (direct, users) if source.startswith(ACTOR) else (techniques, carriers)
        if left := forward[source] - {target}:
            forward[source] = left
        else:
            del forward[source]
        if others := tuple(each for each in backward[target] if each != source):
            backward[target] = others
        else:
            del backward[target]
    return Profiles(direct, users, techniques, carriers, scoring, {})


def load_world(folder: Path = DATA) -> World:
    """Every regime from the two files of the benchmark."""
    benchmark = msgspec.json.decode((folder / "attack_campaign_benchmark.json").read_bytes(), type=_Benchmark)
    reports = msgspec.json.decode((folder / "attack_report_benchmark.json").read_bytes(), type=list[_Report])
    relations = [each for each in benchmark.relations if each[0][0] in "GS"]
    cited: defaultdict[int, list[int]] = defaultdict(list)
    for position, (_, _, citations, _) in enumerate(relations):
        for citation in citations:
            cited[citation].append(position)

    def resting_on(citations: set[int]) -> frozenset[int]:
        return frozenset(each for citation in citations for each in cited[citation] if set(relations[each][2]) <= citations)

    incidents: dict[str, list[Incident]] = {regime: [] for regime in REGIMES}
    attributed = [campaign for campaign in benchmark.campaigns if campaign.actors]
    for campaign in attributed:
        seen, actors = frozenset(campaign.items), frozenset(campaign.actors)
        own = resting_on(set(campaign.citations))
        incidents["as-is"].append(Incident("as-is", campaign.id, seen, actors, frozenset(), None))
        incidents["de-cited"].append(Incident("de-cited", campaign.id, seen, actors, own, None))
        incidents["prospective"].append(Incident("prospective", campaign.id, seen, actors, own, campaign.cutoff))
    of_source: defaultdict[str, set[int]] = defaultdict(set)
    for position, (source, _, _, _) in enumerate(relations):
        of_source[source].add(position)
    for report in reports:
        own = resting_on({report.citation})
        left = of_source[report.actor] - own
        name = f"{report.actor}/{report.citation}"
        seen, actors = frozenset(report.items), frozenset({report.actor})
        if len(left) >= LEAST:
            incidents["LORO"].append(Incident("LORO", name, seen, actors, own, None))
        if report.date and sum(relations[each][3] < report.date for each in left) >= LEAST:
            incidents["LORO prospective"].append(Incident("LORO prospective", name, seen, actors, own, report.date))
    return World(
        uses=[(source, target) for source, target, _, _ in relations],
        known=[known for _, _, _, known in relations],
        incidents=incidents,
        software=list(_software_incidents(relations, of_source, resting_on)),
        unattributed=[
            Incident("as-is", each.id, frozenset(each.items), frozenset(), frozenset(), None)
            for each in benchmark.campaigns
            if not each.actors
        ],
        with_campaigns=frozenset(actor for campaign in attributed for actor in campaign.actors),
    )


def _software_incidents(
    relations: list[_Relation], of_source: dict[str, set[int]], resting_on: Callable[[set[int]], frozenset[int]]
) -> Iterator[Incident]:
    pairs: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for source, target, citations, _ in relations:
        if source.startswith("S") and target.startswith("T"):
            for citation in citations:
                pairs[source, citation].add(target)
    for (software, citation), seen in sorted(pairs.items()):
        own = resting_on({citation})
        if len(seen) >= LEAST and len(of_source[software] - own) >= LEAST:
            yield Incident("software", f"{software}/{citation}", frozenset(seen), frozenset({software}), own, None)
