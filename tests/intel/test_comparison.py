"""Two releases side by side: every kind of change, and none where there is none."""

from __future__ import annotations

import msgspec

from graphcorr.intel.attack import pack
from graphcorr.intel.comparison import Change, StatementChange, compare
from graphcorr.intel.facts import FORMAT, Content, Fact, Facts, Mention, Use


def release(version: str, *objects: Fact, uses: tuple[Use, ...] = (), **values: object) -> Facts:
    base: dict[str, object] = {key: {} for key in ("parents", "tactics", "attributed", "detects", "analytics")}
    rows = {"uses": pack(uses), "mentions": pack(()), "citations": pack(()), "joins": pack(())}
    content = {"format": FORMAT, "version": version, "name": "x", "objects": objects} | base | rows | values
    return Facts(msgspec.convert(content, Content))


def fact(identity: str, name: str = "N", **values: object) -> Fact:
    return msgspec.structs.replace(Fact(identity, "actor", name, f"intrusion-set--{identity}"), **values)


def test_nothing_changed(facts: Facts) -> None:
    found = compare(facts, facts)
    assert (found.objects, found.statements) == ([], [])
    assert found.old == found.new == "enterprise-attack 18.1"


def test_each_kind_of_change() -> None:
    old = release(
        "1",
        *(fact("A"), fact("B"), fact("C"), fact("D"), fact("E", active=False), fact("F", aliases=("x", "y"))),
        uses=(Use("A", "T1", (), 0),),
        parents={"T1.001": "T1"},
    )
    new = release(
        "2",
        *(fact("A"), fact("B", "M"), fact("C", active=False, replaced_by="A"), fact("D", active=False), fact("E")),
        *(fact("F", aliases=("y", "z")), fact("G")),
        uses=(Use("A", "T1", (3,), 9), Use("A", "T2", (), 0)),
        mentions=pack((Mention("A", "S1", "r"),)),
    )
    found = compare(old, new)
    assert found.objects == [
        Change("actor", "B", "renamed", "M", "was N"),
        Change("actor", "C", "revoked", "N", "by A"),
        Change("actor", "D", "deprecated", "N"),
        Change("actor", "E", "revived", "N"),
        Change("actor", "F", "aliases", "N", "+z -x"),
        Change("actor", "G", "added", "N"),
    ]
    assert found.statements == [
        StatementChange("mentions", "added", "A", "S1"),
        StatementChange("parent", "removed", "T1.001", "T1"),
        StatementChange("uses", "added", "A", "T2"),
    ]
    back = compare(new, old)
    assert Change("actor", "G", "removed", "N") in back.objects
