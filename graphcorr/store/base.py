"""What every graph engine must be able to do; drivers are imported in their own store file only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Row = dict[str, object]
"""One result row: column name to plain Python value (times are naive UTC ``datetime``)."""


@runtime_checkable
class Store(Protocol):
    """A property graph that answers Cypher. Values reach Cypher as parameters, never as text."""

    @property
    def engine(self) -> str:
        """Engine and version, as ``ladybug 0.22.0``."""
        ...

    def replace(self, tables: Path) -> None:
        """Build the whole graph from a folder of Parquet files and swap it in.

        ``tables/nodes/<Label>.parquet`` (column ``id`` and the label's properties) and
        ``tables/edges/<TYPE>__<From>__<To>.parquet`` (columns ``from``, ``to`` and the type's properties), names and
        types as :mod:`graphcorr.graph.kinds` declares them. A missing file is an empty table. The old graph answers
        until the new one is complete; a crash leaves one or the other.
        """
        ...

    def query(self, cypher: str, params: Mapping[str, object] | None = None) -> list[Row]:
        """Run a read query. A parameter that the text names and ``params`` lacks is a ``StoreError``."""
        ...

    def check(self, cypher: str) -> None:
        """Bind a query without running it; ``StoreError`` says what the engine refuses."""
        ...

    def close(self) -> None: ...
