"""What a question means: ids followed, names resolved or refused, nothing lost."""

from __future__ import annotations

import pytest

from graphcorr.attribution.knowledge import Knowledge
from graphcorr.attribution.observed import MOST_LISTED, observe


def reasons(knowledge: Knowledge, *, techniques: tuple[str, ...] = (), software: tuple[str, ...] = ()) -> dict[str, str]:
    observed = observe(dict.fromkeys(techniques, ()), dict.fromkeys(software, ()), knowledge.facts)
    assert observed.items == frozenset()
    return {one.text: one.reason for one in observed.unresolved}


def test_ids_and_names_mean_the_same(knowledge: Knowledge) -> None:
    by_id = observe({"T1021.002": ["b"]}, {"S0029": ["a"], "S0363": []}, knowledge.facts)
    by_name = observe({" t1021.002 ": ["b"]}, {"psexec": ["a"], "Empire": [], "EmPyre": []}, knowledge.facts)
    assert by_id == by_name
    assert (by_id.techniques, by_id.software) == ({"T1021.002": ("b",)}, {"S0029": ("a",), "S0363": ()})


def test_findings_of_one_item_are_joined(knowledge: Knowledge) -> None:
    observed = observe({}, {"S0029": ["b", "a"], "PsExec": ["c", "a"]}, knowledge.facts)
    assert observed.findings("S0029") == ["a", "b", "c"]
    assert observed.findings("T1021") == []


def test_revoked_ids_are_followed(knowledge: Knowledge) -> None:
    # T1035 Service Execution became T1569.002 in 2020.
    observed = observe({"T1035": ["a"], "T1569.002": ["b"]}, {}, knowledge.facts)
    assert (observed.techniques, observed.unresolved) == ({"T1569.002": ("a", "b")}, [])


def test_a_technique_and_its_sub_technique_both_count(knowledge: Knowledge) -> None:
    observed = observe(dict.fromkeys(("T1021", "T1021.002"), ()), {}, knowledge.facts)
    assert observed.items == {"T1021", "T1021.002"}
    assert "T1021" not in observe({"T1021.002": ()}, {}, knowledge.facts).items


def test_withdrawn_without_a_successor_is_said(knowledge: Knowledge) -> None:
    [withdrawn] = [
        fact.id for fact in knowledge.facts.objects.values() if fact.kind == "technique" and not fact.active and not fact.replaced_by
    ][:1]
    assert reasons(knowledge, techniques=(withdrawn,)) == {
        withdrawn: f"was withdrawn and not replaced ({withdrawn} in ATT&CK 18.1)",
    }


def test_what_means_nothing_is_said_with_the_reason(knowledge: Knowledge) -> None:
    assert reasons(knowledge, techniques=("T9999", "S0029", "", "PsExec")) == {
        "T9999": "is not in ATT&CK 18.1",
        "S0029": "is no technique id (as T1021 or T1021.002)",
        "": "is no technique id (as T1021 or T1021.002)",
        "PsExec": "is no technique id (as T1021 or T1021.002)",
    }
    assert reasons(knowledge, software=("S9999", "G0010", "T1021", " ", "no such thing", "Turla")) == {
        "S9999": "is not in ATT&CK 18.1",
        "G0010": "is an actor, not software",
        "T1021": "is a technique, not software",
        " ": "is no name of software in ATT&CK 18.1",
        "no such thing": "is no name of software in ATT&CK 18.1",
        "Turla": "is the name of an actor (G0010), not of software",
    }


@pytest.mark.parametrize(
    ("name", "meanings"),
    [
        ("play", "Play (G1040, actor), Playcrypt (S1162, malware)"),
        ("at", "at (S0110, tool), At (T1053.002, technique)"),
        ("Akira", "Akira (G1024, actor), Akira (S1129, malware)"),
    ],
)
def test_a_name_with_several_meanings_links_nothing(knowledge: Knowledge, name: str, meanings: str) -> None:
    assert reasons(knowledge, software=(name,)) == {name: f"may mean {meanings}: give the id"}


def test_very_many_strange_items_are_counted_and_not_listed(knowledge: Knowledge) -> None:
    strange = {f"T{number:07}": () for number in range(100_000)}
    observed = observe({**strange, "T1021.002": ()}, {}, knowledge.facts)
    assert list(observed.techniques) == ["T1021.002"]
    assert len(observed.unresolved) == MOST_LISTED + 1
    assert observed.unresolved[-1].reason == f"and {100_000 - MOST_LISTED:,} more that do not count"


def test_a_long_text_is_cut(knowledge: Knowledge) -> None:
    [one] = observe({}, {"x" * 100_000: ()}, knowledge.facts).unresolved
    assert one.text == "x" * 200 + "…"
