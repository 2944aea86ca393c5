"""Defender 1117: something was done to what Defender calls malware or unwanted.

Source: Microsoft, Review event logs and error codes of Microsoft Defender Antivirus, event 1117; the provider's manifest for its fields.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import DEFENDER_THREAT
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="defender-1117",
    title="Action taken against malware or unwanted software",
    source=WindowsEvent("microsoft-windows-windows defender", "microsoft-windows-windows defender/operational", 1117),
    testifies=(Testimony(Kind.ALERT, columns={**ACCOUNT, "name": "alert"}),),
    essential=("alert",),
    columns=DEFENDER_THREAT,
    says=Saying("Defender acted on {alert}[ in {path}][: {action}]"),
    provides="What was done to it: quarantine, removal, or that it was allowed.",
    absent=(
        "whether it ran before",
        "hashes",
        "the network client, where a share was the way in",
    ),
)
