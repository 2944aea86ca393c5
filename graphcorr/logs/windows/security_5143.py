"""Security 5143: a share was changed.

Source: Microsoft, Windows security auditing, event 5143(S) "A network share object was modified".
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
    name="security-5143",
    title="A network share object was modified",
    source=WindowsEvent("microsoft-windows-security-auditing", "security", 5143),
    testifies=(Testimony(Kind.SHARE_CHANGE, columns=ACTOR),),
    identity=True,
    essential=("share",),
    columns={
        **SUBJECT,
        "share": share("ShareName"),
        # The event has old and new remark, limits and descriptors, but one path: a share cannot change its folder.
        "share_path": share_folder("ShareLocalPath"),
    },
    says=Saying("share {share} was changed[: {share_path}][ by {account}]"),
    provides="A changed share and the folder behind it.",
    absent=("the client that asked",),
)
