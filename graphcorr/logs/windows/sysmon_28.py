"""Sysmon 28: the wiping of a file was blocked.

Source: Sysmon's schema (``sysmon -s``), event 28 FileBlockShredding.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SYSMON_FILE
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-28",
    title="File block shredding",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 28),
    # Where its rules are wide it also stops Windows from emptying logs of its own: those are no executables.
    testifies=(Testimony(Kind.BLOCK, when="coalesce(lower(action), 'true') <> 'false'", columns={**ACCOUNT, "act": "'wipe'"}),),
    identity=True,
    utc_field="UtcTime",
    essential=("path",),
    columns={
        **SYSMON_FILE,
        "action": text("IsExecutable"),
    },
    says=Saying("wiping {path} was blocked"),
    provides="A file that a tool tried to overwrite and delete for good: it is still there. Told of are executables.",
    absent=("the network client",),
)
