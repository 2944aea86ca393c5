"""System 7009: a service's program did not answer as one does: a command that is no service.

Source: the message file of the Service Control Manager, event 7009.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="system-7009",
    title="A service did not connect in time",
    source=WindowsEvent("service control manager", "system", 7009),
    testifies=(Testimony(Kind.SERVICE_CHANGE, columns={"change": "'failed'"}),),
    needs=("service",),
    columns={"service": text("param2")},
    says=Saying("service {service} failed to start"),
    provides="That a service was to be started, and did not come up as one: what its command did has happened all the same.",
    absent=(
        "who started it",
        "what its program did before",
    ),
)
