"""System 104: another log was cleared.

Source: the manifest of the provider Microsoft-Windows-Eventlog (``wevtutil gp``), event 104.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SUBJECT
from graphcorr.logs.readers import cleared_channel
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="system-104",
    title="An event log was cleared",
    source=WindowsEvent("microsoft-windows-eventlog", "system", 104),
    testifies=(Testimony(Kind.LOG_CLEARED, columns={**ACCOUNT, "cleared": "lower(coalesce(action, channel))"}),),
    identity=True,
    columns={
        **SUBJECT,
        "action": cleared_channel("Channel", "Message"),
    },
    says=Saying("log {action or channel} was cleared[ by {account}]"),
    provides="Which log was emptied, when and by whom.",
    absent=(
        "the channel, in flat exports without a message text",
        "what was lost",
    ),
)
