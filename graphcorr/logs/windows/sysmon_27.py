"""Sysmon 27: the writing of an executable was blocked.

Source: Sysmon's schema (``sysmon -s``), event 27 FileBlockExecutable.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SYSMON_FILE
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-27",
    title="File block executable",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 27),
    testifies=(
        Testimony(Kind.REMOVAL, columns={**ACCOUNT, "blocked": "TRUE"}),
        Testimony(Kind.BLOCK, columns={**ACCOUNT, "act": "'write'"}),
    ),
    identity=True,
    utc_field="UtcTime",
    essential=("path",),
    columns=SYSMON_FILE,
    says=Saying("writing {path} was blocked"),
    provides="An executable that was stopped while written: it cannot have run.",
    absent=("the network client",),
)
