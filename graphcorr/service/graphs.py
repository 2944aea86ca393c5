"""Graphs where they are kept: what a store holds and is made of, and taking a graph away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphcorr.store.open import find_store, open_store

if TYPE_CHECKING:
    from graphcorr.settings import Settings


def remove_graph(url: str, settings: Settings) -> str | None:
    """Take the graph away that a store holds, of whatever case; returns what it held, None for nothing."""
    graph = open_store(url, credentials=settings.neo4j)
    try:
        held = graph.describe()
        graph.remove()
        return held
    finally:
        graph.close()


def describe_graph(url: str, settings: Settings) -> tuple[str, str | None]:
    """The engine of a store, and what it holds."""
    graph = open_store(url, credentials=settings.neo4j)
    try:
        return graph.engine, graph.describe()
    finally:
        graph.close()


def list_statements(url: str | None) -> list[str]:
    """The statements that make the graph's schema in a store of this address, by default in LadybugDB. Nothing is opened."""
    return find_store(url or "ladybug://").schema()
