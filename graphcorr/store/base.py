"""What every graph engine must be able to do; drivers are imported in their own store file only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from graphcorr.graph.kinds import Part

Row = dict[str, object]
"""One result row: column name to plain Python value (times are naive UTC ``datetime``)."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a graph says of how it was made."""

    generation: str | None = None
    """The generation of the case that it belongs to; None where nothing was looked for in it."""
    full: bool = False
    """Whether every event of the case was put into it, and not only what a pattern can touch."""


def refuse_to_shrink(place: str) -> str:
    """What is said where a full graph would lose events that people may explore in."""
    return (
        f"{place} holds the full graph of this case, and this would leave out every event that no pattern can touch: say --full to keep it "
        "full, or take it away first with `graphcorr remove --store URL --yes`"
    )


class Scannable(Protocol):
    """What a pattern asks of a store."""

    def scan(self, cypher: str, seconds: float | None = None) -> Iterator[Row]:
        """The rows of a read query as the engine gives them, for an answer that is too large to be held.

        ``StoreLimitError`` where the engine took longer than ``seconds``, or than the store waits for any question, or had not
        the memory for it: maybe after some rows.
        """
        ...


@runtime_checkable
class Store(Scannable, Protocol):
    """A property graph of one case that answers Cypher. Values reach Cypher as parameters, never as text."""

    @property
    def engine(self) -> str:
        """Engine and version, as ``ladybug 0.22.0``."""
        ...

    def prepare(self, *, full: bool = False) -> None:
        """Raise now the ``StoreError`` that :meth:`replace` would raise after hours of reading: no access, another's graph.

        So is a full graph that would become one that is not: whoever explores in it would miss events without a word.
        """
        ...

    def making(self, made: Made) -> AbstractContextManager[None]:
        """A graph is made by what is called meanwhile, :meth:`replace` and :meth:`add`, and is whole when this ends.

        Readers of an engine that swaps graphs have the one before until then, and keep it when this ends with an error.
        In a server's database, which is changed in place, no answer counts until then, see :meth:`query`. Either method
        called by itself makes a graph that is whole at once, of no generation and not full.
        """
        ...

    def replace(self, tables: Path) -> None:
        """Make the part ``EVENTS`` of the graph equal to a folder of Parquet files.

        ``tables/nodes/<Label>.parquet`` (column ``id`` and the label's properties) and
        ``tables/edges/<TYPE>__<From>__<To>.parquet`` (columns ``from``, ``to`` and the type's properties), names and
        types as :mod:`graphcorr.graph.kinds` declares them. A missing file is an empty table; files of other parts are
        left alone. A crash leaves what the next call makes whole. The other parts count as gone until :meth:`add` wrote
        them again; whether a query of this store still sees them until then is the engine's business.
        """
        ...

    def add(self, tables: Path, *parts: Part) -> None:
        """Make further parts, in their declared order, equal to ``tables``, whatever they held before.

        Edges of a part may end at nodes of an earlier one, and vanish with them.
        """
        ...

    def query(self, cypher: str, params: Mapping[str, object] | None = None, *, generation: str | None = None) -> list[Row]:
        """Run a read query. A parameter that the text names and ``params`` lacks is a ``StoreError``.

        With a ``generation`` the answer counts only if the graph is whole and of that generation before the query and
        after it; else it is a ``StoreError``, too.
        """
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
