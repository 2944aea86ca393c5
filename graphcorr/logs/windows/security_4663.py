"""Security 4663: an access right to an object was used, here to a file, by a process of this machine or by System for a client.

Source: Microsoft, Windows security auditing, event 4663(S) "An attempt was made to access an object"; "File access rights constants" for
the bits of AccessMask.
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT, ACTOR, BY_SYSTEM, FILE_OBJECT, OPENED, WRITES_OBJECT
from graphcorr.logs.groups import ACCESSED_OBJECT, SUBJECT
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Strength, Testimony
from graphcorr.model.kinds import Kind

_WRITTEN: Final = f"{FILE_OBJECT} AND {WRITES_OBJECT} AND coalesce({BY_SYSTEM}, FALSE)"
_OWN_SESSION: Final = "coalesce(logon_id, '0x3e7') = '0x3e7'"
"""The machine's own: the kernel acts for itself. For a client of a share it acts in the client's session."""

LOG_TYPE = LogType(
    name="security-4663",
    title="An attempt was made to access an object",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4663),
    testifies=(
        Testimony(Kind.WRITE, f"{_WRITTEN} AND NOT {_OWN_SESSION}", ACTOR, prefer=1, covers=_WRITTEN),
        Testimony(Kind.WRITE, f"{_WRITTEN} AND {_OWN_SESSION}", strength=Strength.IMPLIED, prefer=1, covers=_WRITTEN),
        Testimony(
            Kind.FILE_CREATE,
            f"{FILE_OBJECT} AND {WRITES_OBJECT} AND NOT coalesce({BY_SYSTEM}, FALSE)",
            ACCOUNT,
            covers=None,
        ),
        OPENED,
    ),
    needs=("object_type",),
    columns={**SUBJECT, **ACCESSED_OBJECT},
    says=Saying("{image or 'System'} used access {access_mask:#x} to {path}[ by {account}]"),
    provides=(
        "Who wrote to a file, and in which session: by System (pid 4) in a session of its own it was a client of a share. "
        "The right was used, where 5145 and 4656 only say that it was granted."
    ),
    absent=(
        "objects without an audit entry of their own (SACL)",
        "the client's address",
        "files whose name has no extension: a folder looks the same",
    ),
)
