"""Fields that some converters drop, or never had names for, and that stand in the English text of the record instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphcorr.logs.fields import Fit, Joint

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphcorr.logs.fields import Field

_MESSAGE: Final = "Message"


def stated(read: Field, said: re.Pattern[str]) -> Joint:
    """As ``read``, and where its fields say nothing, what it makes of the first group of ``said`` in the message."""

    def combine(*values: object) -> object:
        *logged, message = values
        found = next((made for value in logged if (made := read.convert(value)) is not None), None)
        match = said.search(message) if found is None and isinstance(message, str) else None
        return read.convert(match[1]) if match else found

    fit = read.fit and Fit(read.fit.kind, _all_but_last(read.fit.may_be))
    return Joint((*read.names, _MESSAGE), combine, fit)


def labeled(label: str) -> re.Pattern[str]:
    """What follows ``label:`` in a line of its own."""
    return re.compile(rf"^[ \t]*{label}:[ \t]*(\S.*?)[ \t\r]*$", re.MULTILINE)


def assigned(label: str) -> re.Pattern[str]:
    """What follows ``label =`` among such pairs, up to the next one."""
    return re.compile(rf"(?:\A|[;,.] ){label} = (.*?)(?=[;,] \w+ = |;?\s*\Z)", re.DOTALL)


def _all_but_last(may_be: Callable[..., bool]) -> Callable[..., bool]:
    return lambda *values: all(map(may_be, values[:-1]))
