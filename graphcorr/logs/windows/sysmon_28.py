"""Sysmon 28: the wiping of an executable was blocked.

Source: Sysmon's schema (``sysmon -s``), event 28 FileBlockShredding.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SYSMON_PROCESS
from graphcorr.logs.readers import file, hashes
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-28",
    title="File block shredding",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 28),
    testifies=(Testimony(Kind.BLOCK, columns={**ACCOUNT, "act": "'wipe'"}),),
    identity=True,
    utc_field="UtcTime",
    essential=("path",),
    columns={
        **SYSMON_PROCESS,
        "path": file("TargetFilename"),
        "hashes": hashes("Hashes"),
    },
    says=Saying("wiping {path} was blocked"),
    provides="An executable that a tool tried to overwrite and delete for good: it is still there.",
    absent=("the network client",),
)
