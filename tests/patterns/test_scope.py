"""What a pattern must see every event of is told by its text; each test is a text and the kinds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from graphcorr.model.kinds import Kind
from graphcorr.patterns.grammar import read_query
from graphcorr.patterns.load import builtin_folder, load
from graphcorr.patterns.scope import can_match, named, spoken_kinds, whole_kinds

BY_ITSELF = {Kind.WRITE}
"""Every write is linked to the version it made, whatever a pattern asks."""


def whole(text: str) -> set[str]:
    return {kind.value for one in named(read_query(text)) if one.whole for kind in one.kinds}


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("MATCH (l:Logon) RETURN l.id AS id", {"Logon"}),
        ("MATCH (l:Logon)-[:OCCURRED_ON]->(h:Host) RETURN l.id AS id", {"Logon"}),
        ("MATCH (p:ProcessStart)-[:RAN]->(v:FileVersion) RETURN p.id AS id", set()),
        ("MATCH (v:FileVersion)<-[:RAN|NAMED]-(p:ProcessStart) RETURN p.id AS id", set()),
        ("MATCH (e)-[:RAN]->(v) RETURN e.id AS id", set()),
        ("MATCH (e)-[:OCCURRED_ON]->(h:Host) RETURN e.id AS id", {kind.value for kind in Kind if kind.value in {"Logon", "Write"}}),
        ("MATCH (p:ProcessStart)-[:RAN]->(v) MATCH (p)-[:OCCURRED_ON]->(h) RETURN p.id AS id", set()),
        ("MATCH (p:ProcessStart) MATCH (p)-[:RAN]->(v) RETURN p.id AS id", {"ProcessStart"}),
        # One name, two things.
        (
            (
                "MATCH (w:Write)-[:WROTE]->(x) WHERE NOT EXISTS { MATCH (p:ProcessStart)-[:RAN]->(x) } "
                "MATCH (p:ProcessStart)-[:OCCURRED_ON]->(h:Host) RETURN h.id AS id"
            ),
            {"ProcessStart"},
        ),
        (
            "MATCH (p:ProcessStart)-[:RAN]->(x) WITH collect(x.id) AS xs MATCH (p:ProcessStart)-[:OCCURRED_ON]->(h:Host) RETURN h.id AS id",
            {"ProcessStart"},
        ),
        ("MATCH (p:ProcessStart)-[:RAN]->(x) WITH p, x MATCH (p)-[:OCCURRED_ON]->(h:Host) RETURN h.id AS id", set()),
        (
            "MATCH (p:ProcessStart)-[:RAN]->(x) RETURN x.id AS id UNION MATCH (p:ProcessStart)-[:OCCURRED_ON]->(h:Host) RETURN h.id AS id",
            {"ProcessStart"},
        ),
        # A path that may have no edge.
        ("MATCH (p:ProcessStart)-[:RAN*0..1]->(x) RETURN p.id AS id", {"ProcessStart"}),
        # What is in the graph because of events, and bound by none of them.
        ("MATCH (w:Write)-[:WROTE]->(v) WHERE NOT EXISTS { MATCH (a:Account) } RETURN w.id AS id", {"Logon", "ShareAccess"}),
        ("MATCH (w:Write)-[:WROTE]->(v) MATCH (h:Host) RETURN h.id AS id", {"Logon", "Removal"}),
        ("MATCH (a:Address)-[:ASSIGNED_TO]->(h:Host) RETURN h.id AS id", {"Logon", "Connection"}),
        ("MATCH (w:Write)-[:CAME_FROM]->(a:Address)-[:ASSIGNED_TO]->(h:Host) RETURN h.id AS id", set()),
        ("MATCH (f:File)-[:STORED_ON]->(h:Host) RETURN h.id AS id", set()),
        ("MATCH (e:Write|ProcessStart)-[r:WROTE|RAN]->(v) RETURN e.id AS id", set()),
        ("MATCH (p:ProcessStart)-[:RAN|PERFORMED_BY]->(v) RETURN p.id AS id", {"ProcessStart"}),
        ("MATCH (s:ServiceInstall)-[:POINTS_TO]->(v) WHERE NOT EXISTS { MATCH (p:ProcessStart)-[:RAN]->(v) } RETURN v.id AS id", set()),
        (
            (
                "MATCH (s:ServiceInstall)-[:POINTS_TO]->(v)-[:VERSION_OF]->(f)-[:STORED_ON]->(h) "
                "WHERE NOT EXISTS { MATCH (p:ProcessStart)-[:OCCURRED_ON]->(h) } RETURN v.id AS id"
            ),
            {"ProcessStart"},
        ),
        ("MATCH (s:ServiceInstall)-[:POINTS_TO]->(v) OPTIONAL MATCH (l:Logon)-[:CAME_FROM]->(a) RETURN v.id AS id", {"Logon"}),
    ],
)
def test_a_kind_is_reduced_only_where_an_edge_of_links_binds_it(text: str, kinds: set[str]) -> None:
    found = whole(text) - {kind.value for kind in BY_ITSELF}
    assert kinds - {kind.value for kind in BY_ITSELF} <= found
    if len(kinds) < 2:
        assert found == kinds


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("MATCH (w:Write)-[:WROTE]->(v:FileVersion) RETURN v.id AS id", {"Write", "FileVersion"}),
        ("MATCH (s:Logon|PipeOpen)-[:CAME_FROM]->(a) RETURN s.id AS id", {"PipeOpen"}),
        ("MATCH (w:Write) OPTIONAL MATCH (l:Logon) RETURN w.id AS id", {"Write"}),
        ("MATCH (w:Write) WHERE NOT EXISTS { MATCH (l:Logon) } RETURN w.id AS id", {"Write"}),
        ("MATCH (w:Write) WHERE COUNT { MATCH (l:Logon) } = 0 RETURN w.id AS id", {"Write"}),
        ("MATCH (w:Write) RETURN w.id AS id UNION MATCH (l:Logon) RETURN l.id AS id", set()),
        ("MATCH (w) RETURN w.id AS id", set()),
        # What is known of software is no event, and is added afterwards.
        ("MATCH (w:Write) MATCH (t:Technique) RETURN w.id AS id", {"Write"}),
    ],
)
def test_without_what_it_has_to_match_a_pattern_is_not_run(folder: Path, text: str, labels: set[str]) -> None:
    [pattern] = load([folder])
    asked = replace(pattern, text=text)
    assert can_match(asked, labels)
    assert not any(can_match(asked, labels - {one}) for one in labels)


def test_the_built_in_patterns_stay_as_small_as_they_are() -> None:
    assert whole_kinds(one for one in load([builtin_folder()]) if one.header.identity == ["version"] or one.id == "smb-write") == BY_ITSELF


def test_what_is_said_to_be_absent_is_spoken_of_as_well() -> None:
    """``smb-write-then-image-load`` says that there is no start: without starts read, it would always be true."""
    [pattern] = [one for one in load([builtin_folder()]) if one.id == "smb-write-then-image-load"]
    assert spoken_kinds([pattern]) == {Kind.WRITE, Kind.MODULE_LOAD, Kind.PROCESS_START}
