"""What a JSON shape is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from graphcorr.model.records import Record
    from graphcorr.sources.base import Context

Row = dict[str, object]


class Shape(Protocol):
    """How one collector writes an event as a JSON object. Two shapes must never claim the same object."""

    @property
    def name(self) -> str: ...

    @property
    def keys(self) -> frozenset[str]:
        """Keys of which every object of this shape has at least one: saves asking every shape about every object."""
        ...

    def claims(self, row: Row) -> bool:
        """Whether the object has this shape; told by keys with values, because a null says nothing."""
        ...

    def read(self, row: Row, raw: bytes, number: int, context: Context) -> Record | None:
        """The record, None when nobody wants it; ``RecordError`` when it cannot be used."""
        ...
