"""The benchmark's incidents: how many there are, and that what an incident tells is gone from what is known."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.attribution.fitting import Quality
from benchmarks.attribution.incidents import REGIMES, World
from benchmarks.attribution.measuring import Hit, bootstrap, find
from benchmarks.attribution.plot import draw
from graphcorr.attribution.knowledge import Knowledge
from graphcorr.attribution.profiles import CHOSEN, Profiles, build_profiles


def same(one: Profiles, other: Profiles) -> bool:
    return (one.direct, one.techniques) == (other.direct, other.techniques) and all(
        one.posting(item) == other.posting(item) for item in {*one.users, *other.users, *one.carriers, *other.carriers}
    )


def test_there_are_as_many_incidents_as_were_published(world: World) -> None:
    assert [len(world.incidents[regime]) for regime in REGIMES] == [24, 24, 24, 493, 372]
    assert len(world.development("LORO")) == 355
    assert not any(each.actors & world.with_campaigns for each in world.development("LORO"))


def test_the_package_knows_what_the_benchmark_knows(world: World, knowledge: Knowledge) -> None:
    assert same(knowledge.profiles, world.everything)


def test_what_is_taken_away_is_as_if_it_had_never_been_known(world: World) -> None:
    for incident in [*world.incidents["de-cited"][::6], *world.incidents["LORO"][::120]]:
        rest = [use for position, use in enumerate(world.uses) if position not in incident.gone and use[0] not in incident.actors]
        assert same(world.profiles(incident, CHOSEN, incident.actors), build_profiles(rest))
        assert not incident.actors & world.profiles(incident, CHOSEN, incident.actors).direct.keys()


def test_a_prospective_incident_knows_nothing_of_its_future(world: World) -> None:
    [incident] = [each for each in world.incidents["prospective"] if each.id == "C0030"]
    assert incident.actors == {"G0088"}
    assert "G0088" not in world.profiles(incident).direct


@pytest.mark.parametrize(
    ("scores", "right", "hit"),
    [
        ({"a": 3.0, "b": 2.0}, {"b"}, Hit(0.5, 0.0)),
        ({"a": 3.0, "b": 3.0}, {"b"}, Hit((1 + 1 / 2) / 2, 0.5)),
        ({"a": 3.0}, {"b"}, Hit((1 / 2 + 1 / 3) / 2, 0.0)),
        ({}, {"b"}, Hit((1 + 1 / 2 + 1 / 3) / 3, 1 / 3)),
        ({"a": 3.0, "b": 2.0}, {"a", "b"}, Hit(1.0, 1.0)),
        ({"a": 3.0}, {"x"}, Hit(0.0, 0.0)),
    ],
)
def test_a_tie_counts_as_a_random_order(scores: dict[str, float], right: set[str], hit: Hit) -> None:
    assert find(scores, right, ["a", "b", "c"]) == hit


def test_the_bootstrap_holds_the_mean_and_says_what_is_chance() -> None:
    steady = bootstrap(np.array([0.1, 0.2, 0.3] * 30))
    assert steady.mean == pytest.approx(0.2)
    assert 0.1 < steady.low < 0.2 < steady.high < 0.3
    assert steady.beyond_chance
    assert not bootstrap(np.array([-1.0, 1.0] * 20)).beyond_chance


def test_the_plot_is_an_svg_with_a_mark_for_each_bin() -> None:
    quality = Quality(2, 1, 1.0, 2, 0, 0.1, 0.05, ((0.25, 0.5, 3), (0.75, 1.0, 9)))
    drawn = draw({"one": quality, "other": quality})
    assert drawn.count("<circle") == 4
    assert "<title>9 cases: given 0.75, right 1.00</title>" in drawn
    assert drawn.startswith("<svg ")
    assert drawn.rstrip().endswith("</svg>")
