"""What WMI's own log says of a permanent subscription: objects in the text form of MOF, inside of one field."""

from __future__ import annotations

import re
from typing import Final

from graphcorr.logs.fields import Field, Joint
from graphcorr.syntax.values import present

_NAME: Final = re.compile(r"=\s*\"(.*?)\"\s*\Z", re.DOTALL)
"""``CommandLineEventConsumer="Updater"``."""
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


def consumer_name(*names: str) -> Field:
    """The name of the consumer that a path means."""
    return Field(names, _consumer_name)


def described(name: str, *properties: str) -> Joint:
    """The first of some properties that the objects in a field, or in the message, have."""
    patterns = [re.compile(rf'\b{one} = "((?:[^"\\]|\\.)*)"', re.DOTALL) for one in properties]

    def combine(*values: object) -> str | None:
        texts = [value for value in values if isinstance(value, str)]
        found = (match for pattern in patterns for text in texts if (match := pattern.search(text)))
        return next((said for match in found if (said := present(_ESCAPED.sub(r"\1", match[1])))), None)

    return Joint((name, "Message"), combine)


def _consumer_name(value: object) -> str | None:
    found = present(value)
    match = _NAME.search(found) if found else None
    return present(match[1]) if match else found
