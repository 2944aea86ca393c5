"""Sysmon 17: a named pipe was created: the server side."""

from __future__ import annotations

from graphcorr.model import Kind
from graphcorr.normalize.base import LogType, WindowsEvent
from graphcorr.normalize.groups import SYSMON_PROCESS
from graphcorr.normalize.readers import pipe

LOG_TYPE = LogType(
    name="sysmon-17",
    title="Pipe created",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 17),
    carries=frozenset({Kind.PIPE_OPEN}),
    identity=True,
    utc_field="UtcTime",
    columns={
        **SYSMON_PROCESS,
        "pipe": pipe("PipeName"),
    },
    provides="The pipe and the process that created it.",
    absent=("the network client",),
)
