"""Defender 1116: something was found that Defender calls malware or unwanted.

Source: Microsoft, Review event logs and error codes of Microsoft Defender Antivirus, event 1116; the provider's manifest for its fields.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import DEFENDER_THREAT
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="defender-1116",
    title="Malware or unwanted software detected",
    source=WindowsEvent("microsoft-windows-windows defender", "microsoft-windows-windows defender/operational", 1116),
    testifies=(Testimony(Kind.ALERT, columns={**ACCOUNT, "name": "alert"}),),
    essential=("alert",),
    columns=DEFENDER_THREAT,
    says=Saying("Defender found {alert}[ in {path}]"),
    provides="What was found, where, in which program and under which account.",
    absent=(
        "what became of it: 1117 says so",
        "hashes",
        "the network client, where a share was the way in",
    ),
)
