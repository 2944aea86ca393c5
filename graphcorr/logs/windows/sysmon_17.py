"""Sysmon 17: a named pipe was created: the server side.

Source: Sysmon's schema (``sysmon -s``), event 17 PipeEvent (Pipe Created).
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import SYSMON_PROCESS
from graphcorr.logs.readers import pipe
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="sysmon-17",
    title="Pipe created",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 17),
    testifies=(Testimony(Kind.PIPE_OPEN, "pipe IS NOT NULL", ACCOUNT),),
    identity=True,
    utc_field="UtcTime",
    essential=("pipe", "image", "pid"),
    columns={
        **SYSMON_PROCESS,
        "pipe": pipe("PipeName"),
    },
    says=Saying("{image or 'a program'} made pipe {pipe}"),
    provides="The pipe and the process that created it.",
    absent=("the network client",),
)
