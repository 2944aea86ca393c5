"""System 7036: a service was started or stopped.

Source: the message file of the Service Control Manager, event 7036.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.services import service_key, service_state
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="system-7036",
    title="A service entered a state",
    source=WindowsEvent("service control manager", "system", 7036),
    testifies=(Testimony(Kind.SERVICE_CHANGE, columns={"account": "NULL", "change": "action"}),),
    needs=("service", "action"),
    columns={
        # The name that people see; the key's is in the binary data only, with the state as a number.
        "service": text("param1"),
        "service_key": service_key("Binary"),
        "action": service_state("param2", "Binary"),
    },
    says=Saying("service {service} was {action}"),
    provides="Which service was started or stopped, in every Windows' default log up to Server 2012 and of many services later.",
    absent=(
        "who did it",
        "the state, in flat exports in another language than English",
    ),
)
