"""Readers and claims for what tools say that search event logs by rules, Sigma's mostly: a word of theirs on an event, and no event.

What they point to is told by the machine, the event's id and its record number, so that the word can be put to the event itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from graphcorr.logs.fields import Joint
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind
from graphcorr.syntax.values import present

if TYPE_CHECKING:
    from graphcorr.logs.base import Fields, Read

_TECHNIQUE: Final = re.compile(r"(?<![A-Z0-9])T\d{4}(?:\.\d{3})?(?![0-9])", re.IGNORECASE)
_LEVELS: Final = {"info": "informational", "med": "medium", "crit": "critical", "emer": "emergency"}
"""Hayabusa's short words for Sigma's levels."""

RAISED: Final = (
    # Below that is what every session and every program is noted with.
    Testimony(Kind.ALERT, "severity IS DISTINCT FROM 'informational'", {"name": "alert"}, covers=None),
)
"""A rule of more than informational level fits. It is no witness of what happened: it read the same record."""


def techniques(name: str) -> Read:
    """ATT&CK's techniques in a text or a list of tags, as ``attack.t1021.002``; sorted, each once."""

    def read(fields: Fields) -> list[str] | None:
        value = fields.get(name)
        texts = value if isinstance(value, list) else [value]
        found = {match.upper() for text in texts if isinstance(text, str) for match in _TECHNIQUE.findall(text)}
        return sorted(found) or None

    return read


def level(name: str) -> Joint:
    """A level in Sigma's words."""
    return Joint((name,), _level)


def _level(value: object) -> str | None:
    word = present(value)
    return None if word is None else _LEVELS.get(word.lower(), word.lower())
