"""Paths of a report: each from its own findings."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from graphcorr.attribution.knowledge import Knowledge
from graphcorr.attribution.paths import attribute_paths, observe_path
from graphcorr.model.findings import ToldAlert
from graphcorr.model.report import Report

REPORT = Path(__file__).parents[1] / "outputs/golden/report.json"


def test_a_path_is_attributed_by_its_own_hops(knowledge: Knowledge) -> None:
    report = msgspec.json.decode(REPORT.read_bytes(), type=Report)
    [first, *others] = report.findings
    hop = msgspec.structs.replace(first, techniques=["T1021.002", "T1570"], software=["S0029"])
    elsewhere = [msgspec.structs.replace(one, techniques=["T1003.001"], software=["S0002"]) for one in others]
    path = msgspec.structs.replace(report.paths[0], hops=[hop.id, "no such finding"])
    [attributed] = attribute_paths([path], [hop, *elsewhere], knowledge)
    observed = observe_path(path, {one.id: one for one in [hop, *elsewhere]}, knowledge)
    assert observed.items == {"T1021.002", "T1570", "S0029"}
    assert msgspec.structs.replace(attributed, attribution=path.attribution) == path
    carried = attributed.attribution
    assert (carried.verdict, carried.software[0]["id"]) == ("none", "S0029")
    reasons = carried.actors[0]["reasons"]
    assert isinstance(reasons, list)
    assert {tuple(reason["findings"]) for reason in reasons} == {(hop.id,)}


def test_paths_that_show_the_same_name_their_own_findings(knowledge: Knowledge) -> None:
    report = msgspec.json.decode(REPORT.read_bytes(), type=Report)
    hops = [msgspec.structs.replace(report.findings[0], id=id_, techniques=["T1570"], software=["S0029"]) for id_ in ("one", "two")]
    paths = [msgspec.structs.replace(report.paths[0], hops=[hop.id]) for hop in hops]
    for path, hop, alone in zip(attribute_paths(paths, hops, knowledge), hops, paths, strict=True):
        assert [path] == attribute_paths([alone], hops, knowledge)
        told = json.dumps([one["reasons"] for one in (*path.attribution.actors, *path.attribution.software)])
        assert f'"findings": ["{hop.id}"]' in told
        assert told.count('"findings"') == told.count(f'["{hop.id}"]')


def test_paths_without_anything_known_say_none(knowledge: Knowledge) -> None:
    report = msgspec.json.decode(REPORT.read_bytes(), type=Report)
    for path in attribute_paths(report.paths, [], knowledge):
        assert (path.attribution.verdict, path.attribution.probability, path.attribution.actors) == ("none", None, [])


def test_what_tools_told_of_a_hops_records_counts_as_seen_there(knowledge: Knowledge) -> None:
    report = msgspec.json.decode(REPORT.read_bytes(), type=Report)
    alert = ToldAlert("a rule", "a-tool", "high", ["T1003.001"], [0, 1])
    hop = msgspec.structs.replace(report.findings[0], techniques=["T1570"], software=[], alerts=[alert])
    path = msgspec.structs.replace(report.paths[0], hops=[hop.id])
    assert observe_path(path, {hop.id: hop}, knowledge).techniques == {"T1003.001": (hop.id,), "T1570": (hop.id,)}
