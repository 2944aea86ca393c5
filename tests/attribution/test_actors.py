"""Ranking of actors: shares of what was seen, ties, and what nobody knows."""

from __future__ import annotations

import pytest

from graphcorr.attribution.actors import rank_actors
from graphcorr.attribution.profiles import build_profiles

USES = [("G2", "T1"), ("G1", "T1"), ("G1", "S1"), ("G2", "S1"), ("G3", "T2"), ("G4", "T3")]


def test_ties_have_equal_scores_in_the_order_of_ids() -> None:
    ranked = rank_actors(["S1", "T1"], build_profiles(USES))
    assert [(one.id, one.score) for one in ranked] == [("G1", 1.0), ("G2", 1.0)]


def test_what_nobody_knows_lowers_every_score() -> None:
    profiles = build_profiles(USES)
    [first] = rank_actors(["T2"], profiles)
    assert (first.id, first.score) == ("G3", 1.0)
    weight, unknown = profiles.posting("T2").weight, profiles.posting("S9").weight
    [lower] = rank_actors(["T2", "S9"], profiles)
    assert lower.score == pytest.approx(weight / (weight + unknown), abs=1e-9)


def test_nothing_in_common_is_no_rank() -> None:
    assert rank_actors(["T9"], build_profiles(USES)) == []
    assert rank_actors([], build_profiles(USES)) == []


def test_an_item_given_twice_counts_once() -> None:
    profiles = build_profiles(USES)
    assert rank_actors(["T1", "T2", "T1"], profiles) == rank_actors(["T2", "T1"], profiles)
