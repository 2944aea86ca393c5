"""Readers and columns for events in the Open Cybersecurity Schema Framework, whatever product wrote them.

Source: OCSF's schema 1.x, classes File System Activity, Process Activity, Network Activity, SMB Activity, Authentication and Detection
Finding, objects Device, Actor, Process, File, Fingerprint, User, Network Endpoint and ATT&CK.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.logs.base import JsonLog
from graphcorr.logs.readers import address, command, integer, person, port, program, realm, text
from graphcorr.syntax.values import present

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphcorr.logs.base import Fields, Read

_ALGORITHMS: Final = {"md5": "MD5", "sha-1": "SHA1", "sha1": "SHA1", "sha-256": "SHA256", "sha256": "SHA256"}
_MACHINE: Final = "device.hostname"
_BY_NUMBER: Final = {"1": "MD5", "2": "SHA1", "3": "SHA256"}
"""``algorithm_id`` of a fingerprint."""


def events(class_uid: int, **marks: None) -> JsonLog:
    """The events of one class. Their time is a number of milliseconds, or text."""
    return JsonLog({"class_uid": str(class_uid), "activity_id": None, "time": None, **marks}, time="time", computer=_MACHINE)


def seen(class_uid: int) -> JsonLog:
    """Those of a class that a monitor tells of: no machine speaks of itself in them."""
    marks: dict[str, str | None] = {"class_uid": str(class_uid), "activity_id": None, "time": None}
    return JsonLog(marks, time="time", lacking=frozenset({_MACHINE}))


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
    "source_host": text("src_endpoint.hostname"),
    "target_address": address("dst_endpoint.ip"),
    "target_port": port("dst_endpoint.port"),
}
"""Who opened a connection, and to whom."""
