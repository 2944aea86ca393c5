"""WMI-Activity 5861: from now on WMI runs something when an event comes.

Source: the manifest of the provider Microsoft-Windows-WMI-Activity (``wevtutil gp``), event 5861.
"""

from __future__ import annotations

import re
from typing import Final

from graphcorr.logs.base import LogType, WindowsEvent
from graphcorr.logs.messages import assigned, stated
from graphcorr.logs.readers import text
from graphcorr.logs.sayings import Saying
from graphcorr.logs.testimony import Testimony
from graphcorr.logs.wmi import consumer_name, described
from graphcorr.model.kinds import Kind

_FILTER: Final = re.compile(r"Eventfilter = (.*?) \(refer")

LOG_TYPE = LogType(
    name="wmi-activity-5861",
    title="A permanent subscription's consumer was bound to its filter",
    source=WindowsEvent("microsoft-windows-wmi-activity", "microsoft-windows-wmi-activity/operational", 5861),
    testifies=(
        Testimony(
            Kind.SUBSCRIPTION,
            columns={
                "account": "NULL",
                "name": "subscription",
                "filter": "wmi_filter",
                "query": "wql",
                "path": "command_line",
                "what": "'binding'",
            },
            prefer=6,
            covers=None,
        ),
    ),
    essential=("subscription", "wmi_filter"),
    columns={
        "subscription": stated(consumer_name("CONSUMER"), assigned("Consumer")),
        "wmi_filter": stated(text("ESS"), _FILTER),
        "wql": described("PossibleCause", "Query"),
        "command_line": described("PossibleCause", "CommandLineTemplate", "ExecutablePath", "ScriptText", "ScriptFileName"),
    },
    says=Saying("WMI consumer {subscription} bound to filter {wmi_filter}[: {command_line}]"),
    provides="Which command or script runs when which query fits: all of a permanent subscription in one record, in the default log.",
    absent=("the client's address",),
)
