"""Many records of one log type by columns, as a format gives them that need not look at each of them alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from graphcorr.model.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Column = Any
"""An array of Arrow; its stubs have no name for one of which the type is known at run time."""


@dataclass(slots=True)
class Block:
    """Parallel columns, one place in each for one record; iterated it gives the :class:`Record` of each place.

    A null is what the record does not have. Which values repeat is the business of whoever makes it: a column may be a dictionary.
    """

    log: str
    """As :attr:`Record.log`, and so on for the columns below."""
    number: Column
    raw: Column
    fields: Mapping[str, Column]
    """Logged name → text, or lists of text; only names that the log type reads."""
    created: Column
    computer: Column | None = None
    channel: Column | None = None
    record_id: Column | None = None
    outcome: Column | None = None
    input: int = 0

    def __len__(self) -> int:
        return len(self.number)

    def __iter__(self) -> Iterator[Record]:
        names = list(self.fields)
        none = [None] * len(self)
        headers = [none if one is None else one.to_pylist() for one in (self.computer, self.channel, self.record_id, self.outcome)]
        rows = zip(*(column.to_pylist() for column in self.fields.values()), strict=True) if names else [()] * len(self)
        for number, raw, created, computer, channel, record_id, outcome, row in zip(
            self.number.to_pylist(), self.raw.to_pylist(), self.created.to_pylist(), *headers, rows, strict=True
        ):
            yield Record(
                log=self.log,
                number=number,
                raw=raw,
                fields={name: value for name, value in zip(names, row, strict=True) if value is not None},
                computer=computer,
                channel=channel,
                record_id=record_id,
                created=created,
                outcome=outcome,
                input=self.input,
            )

    def at(self, places: Column) -> Block:
        """The records at some places."""

        def take(column: Column | None) -> Column | None:
            return None if column is None else column.take(places)

        return replace(
            self,
            number=self.number.take(places),
            raw=self.raw.take(places),
            fields={name: column.take(places) for name, column in self.fields.items()},
            created=self.created.take(places),
            computer=take(self.computer),
            channel=take(self.channel),
            record_id=take(self.record_id),
            outcome=take(self.outcome),
        )
