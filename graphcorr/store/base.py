"""What every graph engine must be able to do; drivers are imported in their own store file only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from graphcorr.graph.kinds import Part

Row = dict[str, object]
"""One result row: column name to plain Python value (times are naive UTC ``datetime``)."""


class Scannable(Protocol):
    """What a pattern asks of a store."""

    def scan(self, cypher: str) -> Iterator[Row]:
        """The rows of a read query as the engine gives them, for an answer that is too large to be held."""
        ...


@runtime_checkable
class Store(Scannable, Protocol):
    """A property graph of one case that answers Cypher. Values reach Cypher as parameters, never as text."""

    @property
    def engine(self) -> str:
        """Engine and version, as ``ladybug 0.22.0``."""
        ...

    def prepare(self) -> None:
        """Raise now the ``StoreError`` that :meth:`replace` would raise after hours of reading: no access, another's graph."""
        ...

    def replace(self, tables: Path) -> None:
        """Make the part ``EVENTS`` of the graph equal to a folder of Parquet files.

        ``tables/nodes/<Label>.parquet`` (column ``id`` and the label's properties) and
        ``tables/edges/<TYPE>__<From>__<To>.parquet`` (columns ``from``, ``to`` and the type's properties), names and
        types as :mod:`graphcorr.graph.kinds` declares them. A missing file is an empty table; files of other parts are
        left alone. A crash leaves what the next call makes whole. The other parts count as gone until :meth:`add` wrote
        them again; whether a query still sees them until then is the engine's business.
        """
        ...

    def add(self, tables: Path, *parts: Part) -> None:
        """Make further parts, in their declared order, equal to ``tables``, whatever they held before.

        Edges of a part may end at nodes of an earlier one, and vanish with them.
        """
        ...

    def query(self, cypher: str, params: Mapping[str, object] | None = None) -> list[Row]:
        """Run a read query. A parameter that the text names and ``params`` lacks is a ``StoreError``."""
        ...

    def check(self, cypher: str) -> None:
        """Bind a query without running it; ``StoreError`` says what the engine refuses."""
        ...

    def describe(self) -> str | None:
        """What the graph holds, in one line for people; None when it holds nothing."""
        ...

    def remove(self) -> None:
        """Take the graph away, whichever case it is of. What is not of graphcorr stays."""
        ...

    def close(self) -> None: ...
