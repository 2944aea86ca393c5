"""Security 1102: the Security log was cleared; logged in the emptied log.

Source: Microsoft, Windows security auditing, event 1102(S) "The audit log was cleared".
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SUBJECT
from graphcorr.logs.readers import constant
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="security-1102",
    title="The audit log was cleared",
    source=WindowsEvent("microsoft-windows-eventlog", "security", 1102),
    testifies=(Testimony(Kind.LOG_CLEARED, columns={**ACCOUNT, "cleared": "lower(coalesce(action, channel))"}),),
    identity=True,
    columns={
        **SUBJECT,
        # The record names no channel: it is about the log that it stands in.
        "action": constant("security"),
    },
    says=Saying("the Security log was cleared[ by {account}]"),
    provides="When and by whom the Security log was emptied: before it, absence says nothing.",
    absent=("what was lost",),
)
