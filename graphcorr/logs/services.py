"""Readers for what Windows' services and its audit of logons and connections write, beside the kinds of value that every log has."""

from __future__ import annotations

import re
from typing import Final

from graphcorr.logs.fields import Field, Fit, Joint
from graphcorr.syntax import fitting
from graphcorr.syntax.accounts import split_account
from graphcorr.syntax.addresses import address_key
from graphcorr.syntax.values import integer, present

_ACCOUNT: Final = Fit("an account", fitting.may_be_account)
_TASK: Final = Fit("the path of a scheduled task", fitting.may_be_task)
_PROTOCOLS: Final = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmp"}
"""Numbers that IANA assigned; ICMP of either version."""
_LEASED: Final = Fit("an IP address", lambda value: present(value) is None or _leased_address(value) is not None or present(value) == "0")
_RESOURCE: Final = Fit("the URI of a resource", lambda value: (found := present(value)) is None or "://" in found)
_MACHINE: Final = Fit("a server", lambda value: not set(" \t\\") & set(present(value) or ""))
_SERVER: Final = re.compile(r"(?:https?://)?(\[[^\]]+\]|[^:/\s?]+(?=[:/?\s]|\Z)|[0-9a-fA-F:.]+)", re.IGNORECASE)
_SHELL: Final = re.compile(r"\((\S[^()]*?)\s+clientIP:\s*([^\s()]+)\)")
_SERVICE: Final = re.compile(r"([^/\0]+)/(\d)")
_STATES: Final = {"4": "started", "1": "stopped", "running": "started", "stopped": "stopped"}
_DIRECTIONS: Final = {"%%14592": False, "inbound": False, "%%14593": True, "outbound": True}
_NO_CLIENT: Final = frozenset({"unknown", "local"})


def protocol(*names: str) -> Field:
    """The name of a protocol above IP, lower case; of what is no TCP, UDP or ICMP its number."""
    return Field(names, _protocol)


def outbound(*names: str) -> Field:
    """Whether a connection goes out, by the parameter message that says so or by its English word."""
    return Field(names, _outbound)


def leased_address(*names: str) -> Field:
    """An IPv4 address that is logged as text, or as the number that its four bytes make, the first of them the lowest."""
    return Field(names, _leased_address, _LEASED)


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


def server(*names: str) -> Field:
    """The machine that a client was told to connect to, without the port: a name, or an address as it was typed."""
    return Field(names, _server, _MACHINE)


def server_address(*names: str) -> Field:
    """Its address, where it was called by that."""
    return Field(names, _server_address, _MACHINE)


def resource(*names: str) -> Field:
    """The last part of a resource's URI: ``Microsoft.PowerShell``, ``cmd``."""
    return Field(names, _resource, _RESOURCE)


def shell_user(*names: str) -> Field:
    """The account for which a shell was opened, which newer Windows puts behind the resource's URI."""
    return Field(names, lambda value: split_account(None, _shell(value, 1))[1], _RESOURCE)


def shell_domain(*names: str) -> Field:
    """The domain of :func:`shell_user`."""
    return Field(names, lambda value: split_account(None, _shell(value, 1))[0])


def shell_client(*names: str) -> Field:
    """The client's address behind :func:`shell_user`."""
    return Field(names, lambda value: address_key(_shell(value, 2)), _RESOURCE)


def service_key(*names: str) -> Field:
    """The key name of a service in the binary data of 7036, which are UTF-16 text: ``NetSetupSvc/4``."""
    return Field(names, lambda value: _service(value, 1))


def service_state(state: str, data: str) -> Joint:
    """``started`` or ``stopped``, by the number in the binary data, else by the English words."""
    return Joint((state, data), _service_state)


def _protocol(value: object) -> str | None:
    found = present(value)
    return None if found is None else _PROTOCOLS.get(found, found.lower())


def _outbound(value: object) -> bool | None:
    return _DIRECTIONS.get((present(value) or "").lower())


def _leased_address(value: object) -> str | None:
    number = integer(value, 1)
    if number is not None and number < 2**32:
        return address_key(".".join(map(str, number.to_bytes(4, "little"))))
    return address_key(present(value))


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


def _server(value: object) -> str | None:
    found = present(value)
    if found is None or (address := address_key(found)) is not None:
        return None if found is None else address
    match = _SERVER.match(found)
    return present(match[1].strip("[]")) if match else None


def _server_address(value: object) -> str | None:
    return address_key(_server(value))


def _resource(value: object) -> str | None:
    found = present(value)
    return None if found is None else present(found.split()[0].rstrip("/").rpartition("/")[2])


def _shell(value: object, group: int) -> str | None:
    match = _SHELL.search(value) if isinstance(value, str) else None
    return match[group] if match else None


def _service(value: object, group: int) -> str | None:
    try:
        text = bytes.fromhex(value).decode("utf-16-le") if isinstance(value, str) else ""
    except ValueError:
        return None
    match = _SERVICE.match(text)
    return match[group] if match else None


def _service_state(state: object, data: object) -> str | None:
    return _STATES.get(_service(data, 2) or "") or _STATES.get((present(state) or "").lower())
