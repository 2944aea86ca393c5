"""A table of phase 2 as it is declared: its columns, what it may read, and how it is made.

A table does not change after it was made: what seems to be a change is a further table. So the order follows from what each
of them needs, one is tested with ten rows and no hunt, and all of them can be bound on empty tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from graphcorr.engine.database import Database

TEXT: Final = "VARCHAR"
INTEGER: Final = "BIGINT"
SMALL: Final = "INTEGER"
TIME: Final = "TIMESTAMP"
FLAG: Final = "BOOLEAN"
TEXTS: Final = "VARCHAR[]"


@dataclass(frozen=True, slots=True)
class Mapped:
    """Rows that Python makes of each row of ``query``, in batches: what SQL cannot say, such as what a path means on a host.

    ``function`` takes a row and what was learned of identities (:class:`graphcorr.resolve.identity.Identity`).
    """

    query: str
    function: Callable[[Mapping[str, Any], Any], Iterable[dict[str, object]]]


@dataclass(frozen=True, slots=True)
class Loop:
    """A step in Python: ``function`` creates the table, and reads nothing but what the table needs."""

    function: Callable[[Database, Any], None]


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` are names and types of the engine; ``why`` is one sentence for whoever reads a plan."""

    name: str
    why: str
    columns: Mapping[str, str]
    needs: tuple[str, ...]
    made: str | Mapped | Loop
    """One SELECT, or Python. Empty for what others make, as the view of all events."""
    lazy: bool = False
    """A view: nothing is stored, and whoever reads it narrows it."""
    is_empty: bool = False
    """Known to have no rows before anything is asked: no log of the case tells of it."""
    empty_without: tuple[str, ...] = ()
    """Tables among ``needs`` of which each must have rows: where one has none, this has none either and is not asked for."""
