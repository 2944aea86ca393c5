"""Python's values to the arrays of an event's columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from graphcorr.logs.columns import EVENT_SCHEMA
from graphcorr.syntax.values import integer, present

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from graphcorr.model.blocks import Column

_MENDS: Final[Mapping[pa.DataType, Callable[[object], object]]] = {
    pa.int32(): lambda value: number if (number := integer(value)) is not None and number < 2**31 else None,
    pa.int64(): integer,
}


def to_array(name: str, values: Sequence[object]) -> Column:
    """The values of the column ``name`` of events. What cannot be one of its type is absence."""
    type_ = EVENT_SCHEMA.field(name).type
    column: Column
    try:
        column = pa.array(values, type_)
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError, OverflowError):
        # A lone surrogate, or a header value of a wrong type or size: rare enough to look at each value again.
        mend = _MENDS.get(type_, _mend_text)
        column = pa.array([None if value is None else mend(value) for value in values], type_)
    return column


def _mend_text(value: object) -> object:
    if isinstance(value, list):
        return [_mend_text(element) for element in value]
    text = present(value)
    return value if text is None else text.encode("utf-8", "replace").decode("utf-8")
