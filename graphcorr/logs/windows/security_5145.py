"""Security 5145: a client asked for a file or pipe of a share.

Source: Microsoft, Windows security auditing, event 5145(S, F) "A network share object was checked to see whether client can be granted
desired access"; MS-SMB2 2.2.13.1 for the bits of AccessMask; winmeta.xml for its outcome.
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import (
    ACTING_MACHINE,
    ACTOR,
    BY_MACHINE,
    GRANTED,
    NAMES_A_FILE,
    ON_DISK,
    PIPE_NAME,
    REFUSED,
    names_machine,
)
from graphcorr.logs.groups import CLIENT, SUBJECT
from graphcorr.logs.readers import checked, file_object, integer, relative_pipe, share, share_folder, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Strength, Testimony
from graphcorr.model.kinds import Kind

_WRITES: Final = f"(access_mask & 6) <> 0 AND {ON_DISK} AND {NAMES_A_FILE}"
"""0x6 is WriteData | AppendData, tested as bits; on IPC$ the same bits open a pipe."""

_SOUGHT: Final = f"CASE WHEN pipe IS NOT NULL THEN '{Kind.PIPE_OPEN}' WHEN {_WRITES} THEN '{Kind.WRITE}' ELSE '{Kind.SHARE_ACCESS}' END"

STDIO: Final = "relative_path LIKE '%-std%'"

LOG_TYPE = LogType(
    name="security-5145",
    title="A network share object was checked to see whether client can be granted desired access",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 5145),
    testifies=(
        Testimony(Kind.WRITE, f"{GRANTED} AND {_WRITES}", ACTOR, Strength.ASKED, prefer=2, covers=GRANTED),
        Testimony(Kind.SHARE_ACCESS, f"{GRANTED} AND pipe IS NULL", ACTOR, Strength.ASKED, covers=GRANTED),
        Testimony(Kind.PIPE_OPEN, f"{GRANTED} AND pipe IS NOT NULL", ACTOR, Strength.ASKED, covers=GRANTED),
        Testimony(
            Kind.ATTEMPT,
            REFUSED,
            {**ACTOR, "sought": _SOUGHT},
            covers=REFUSED,
        ),
        names_machine(f"{GRANTED} AND {BY_MACHINE} AND NOT coalesce({STDIO}, FALSE)", ACTING_MACHINE),
        # PsExec's pipes carry the name of the machine that it was started on.
        Testimony(
            Kind.NAME,
            STDIO,
            {"basis": f"'{PIPE_NAME}'", "bindings": "[{'address': source_address, 'name': relative_path}]"},
            covers=None,
        ),
    ),
    essential=("share", "relative_path"),
    columns={
        **SUBJECT,
        **CLIENT,
        "object_type": file_object("ObjectType"),
        "share": share("ShareName"),
        "share_path": share_folder("ShareLocalPath"),
        "relative_path": text("RelativeTargetName"),
        "access_mask": integer("AccessMask"),
        "outcome": checked("AccessReason"),
        # On IPC$ the relative name is a pipe and the write bits mean that it was opened.
        "pipe": relative_pipe("ShareName", "RelativeTargetName"),
    },
    says=Saying("access {access_mask:#x} to {share} {relative_path}[ from {source_address}][ by {account}]"),
    provides=(
        "Account, client address, share, relative path and access asked for: the only host log that has a write together with its source. "
        "The access was requested; that bytes were written is known from elsewhere."
    ),
    absent=(
        "whether anything was written",
        "the client's name",
        "the share's folder in some exports",
        "whether access was granted, in formats that drop the keywords, where no reason for it is stated: it is then taken as granted",
    ),
)
