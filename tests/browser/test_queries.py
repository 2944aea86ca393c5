"""The saved queries: portable, runnable with their own examples, and with rows to show on the demo's samples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphcorr.browser.queries import browser_folder, load_queries, read_query
from graphcorr.graph.kinds import EDGES, NODES
from graphcorr.patterns.checks import edges, values, words
from graphcorr.patterns.grammar import read_query as read_shape
from graphcorr.patterns.load import builtin_folder, load
from graphcorr.store.base import Store
from graphcorr.store.open import open_store
from tests.browser.conftest import add_parts

QUERIES = {query.id: query for query in load_queries()}
ROWS = {
    "01-findings-in-time-order": 4,
    "02-hops-as-a-graph": 3,
    "03-paths-step-by-step": 3,
    "04-everything-about-this-host": 19,
    "05-events-of-this-host": 122,
    "06-how-far-from-this-host": 4,
    "07-evidence-of-this-finding": 5,
    "08-records-of-this-finding": 5,
    "09-findings-i-may-trust-least": 4,
    "10-from-this-host-to-the-actors": 2,
    "11-software-seen-here": 1,
    "12-who-else-uses-this-software": 1,
    "13-techniques-of-the-findings": 13,
    "14-actors-consistent-with-a-path": 1,
    "15-accounts-that-moved": 2,
    "16-files-on-several-hosts": 1,
}
"""On the demo's samples, with the examples that the queries themselves give."""


@pytest.fixture(scope="module")
def store(graph: Path) -> Iterator[Store]:
    embedded = open_store("ladybug://")
    try:
        add_parts(embedded, graph)
        yield embedded
    finally:
        embedded.close()


@pytest.fixture(scope="module")
def unknown(without_source: Path) -> Iterator[Store]:
    """The same, with one finding of which nobody knows where it came from."""
    embedded = open_store("ladybug://")
    try:
        add_parts(embedded, without_source)
        yield embedded
    finally:
        embedded.close()


def test_every_query_finds_its_rows(store: Store) -> None:
    assert {id_: len(store.query(query.text, query.parameters)) for id_, query in QUERIES.items()} == ROWS


def test_findings_come_in_time_order(store: Store) -> None:
    rows = store.query(QUERIES["01-findings-in-time-order"].text)
    assert [(row["source"], row["target"], row["how"]) for row in rows] == [
        ("ws01.corp.example", "srv01.corp.example", "service"),
        ("srv01.corp.example", "dc01.corp.example", "command_line"),
        ("ws01.corp.example", "srv01.corp.example", "module_load"),
        (None, "dc01.corp.example", None),
    ]


def test_a_finding_of_unknown_source_is_left_out_nowhere_unsaid(unknown: Store) -> None:
    """What follows hops cannot have it, and says so; everything else has it."""
    text = "MATCH (f:Finding) WHERE f.movement = 'unknown_source' AND f.execution IS NOT NULL RETURN f.id AS id, f.target AS host"
    [finding] = unknown.query(text)
    asked = {"host": finding["host"], "finding": finding["id"]}
    told = {
        id_: str(unknown.query(query.text, {name: asked.get(name, example) for name, example in query.parameters.items()}))
        for id_, query in QUERIES.items()
    }
    has_it = {id_ for id_, rows in told.items() if str(finding["id"]) in rows}
    assert {id_ for id_ in QUERIES if "not known" in QUERIES[id_].meaning or "nobody knows" in QUERIES[id_].meaning} == {
        *("01-findings-in-time-order", "02-hops-as-a-graph", "03-paths-step-by-step", "06-how-far-from-this-host"),
        "15-accounts-that-moved",
    }
    assert has_it == {
        *("01-findings-in-time-order", "04-everything-about-this-host", "07-evidence-of-this-finding", "09-findings-i-may-trust-least"),
        *("10-from-this-host-to-the-actors", "11-software-seen-here", "13-techniques-of-the-findings"),
    }
    rows = unknown.query(QUERIES["01-findings-in-time-order"].text)
    assert [(row["source"], row["movement"]) for row in rows if row["finding"] == finding["id"]] == [(None, "unknown_source")]
    account, _ = unknown.query(QUERIES["15-accounts-that-moved"].text)
    assert (account["findings"], account["from_unknown"]) == (2, 1)


def test_the_least_sure_finding_comes_first(store: Store) -> None:
    rows = store.query(QUERIES["09-findings-i-may-trust-least"].text)
    assert [row["confidence"] for row in rows] == ["medium", "medium", "high", "high"]


def test_the_way_from_a_host_ends_at_the_actor(store: Store) -> None:
    query = QUERIES["10-from-this-host-to-the-actors"]
    [other, service] = sorted(store.query(query.text, query.parameters), key=lambda row: len(_list(row["actors"])))
    columns = ("events", "techniques", "software", "actors")
    assert [len(_list(service[column])) for column in columns] == [5, 4, 1, 1]
    assert [len(_list(other[column])) for column in columns] == [2, 3, 0, 0]


def test_what_was_found_on_a_host_is_reached_without_a_hop_from_it(store: Store) -> None:
    """So is a finding whose source nobody knows."""
    text = QUERIES["10-from-this-host-to-the-actors"].text
    assert store.query("MATCH (h:Host)-[:MOVED_TO]->(o:Host) WHERE h.name = 'dc01.corp.example' RETURN o.name AS name") == []
    rows = store.query(text, {"host": "dc01.corp.example"})
    assert [bool(_list(row[column])) for row in rows for column in ("events", "techniques")] == [True] * 4
    assert len(store.query(text, {"host": "srv01.corp.example"})) == 3


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


@pytest.mark.parametrize("id_", QUERIES)
def test_a_query_means_the_same_on_every_engine(id_: str) -> None:
    """The lint of patterns, but for what only patterns must keep to: no findings, no parameters, no line comments."""
    shape = read_shape(QUERIES[id_].text)
    assert shape.problems == []
    header = load([builtin_folder()])[0].header
    problems = [problem.reason for check in (edges, values, words) for problem in check.check(shape, header)]
    spared = ("a pattern takes no parameters", "// is not tried")
    assert [reason for reason in problems if not any(word in reason for word in spared)] == []


@pytest.mark.parametrize("id_", QUERIES)
def test_a_query_says_what_it_needs_and_ends(id_: str) -> None:
    query = QUERIES[id_]
    assert query.title.startswith(id_[:2])
    assert query.meaning
    assert set(re.findall(r"\$([a-z_]+)", query.text)) == set(query.parameters)
    assert re.search(r"^LIMIT \d+\n\Z", query.text, re.MULTILINE)


def test_a_file_without_a_title_is_refused(tmp_path: Path) -> None:
    (tmp_path / "01-x.cypher").write_text("MATCH (n) RETURN n\n", encoding="utf-8")
    with pytest.raises(ValueError, match="does not begin with // and a title"):
        read_query(tmp_path / "01-x.cypher")


def read_style() -> dict[str, dict[str, str]]:
    """The style as Browser reads it: a selector, then ``name: value`` up to each semicolon; it knows no comments."""
    text = (browser_folder() / "style.grass").read_text(encoding="utf-8")
    rules = re.findall(r"([^{}]+)\{((?:'[^']*'|[^{}'])*)\}", text)
    return {selector.strip(): dict(part.strip().split(": ", 1) for part in body.strip().rstrip(";").split(";")) for selector, body in rules}


def test_every_kind_has_a_color_and_a_caption_of_its_own() -> None:
    style = read_style()
    assert {name.removeprefix("node.") for name in style if name.startswith("node.")} == {node.label for node in NODES}
    colors = [rule["color"] for name, rule in style.items() if name.startswith("node.")]
    assert {color for color in colors if colors.count(color) > 1} == set()
    assert {name.removeprefix("relationship.") for name in style if name.startswith("relationship.")} <= {edge.type for edge in EDGES}


def test_captions_show_properties_that_there_are() -> None:
    properties = {f"node.{node.label}": {"id", *node.properties} for node in NODES}
    properties |= {f"relationship.{edge.type}": set(edge.properties) for edge in EDGES}
    for name, rule in read_style().items():
        shown = set(re.findall(r"\{(\w+)\}", rule["caption"]))
        assert shown <= properties.get(name, set()), name
        # Browser drops a value with a colon in it, and takes an empty caption for none.
        assert ":" not in rule["caption"], name
        assert shown or name not in properties or rule["caption"] == "'<type>'", name


def test_hosts_are_big_and_events_small() -> None:
    style = read_style()
    size = {node.label: int(style[f"node.{node.label}"]["diameter"].removesuffix("px")) for node in NODES}
    assert max(size[node.label] for node in NODES if node.event) < min(size["Host"], size["Finding"], size["Path"], size["Actor"])
