"""System 6011: the machine has another name from this start on.

Source: the message file of the provider EventLog (netevent.h, EVENT_COMPUTER_NAME_CHANGE), event 6011.
"""

from __future__ import annotations

import re
from typing import Final

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.fields import Joint
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind
from graphcorr.syntax.values import present

_SENTENCE: Final = re.compile(r"have been changed from (\S+) to (\S+?)\.?\s*\Z")


def _names(data: object, first: object, second: object, message: object) -> tuple[str, str] | None:
    """Both values have no name of their own: a list, what a tool made of one, or an English sentence."""
    parts: list[object] = (
        data if isinstance(data, list) else re.split(r"[,\s]+", data.strip()) if isinstance(data, str) else [first, second]
    )
    names = [name for part in parts if (name := present(part))]
    if len(names) == 2:
        return names[0], names[1]
    match = _SENTENCE.search(message) if isinstance(message, str) else None
    return (match[1], match[2]) if match else None


def _former(data: object, first: object, second: object, message: object) -> str | None:
    names = _names(data, first, second, message)
    return names[0] if names else None


def _new(data: object, first: object, second: object, message: object) -> str | None:
    names = _names(data, first, second, message)
    return names[1] if names else None


_FIELDS: Final = ("Data", "param1", "param2", "Message")

LOG_TYPE = LogType(
    name="system-6011",
    title="The NetBIOS name and DNS host name of this machine have been changed",
    source=WindowsEvent("eventlog", "system", 6011),
    testifies=(Testimony(Kind.NAME, columns={"former": "former_name", "renamed": "new_name"}, covers=None),),
    identity=True,
    essential=("former_name",),
    columns={"former_name": Joint(_FIELDS, _former), "new_name": Joint(_FIELDS, _new)},
    says=Saying("{former_name} is {new_name} from now on"),
    provides="What a machine was called before, so that its earlier records are its own.",
    absent=("the domain of either name", "who renamed it"),
)
