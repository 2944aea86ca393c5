"""Defender's DeviceEvents, AntivirusDetection: something was found that Defender calls malware or unwanted.

Source: Microsoft, Defender XDR, advanced hunting schema, DeviceEvents, and the portal's reference of its ActionType AntivirusDetection.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.endpoint import INITIATING, NAMED_FILE, actions, additional
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="mde-antivirus-detection",
    title="DeviceEvents: malware or unwanted software detected",
    source=actions("AntivirusDetection"),
    testifies=(Testimony(Kind.ALERT, columns={**ACCOUNT, "name": "alert"}),),
    needs=("alert",),
    columns={**INITIATING, **NAMED_FILE, "alert": additional("ThreatName")},
    says=Saying("Defender found {alert}[ in {path}]"),
    provides="What was found, where, in which program and under which account.",
    absent=("what became of it",),
)
