"""Security 4656: a handle to an object was asked for. What was granted and used is in 4663; what was refused is only here.

Source: Microsoft, Windows security auditing, event 4656(S, F) "A handle to an object was requested"; winmeta.xml for its outcome.
"""

from __future__ import annotations

from typing import Final

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACTOR, BY_SYSTEM, FILE_OBJECT, OPENED, REFUSED, WRITES_OBJECT
from graphcorr.logs.groups import ACCESSED_OBJECT, SUBJECT
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

_CLIENTS: Final = f"{FILE_OBJECT} AND {WRITES_OBJECT} AND coalesce({BY_SYSTEM}, FALSE)"

LOG_TYPE = LogType(
    name="security-4656",
    title="A handle to an object was requested",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 4656),
    testifies=(
        Testimony(Kind.ATTEMPT, f"{REFUSED} AND {_CLIENTS}", {**ACTOR, "sought": f"'{Kind.WRITE}'"}, covers=None),
        OPENED,
    ),
    needs=("object_type",),
    columns={**SUBJECT, **ACCESSED_OBJECT},
    says=Saying("access {access_mask:#x} to {path} was asked for[ by {account}]"),
    provides="Access to a file that a client of a share was refused.",
    absent=(
        "objects without an audit entry of their own (SACL)",
        "the client's address",
        "whether access was granted, in formats that drop the keywords: nothing is then told by it",
    ),
)
