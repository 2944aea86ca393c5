"""Readers and columns for events in the Open Cybersecurity Schema Framework, whatever product wrote them.

Source: OCSF's schema 1.x, classes File System Activity, Process Activity, Network Activity, SMB Activity, Authentication and Detection
Finding, objects Device, Actor, Process, File, Fingerprint, User, Network Endpoint and ATT&CK.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from graphcorr.logs.base import JsonLog
from graphcorr.logs.fields import Joint
from graphcorr.logs.readers import address, command, integer, person, port, program, realm, text
from graphcorr.sources.declared import value_of
from graphcorr.syntax.addresses import address_key
from graphcorr.syntax.values import integer as whole
from graphcorr.syntax.values import present

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphcorr.logs.base import Fields, Read
    from graphcorr.sources.declared import Told

_ALGORITHMS: Final = {"md5": "MD5", "sha-1": "SHA1", "sha1": "SHA1", "sha-256": "SHA256", "sha256": "SHA256"}
_MACHINE: Final = "device.hostname|device.name"
_BY_NUMBER: Final = {"1": "MD5", "2": "SHA1", "3": "SHA256"}
"""``algorithm_id`` of a fingerprint."""


_DEVICE: Final = "device"
_DONE: Final = frozenset({"success", "succeeded", "allowed", "granted", "status_success"})
_NOT_DONE: Final = frozenset({"failure", "failed", "denied", "blocked", "rejected", "refused", "access denied", "unauthorized"})
_DENIED: Final = 2
_STOPPED: Final = frozenset({2, 3, 4, 6, 25, 26})
"""``disposition_id``: Blocked, Quarantined, Isolated, Dropped, Rejected, Unauthorized."""
_MONITORS: Final = frozenset({9, 10, 11, 12, 13, 14, 15})
"""``type_id`` of a device: firewalls, switches, hubs, routers, intrusion detection and prevention, load balancers."""
_NT_ERROR: Final = 3
"""The two upper bits of an NTSTATUS (MS-ERREF 2.3)."""


def events(class_uid: int, holds: Told | None = None, **marks: None) -> JsonLog:
    """The events of one class, those of which ``holds`` is true. Their time is a number of milliseconds, or text."""
    return JsonLog({"class_uid": str(class_uid), "activity_id": None, "time": None, **marks}, time="time", computer=_MACHINE, holds=holds)


def spoken(class_uid: int, is_own: Told | None = None) -> JsonLog:
    """Those of a class that a machine tells of itself."""
    return events(class_uid, is_own, **{_MACHINE: None})


def seen(class_uid: int, is_own: Told) -> JsonLog:
    """Those of a class that somebody else tells of: no machine speaks of itself in them."""
    marks: dict[str, str | None] = {"class_uid": str(class_uid), "activity_id": None, "time": None}
    return JsonLog(marks, time="time", holds=partial(_is_elsewhere, is_own))


def _is_elsewhere(is_own: Told, row: dict[str, object]) -> bool:
    return value_of(row, _MACHINE) is None or not is_own(row)


def speaks_as_server(row: dict[str, object]) -> bool:
    """Whether the device that speaks is the one that was connected to.

    A client's agent and a monitor between the two have a device, too, and what they tell of did not happen on it.
    """
    if _is_same(row, "dst_endpoint"):
        return True
    if _is_same(row, "src_endpoint") or _is_monitor(row):
        return False
    return not _names_of(row, "dst_endpoint")


def speaks_as_end(row: dict[str, object]) -> bool:
    """Whether the device that speaks is an end of the connection, and no monitor between two others."""
    return not _is_monitor(row) or _is_same(row, "dst_endpoint") or _is_same(row, "src_endpoint")


def _is_same(row: dict[str, object], end: str) -> bool:
    own = _address_of(row, _DEVICE)
    return (own is not None and own == _address_of(row, end)) or not _names_of(row, _DEVICE).isdisjoint(_names_of(row, end))


def _is_monitor(row: dict[str, object]) -> bool:
    return whole(value_of(row, f"{_DEVICE}.type_id")) in _MONITORS


def _address_of(row: dict[str, object], end: str) -> str | None:
    value = value_of(row, f"{end}.ip")
    return address_key(value) if isinstance(value, str) else None


def _names_of(row: dict[str, object], end: str) -> set[str]:
    """Names of a machine without their domain, in lower case."""
    values = (present(value_of(row, f"{end}.{name}")) for name in ("hostname", "name"))
    return {value.partition(".")[0].lower() for value in values if value is not None}


def activity() -> Joint:
    """The number of what was done."""
    return Joint(("activity_id",), lambda value: None if (number := whole(value)) is None else str(number))


def accepted() -> Joint:
    """Whether what was asked for was done, as a producer says so: by a number, a word, a code of Windows, or what a guard did about it."""
    return Joint(("status_id", "status", "status_code", "action_id", "disposition_id"), _accepted)


def _accepted(status_id: object, status: object, code: object, action: object, disposition: object) -> bool | None:
    if whole(action) == _DENIED or whole(disposition) in _STOPPED:
        return False
    if (found := {1: True, 2: False}.get(whole(status_id) or 0)) is not None:
        return found
    return next((found for value in (status, code) if (found := _read_status(value)) is not None), None)


def _read_status(value: object) -> bool | None:
    word = (present(value) or "").lower() if isinstance(value, str) else ""
    if word in _DONE or word in _NOT_DONE:
        return word in _DONE
    if word.startswith("status_"):
        return False
    number = whole(value)
    if number is None or number == 0:
        return None if number is None else True
    return False if number >> 30 == _NT_ERROR else None


def fingerprints(name: str) -> Read:
    """``SHA256=…,MD5=…`` of a list of fingerprints."""

    def read(fields: Fields) -> str | None:
        value = fields.get(name)
        found = {}
        for one in value if isinstance(value, list) else []:
            if isinstance(one, dict) and (digest := present(one.get("value"))) is not None:
                word = (present(one.get("algorithm")) or "").lower()
                algorithm = _ALGORITHMS.get(word) or _BY_NUMBER.get(str(one.get("algorithm_id")))
                if algorithm is not None:
                    found[algorithm] = digest.upper()
        return ",".join(f"{algorithm}={found[algorithm]}" for algorithm in sorted(found)) or None

    return read


ACTOR_PROCESS: Final[Mapping[str, Read]] = {
    "image": program("actor.process.file.path", "actor.process.path", "actor.process.name"),
    "pid": integer("actor.process.pid", zero=False),
    "user": person("actor.user.name", "actor.user.domain"),
    "user_domain": realm("actor.user.domain"),
    "user_sid": text("actor.user.uid"),
}
"""The process that did it, and whose it is."""

CREATOR: Final[Mapping[str, Read]] = {
    "parent_image": program("process.parent_process.file.path", "actor.process.file.path", "actor.process.name"),
    "parent_command_line": command("process.parent_process.cmd_line", "actor.process.cmd_line"),
    "parent_pid": integer("process.parent_process.pid", "actor.process.pid", zero=False),
}
"""The process that started another one."""

ENDS: Final[Mapping[str, Read]] = {
    "source_address": address("src_endpoint.ip"),
    "source_port": port("src_endpoint.port"),
    "source_host": text("src_endpoint.hostname", "src_endpoint.name"),
    "target_address": address("dst_endpoint.ip"),
    "target_port": port("dst_endpoint.port"),
    "target_host": text("dst_endpoint.hostname", "dst_endpoint.name"),
}
"""Who opened a connection, and to whom."""
