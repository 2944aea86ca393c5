"""``make bench-attribution``: measures every regime and writes docs/attribution.md; ``--fit`` first fits the model anew."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from benchmarks.attribution.choosing import REGIMES as FITTED_REGIMES
from benchmarks.attribution.choosing import fitted_cases, measure_choices
from benchmarks.attribution.document import DOCUMENT, PLOT, Hits, difference, write
from benchmarks.attribution.fitting import Case, Quality, cross_validate, fit, judge, make_cases, thin, write_model
from benchmarks.attribution.incidents import DATA, REGIMES, World, load_world
from benchmarks.attribution.measuring import Hit, Interval, find
from benchmarks.attribution.methods import CANDIDATES, METHODS
from benchmarks.attribution.plot import draw
from graphcorr.attribution.actors import rank_actors
from graphcorr.attribution.confidence import POSSIBLE, estimate, load_model, may_name, measure
from graphcorr.attribution.profiles import BASELINE
from graphcorr.attribution.software import index_software, rank_software

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from benchmarks.attribution.incidents import Incident

FITTED_ON = (
    "LORO incidents of actors without a campaign, all known and prospective, each once with its actor known and once with it removed"
)


THINNED: Final[dict[str, Callable[[int, Random], int]]] = {
    "half of the items": lambda items, _: max(items // 2, 1),
    "1 to 4 of the items": lambda _, chance: chance.randint(1, 4),
}
"""A path in a network shows less than a report does."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attribution", description=__doc__)
    parser.add_argument("--fit", action="store_true", help="fit the model and write its constants into the package")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the two benchmark files")
    options = parser.parse_args(arguments)
    try:
        world = load_world(options.data)
    except (OSError, msgspec.DecodeError) as error:
        print(f"the benchmark's data cannot be read: {error}", file=sys.stderr)
        return 2
    fitted = fitted_cases(world)
    if options.fit:
        write_model(fit(fitted, "18.1", FITTED_ON))
        load_model.cache_clear()
    qualities = measure_qualities(world, fitted)
    PLOT.write_text(draw({name: qualities[name] for name in ("LORO, both", "LORO prospective, both")}), encoding="utf-8")
    document = write(
        _hits(world), _choices(world), qualities, measure_choices(world, fitted), _unattributed(world), _software(world), load_model()
    )
    DOCUMENT.write_text(document, encoding="utf-8")
    print(document)
    return 0


def _hits(world: World) -> Hits:
    return {regime: _rank(world, world.incidents[regime]) for regime in REGIMES}


def _rank(world: World, incidents: list[Incident]) -> dict[str, list[Hit]]:
    found: dict[str, list[Hit]] = {method.name: [] for method in METHODS}
    for incident in incidents:
        profiles = world.profiles(incident)
        for method in METHODS:
            found[method.name].append(find(method.rank(incident.items, profiles), incident.actors, profiles.direct))
    return found


def _choices(world: World) -> list[tuple[str, Interval, Interval]]:
    """Each candidate's gain over the baseline on the development incidents of both LORO regimes."""
    gains: dict[str, list[Interval]] = {name: [] for name in CANDIDATES}
    for regime in ("LORO", "LORO prospective"):
        hits: dict[str, list[Hit]] = {name: [] for name in (*CANDIDATES, "")}
        for incident in world.development(regime):
            profiles = world.profiles(incident)
            for name, scoring in (*CANDIDATES.items(), ("", BASELINE)):
                ranked = rank_actors(incident.items, replace(profiles, scoring=scoring, _postings={}))
                hits[name].append(find({one.id: one.score for one in ranked}, incident.actors, profiles.direct))
        for name in CANDIDATES:
            gains[name].append(difference(hits[name], hits[""], "reciprocal"))
    return [(name, first, second) for name, (first, second) in gains.items()]


def measure_qualities(world: World, fitted: list[Case]) -> dict[str, Quality]:
    """Only of probabilities by a model that was not fitted on the incident's actor; every actor is a candidate."""
    model = load_model()
    qualities: dict[str, Quality] = {}
    everyone: list[tuple[list[Case], list[float]]] = []
    for regime in FITTED_REGIMES:
        own = make_cases(world, world.development(regime))
        others = make_cases(world, [each for each in world.incidents[regime] if each.actors & world.with_campaigns])
        everyone += [(own, cross_validate(own, fitted)), (others, [estimate(case.standing, model) for case in others])]
        for name, (cases, chances) in zip(("cross-validated", "actors held out"), everyone[-2:], strict=True):
            qualities[f"{regime}, {name}"] = judge(cases, chances)
        qualities[f"{regime}, both"] = judge(own + others, everyone[-2][1] + everyone[-1][1])
    for regime in FITTED_REGIMES:
        for name, keep in THINNED.items():
            cases = make_cases(world, thin(world.development(regime), keep))
            qualities[f"{regime}, cross-validated, {name}"] = judge(cases, cross_validate(cases, fitted))
    for regime in REGIMES[:3]:
        cases = make_cases(world, world.incidents[regime])
        qualities[f"campaigns, {regime}"] = judge(cases, [estimate(case.standing, model) for case in cases])
    return qualities


def _unattributed(world: World) -> tuple[int, list[str]]:
    """How many campaigns nobody is said to be behind, and a line for each of those for which somebody is named all the same."""
    named = []
    for incident in world.unattributed:
        ranked = rank_actors(incident.items, world.everything)
        standing = measure(incident.items, ranked, world.everything)
        if standing is not None and may_name(standing) and (chance := estimate(standing, load_model())) >= POSSIBLE:
            named.append(f"{incident.id}: {ranked[0].id} ({chance:.2f})")
    return len(world.unattributed), named


def _software(world: World) -> list[Hit]:
    hits = []
    for incident in world.software:
        profiles = world.profiles(incident)
        ranked = rank_software(incident.items, index_software(profiles))
        hits.append(find({one.id: one.score for one in ranked}, incident.actors, profiles.techniques))
    return hits


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
