"""The graph's kinds as text and as JSON, with the statements that make them in a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from graphcorr.graph.kinds import EDGES, NODES, Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphcorr.graph.kinds import Type


def render(statements: Iterable[str]) -> str:
    """Labels and edges of each part with their properties, then the statements."""
    lines: list[str] = []
    for part in Part:
        lines += [f"Labels of the part {part.value}", ""]
        for node in (node for node in NODES if node.part is part):
            lines += [f"  (:{node.label})  {node.meaning}", f"      id text{''.join(_properties(node.properties))}"]
        lines += ["", f"Edges of the part {part.value}", ""]
        for edge in (edge for edge in EDGES if edge.part is part):
            lines.append(f"  [:{edge.type}]  {edge.meaning}")
            lines += [f"      (:{source})-[:{edge.type}]->(:{target})" for source, target in edge.pairs]
            if edge.properties:
                lines.append(f"      {''.join(_properties(edge.properties)).removeprefix(', ')}")
        lines.append("")
    return "\n".join([*lines, "Statements", "", *(f"  {statement};" for statement in statements)]) + "\n"


def render_json(statements: Sequence[str]) -> bytes:
    """The same for programs."""
    document = {
        "nodes": [
            {
                "label": node.label,
                "part": node.part.value,
                "meaning": node.meaning,
                "event": node.event,
                "properties": _named(node.properties),
            }
            for node in NODES
        ],
        "edges": [
            {
                "type": edge.type,
                "part": edge.part.value,
                "meaning": edge.meaning,
                "pairs": [{"from": source, "to": target} for source, target in edge.pairs],
                "properties": _named(edge.properties),
            }
            for edge in EDGES
        ],
        "statements": list(statements),
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _properties(properties: Mapping[str, Type]) -> list[str]:
    return [f", {name} {type_.name.lower()}" for name, type_ in properties.items()]


def _named(properties: Mapping[str, Type]) -> dict[str, str]:
    return {name: type_.name.lower() for name, type_ in properties.items()}
