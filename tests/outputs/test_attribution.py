"""An attribution in words: nothing on nobody, never a culprit, and no reason without its rarity."""

from __future__ import annotations

from graphcorr.attribution.answer import Answer, Basis, Hypothesis, Mention, Reason, Unresolved, Verdict
from graphcorr.outputs.attribution import MOST_TIED, describe, render

FIRST = Hypothesis("G0001", "Somebody", 0.75, [Reason("S0001", "Tool", Basis.REPORTED, 1, 172, ["5f3a9c21aa", "77ab00ff11"])])
OTHER = Hypothesis("G0002", "Else", 0.5, [Reason("T1570", "Transfer", Basis.INHERITED, 0, 172, [], ["S0002"])])
MENTIONED = Hypothesis("G0003", "Third", 0.0, [], [Mention("S0001", "relationship--x")])


def answer(verdict: Verdict, actors: list[Hypothesis]) -> Answer:
    return Answer(
        verdict=verdict,
        why="because",
        probability=0.6,
        actors=actors,
        software=[],
        mentioned=[MENTIONED],
        unresolved=[Unresolved("x\x07y", "is strange")],
    )


def test_nobody_is_said_without_a_name_and_hides_the_ranking() -> None:
    assert render({"": answer(Verdict.NONE, [FIRST, OTHER])}, "18.1").plain() == (
        "Not counted: x<U+0007>y is strange\n"
        "No attribution: because.\n"
        "   --ranking shows how the others compare.\n"
        "\n"
        "Known from MITRE ATT&CK 18.1: what reports say of actors, not who this was.\n"
    )


def test_somebody_is_said_with_reasons_and_mentions_apart() -> None:
    assert render({"a → b": answer(Verdict.POSSIBLE, [FIRST, OTHER])}, "18.1").plain() == (
        "a → b\n"
        "Not counted: x<U+0007>y is strange\n"
        "Consistent with Somebody (G0001): possible, not proven.\n"
        "       Tool (S0001): known of 1 of 172; finding 5f3a9c21 and 77ab00ff\n"
        "Named in a report together with it, but not reported to use it: Third (G0003) beside S0001.\n"
        "\n"
        "Known from MITRE ATT&CK 18.1: what reports say of actors, not who this was.\n"
    )


def test_the_ranking_shows_ties_and_counts_the_rest() -> None:
    tied = [Hypothesis(f"G{number:04}", f"Actor {number}", 0.5, []) for number in range(20)]
    lines = render({"": answer(Verdict.NONE, tied)}, "18.1", ranking=True).plain().splitlines()
    assert len([line for line in lines if line.startswith("0.500")]) == MOST_TIED
    assert f"and {20 - MOST_TIED} more" in lines


def test_an_inherited_technique_says_through_what() -> None:
    assert describe(OTHER.reasons[0]) == "Transfer (T1570): only through S0002; known of 0 of 172"
    assert describe(Reason("S0001", "Tool", Basis.SEEN, 1, 172, ["5f3a9c21aa"])) == "Tool (S0001) was seen itself; finding 5f3a9c21"
