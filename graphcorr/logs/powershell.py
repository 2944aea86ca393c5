"""Readers for what only PowerShell's logs have: what its host says of itself, as lines of text inside of one field."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Final

from graphcorr.logs.fields import Field, Joint
from graphcorr.syntax.accounts import split_account
from graphcorr.syntax.values import present

REMOTE: Final = "ServerRemoteHost"
"""The host of a session that a client of another machine has here, in every language."""
_DETAILS: Final = ("Data", "param3", "Message")
"""Where the third string of a classic event stands: among unnamed data, under winlogbeat's name, or in the rendered message."""
_HOST_APPLICATION: Final = 4
_AFTER: Final = 11
"""Lines of a context behind the host's command line, which may have lines of its own."""
_PLACES: Final = {"host_name": 1, "script_name": -6, "user": -3}
"""Line of a context, from its beginning or its end: their labels are in the language of the machine."""
_SYSTEM: Final = "S-1-5-18"


def host_name() -> Joint:
    """Which kind of host an engine was started by: ``ConsoleHost``, ``ServerRemoteHost``, or what a program calls itself."""
    return Joint(_DETAILS, partial(_of_details, "HostName=", None))


def host_application() -> Joint:
    """The command line of the host of an engine."""
    # Up to the last, as a command line may hold any text.
    return Joint(_DETAILS, partial(_of_details, "HostApplication=", "EngineVersion="))


def remote_session(value: str) -> Joint:
    """``value`` where an engine was started for a client of another machine."""
    return Joint(_DETAILS, lambda *details: value if _of_details("HostName=", None, *details) == REMOTE else None)


def of_context(name: str) -> Field:
    """``host_name``, ``host_application`` or ``script_name`` of a command's context."""
    return Field(("ContextInfo",), lambda value: _context(value).get(name))


def context_user() -> Joint:
    """Whose command it is."""
    return Joint(("ContextInfo",), lambda value: split_account(None, _context(value).get("user"))[1])


def context_domain() -> Joint:
    """The domain of whose command it is; PowerShell gives the machine's own to SYSTEM, too."""
    return Joint(("ContextInfo", "UserID"), _domain)


def _of_details(label: str, following: str | None, *fields: object) -> str | None:
    for field in fields:
        text = "\n".join(filter(lambda part: isinstance(part, str), field)) if isinstance(field, list) else field
        if not isinstance(text, str):
            continue
        start = text.find(label)
        if start >= 0:
            rest = text[start + len(label) :]
            # A value that is cut off before what follows it is not known to be whole, and still says how it begins.
            end = rest.rfind(following) if following is not None else rest.find("\n")
            return present(rest if end < 0 else rest[:end])
    return None


def _context(value: object) -> dict[str, str | None]:
    return _read_context(value) if isinstance(value, str) else {}


@lru_cache(maxsize=256)
def _read_context(text: str) -> dict[str, str | None]:
    lines = text.strip().splitlines()
    if len(lines) <= _HOST_APPLICATION + _AFTER:
        return {}
    values = {name: present(lines[place].partition("=")[2]) for name, place in _PLACES.items()}
    return values | {"host_application": present("\n".join(lines[_HOST_APPLICATION:-_AFTER]).partition("=")[2])}


def _domain(context: object, sid: object) -> str | None:
    return "NT AUTHORITY" if sid == _SYSTEM else split_account(None, _context(context).get("user"))[0]
