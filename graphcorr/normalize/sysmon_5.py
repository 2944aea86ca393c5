"""Sysmon 5: a process ended."""

from __future__ import annotations

from graphcorr.model import Kind
from graphcorr.normalize.base import LogType, WindowsEvent
from graphcorr.normalize.groups import SYSMON_PROCESS

LOG_TYPE = LogType(
    name="sysmon-5",
    title="Process terminated",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 5),
    carries=frozenset({Kind.PROCESS_END}),
    utc_field="UtcTime",
    columns={
        **SYSMON_PROCESS,
    },
    provides="The end of a process: a pid means nothing after it.",
    absent=("the exit code",),
)
