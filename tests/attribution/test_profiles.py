"""Profiles: what is reported, what comes with software, and how rare an item is."""

from __future__ import annotations

from dataclasses import replace
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphcorr.attribution.profiles import BASELINE, CHOSEN, Counting, Posting, build_profiles

USES = [
    *(("G1", "T1"), ("G1", "S1"), ("G2", "S1"), ("G2", "S2"), ("G3", "T2")),
    *(("S1", "T2"), ("S2", "T2"), ("S2", "T3"), ("S3", "T4"), ("C1", "T9")),
]


def test_inherited_techniques_weigh_half_divided_by_the_users_of_the_software() -> None:
    profiles = build_profiles(USES)
    # S1 has two users, S2 one: what G2 has through S2 counts more than what it has through S1.
    assert profiles.posting("T2").actors == {"G3": 1.0, "G1": 0.25, "G2": 0.5}
    assert profiles.posting("T3").actors == {"G2": 0.5}
    assert profiles.posting("T4").actors == {}
    assert profiles.through("T2") == {"G1": ("S1",), "G2": ("S2",)}
    assert profiles.through("S1") == {}


@pytest.mark.parametrize(("counting", "known"), [(Counting.REPORTED, 1), (Counting.WEIGHTED, 1.75), (Counting.ANY, 3)])
def test_rarity_counts_inheritors_as_asked(counting: Counting, known: float) -> None:
    posting = build_profiles(USES, replace(CHOSEN, counting=counting)).posting("T2")
    assert posting.rarity == posting.weight == pytest.approx(log(4 / (known + 0.5)))


def test_software_counts_twice_and_inherits_nothing() -> None:
    posting = build_profiles(USES).posting("S1")
    assert posting.actors == {"G1": 1.0, "G2": 1.0}
    assert posting.weight == pytest.approx(2 * log(4 / 2.5)) == pytest.approx(2 * posting.rarity)


def test_what_nobody_is_known_for_is_the_rarest() -> None:
    profiles = build_profiles(USES)
    assert profiles.posting("T9999") == Posting(log(4 / 0.5), log(4 / 0.5), {})


def test_campaigns_are_in_no_profile() -> None:
    profiles = build_profiles(USES)
    assert sorted(profiles.direct) == ["G1", "G2", "G3"]
    assert profiles.posting("T9").actors == {}


def test_what_everybody_uses_weighs_nothing_and_never_less() -> None:
    profiles = build_profiles([("G1", "T1")], BASELINE)
    assert profiles.posting("T1").rarity == pytest.approx(log(2 / 1.5))
    everybody = build_profiles([("G1", "S1"), ("S1", "T1"), ("S2", "T1")])
    assert everybody.posting("T1").weight >= 0


@given(st.permutations(USES), st.lists(st.sampled_from(USES)))
def test_order_and_repetition_of_statements_do_not_matter(uses: list[tuple[str, str]], again: list[tuple[str, str]]) -> None:
    one, other = build_profiles(USES), build_profiles(uses + again)
    for item in ("T1", "T2", "T3", "T4", "S1", "S2", "S3"):
        assert one.posting(item) == other.posting(item)
