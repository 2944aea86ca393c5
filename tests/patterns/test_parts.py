"""A pattern whose parts nothing joins compares every pair, and is refused; one whose parts are joined is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphcorr.patterns.lint import lint
from graphcorr.patterns.load import Pattern
from tests.patterns.made_up import HEADER, RETURN

_REASON = (
    "nothing joins this to what is matched before it, so that every pair would be compared: draw an edge between them, "
    "or demand in WHERE that a property of the one equals (=) one of the other"
)


def _apart(query: str) -> list[str]:
    """The text from each refused part on."""
    text = query + RETURN
    errors = lint(Pattern(HEADER, Path("x.cypher"), text))
    assert [error.reason for error in errors] == [_REASON] * len(errors)
    return [text[error.column - 1 :].partition(")")[0] + ")" for error in errors]


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("MATCH (w:Write), (o:Write)", ["(o:Write)"]),
        ("MATCH (w:Write), (h:Host), (f:FileVersion)", ["(h:Host)", "(f:FileVersion)"]),
        ("MATCH (w:Write)-[:OCCURRED_ON]->(h:Host), (o:Write)-[:WROTE]->(v:FileVersion)", ["(o:Write)"]),
        ("MATCH (w:Write) MATCH (o:Write)", ["(o:Write)"]),
        ("MATCH (w:Write), (:Host)", ["(:Host)"]),
        ("MATCH (w:Write) OPTIONAL MATCH (o:Write) WHERE o.time > w.time", ["(o:Write)"]),
        ("MATCH (w:Write), (o:Write) WHERE o.time > w.time AND o.host <> w.host", ["(o:Write)"]),
        ("MATCH (w:Write), (o:Write) WHERE o.path = 'a' AND w.path = 'a'", ["(o:Write)"]),
        ("MATCH (w:Write), (o:Write) WHERE o.host = w.host OR o.path = 'a'", ["(o:Write)"]),
        ("MATCH (w:Write), (o:Write) WHERE (o.host = w.host AND o.inferred) OR w.path = 'a'", ["(o:Write)"]),
        ("MATCH (w:Write), (o:Write) WHERE NOT o.host = w.host", ["(o:Write)"]),
        ("MATCH (w:Write), (o:Write) WHERE NOT (o.host = w.host)", ["(o:Write)"]),
        ("MATCH (w:Write) WHERE EXISTS { MATCH (o:Write) WHERE o.time < w.time }", ["(o:Write)"]),
        ("MATCH (w:Write) WHERE EXISTS { MATCH (o:Write), (h:Host) }", ["(h:Host)"]),
        ("MATCH (o:Write), (w:Write) WHERE EXISTS { MATCH (o)-[:WROTE]->(v:FileVersion) WHERE v.id = w.id }", ["(w:Write)"]),
        ("MATCH (o:Host) WITH o.name AS name, count(o) AS many MATCH (w:Write)", ["(w:Write)"]),
        ("MATCH (h:Host) WITH collect(h.name) AS all_ UNWIND all_ AS name MATCH (o:Host), (w:Write)", ["(w:Write)"]),
    ],
)
def test_parts_that_nothing_joins(query: str, parts: list[str]) -> None:
    assert _apart(query) == parts


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (w:Write)-[:WROTE]->(v:FileVersion), (w)-[:OCCURRED_ON]->(h:Host)",
        "MATCH (w:Write)-[:WROTE]->(v:FileVersion) MATCH (v)-[:VERSION_OF]->(f:File)",
        "MATCH (w:Write), (o:Write) WHERE o.host = w.host AND o.time > w.time",
        "MATCH (w:Write), (o:Write) WHERE toLower(o.host) = toLower(w.host)",
        "MATCH (w:Write), (o:Write) WHERE (o.host = w.host) AND (o.inferred OR w.inferred)",
        "MATCH (w:Write), (h:Host {id: w.host})",
        "MATCH (w:Write), (h:Host {id: 'host-1'})",
        "MATCH (w:Write), (h:Host) WHERE h.id = 'host-1'",
        "MATCH (o:Host) WITH count(o) AS many MATCH (w:Write)",
        "MATCH (o:Host) WITH collect(o.id) AS all_ MATCH (w:Write) WHERE w.host IN all_",
        "MATCH (o:Host) WITH o.id AS name MATCH (w:Write) WHERE w.host = name",
        "MATCH (w:Write) WHERE EXISTS { MATCH (h:Host) WHERE h.name = 'x' }",
        "MATCH (w:Write) WHERE EXISTS { MATCH (o:Write) WHERE o.host = w.host AND o.time > w.time }",
        "MATCH (w:Write) RETURN w.id AS a, collect(w.id) AS b UNION MATCH (w:Write)",
    ],
)
def test_parts_that_something_joins(query: str) -> None:
    assert _apart(query) == []
