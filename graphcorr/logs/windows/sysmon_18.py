"""Sysmon 18: a named pipe was opened: the client side, System (pid 4) for a client on the network.

Source: Sysmon's schema (``sysmon -s``), event 18 PipeEvent (Pipe Connected).
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
    name="sysmon-18",
    title="Pipe connected",
    source=WindowsEvent("microsoft-windows-sysmon", "microsoft-windows-sysmon/operational", 18),
    testifies=(Testimony(Kind.PIPE_OPEN, "pipe IS NOT NULL", ACCOUNT),),
    identity=True,
    utc_field="UtcTime",
    essential=("pipe", "image", "pid"),
    columns={
        **SYSMON_PROCESS,
        "pipe": pipe("PipeName"),
    },
    says=Saying("{image or 'a program'} opened pipe {pipe}"),
    provides="The pipe and the process that opened it. PsExec's pipes carry the source host's name.",
    absent=("the network client",),
)
