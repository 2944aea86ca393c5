"""System 7000: a service could not be started.

Source: the message file of the Service Control Manager, event 7000.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="system-7000",
    title="A service failed to start",
    source=WindowsEvent("service control manager", "system", 7000),
    testifies=(Testimony(Kind.SERVICE_CHANGE, columns={"change": "'failed'"}),),
    needs=("service",),
    columns={"service": text("param1")},
    says=Saying("service {service} failed to start"),
    provides="That a service was to be started, and did not come up as one: what its command did has happened all the same.",
    absent=(
        "who started it",
        "the error in words",
    ),
)
