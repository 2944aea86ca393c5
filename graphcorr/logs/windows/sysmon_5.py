"""Sysmon 5: a process ended.

Source: Sysmon's schema (``sysmon -s``), event 5 ProcessTerminate.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SYSMON_PROCESS
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-5",
    title="Process terminated",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 5),
    testifies=(Testimony(Kind.PROCESS_END, columns=ACCOUNT),),
    utc_field="UtcTime",
    essential=("image", "pid", "process_guid"),
    columns={
        **SYSMON_PROCESS,
    },
    says=Saying("{image or 'a process'} (pid {pid or '?'}) ended"),
    provides="The end of a process: a pid means nothing after it.",
    absent=("the exit code",),
)
