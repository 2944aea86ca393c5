"""Readers for what Windows' services and its audit of logons and connections write, beside the kinds of value that every log has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.logs.fields import Field, Fit, Joint
from graphcorr.syntax import fitting
from graphcorr.syntax.accounts import split_account
from graphcorr.syntax.values import integer, present

if TYPE_CHECKING:
    import re

_ACCOUNT: Final = Fit("an account", fitting.may_be_account)
_TASK: Final = Fit("the path of a scheduled task", fitting.may_be_task)
_PROTOCOLS: Final = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmp"}
"""Numbers that IANA assigned; ICMP of either version."""
_DIRECTIONS: Final = {"%%14592": False, "inbound": False, "%%14593": True, "outbound": True}
_NO_CLIENT: Final = frozenset({"unknown", "local"})


def protocol(*names: str) -> Field:
    """The name of a protocol above IP, lower case; of what is no TCP, UDP or ICMP its number."""
    return Field(names, _protocol)


def outbound(*names: str) -> Field:
    """Whether a connection goes out, by the parameter message that says so or by its English word."""
    return Field(names, _outbound)


def several(*names: str) -> Field:
    """Words with blanks and line breaks between them, with commas instead."""
    return Field(names, _several)


def client_name(*names: str) -> Field:
    """What the client of a remote desktop calls itself; Windows has words for one that it does not know, and for its own console."""
    return Field(names, _client_name)


def joined_account(name: str, domain: str) -> Joint:
    r"""``DOMAIN\name`` of two fields, of an account that nobody acts as."""
    return Joint((name, domain), _joined_account, _ACCOUNT)


def named_account(*names: str) -> Field:
    r"""As :func:`account`, of a field that holds a SID where nobody looked up whose it is: that is no name."""
    return Field(names, _named_user, _ACCOUNT)


def unnamed_sid(*names: str) -> Field:
    """The SID that stands in the place of an account's name."""
    return Field(names, _unnamed_sid)


def task(*names: str) -> Field:
    r"""The path of a scheduled task as logged, ``\Updates\Nightly``."""
    return Field(names, present, _TASK)


def process(name: str, message: str, said: re.Pattern[str]) -> Joint:
    """The id of a process in a field; where a converter drops that, the first group of ``said`` in the message's text."""

    def combine(logged: object, sentence: object) -> int | None:
        match = said.search(sentence) if isinstance(sentence, str) else None
        return integer(logged, 1) or (integer(match[1], 1) if match else None)

    return Joint((name, message), combine, Fit("a number", lambda logged, _: fitting.may_be_number(logged)))


def _protocol(value: object) -> str | None:
    found = present(value)
    return None if found is None else _PROTOCOLS.get(found, found.lower())


def _outbound(value: object) -> bool | None:
    return _DIRECTIONS.get((present(value) or "").lower())


def _several(value: object) -> str | None:
    found = present(value)
    return None if found is None else ",".join(found.split())


def _client_name(value: object) -> str | None:
    found = present(value)
    return None if found is None or found.lower() in _NO_CLIENT else found


def _joined_account(name: object, domain: object) -> str | None:
    user, realm = present(name), present(domain)
    return user if user is None or realm is None else f"{realm}\\{user}"


def _named_user(value: object) -> str | None:
    return None if _unnamed_sid(value) else split_account(None, present(value))[1]


def _unnamed_sid(value: object) -> str | None:
    found = present(value)
    return found if found is not None and fitting.is_sid(found) else None
