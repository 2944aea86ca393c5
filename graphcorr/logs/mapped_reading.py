"""Readers of records that a mapping of the user's has given names: their fields are called as the columns of an event.

Source: docs/mapping.md, and :mod:`graphcorr.sources.mapping`, which makes such records of any product's rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graphcorr.logs.base import JsonLog
from graphcorr.logs.endpoint import share_of
from graphcorr.logs.fields import Fit, Joint
from graphcorr.logs.readers import (
    account,
    address,
    command,
    file,
    flag,
    guid,
    integer,
    logon_id,
    names,
    port,
    program,
    service_command,
    sid,
    text,
)
from graphcorr.sources.mapping import COMPUTER, MARK, TIME
from graphcorr.syntax.accounts import split_account
from graphcorr.syntax.fitting import may_be_digest, may_be_hashes
from graphcorr.syntax.values import present

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphcorr.logs.base import LogType, Read

_ALGORITHMS: Final = ("sha256", "sha1", "md5")


def rows(event: str, *, seen_by_sensor: bool = False) -> JsonLog:
    """The records that a mapping calls ``event``; a monitor's name the one that saw, and no machine that speaks."""
    if seen_by_sensor:
        return JsonLog({MARK: event}, time=TIME, collector=COMPUTER)
    return JsonLog({MARK: event, COMPUTER: None}, time=TIME, computer=COMPUTER)


def realm_of(name: str) -> Joint:
    r"""The domain of an account: its own field's, or what stands before the name, as ``DOMAIN\user``."""
    return Joint((f"{name}_domain", name), lambda realm, user: split_account(present(realm), present(user))[0])


def _digests(listed: object, *each: object) -> str | None:
    if (whole := present(listed)) is not None:
        return whole
    found = ((algorithm, present(value)) for algorithm, value in zip(_ALGORITHMS, each, strict=True))
    return ",".join(f"{algorithm.upper()}={value.upper()}" for algorithm, value in found if value is not None) or None


PROCESS: Final[Mapping[str, Read]] = {
    "image": program("image"),
    "pid": integer("pid", zero=False),
    "process_guid": guid("process_guid"),
    "user": account("user"),
    "user_domain": realm_of("user"),
    "user_sid": sid("user_sid"),
    "logon_id": logon_id("logon_id"),
}
"""The process that did it, and whose it is."""

CREATED: Final[Mapping[str, Read]] = {
    **PROCESS,
    "command_line": command("command_line"),
    "current_directory": text("current_directory"),
    "original_file_name": text("original_file_name"),
    "parent_image": program("parent_image"),
    "parent_command_line": command("parent_command_line"),
    "parent_pid": integer("parent_pid", zero=False),
    "parent_process_guid": guid("parent_process_guid"),
    "names": names("command_line", "image"),
}
"""A process that was started, and who started it."""


def _may_be(listed: object, *each: object) -> bool:
    return may_be_hashes(listed) and all(map(may_be_digest, _ALGORITHMS, each))


HASHES: Final = Joint(("hashes", *_ALGORITHMS), _digests, Fit("hashes of their kinds", _may_be))

FILE: Final[Mapping[str, Read]] = {"path": file("path"), "hashes": HASHES, "size": integer("size")}
"""The file that a record is about."""

CLIENT: Final[Mapping[str, Read]] = {
    "source_address": address("source_address"),
    "source_port": port("source_port"),
    "source_host": text("source_host"),
}
"""Who came over the network."""

SERVER: Final[Mapping[str, Read]] = {
    "target_address": address("target_address"),
    "target_port": port("target_port"),
    "target_host": text("target_host"),
}

WHOSE: Final[Mapping[str, Read]] = {
    "target_user": account("target_user"),
    "target_user_domain": realm_of("target_user"),
    "target_logon_id": logon_id("target_logon_id"),
}
"""The account that was logged on, or for which something was done."""

SHARED: Final[Mapping[str, Read]] = {
    "share": share_of("share"),
    "share_path": text("share_path"),
    "relative_path": text("relative_path"),
    "access_mask": integer("access_mask"),
}
"""A share, and what of it was asked for."""

SERVICE: Final[Mapping[str, Read]] = {"service": text("service"), "path": service_command("path"), "start_type": text("start_type")}

CONNECTED: Final[Mapping[str, Read]] = {
    **CLIENT,
    **SERVER,
    "protocol": text("protocol"),
    "sent_bytes": integer("sent_bytes"),
    "received_bytes": integer("received_bytes"),
}
"""Both ends of a connection: the source is who opened it."""

SUCCESS: Final = flag("success")


def fields_of(log_type: LogType) -> tuple[str, ...]:
    """What a mapping may name of such a record, in order."""
    read = (name for column in log_type.columns.values() for name in getattr(column, "names", ()))
    return tuple(dict.fromkeys((COMPUTER, *read)))
