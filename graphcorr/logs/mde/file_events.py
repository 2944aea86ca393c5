"""Defender's DeviceFileEvents: a file was made, changed, renamed or deleted, by a program or for a client of a share.

Source: Microsoft, Defender XDR, advanced hunting schema, DeviceFileEvents.
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.endpoint import INITIATING, NAMED_FILE, actions, full_path, share_of
from graphcorr.logs.readers import address, integer, own_realm, person, port, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

_WRITTEN: Final = "action <> 'FileDeleted'"
_FOR_CLIENT: Final = "lower(protocol) = 'smb'"
"""The table states for whom a file was touched: a protocol of shares, or Local."""
_ITS_ACCOUNT: Final = {"account": "target_user", "account_domain": "target_user_domain", "session": "NULL"}

LOG_TYPE = LogType(
    name="mde-file-events",
    title="DeviceFileEvents",
    source=actions("FileCreated", "FileModified", "FileRenamed", "FileDeleted"),
    testifies=(
        Testimony(Kind.WRITE, f"{_WRITTEN} AND {_FOR_CLIENT}", _ITS_ACCOUNT, prefer=1),
        Testimony(Kind.FILE_CREATE, f"{_WRITTEN} AND NOT coalesce({_FOR_CLIENT}, FALSE)", ACCOUNT),
        Testimony(Kind.REMOVAL, "action = 'FileDeleted'", ACCOUNT),
    ),
    needs=("path",),
    columns={
        **INITIATING,
        **NAMED_FILE,
        "action": text("ActionType"),
        "protocol": text("RequestProtocol"),
        "source_address": address("RequestSourceIP"),
        "source_port": port("RequestSourcePort"),
        "target_user": person("RequestAccountName", "RequestAccountDomain"),
        "target_user_domain": own_realm("RequestAccountDomain"),
        "share": share_of("ShareName"),
        "previous_path": full_path("PreviousFolderPath", "PreviousFileName"),
        "size": integer("FileSize"),
    },
    says=Saying("{action} {path}[ over {share}][ from {source_address}][, by {image}]"),
    provides=(
        "A file with its hashes and its writer; for a client of a share that client's address and account as well: "
        "a write together with its source in one record."
    ),
    absent=(
        "files of kinds that Defender does not watch, and repeated changes of one file",
        "the client's name",
        "the client's session",
    ),
)
