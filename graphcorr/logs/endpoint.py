"""Readers and columns for the tables of Defender for Endpoint's advanced hunting, which name everything alike.

Source: Microsoft, Defender XDR, "Understand the advanced hunting schema", tables DeviceFileEvents, DeviceProcessEvents,
DeviceNetworkEvents, DeviceLogonEvents, DeviceImageLoadEvents, DeviceRegistryEvents and DeviceEvents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.errors import RecordError
from graphcorr.logs.base import JsonLog
from graphcorr.logs.fields import Fit, Joint
from graphcorr.logs.readers import command, integer, logon_id, own_realm, person, sid
from graphcorr.logs.wire import digests
from graphcorr.sources.json_text import decode_json
from graphcorr.syntax.addresses import address_key
from graphcorr.syntax.fitting import may_be_program
from graphcorr.syntax.values import integer as integer_value
from graphcorr.syntax.values import present

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphcorr.logs.base import Fields, Read

_SLASH: Final = "\\"
_SYSTEM: Final = "System"
_KERNEL_PID: Final = 4
_INBOUND: Final = "InboundConnectionAccepted"
_LOGON_TYPES: Final = {
    "interactive": 2,
    "network": 3,
    "batch": 4,
    "service": 5,
    "unlock": 7,
    "networkcleartext": 8,
    "newcredentials": 9,
    "remoteinteractive": 10,
    "cachedinteractive": 11,
}
_ADDITIONAL: Final = "AdditionalFields"


def _may_be_end(own: object, other: object, _: object) -> bool:
    return all(present(value) is None or _value(value) is not None for value in (own, other))


_END: Final = Fit("an end of a connection", _may_be_end)


def actions(*names: str, **marks: None) -> JsonLog:
    """The records of some actions; ``marks`` are further fields that each of them has."""
    return JsonLog(
        {"ActionType": frozenset(names), "DeviceName": None, "Timestamp": None, **marks}, time="Timestamp", computer="DeviceName"
    )


def full_path(folder: str, name: str) -> Joint:
    """The path of a file: the folder's column has the file's name behind it in most records, and in some not."""
    return Joint((folder, name), _full_path)


def program_path(folder: str, name: str) -> Joint:
    """The same of a program."""
    return Joint((folder, name), _full_path, Fit("a program", lambda *values: may_be_program(_full_path(*values))))


def process_path(folder: str, name: str, pid: str) -> Joint:
    """The same of a process; the kernel's is called System, as other logs of Windows call it."""
    return Joint((folder, name, pid), _process_path, Fit("a program", lambda *values: may_be_program(_process_path(*values))))


def logon_kind(name: str) -> Joint:
    """The number of a logon's type, which stands there as a word."""
    return Joint((name,), lambda value: _LOGON_TYPES.get((present(value) or "").lower().replace(" ", "")))


def share_of(name: str) -> Joint:
    r"""A share as the Security log writes it, ``\\*\C$``: here it has a plain name."""
    return Joint((name,), _share)


def opening_side(of_device: str, of_peer: str) -> Joint:
    """The value of whoever opened the connection."""
    return Joint((of_device, of_peer, "ActionType"), lambda own, other, action: _value(other if action == _INBOUND else own), _END)


def accepting_side(of_device: str, of_peer: str) -> Joint:
    """The value of whoever was connected to."""
    return Joint((of_device, of_peer, "ActionType"), lambda own, other, action: _value(own if action == _INBOUND else other), _END)


def goes_out() -> Joint:
    """Whether the device opened the connection."""
    return Joint(("ActionType",), lambda action: action != _INBOUND)


def additional(*names: str) -> Read:
    """Text of the object in ``AdditionalFields``, which is JSON in a cell or in a text, by the first name that says something."""

    def read(fields: Fields) -> str | None:
        inner = _additional(fields.get(_ADDITIONAL))
        values = (inner.get(name, fields.get(f"{_ADDITIONAL}.{name}")) for name in names)
        return next((found for value in values if (found := present(value)) is not None), None)

    return read


def _additional(value: object) -> Mapping[str, object]:
    if not isinstance(value, str) or not value.lstrip().startswith("{"):
        return {}
    try:
        decoded = decode_json(value.encode("utf-8", "replace"))
    except RecordError:
        return {}
    return decoded if isinstance(decoded, dict) else {}


def _full_path(folder: object, name: object) -> str | None:
    place, file = present(folder), present(name)
    if place is None or file is None:
        return place
    return place if place.lower().endswith(_SLASH + file.lower()) else f"{place.rstrip(_SLASH)}{_SLASH}{file}"


def _process_path(folder: object, name: object, pid: object) -> str | None:
    return _SYSTEM if integer_value(pid) == _KERNEL_PID else _full_path(folder, name) or present(name)


def _share(value: object) -> str | None:
    name = present(value)
    return name if name is None or name.startswith(_SLASH) else rf"\\*\{name}"


def _value(value: object) -> str | int | None:
    if not isinstance(value, str):
        return integer_value(value)
    number = integer_value(value)
    return number if number is not None else address_key(value)


INITIATING: Final[Mapping[str, Read]] = {
    "image": process_path("InitiatingProcessFolderPath", "InitiatingProcessFileName", "InitiatingProcessId"),
    "pid": integer("InitiatingProcessId", zero=False),
    "user": person("InitiatingProcessAccountName", "InitiatingProcessAccountDomain"),
    "user_domain": own_realm("InitiatingProcessAccountDomain"),
}
"""The process that did it, and whose it is."""

CREATOR: Final[Mapping[str, Read]] = {
    "parent_image": process_path("InitiatingProcessFolderPath", "InitiatingProcessFileName", "InitiatingProcessId"),
    "parent_command_line": command("InitiatingProcessCommandLine"),
    "parent_pid": integer("InitiatingProcessId", zero=False),
}
"""The process that started another one."""

ACCOUNT_OF: Final[Mapping[str, Read]] = {
    "user": person("AccountName", "AccountDomain"),
    "user_domain": own_realm("AccountDomain"),
    "user_sid": sid("AccountSid"),
    "logon_id": logon_id("LogonId"),
}
"""The account that a record is about."""

NAMED_FILE: Final[Mapping[str, Read]] = {
    "path": full_path("FolderPath", "FileName"),
    "hashes": digests(sha1="SHA1", sha256="SHA256", md5="MD5"),
}
"""The file that a record is about."""
