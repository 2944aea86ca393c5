"""System 7040: a service was given another way to start.

Source: the message file of the Service Control Manager, event 7040.
"""

from __future__ import annotations

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.claims import ACCOUNT
from graphcorr.logs.groups import HEADER_ACCOUNT
from graphcorr.logs.readers import start_type, text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.model.kinds import Kind

LOG_TYPE = LogType(
    name="system-7040",
    title="The start type of a service was changed",
    source=WindowsEvent("service control manager", "system", 7040),
    testifies=(Testimony(Kind.SERVICE_CHANGE, columns={**ACCOUNT, "change": "'start type'"}),),
    needs=("service", "start_type"),
    columns={
        "service": text("param1"),
        "service_key": text("param4"),
        "start_type": start_type("param3"),
        **HEADER_ACCOUNT,
    },
    says=Saying("start type of service {service} changed to {start_type}[ by {account}]"),
    provides="How a service starts from now on: a disabled service made to start, or a guard's disabled.",
    absent=(
        "the acting account in most formats",
        "the client's address",
    ),
)
