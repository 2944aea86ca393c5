"""The package's table of facts: what it holds, how names resolve, and that the bundle gives exactly it."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
import zstandard

from graphcorr.errors import InputError
from graphcorr.intel.attack import make_facts
from graphcorr.intel.facts import PACKAGED, Facts, Use, encode_facts, load_facts
from graphcorr.intel.objects import decode
from graphcorr.intel.reading import Document, split


def test_the_table_is_what_the_bundle_states(release: Document, facts: Facts) -> None:
    made = make_facts([decode(piece.text) for piece in split(release.content)], "18.1")
    assert encode_facts(made) == PACKAGED.read_bytes()
    assert PACKAGED.stat().st_size < 800_000


def test_it_agrees_with_the_benchmark_of_campaigns(shared: Path, facts: Facts) -> None:
    """Every ``uses`` of the release, counted by somebody else; and dates that are no later than its late bounds' months."""
    theirs = json.loads((shared / "attack" / "attack_campaign_benchmark.json").read_bytes())
    dates = {(source, target): day for source, target, _, day in theirs["relations"]}
    assert {(use.source, use.target) for use in facts.uses} == dates.keys()
    same_month = sum(use.since.isoformat()[:7] == dates[use.source, use.target][:7] for use in facts.uses)
    assert same_month / len(dates) > 0.99
    actors = {one["id"]: tuple(one["actors"]) for one in theirs["campaigns"] if one["actors"]}
    assert facts.attributed == actors
    assert len(actors) == 24


def test_counts(facts: Facts) -> None:
    kinds: dict[tuple[str, bool], int] = {}
    for fact in facts.objects.values():
        kinds[fact.kind, fact.active] = kinds.get((fact.kind, fact.active), 0) + 1
    assert kinds[("actor", True)] == 172
    assert kinds[("actor", False)] == 15
    assert kinds[("campaign", True)] == 52
    assert kinds[("detection_strategy", True)] == 691
    assert kinds[("technique", True)] + kinds[("technique", False)] == 835
    assert kinds[("malware", True)] + kinds[("malware", False)] == 696
    assert kinds[("tool", True)] == 91
    assert facts.parents["T1021.002"] == "T1021"
    assert facts.tactics["T1021.002"] == ("TA0008",)
    assert "T1021.002" in {target for targets in facts.detects.values() for target in targets}
    assert all(analytics and analytics[0].startswith("AN") for analytics in facts.analytics.values())


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("PsExec", ["S0029"]),
        ("  psexec ", ["S0029"]),
        ("G0091", ["G0091"]),
        ("Whisper Spider", ["G0091"]),
        ("akira", ["G1024", "S1129"]),
        ("at", ["S0110", "T1053.002"]),
        ("T1086", ["T1059.001"]),
        ("Remote Services: SMB/Windows Admin Shares", ["T1021.002"]),
        ("no such thing", []),
        ("", []),
    ],
)
def test_names_resolve(facts: Facts, name: str, ids: list[str]) -> None:
    assert [fact.id for fact in facts.resolve(name)] == ids


def test_a_name_of_two_is_ambiguous_between_actor_and_software(facts: Facts) -> None:
    for name in ("carbanak", "play", "snake", "whitebear"):
        assert len({fact.kind for fact in facts.resolve(name)}) == 2, name


def test_the_names_of_the_notes_resolve(seeds: Path, facts: Facts) -> None:
    """Each heading of the prose names one object, some with a word of what it is."""
    text = (seeds / "notes.md").read_text(encoding="utf-8")
    named = re.findall(r"^#### (.+)$", text, re.MULTILINE)
    names = [re.sub(r" (Group|Campaign)$", "", name) for name in named if "mplementation" not in name and name != "Overview"]
    resolved = {name: [fact.id for fact in facts.resolve(name)] for name in names}
    assert resolved == {
        "Silence": ["G0091"],
        "Night Dragon": ["C0002"],
        "Cadelspy": ["S0454"],
        "Gazer": ["S0168"],
        "Tomiris": ["S0671"],
        "Bandook": ["S0234"],
        "BRONZE BUTLER": ["G0060"],
        "Stuxnet": ["S0603"],
        "BackdoorDiplomacy": ["G0135"],
        "Empire": ["S0363"],
    }
    assert [fact.id for fact in facts.resolve("cmd")] == ["S0106"]


def test_silence_and_psexec_is_a_mention_and_no_use(facts: Facts) -> None:
    used = {use.target for use in facts.uses if use.source == "G0091"}
    mentioned = {mention.software: mention.provenance for mention in facts.mentions if mention.actor == "G0091"}
    assert {"S0363", "S0191", "S0195"} <= used
    assert "S0029" not in used
    assert mentioned["S0029"] == mentioned["S0363"] == "relationship--c3a35bf1-acfc-4e70-8be8-db843110a142"


def test_revoked_ids_are_followed(facts: Facts) -> None:
    assert all(fact.replaced_by is None for fact in facts.objects.values() if fact.active)
    for fact in facts.objects.values():
        followed = facts.follow(fact.id)
        assert followed is not None
        assert followed.active or followed.replaced_by is None
    assert facts.follow("T9999") is None


def test_since_is_a_date() -> None:
    assert Use("S0001", "T1001", (), 18_262).since == date(2020, 1, 1)


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "facts"
    with pytest.raises(InputError, match="cannot be read"):
        load_facts(path)
    path.write_bytes(b"x" * 100)
    with pytest.raises(InputError, match="no table of facts"):
        load_facts(path)
    path.write_bytes(zstandard.compress(b"\x81\xa1a\x01"))
    with pytest.raises(InputError, match="no table of facts"):
        load_facts(path)
