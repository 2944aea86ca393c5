"""The graph's kinds as text and JSON."""

from __future__ import annotations

import json

from graphcorr.graph.kinds import EDGES, NODES
from graphcorr.outputs.schema import render, render_json


def test_text_names_every_kind_and_ends_with_the_statements() -> None:
    text = render(["CREATE A", "CREATE B"])
    assert "  (:Host)  A machine; the id is its key\n      id text, name text, former_names text\n" in text
    assert "      (:File)-[:STORED_ON]->(:Host)\n" in text
    assert [f"(:{node.label})" for node in NODES if f"  (:{node.label})  " not in text] == []
    assert text.endswith("Statements\n\n  CREATE A;\n  CREATE B;\n")


def test_json_holds_what_is_declared() -> None:
    document = json.loads(render_json(["CREATE A"]))
    assert [node["label"] for node in document["nodes"]] == [node.label for node in NODES]
    assert [edge["type"] for edge in document["edges"]] == [edge.type for edge in EDGES]
    assert document["statements"] == ["CREATE A"]
    assert document["nodes"][0] == {
        "label": "Host",
        "part": "events",
        "meaning": "A machine; the id is its key",
        "event": False,
        "properties": {"name": "text", "former_names": "text"},
    }
