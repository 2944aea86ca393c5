"""The graph around a node, entities, and Cypher to read."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

from graphcorr.service import exploring
from graphcorr.service.exploring import (
    ENTITIES,
    CypherAsked,
    EntitiesAsked,
    Entity,
    Neighbor,
    NeighborsAsked,
    NodeShown,
    Table,
)
from graphcorr.service.pages import Page
from graphcorr.service.shelf import case_folder
from graphcorr_api.calls import Call, Example
from graphcorr_api.problems import ProblemError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from graphcorr.service.exploring import Graph
    from graphcorr_api.calls import Asked, Nothing


def _graph(asked: Asked[Any, Any]) -> AbstractContextManager[Graph]:
    serving = asked.serving
    return exploring.open_graph(case_folder(asked.path["case"], serving.settings), serving.settings, serving.engines)


def show_node(asked: Asked[Nothing, None]) -> NodeShown:
    with _graph(asked) as graph:
        return exploring.show_node(graph, asked.path["label"], asked.path["id"])


def list_neighbors(asked: Asked[NeighborsAsked, None]) -> Page[Neighbor]:
    with _graph(asked) as graph:
        return exploring.list_neighbors(graph, asked.path["label"], asked.path["id"], asked.query)


def list_entities(kind: str, asked: Asked[EntitiesAsked, None]) -> Page[Entity]:
    with _graph(asked) as graph:
        return exploring.list_entities(graph, kind, asked.query)


def show_entity(kind: str, asked: Asked[Nothing, None]) -> NodeShown:
    with _graph(asked) as graph:
        return exploring.show_node(graph, ENTITIES[kind], asked.path["id"])


def run_cypher(asked: Asked[Nothing, CypherAsked]) -> Table:
    serving = asked.serving
    if not serving.allow_cypher:
        raise ProblemError("forbidden", "this server answers no Cypher: graphcorr serve --allow-cypher")
    with _graph(asked) as graph:
        return exploring.run_cypher(graph, asked.body, serving.limits.query_rows)


_CASE: Final = "/v1/cases/{case}"


def _entities(kind: str) -> tuple[Call, Call]:
    return (
        Call(
            method="GET",
            path=f"{_CASE}/{kind}",
            summary=f"All {kind} of the graph",
            handler=functools.partial(list_entities, kind),
            called=f"list_{kind}",
            answer=Page[Entity],
            query=EntitiesAsked,
            problems=("not-detected", "gone"),
        ),
        Call(
            method="GET",
            path=f"{_CASE}/{kind}/{{id}}",
            summary=f"One of the {kind}, with what is around it, counted",
            handler=functools.partial(show_entity, kind),
            called=f"show_{kind}",
            answer=NodeShown,
            problems=("not-detected",),
        ),
    )


CALLS: Final = (
    Call(
        method="GET",
        path=f"{_CASE}/graph/{{label}}/{{id}}/neighbors",
        summary="One group of a node's neighbors, by pages",
        handler=list_neighbors,
        answer=Page[Neighbor],
        query=NeighborsAsked,
        problems=("not-detected", "gone"),
        example=Example(query={"edge": "OCCURRED_ON", "direction": "in", "label": "Write"}),
    ),
    Call(
        method="GET",
        path=f"{_CASE}/graph/{{label}}/{{id}}",
        summary="A node with its neighbors, grouped and counted",
        handler=show_node,
        answer=NodeShown,
        problems=("not-detected",),
    ),
    Call(
        method="POST",
        path=f"{_CASE}/cypher",
        summary="A read query; off unless the server was started with --allow-cypher",
        handler=run_cypher,
        answer=Table,
        body=CypherAsked,
        problems=("not-detected", "forbidden"),
        example=Example(body={"query": "MATCH (f:Finding) RETURN f.id AS id, f.title AS title LIMIT 10"}),
    ),
    *(call for kind in ENTITIES for call in _entities(kind)),
)
