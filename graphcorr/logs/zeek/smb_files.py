"""Zeek smb_files.log: what was done to files over SMB.

Source: Zeek's script reference, base/protocols/smb/main.zeek, SMB::FileInfo and SMB::Action; MS-SMB2 for the operations.
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import LogType, ZeekLog
from graphcorr.logs.claims import NAMES_SERVER
from graphcorr.logs.groups import ZEEK_CONNECTION
from graphcorr.logs.readers import integer, moment, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Strength, Testimony, Vantage
from graphcorr.logs.wire import file_name, share_file, share_pipe
from graphcorr.model.kinds import Kind

_FILE: Final = "relative_path IS NOT NULL AND pipe IS NULL"
_GONE: Final = "coalesce(previous_path, relative_path)"
"""A renamed file is gone from where it was."""

LOG_TYPE = LogType(
    name="zeek-smb-files",
    title="SMB files",
    source=ZeekLog("smb_files", frozenset({"action", "name", "uid"})),
    vantage=Vantage.SENSOR,
    testifies=(
        Testimony(Kind.WRITE, f"{_FILE} AND action LIKE '%FILE_WRITE'", prefer=1),
        Testimony(Kind.WRITE, f"{_FILE} AND action LIKE '%FILE_RENAME'", strength=Strength.IMPLIED, prefer=1),
        Testimony(
            Kind.REMOVAL,
            f"pipe IS NULL AND (action LIKE '%FILE_DELETE' OR action LIKE '%FILE_RENAME') AND {_GONE} IS NOT NULL",
            {"relative_path": _GONE},
        ),
        Testimony(Kind.SHARE_ACCESS, "pipe IS NULL"),
        Testimony(Kind.PIPE_OPEN, "pipe IS NOT NULL"),
        NAMES_SERVER,
    ),
    needs=("target_address",),
    essential=("relative_path", "share", "pipe", "fuid"),
    columns={
        **ZEEK_CONNECTION,
        "fuid": text("fuid"),
        "action": text("action"),
        "share": text("path"),
        "relative_path": file_name("name"),
        "previous_path": file_name("prev_name"),
        "path": share_file("path", "name"),
        "pipe": share_pipe("path", "name"),
        "size": integer("size"),
        # modified, accessed and changed are the file's as the server told them when it was opened; only the creation is kept.
        "file_created": moment("times.created"),
    },
    says=Saying("{action} [{share}] {relative_path}[ from {source_address}] to {target_address}"),
    provides=(
        "Opens, renames and deletions over SMB with both addresses, share and relative name. "
        "SMB::FILE_WRITE is not logged by default: a write is inferred from files.log, a growing size or a rename."
    ),
    absent=(
        "the account",
        "writes, by default",
        "the share of a session whose start was not seen",
        "everything in encrypted SMB 3",
    ),
)
