"""Security 5142: a share was added.

Source: Microsoft, Windows security auditing, event 5142(S) "A network share object was added".
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACTOR
from graphcorr.logs.groups import SUBJECT
from graphcorr.logs.readers import share, share_folder
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-5142",
    title="A network share object was added",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 5142),
    testifies=(Testimony(Kind.SHARE_CHANGE, columns=ACTOR),),
    identity=True,
    essential=("share",),
    columns={
        **SUBJECT,
        "share": share("ShareName"),
        "share_path": share_folder("ShareLocalPath"),
    },
    says=Saying("share {share} was added[: {share_path}][ by {account}]"),
    provides="A new share and the folder behind it: the best source for the local path of a write.",
    absent=("the client that asked",),
)
